// Comfort for forms; every form works without it.
(() => {
  // Leaving a changed form unsaved asks first.
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let changed = form.dataset.guard === "changed";  // the server drew it with what was typed and not yet saved
    form.addEventListener("input", (event) => { changed ||= !event.target.closest("[data-unguarded]"); });
    form.addEventListener("submit", () => { changed = false; });
    addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }
  // A select or a tick that is its own button.
  for (const field of document.querySelectorAll("[data-submit-on-change]")) {
    field.addEventListener("change", () => field.form.requestSubmit());
  }
  // Fields that only matter while a switch is on, or a choice is made, are shown with it, and so are those in
  // error; their values stay.
  const chosen = (name) => {
    const fields = [...document.getElementsByName(name)];
    return (fields.length === 1 && fields[0].tagName === "SELECT" ? fields[0] : fields.find((field) => field.checked))?.value;
  };
  const parts = [...document.querySelectorAll("[data-shown-with]")];
  const showParts = () => {
    for (const part of parts) {
      const matters = (part.dataset.shownIf ?? "on").split(" ").includes(chosen(part.dataset.shownWith));
      part.hidden = !matters && !part.querySelector(".is-invalid");
    }
  };
  for (const name of new Set(parts.map((part) => part.dataset.shownWith))) {
    for (const field of document.getElementsByName(name)) field.addEventListener("change", showParts);
  }
  showParts();
  // An example that repeats what is typed in a field.
  for (const copy of document.querySelectorAll("[data-copies]")) {
    const field = document.getElementsByName(copy.dataset.copies)[0];
    field?.addEventListener("input", () => { copy.textContent = field.value; });
    if (field) copy.textContent = field.value;
  }
  // A second click on Pay must not pay twice; the server guards against it too.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  // A link that leads to a field puts the cursor into it.
  const named = location.hash.startsWith("#id_") && document.getElementById(location.hash.slice(1));
  (document.getElementById("error-summary") || named || null)?.focus();
})();
