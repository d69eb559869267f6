// Rows of a list put into order: by dragging, by Move up and Move down, and by arrow keys on the handle.
// The server does the same for the two buttons without JavaScript; the order of the rows is what is sent.
(() => {
  const list = document.querySelector("[data-order]");
  if (!list) return;
  const live = document.getElementById("order-live");
  const rows = () => [...list.querySelectorAll(":scope > [data-name]")];

  const number = () => {
    const all = rows();
    all.forEach((row, index) => {
      row.querySelector("[data-position]").textContent = index + 1;
      row.querySelector("[data-step='-1']").disabled = index === 0;
      row.querySelector("[data-step='1']").disabled = index === all.length - 1;
    });
    return all;
  };

  const moved = (row) => {
    const all = number();
    live.textContent = list.dataset.order
      .replace("{name}", row.dataset.name)
      .replace("{position}", all.indexOf(row) + 1)
      .replace("{total}", all.length);
    list.closest("form").dispatchEvent(new Event("input")); // the form now has unsaved changes
  };

  const move = (row, step, control) => {
    const all = rows();
    const there = all[all.indexOf(row) + step];
    if (!there) return;
    if (step < 0) there.before(row);
    else there.after(row);
    moved(row);
    (control.disabled ? row.querySelector(".row-order") : control).focus();
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    move(button.closest("[data-name]"), Number(button.dataset.step), button);
  });

  list.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".row-order");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!handle || !step) return;
    event.preventDefault();
    move(handle.closest("[data-name]"), step, handle);
  });

  new Sortable(list, {
    handle: ".row-order",
    animation: 150,
    onEnd: (event) => { if (event.oldIndex !== event.newIndex) moved(event.item); },
  });
})();
