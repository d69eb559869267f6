// The payment provider's form in our page: shown where it belongs, and confirmed by our own button.
(() => {
  const form = document.getElementById("element");
  const error = document.getElementById("element-error");
  const button = form.querySelector("button");
  let stripe = null, elements = null;
  if (window.Stripe) {
    stripe = window.Stripe(form.dataset.key);
    elements = stripe.elements({ clientSecret: form.dataset.secret });
    elements.create("payment").mount("#element-place");
  } else {
    error.textContent = error.dataset.unloaded;
    button.disabled = true;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!stripe || button.disabled) return;
    button.disabled = true;
    error.textContent = "";
    const answer = await stripe.confirmPayment({ elements, confirmParams: { return_url: form.dataset.back } });
    // Only a refusal comes back here; after a payment the browser is on its way to the result.
    error.textContent = answer.error?.message ?? "";
    button.disabled = false;
  });
})();
