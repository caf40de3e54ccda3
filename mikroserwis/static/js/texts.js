/* A text follows what is typed: the form is sent as for a preview, and the preview of the page that comes back is shown. */
const PAUSE = 300;
let timer, request;

async function look(form) {
  request?.abort();
  request = new AbortController();
  const body = new URLSearchParams([...new FormData(form), ["preview", "1"]]);
  const answer = await fetch(form.action, { method: "POST", body, signal: request.signal, headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("preview");
  if (fresh) document.getElementById("preview").replaceChildren(...fresh.childNodes);
}

function follow(form) {
  clearTimeout(timer);
  timer = setTimeout(() => look(form).catch(() => {}), PAUSE);
}

/* Where the cursor stood last, in the subject or in the text. */
function insert(field, text) {
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function texts() {
  const form = document.querySelector("[data-writing]");
  if (!form) return;
  let last = form.elements.body;
  form.addEventListener("focusin", (event) => {
    if (["subject", "body"].includes(event.target.name) && !event.target.readOnly) last = event.target;
  });
  form.addEventListener("input", () => follow(form));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (button) insert(last, button.dataset.insert);
  });
}

texts();
