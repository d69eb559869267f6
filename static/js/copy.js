// Buttons that copy a value; without JavaScript, or where the browser has no clipboard, they stay hidden.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    const said = document.getElementById("copied");
    said.textContent = said.dataset.words;
    button.classList.add("active");
  });
}
