// Comfort for forms; every form works without it.
(() => {
  // Leaving a changed form unsaved asks first.
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let changed = form.dataset.guard === "changed";  // the server drew it with what was typed and not yet saved
    form.addEventListener("input", (event) => { changed ||= !event.target.closest("[data-unguarded]"); });
    form.addEventListener("submit", () => { changed = false; });
    addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }
  // A select that is its own button.
  for (const select of document.querySelectorAll("select[data-submit-on-change]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  // A second click on Pay must not pay twice; the server guards against it too.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  document.getElementById("error-summary")?.focus();
})();
