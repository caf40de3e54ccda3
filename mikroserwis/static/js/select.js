/* Choosing tickets in the list: the page at once, a range with Shift, the row in focus with Space. */
const boxes = () => [...document.querySelectorAll("[data-rows] .pick input")];
const bar = () => document.getElementById("bulk");
let last;

function tell() {
  const of = boxes(), chosen = of.filter((box) => box.checked).length, all = bar().elements.all;
  const page = bar().querySelector("[data-page]");
  page.checked = of.length > 0 && chosen === of.length;
  page.indeterminate = chosen > 0 && chosen < of.length;
  bar().querySelector("[data-chosen]").textContent = all?.checked ? all.dataset.total : chosen.toLocaleString(document.documentElement.dataset.figures);
}

function upTo(box) {
  const of = boxes(), from = of.indexOf(last), to = of.indexOf(box);
  if (from >= 0) for (const one of of.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
}

function changed(box, range) {
  if (range) upTo(box);
  last = box;
  if (!box.checked && bar().elements.all) bar().elements.all.checked = false;
  tell();
}

function pressed(event) {
  const box = event.target.closest(".pick input");
  if (box) return changed(box, event.shiftKey);
  if (!event.target.matches("#bulk [data-page], #bulk [name=all]")) return;
  for (const one of boxes()) one.checked = event.target.checked;
  if (!event.target.checked && bar().elements.all) bar().elements.all.checked = false;
  tell();
}

function space(event) {
  const row = event.key === " " && event.target.closest("[data-rows] tbody tr");
  const box = row && !event.target.matches("input, button") && row.querySelector(".pick input");
  if (!box) return;
  event.preventDefault();
  box.checked = !box.checked;
  changed(box, event.shiftKey);
}

if (bar()) {
  document.addEventListener("click", pressed);
  document.addEventListener("keydown", space);
  addEventListener("pageshow", tell);
}
