/* While an export is under way its line follows it; a line in which somebody is about to press something is left alone. */
const PAUSE = 1000;
const open = () => document.querySelectorAll("#exports progress").length;

async function look() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const before = open(), fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const line of fresh.querySelectorAll("#exports li")) {
    const old = document.getElementById(line.id);
    if (old && !old.contains(document.activeElement)) old.replaceWith(line);
  }
  if (open() < before) document.getElementById("announce").textContent = document.getElementById("exports").dataset.await;
}

function live() {
  if (!open()) return;
  setTimeout(async () => {
    if (!document.hidden) await look().catch(() => {});
    live();
  }, PAUSE);
}

live();
