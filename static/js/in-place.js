// Edit in place: a link with data-in-place opens the small form at that address beside it; with data-row as well, so
// does a double click anywhere in its row.
// Without JavaScript, or when the form cannot be fetched, the link leads to the edit page.
(() => {
  const card = document.createElement("div");
  card.popover = "auto";
  card.className = "in-place";
  document.body.append(card);
  let link;

  const formOf = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("main form");
  };

  const show = (form, address) => {
    form.action = address;
    form.querySelector(".form-buttons a")?.setAttribute("data-close", "");
    card.replaceChildren(form);
    const field = form.querySelector(".is-invalid") ?? form.elements[link.dataset.field];
    card.showPopover();
    place();
    field.focus();
    field.select?.();
  };

  const place = () => {
    const at = link.getBoundingClientRect();
    const room = document.documentElement;
    card.style.left = `${Math.max(8, Math.min(at.left, room.clientWidth - card.offsetWidth - 8))}px`;
    const below = at.bottom + 4;
    const fits = below + card.offsetHeight < room.clientHeight;
    card.style.top = `${fits ? below : Math.max(8, at.top - card.offsetHeight - 4)}px`;
  };

  const open = async (wanted) => {
    link = wanted;
    const answer = await fetch(link.dataset.inPlace).catch(() => null);
    const form = answer?.ok && !answer.redirected ? await formOf(answer) : null;
    if (form) show(form, link.dataset.inPlace);
    else location.assign(link.href);
  };

  document.addEventListener("dblclick", (event) => {
    const wanted = event.target.closest("tr")?.querySelector("a[data-in-place][data-row]");
    if (!wanted || event.target.closest("a, button")) return;
    getSelection().removeAllRanges(); // the double click has marked a word
    open(wanted);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) {
      event.preventDefault();
      card.hidePopover();
      return;
    }
    const wanted = event.target.closest("a[data-in-place]");
    if (!wanted || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(wanted);
  });

  card.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") location.reload(); // saved; the list's next drawing says so
    else if (answer?.ok) show(await formOf(answer), form.action);
    else form.submit(); // let the browser show what went wrong
  });

  card.addEventListener("toggle", (event) => {
    if (event.newState === "closed") link.focus();
  });
})();
