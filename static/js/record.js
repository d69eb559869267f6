// Recording from the microphone into a file field, which the form then sends like any file.
// Where the browser cannot record, or the page did not come by HTTPS, the recorder stays hidden.
(() => {
  const KINDS = { "audio/webm;codecs=opus": "webm", "audio/ogg;codecs=opus": "ogg", "audio/mp4": "m4a" };
  const type = window.MediaRecorder && Object.keys(KINDS).find((kind) => MediaRecorder.isTypeSupported(kind));
  if (!type || !navigator.mediaDevices?.getUserMedia) return;

  for (const box of document.querySelectorAll("[data-record]")) {
    const field = document.getElementById(box.dataset.record);
    const part = (name) => box.querySelector(`[data-${name}]`);
    const [start, stop, heard, use, time, news] = ["start", "stop", "heard", "use", "time", "news"].map(part);
    let recorder, recorded, began, clock;
    if (field.disabled) continue;
    box.hidden = false;

    const show = ({ running, done }) => {
      start.hidden = running;
      stop.hidden = time.hidden = !running;
      heard.hidden = use.hidden = !done;
    };

    const tick = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= Number(box.dataset.longest)) recorder.stop();
    };

    const finish = (pieces) => {
      clearInterval(clock);
      recorder.stream.getTracks().forEach((track) => track.stop()); // or the browser goes on showing that it listens
      recorded = new Blob(pieces, { type });
      if (heard.src) URL.revokeObjectURL(heard.src);
      heard.src = URL.createObjectURL(recorded);
      show({ running: false, done: true });
      news.textContent = box.dataset.listen;
      heard.focus();
    };

    start.addEventListener("click", async () => {
      start.disabled = true;
      try {
        recorder = new MediaRecorder(await navigator.mediaDevices.getUserMedia({ audio: true }), { mimeType: type });
      } catch (error) {
        news.textContent = error.name === "NotFoundError" ? box.dataset.missing : box.dataset.refused;
        return;
      } finally {
        start.disabled = false;
      }
      const pieces = [];
      recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
      recorder.addEventListener("stop", () => finish(pieces));
      recorder.start();
      began = Date.now();
      tick();
      clock = setInterval(tick, 250);
      show({ running: true, done: false });
      news.textContent = box.dataset.recording;
      stop.focus();
    });

    stop.addEventListener("click", () => recorder.stop());

    const take = () => {
      const files = new DataTransfer();
      files.items.add(new File([recorded], `${box.dataset.fileName}.${KINDS[type]}`, { type }));
      field.files = files.files;
      use.hidden = true;
    };

    // Whoever recorded and saves without choosing a file means the recording.
    field.form.addEventListener("submit", () => { if (recorded && !field.files.length) take(); });

    use.addEventListener("click", () => {
      take();
      field.dispatchEvent(new Event("input", { bubbles: true })); // the form now has something to lose
      news.textContent = box.dataset.used;
      field.focus();
    });
  }
})();
