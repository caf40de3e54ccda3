"""What is seen on a page, asked of the browser."""

from playwright.sync_api import Page

_OPEN = "document.querySelectorAll('details').forEach((fold) => (fold.open = true))"
# Texts that are read, and what speaks for a field or a picture. Names and values stand in bdi, output and the like.
_TEXTS = """(values) => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const of = node.parentElement;
    if (!node.data.trim() || of.closest(values) || !of.getClientRects().length) continue;
    found.push(node.data.trim());
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"])
    for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name));
  return [...new Set(found)];
}"""
_CLIPPED = """() => {
  const found = [], all = "button, .btn, .chips a, nav a, th, label, legend, summary, h1, h2, h3, .tag, .hint, dt";
  for (const one of document.querySelectorAll(all)) {
    if (!one.getClientRects().length || one.closest(".sr, [hidden]")) continue;
    const style = getComputedStyle(one);
    if (style.clipPath !== "none" || style.position === "absolute" && one.clientWidth < 2) continue;
    if (one.clientWidth && one.scrollWidth > one.clientWidth + 1)
      found.push(`${one.tagName}.${one.className} “${one.textContent.trim().slice(0, 40)}”: ${one.scrollWidth} px`);
  }
  return found;
}"""
_WIDE = """() => {
  const all = document.documentElement;
  if (all.scrollWidth <= all.clientWidth) return [];
  const out = (one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > all.clientWidth + 1 || box.left < -1);
  };
  const found = [...document.querySelectorAll("body *")].filter((one) => out(one) && ![...one.children].some(out));
  return found.slice(0, 4).map((one) => `${one.parentElement.outerHTML.slice(0, 60)}: ${one.outerHTML.slice(0, 80)}`);
}"""
VALUES = "bdi, time, output, option, code, kbd, svg, script, style, .avatar, [lang]:not(html), [dir=auto]"


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(_OPEN)


def texts(page: Page, values: str = VALUES) -> list[str]:
    """Each once; those of values are left out."""
    found: list[str] = page.evaluate(_TEXTS, values)
    return found


def clipped(page: Page) -> list[str]:
    """Buttons, tabs, heads and labels whose text is wider than they are."""
    found: list[str] = page.evaluate(_CLIPPED)
    return found


def too_wide(page: Page) -> list[str]:
    """What sticks out, so that the page has to be pushed aside."""
    found: list[str] = page.evaluate(_WIDE)
    return found
