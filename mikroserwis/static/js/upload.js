/* Scans go up one by one, each with its own bar and answer; a refused one says why and the others go on.
   Pages of a paper that isn't whole yet go along with the next file, until the last of them makes it whole. */
function row(list, file) {
  const item = document.createElement("li");
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: file.name });
  const said = document.createElement("output");
  item.append(Object.assign(document.createElement("bdi"), { textContent: file.name }), said, bar);
  list.append(item);
  return { item, bar, said, file };
}

const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/* The key lets the server recognise the same file sent twice by a shaky line. One of several pictures is asked about
   rather than filed as chosen: a picture is a page, and the next one must not take its place. */
function body(form, file, several) {
  const data = new FormData(form);
  data.set("file", file);
  data.set("once", key());
  if (several && file.type.startsWith("image/") && data.get("kind") !== "other") {
    data.set("wanted", data.get("kind"));
    data.set("kind", "by_code");
  }
  return data;
}

const parse = (request) => new DOMParser().parseFromString(request.responseText, "text/html");
const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);
const words = (page, where) => [...page.querySelectorAll(where)].map((node) => sentence(node.textContent.trim())).join(" ");

/* The server answers with a page, as it does without scripts; its words are what is shown. */
function answer(form, request) {
  const page = parse(request), well = request.status >= 200 && request.status < 300;
  const result = page.querySelector(".results li");
  const outcome = result ? result.className : well && page.querySelector("main") ? "filed" : "refused";
  const said = result ? result.querySelector("span").textContent : words(page, well ? ".flashes p" : ".wrong :is(h1, h2, p:not(.crumb), li)");
  return { page, well, outcome, judged: well || [413, 422].includes(request.status), said: said || (well ? form.dataset.received : form.dataset.failed) };
}

function retryButton(form, view) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: form.dataset.retry });
  button.addEventListener("click", () => sendAll(document.querySelector("[data-upload]"), [view]));
  return button;
}

function send(form, view, several) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const finish = () => {
      const found = answer(form, request);
      view.item.className = found.outcome;
      view.said.textContent = found.said;
      view.bar.remove();
      if (!found.judged) view.item.append(retryButton(form, view));
      adopt(form, found);
      resolve(found);
    };
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      view.bar.value = event.loaded / event.total;
      if (event.loaded === event.total) view.said.textContent = form.dataset.reading;
    });
    request.addEventListener("loadend", finish);
    request.open("POST", form.action);
    request.send(body(form, view.file, several));
  });
}

/* What the answer asks about is gathered here; pages that wait are those of the newest answer. */
function adopt(form, { page, said }) {
  const held = page.querySelector(".held ul");
  if (held) form.querySelector(".held ul").replaceChildren(...held.children);
  document.querySelector("[data-unfiled] ul").append(...page.querySelectorAll("[data-unfiled] li"));
  const waiting = [...form.querySelectorAll(".held ul bdi")].map((node) => node.textContent);
  for (const item of form.querySelectorAll(".progress > .held")) {
    if (!held || waiting.includes(item.querySelector("bdi").textContent)) continue;
    item.className = "filed";
    item.querySelector("output").textContent = said;
  }
}

/* The page that came back takes the place of this one; what was said of each file stays in sight. */
function show(page) {
  const fresh = page.querySelector("main");
  if (!fresh) return;
  const kept = ["[data-upload] .progress", "[data-upload] .held ul", "[data-unfiled] ul"].map((name) => [name, [...document.querySelector(name).children]]);
  const told = [...document.querySelectorAll(".progress output")].map((node) => node.textContent).join(" ");
  for (const flash of fresh.querySelectorAll(".flashes .notice")) if (told.includes(flash.textContent.trim())) flash.remove();
  fresh.querySelector(".results")?.replaceChildren();
  document.querySelector("main").replaceWith(fresh);
  for (const [name, children] of kept) fresh.querySelector(name)?.replaceChildren(...children);
  uploads();
}

async function sendAll(form, views) {
  for (const view of views) {
    view.item.className = "";
    view.item.querySelector("button")?.remove();
    view.said.textContent = form.dataset.waiting;
    view.item.append(view.bar);
    view.bar.value = 0;
  }
  let last = null;
  for (const view of views) {
    const found = await send(form, view, views.length > 1);
    if (found.well) last = found.page;
  }
  form.reset();
  if (last) show(last);
}

function begin(form, files) {
  const list = form.querySelector(".progress");
  list.replaceChildren();
  return sendAll(form, files.map((file) => row(list, file)));
}

function uploads() {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin(form, [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]));
  });
  form.querySelector("#camera").addEventListener("change", () => form.requestSubmit());
  for (const kind of ["dragenter", "dragover"]) form.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", (event) => form.contains(event.relatedTarget) || form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) begin(form, [...event.dataTransfer.files]);
  });
}

uploads();
