/* While a delivery is under way the page looks for its answer, less and less often, and shows it without a hand on the page.
   What somebody is typing in, or has opened, is left alone. */
const FIRST = 1000, LONGEST = 15000, GIVE_UP = 15 * 60 * 1000;
const PARTS = [".head", ".next", "#files .files", "#export", "#mails", "#subtickets", "#deadlines", "#history", ".imported", "#views"];

const awaited = (page) => page.querySelector("[data-await]");

function busy(part) {
  return part.contains(document.activeElement) || part.querySelector("details:is(.ask, .why)[open]") || [...part.querySelectorAll("textarea, input[type=file]")].some((field) => field.value);
}

function show(fresh) {
  for (const name of PARTS) {
    const old = document.querySelector(name), part = fresh.querySelector(name);
    if (old && part && !busy(old)) old.replaceWith(part);
  }
}

async function look() {
  const answer = await fetch(location.href.split("#")[0], { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const words = awaited(document).dataset.await;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const answered = !awaited(fresh);
  show(fresh);
  if (answered) document.getElementById("announce").textContent = words;
}

function live(pause, since) {
  setTimeout(async () => {
    if (!awaited(document) || Date.now() - since > GIVE_UP) return;
    if (!document.hidden) await look().catch(() => {});
    live(Math.min(pause * 1.5, LONGEST), since);
  }, pause);
}

if (awaited(document)) live(FIRST, Date.now());
