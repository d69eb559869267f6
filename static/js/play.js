// Plays the sound behind a link with data-play where it stands: a click starts it, another stops it.
// Without JavaScript the link opens the browser's own player.
(() => {
  const audio = new Audio();
  let playing;

  const mark = (link, on) => {
    link.setAttribute("aria-pressed", on);
    link.querySelector(".bi").className = `bi bi-${on ? "stop" : "play"}-circle`;
  };

  const stop = () => {
    audio.pause();
    if (playing) mark(playing, false);
    playing = undefined;
  };

  const toggle = async (link) => {
    const again = link === playing;
    stop();
    if (again) return;
    playing = link;
    mark(link, true);
    audio.src = link.href;
    await audio.play().catch(() => { if (link === playing) stop(); });
  };

  audio.addEventListener("ended", stop);
  for (const link of document.querySelectorAll("a[data-play]")) {
    link.setAttribute("role", "button");
    mark(link, false);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      toggle(link);
    });
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      toggle(link);
    });
  }
})();
