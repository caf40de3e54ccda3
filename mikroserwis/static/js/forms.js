/* Once is enough: a form is sent one time, nothing typed is left behind unasked. */
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  (event.submitter ?? form).setAttribute("aria-busy", "true");
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

function forms() {
  document.addEventListener("submit", sendOnce);
  document.addEventListener("click", press);
  addEventListener("pageshow", (event) => event.persisted && wakeUp());
  warnUnsaved();
  document.querySelector("[data-focus]")?.focus();
}

forms();
