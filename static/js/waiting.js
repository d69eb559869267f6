// Something that is awaited: asks again every data-waiting seconds until its state has changed. Then the page is shown
// anew; where somebody may be filling in a form, only that part is, so that nothing typed or recorded is lost.
// Without JavaScript the page's own button asks again.
(() => {
  const shown = document.querySelector("[data-waiting]");
  const ask = async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-state]");
    if (fresh?.dataset.state === shown.dataset.state) return;
    if (!fresh || !document.querySelector("form[data-guard]")) return location.reload();
    clearInterval(clock);
    shown.replaceWith(document.adoptNode(fresh));
  };
  const clock = setInterval(ask, Number(shown.dataset.waiting) * 1000);
})();
