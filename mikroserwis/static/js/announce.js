/* Says a sentence to screen readers without moving the focus. */
export function announce(text) {
  const place = document.getElementById("announce");
  place.textContent = "";
  requestAnimationFrame(() => (place.textContent = text));
}
