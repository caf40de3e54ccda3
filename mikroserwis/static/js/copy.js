import { announce } from "./announce.js";

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

export function copyButtons() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
}
