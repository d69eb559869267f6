// Marks a message as seen once it is played or opened: what stands in data-heard, by the form with data-marks.
// Without JavaScript, and for who may only look, a message stays new until somebody marks it.
(() => {
  const form = document.querySelector("form[data-marks]");
  if (!form) return;

  const say = (element) => {
    const heard = new FormData();
    heard.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    heard.set("message", element.dataset.heard);
    heard.set("status", "heard");
    fetch(form.action, { method: "POST", body: heard, redirect: "manual", keepalive: true });
    delete element.dataset.heard;
  };

  for (const element of document.querySelectorAll("[data-heard]")) {
    const happens = element.tagName === "AUDIO" ? "play" : "click";
    element.addEventListener(happens, () => { if (element.dataset.heard) say(element); });
  }
})();
