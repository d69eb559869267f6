// Before the first paint: the user's theme, or the device's. Loaded in the head, not deferred.
(() => {
  const root = document.documentElement;
  const wish = root.dataset.theme;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.bsTheme = wish === "light" || wish === "dark" ? wish : dark.matches ? "dark" : "light";
  };
  root.classList.add("has-js");
  dark.addEventListener("change", apply);
  apply();
})();
