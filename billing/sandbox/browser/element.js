// Inside the frame of the Payment Element: sends what was typed to the sandbox when the page around it says so.
(() => {
  "use strict";

  const form = document.querySelector("form");
  const problem = document.querySelector("#problem");
  const tell = (message, to = "*") => window.parent.postMessage(message, to);

  function say(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  function complete() {
    return [...form.querySelectorAll("input[required]")].every((input) => input.value.trim());
  }

  async function confirm(returnUrl) {
    const typed = Object.fromEntries(new FormData(form));
    try {
      const answer = await fetch("/v3/confirm", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...typed, return_url: returnUrl }),
      });
      return await answer.json();
    } catch {
      return { error: { type: "api_connection_error", message: "The payment sandbox did not answer." } };
    }
  }

  window.addEventListener("message", async (event) => {
    if (event.source !== window.parent || event.data?.type !== "confirm") {
      return;
    }
    say("");
    const outcome = await confirm(event.data.returnUrl);
    say(outcome.error?.message ?? "");
    tell({ type: "outcome", number: event.data.number, outcome }, event.origin);
  });

  form.addEventListener("input", () => {
    const kind = form.elements.kind.value;
    tell({ type: "change", detail: { complete: complete(), empty: false, value: { type: kind } } });
  });

  for (const button of document.querySelectorAll("button[data-fill]")) {
    button.addEventListener("click", () => {
      for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
        if (form.elements[name]) {
          form.elements[name].value = value;
        }
      }
      form.dispatchEvent(new Event("input"));
    });
  }

  // Enter in a field must not send the form past the page's own button.
  form.addEventListener("submit", (event) => event.preventDefault());

  new ResizeObserver(() => tell({ type: "resize", height: document.documentElement.scrollHeight })).observe(document.body);
  tell({ type: "ready", detail: {} });
})();
