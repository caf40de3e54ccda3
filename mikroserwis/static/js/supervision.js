/* A page of supervision is shown anew in its place: when somebody presses Refresh, and while a job is under way. Open folds stay open, and whoever is in a form is left alone. */
const FIRST = 1000, LONGEST = 10000;
const part = (page) => page.querySelector("[data-refresh]");

function show(fresh) {
  const old = part(document), next = part(fresh);
  if (!old || !next || old.querySelector("form :focus")) return;
  const open = [...old.querySelectorAll("details")].map((fold) => fold.open);
  const focused = old.contains(document.activeElement) && document.activeElement.hasAttribute("data-again");
  [...next.querySelectorAll("details")].forEach((fold, index) => { fold.open = open[index] ?? fold.open; });
  old.replaceWith(next);
  if (focused) next.querySelector("[data-again]")?.focus({ preventScroll: true });
}

async function look() {
  const answer = await fetch(location.href.split("#")[0], { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const words = part(document).dataset.await;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  show(fresh);
  if (words && !part(document).dataset.await) document.getElementById("announce").textContent = words;
}

function follow(pause) {
  setTimeout(async () => {
    if (!part(document)?.dataset.await) return;
    if (!document.hidden) await look().catch(() => {});
    follow(Math.min(pause * 1.3, LONGEST));
  }, pause);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-again]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  look().catch(() => { location.href = link.href; });
});
follow(FIRST);
