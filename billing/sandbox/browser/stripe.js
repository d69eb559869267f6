// What js.stripe.com/v3 is to a page that uses the Payment Element, as far as the payment sandbox plays it.
// The fields are in a frame that belongs to the sandbox: what is typed there never reaches the page around it.
(() => {
  "use strict";

  const origin = new URL(document.currentScript.src).origin;
  let lastNumber = 0;

  class PaymentElement {
    constructor(clientSecret) {
      this.clientSecret = clientSecret;
      this.listeners = new Map();
      this.waiting = new Map();
      this.frame = null;
      this.hear = (event) => this.receive(event);
      // A message to a frame whose script has not run yet would be lost.
      this.ready = new Promise((resolve) => { this.isReady = resolve; });
    }

    mount(target) {
      const place = typeof target === "string" ? document.querySelector(target) : target;
      if (!place) {
        throw new Error(`The place to mount the element does not exist: ${target}`);
      }
      this.frame = document.createElement("iframe");
      this.frame.title = "Secure payment input frame";
      this.frame.src = `${origin}/v3/element?client_secret=${encodeURIComponent(this.clientSecret)}`;
      Object.assign(this.frame.style, { width: "100%", height: "20rem", border: "0" });
      window.addEventListener("message", this.hear);
      place.replaceChildren(this.frame);
    }

    unmount() {
      window.removeEventListener("message", this.hear);
      this.frame?.remove();
      this.frame = null;
    }

    destroy() {
      this.unmount();
    }

    on(name, listener) {
      this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
      return this;
    }

    update() {}

    receive(event) {
      if (event.origin !== origin || event.source !== this.frame?.contentWindow) {
        return;
      }
      const { type, number, height, outcome, detail } = event.data;
      if (type === "resize") {
        this.frame.style.height = `${height}px`;
      } else if (type === "outcome") {
        this.waiting.get(number)?.(outcome);
        this.waiting.delete(number);
      } else {
        if (type === "ready") {
          this.isReady();
        }
        for (const listener of this.listeners.get(type) ?? []) {
          listener({ elementType: "payment", ...detail });
        }
      }
    }

    async confirm(returnUrl) {
      if (!this.frame) {
        throw new Error("Mount the Payment Element before you confirm.");
      }
      await this.ready;
      const number = ++lastNumber;
      return new Promise((resolve) => {
        this.waiting.set(number, resolve);
        this.frame.contentWindow.postMessage({ type: "confirm", number, returnUrl }, origin);
      });
    }
  }

  class Elements {
    constructor({ clientSecret }) {
      if (!clientSecret) {
        throw new Error("The payment sandbox plays elements({clientSecret}) only.");
      }
      this.clientSecret = clientSecret;
      this.payment = null;
    }

    create(kind) {
      if (kind !== "payment") {
        throw new Error(`The payment sandbox plays the Payment Element only, not ${kind}.`);
      }
      this.payment = new PaymentElement(this.clientSecret);
      return this.payment;
    }

    getElement(kind) {
      return kind === "payment" ? this.payment : null;
    }

    submit() {
      return Promise.resolve({});
    }

    update() {}
  }

  const never = () => new Promise(() => {});

  async function confirm(name, { elements, confirmParams = {}, redirect = "always" }) {
    const outcome = await elements.payment.confirm(confirmParams.return_url ?? location.href);
    if (outcome.error) {
      return { error: outcome.error };
    }
    if (outcome.goTo && (redirect === "always" || outcome.mustGo)) {
      location.assign(outcome.goTo);
      return never();
    }
    return { [name]: outcome.intent };
  }

  async function retrieve(name, clientSecret) {
    const answer = await fetch(`${origin}/v3/intent?client_secret=${encodeURIComponent(clientSecret)}`);
    const body = await answer.json();
    return answer.ok ? { [name]: body } : { error: body.error };
  }

  window.Stripe = (key) => {
    if (!/^pk_test_./.test(key ?? "")) {
      throw new Error("The payment sandbox takes publishable keys that begin with pk_test_.");
    }
    return {
      elements: (options) => new Elements(options),
      confirmPayment: (options) => confirm("paymentIntent", options),
      confirmSetup: (options) => confirm("setupIntent", options),
      retrievePaymentIntent: (secret) => retrieve("paymentIntent", secret),
      retrieveSetupIntent: (secret) => retrieve("setupIntent", secret),
    };
  };
})();
