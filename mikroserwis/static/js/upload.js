/* Scans go up one by one, each with its own bar; a refused one says why and the others go on. */
function row(list, file) {
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("bdi"), { textContent: file.name });
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: file.name });
  const said = document.createElement("output");
  item.append(name, said, bar);
  list.append(item);
  return { item, bar, said };
}

/* The key lets the server recognise the same file sent twice by a shaky line. */
function body(form, file) {
  const data = new FormData(form);
  data.delete("file");
  data.append("file", file);
  data.set("once", [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  return data;
}

function reason(request, fallback) {
  const problem = request.response;
  return problem?.detail || problem?.title || fallback;
}

function send(form, file, view) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const finish = (well) => {
      view.item.className = well ? "ok" : "failed";
      view.said.textContent = well ? form.dataset.received : reason(request, form.dataset.failed);
      view.bar.remove();
      resolve(well);
    };
    request.upload.addEventListener("progress", (event) => event.lengthComputable && (view.bar.value = event.loaded / event.total));
    request.addEventListener("load", () => finish(request.status >= 200 && request.status < 300));
    request.addEventListener("error", () => finish(false));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.send(body(form, file));
  });
}

function offerReload(form, list) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: form.dataset.reload });
  button.addEventListener("click", () => location.reload());
  const item = document.createElement("li");
  item.append(button);
  list.append(item);
}

async function sendAll(form, files) {
  const list = form.querySelector(".progress");
  list.replaceChildren();
  const views = files.map((file) => row(list, file));
  const results = [];
  for (const [index, file] of files.entries()) results.push(await send(form, file, views[index]));
  form.reset();
  if (results.every(Boolean)) location.reload();
  else if (results.some(Boolean)) offerReload(form, list);
}

export function uploads() {
  const form = document.querySelector("[data-upload]");
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
