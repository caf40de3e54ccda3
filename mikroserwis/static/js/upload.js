/* Scans go up one by one, each with its own bar; a refused one says why and the others go on. */
function row(list, file) {
  const item = document.createElement("li");
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: file.name });
  const said = document.createElement("output");
  item.append(Object.assign(document.createElement("bdi"), { textContent: file.name }), said, bar);
  list.append(item);
  return { item, bar, said };
}

/* The key lets the server recognise the same file sent twice by a shaky line. */
function body(form, file) {
  const data = new FormData(form);
  data.set("file", file);
  data.set("once", [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  return data;
}

const parse = (request) => new DOMParser().parseFromString(request.responseText, "text/html");

/* The server answers with a page, as it does without scripts; its words are what is shown. */
function reason(request) {
  const parts = [...parse(request).querySelectorAll(".wrong :is(h1, p:not(.crumb), li)")].map((node) => node.textContent.trim());
  return parts.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(" ");
}

function send(form, file, view) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const finish = () => {
      const well = request.status >= 200 && request.status < 300;
      view.item.className = well ? "ok" : "failed";
      view.said.textContent = well ? form.dataset.received : reason(request) || form.dataset.failed;
      view.bar.remove();
      resolve(well ? request : null);
    };
    request.upload.addEventListener("progress", (event) => event.lengthComputable && (view.bar.value = event.loaded / event.total));
    request.addEventListener("loadend", finish);
    request.open("POST", form.action);
    request.send(body(form, file));
  });
}

/* The page that came back takes the place of this one; what failed stays in sight. */
function show(request, failed) {
  const fresh = parse(request).querySelector("main");
  if (!fresh) return location.reload();
  document.querySelector("main").replaceWith(fresh);
  uploads();
  document.querySelector("[data-upload] .progress")?.append(...failed);
}

async function sendAll(form, files) {
  const list = form.querySelector(".progress");
  list.replaceChildren();
  const views = files.map((file) => row(list, file));
  let last = null;
  for (const [index, file] of files.entries()) last = (await send(form, file, views[index])) ?? last;
  form.reset();
  if (last) show(last, [...list.querySelectorAll(".failed")]);
}

function uploads() {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll(form, [...form.elements.file.files]);
  });
  for (const kind of ["dragenter", "dragover"]) form.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", (event) => form.contains(event.relatedTarget) || form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) sendAll(form, [...event.dataTransfer.files]);
  });
}

uploads();
