/* Says a sentence to screen readers without moving the focus. */
function announce(text) {
  const place = document.getElementById("announce");
  place.textContent = "";
  requestAnimationFrame(() => (place.textContent = text));
}

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

/* The clipboard is there on secure origins only; elsewhere the text is selected, ready for Ctrl-C. */
async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    select(button.previousElementSibling);
    return;
  }
  announce(button.dataset.done);
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1600);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
