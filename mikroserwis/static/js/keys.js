const typing = (node) => node.closest("input, select, textarea, [contenteditable]");

function step(by) {
  const links = [...document.querySelectorAll("[data-rows] tbody th a")];
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next]?.focus();
  links[next]?.closest("tr").scrollIntoView({ block: "nearest" });
}

/* "/" goes to the search, j and k walk the rows; Enter opens the one in focus, as on any link. */
function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const field = document.getElementById("search");
    if (event.key === "/" && field) {
      event.preventDefault();
      field.select();
      field.focus();
    }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });
}

keys();
