// Dragging windows; the arrows do the same by keyboard and without JavaScript.
addEventListener("DOMContentLoaded", () => {
  const windows = document.getElementById("windows");
  const news = document.getElementById("window-news");
  const token = document.querySelector("#arrange input[name=csrfmiddlewaretoken]").value;
  new Sortable(windows, {
    handle: ".grip",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    onEnd: async () => {
      const order = [...windows.children].map((card) => card.dataset.window).filter(Boolean).join(",");
      const body = new URLSearchParams({ order, csrfmiddlewaretoken: token });
      const kept = await fetch(windows.dataset.address, { method: "POST", body }).then((answer) => answer.ok, () => false);
      news.textContent = kept ? news.dataset.text : news.dataset.failed;
      if (!kept) location.reload();
    },
  });
});
