/* What opens over the page closes when you turn away from it; typed text stays in it. A link into a closed fold opens the fold. */
const OVER = "details:is(.menu, .ask, .why, .range)[open]";

function closeOthers(kept) {
  for (const details of document.querySelectorAll(OVER)) if (!details.contains(kept)) details.open = false;
}

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
}

function menus() {
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("keydown", (event) => {
    const details = event.key === "Escape" && event.target.closest(OVER);
    if (!details) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
  document.addEventListener("toggle", (event) => event.target.matches(".ask[open]") && event.target.querySelector("textarea, input:not([type=hidden])")?.focus(), true);
  addEventListener("hashchange", openTarget);
  openTarget();
}

menus();
