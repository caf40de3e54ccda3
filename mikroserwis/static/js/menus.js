/* The account menu closes when you turn away from it. A link into a closed fold opens the fold. */
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
}

export function menus() {
  const menu = document.querySelector("details.menu");
  document.addEventListener("click", (event) => menu && !menu.contains(event.target) && (menu.open = false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu?.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  addEventListener("hashchange", openTarget);
  openTarget();
}
