/* A quote follows what is typed. All arithmetic is the server's: the form is sent as it stands, and the sums of the page that comes back are shown. */
const PAUSE = 250;
let timer, request;

async function asked(form, name, value) {
  request?.abort();
  request = new AbortController();
  const body = new URLSearchParams([...new FormData(form), [name, value]]);
  const answer = await fetch(form.action, { method: "POST", body, signal: request.signal, headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function sums(page) {
  for (const old of document.querySelectorAll("#quote-lines [data-said]")) {
    const fresh = page.getElementById(old.id);
    if (fresh) old.replaceChildren(...fresh.childNodes);
  }
  document.getElementById("quote-totals").replaceWith(page.getElementById("quote-totals"));
}

/* What was typed while the answer was on its way stays. */
function rows(form, page) {
  const fresh = page.getElementById("quote-lines");
  for (const field of fresh.querySelectorAll("input:not([type=hidden]), select")) {
    const typed = form.elements[field.name];
    if (typed) field.value = typed.value;
  }
  const focus = fresh.querySelector("[autofocus]")?.id;
  document.getElementById("quote-lines").replaceWith(fresh);
  document.querySelector(".adding").replaceWith(page.querySelector(".adding"));
  sums(page);
  const field = document.getElementById(focus ?? "") ?? document.getElementById("add-item");
  field.focus();
  if (field.matches("input")) field.select();
}

function reckon(form) {
  clearTimeout(timer);
  timer = setTimeout(() => asked(form, "reckon", "1").then(sums).catch(() => {}), PAUSE);
}

/* The way without scripts is the same, page by page; it is also the way out where no answer comes. */
function change(form, button) {
  clearTimeout(timer);
  asked(form, button.name, button.value)
    .then((page) => rows(form, page))
    .catch((error) => error.name === "AbortError" || form.requestSubmit(Object.assign(button, { plainly: true })));
}

/* Enter in a line opens the next one, of the same kind. */
function enter(event, form) {
  const line = event.target.closest(".qline");
  if (event.key !== "Enter" || !line || event.target.matches("button")) return;
  event.preventDefault();
  const kind = line.matches(".free") ? "labour" : "item", row = line.querySelector("[name=row]").value;
  change(form, Object.assign(form.querySelector("[data-enter]"), { value: `${kind}.${row}` }));
}

function quote() {
  const form = document.querySelector("[data-quote]");
  form.addEventListener("input", (event) => event.target.closest(".qline") && reckon(form));
  form.addEventListener("keydown", (event) => enter(event, form));
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!["add", "drop", "up", "down"].includes(button?.name) || button.plainly) return;
    event.preventDefault();
    event.stopPropagation();
    change(form, button);
  });
}

quote();
