// Trying a call with what stands in a form: its mistakes are shown by drawing the page again, each at its field.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.xhr.getResponseHeader("X-Form-Errors")) return;
  event.detail.shouldSwap = false;
  const button = event.detail.requestConfig.elt;
  button.disabled = false;
  button.form.requestSubmit(button);
});
