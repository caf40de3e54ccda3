"""Texts that staff write, as HTML: paragraphs, lists, headings, bold and links; everything else is shown as typed."""

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

_LINE = re.compile(r"(?:(?P<bullet>[-*•]) +|(?P<number>\d{1,3})[.)] +|(?P<head>#{1,3}) +)?(?P<words>.*)")
_INLINE = re.compile(
    r"\*\*(?P<bold>[^*\n]{1,500})\*\*"
    r"|\[(?P<label>[^\]\n]{1,200})\]\((?P<to>https://[^\s()<>\"]{1,1000})\)"
    r"|(?P<bare>https://[^\s()<>\"]{0,1000}[^\s()<>\".,;:!?])"
)


def html(text: str) -> Markup:
    """Nothing that was typed is taken for HTML; links lead to https alone."""
    lines = [_LINE.fullmatch(line.strip()) for line in text.splitlines()]
    kinds = groupby((line for line in lines if line is not None), key=_kind)
    return Markup("\n").join(part for kind, group in kinds for part in _block(kind, list(group)))


def _kind(line: re.Match[str]) -> str:
    if not line["words"]:
        return ""
    return next((kind for kind in ("bullet", "number", "head") if line[kind]), "p")


def _block(kind: str, lines: list[re.Match[str]]) -> Iterator[Markup]:
    words = [_inline(line["words"]) for line in lines]
    if kind == "p":
        yield Markup("<p>{}</p>").format(Markup("<br>").join(words))
    elif kind == "head":
        yield from (Markup("<h2>{}</h2>").format(one) for one in words)
    elif kind == "bullet":
        yield Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(one) for one in words))
    elif kind == "number":
        first = int(lines[0]["number"])
        items = Markup("").join(Markup("<li>{}</li>").format(one) for one in words)
        yield Markup('<ol start="{}">{}</ol>').format(first, items)


def _inline(text: str) -> Markup:
    parts, end = [], 0
    for found in _INLINE.finditer(text):
        parts += [escape(text[end : found.start()]), _piece(found)]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _piece(found: re.Match[str]) -> Markup:
    if found["bold"]:
        return Markup("<strong>{}</strong>").format(found["bold"])
    to = found["to"] or found["bare"]
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(to, found["label"] or to)
