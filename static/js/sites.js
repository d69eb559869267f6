// How many calls of the chosen codec profile fit a bandwidth, while it is typed; the server says the same when it draws.
(() => {
  const profile = document.querySelector("[data-rates]");
  const rates = JSON.parse(profile.dataset.rates);
  const say = () => {
    for (const said of document.querySelectorAll("[data-fits]")) {
      const kbits = document.getElementById(said.dataset.fits).value;
      said.hidden = !/^\d{1,9}$/.test(kbits);
      const calls = Math.floor((Number(kbits) * 1000) / rates[profile.value]);
      said.querySelector("output").textContent = calls.toLocaleString(document.documentElement.lang);
    }
  };
  profile.form.addEventListener("input", say);
})();
