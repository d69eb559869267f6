// Something that is awaited: asks again every data-waiting seconds, and shows the page anew only when its state changed.
// Without JavaScript the page's own button asks again.
(() => {
  const shown = document.querySelector("[data-waiting]");
  const ask = async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.querySelector("[data-state]")?.dataset.state !== shown.dataset.state) location.reload();
  };
  setInterval(ask, Number(shown.dataset.waiting) * 1000);
})();
