/* Once is enough: a form is sent one time, nothing typed is left behind unasked. */
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  (event.submitter ?? form).setAttribute("aria-busy", "true");
  if ("download" in form.dataset) setTimeout(wakeUp, 3000); // the page stays
}

function wakeUp() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

function warnUnsaved() {
  const typed = new Set();
  document.addEventListener("input", (event) => event.target.form?.matches("[data-unsaved]") && typed.add(event.target.form));
  document.addEventListener("submit", (event) => typed.delete(event.target));
  addEventListener("beforeunload", (event) => typed.size && event.preventDefault());
}

function press(event) {
  const eye = event.target.closest("[data-reveal]");
  if (eye) {
    const field = document.getElementById(eye.dataset.reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(shown));
  }
  const fill = event.target.closest("[data-fill]");
  if (fill) {
    const field = document.getElementById(fill.dataset.fill);
    field.value = fill.dataset.value;
    field.focus();
  }
}

/* What is typed is weighed where it will be judged; an answer that was overtaken is thrown away. */
let weighing, waiting;

async function weigh(field) {
  const said = field.form.querySelector(`output[for="${field.id}"]`);
  weighing = new AbortController();
  const body = new URLSearchParams({ csrf_token: field.form.elements.csrf_token.value, password: field.value });
  const answer = await fetch(field.dataset.strength, { method: "POST", body, signal: weighing.signal });
  said.replaceChildren(...(answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes : []));
}

function weighed(event) {
  if (!event.target.matches("[data-strength]")) return;
  weighing?.abort();
  clearTimeout(waiting);
  waiting = setTimeout(() => weigh(event.target).catch(() => {}), 250);
}

function forms() {
  document.addEventListener("submit", sendOnce);
  document.addEventListener("click", press);
  document.addEventListener("input", weighed);
  addEventListener("pageshow", (event) => event.persisted && wakeUp());
  warnUnsaved();
  document.querySelector("[data-focus]")?.focus();
}

forms();
