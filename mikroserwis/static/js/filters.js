/* The list follows its filters: rows, heads and pager are replaced, the field being typed in is left alone. */
const PAUSE = 300;

function address(form) {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (value.trim()) url.searchParams.append(name, value.trim());
  return url;
}

async function refresh(form, request) {
  const url = address(form);
  const answer = await fetch(url, { signal: request.signal, headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(old.id);
    if (fresh) old.replaceWith(fresh);
  }
  for (const field of form.elements) field.toggleAttribute("data-set", field.type !== "hidden" && Boolean(field.value));
  history.replaceState(null, "", url);
}

function filters() {
  const form = document.querySelector("[data-filters]");
  let timer, request;
  document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
  const start = () => {
    request?.abort();
    request = new AbortController();
    refresh(form, request).catch((error) => error.name === "AbortError" || form.submit());
  };
  const later = (event) => {
    if (event.target.form !== form || !event.target.checkValidity()) return;
    clearTimeout(timer);
    timer = setTimeout(start, event.target.matches("select") ? 0 : PAUSE);
  };
  document.addEventListener("input", later);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    start();
  });
}

filters();
