"""The rows of a quote in a DOCX as a reader of the page sees them."""

import re
from collections.abc import Iterator
from typing import Any

from exports.papers.quote_form import LINE_COLUMNS, TOTAL_COLUMNS
from exports.papers.wording import POINT_COLUMNS
from exports.quotes.comparing import PICTURE, Difference, Form, Row, TableKind, settled_text
from exports.quotes.package import Parts, main_part, marks_in, parsed, property_marks

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FOOTERS = re.compile(r"word/(?:header|footer)\d*\.xml")
_SPACES = {f"{_W}tab", f"{_W}br", f"{_W}cr"}
_PICTURES = {f"{_W}drawing", f"{_W}pict", f"{_W}object"}
_FIELDS = (f"{_W}fldSimple", f"{_W}instrText")
_ON = {None, "1", "true", "on"}
TABLES = {
    tuple(column.title for column in LINE_COLUMNS): TableKind(
        "line", ("position", "name", "quantity", "unit", "unit_net", "vat_rate", "net")
    ),
    tuple(column.title for column in TOTAL_COLUMNS): TableKind("total", ("vat_rate", "net", "vat", "gross")),
    tuple(column.title for column in POINT_COLUMNS): TableKind(
        "point", ("position", "point_id", "name", "buy", "exchange")
    ),
}


def read_document(parts: Parts) -> Form:
    body = parsed(parts[main_part(parts)])
    hidden_styles = _hidden_styles(parts)
    rows = tuple(row for row in _rows(body, hidden_styles) if any(row))
    texts = ["".join(parsed(parts[name]).itertext()) for name in sorted(parts) if _FOOTERS.fullmatch(name)]
    found = (*property_marks(parts), *(mark for text in texts for mark in marks_in(text)))
    return Form(rows, found, tuple(_findings(body, hidden_styles)), TABLES)


def _hidden_styles(parts: Parts) -> set[str]:
    if "word/styles.xml" not in parts:
        return set()
    styles = parsed(parts["word/styles.xml"]).iter(f"{_W}style")
    return {style.get(f"{_W}styleId") for style in styles if _is_on(style.find(f"{_W}rPr/{_W}vanish"))}


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(f"{_W}val") in _ON


def _rows(parent: Any, hidden_styles: set[str]) -> Iterator[Row]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield (settled_text(_text(child, hidden_styles)),)
        elif child.tag == f"{_W}tr":
            if not _is_gone(child):
                yield tuple(_cells(child, hidden_styles))
        else:
            yield from _rows(child, hidden_styles)


def _is_gone(row: Any) -> bool:
    """Hidden, or deleted in a change that waits to be accepted."""
    look = row.find(f"{_W}trPr")
    return look is not None and (_is_on(look.find(f"{_W}hidden")) or look.find(f"{_W}del") is not None)


def _cells(parent: Any, hidden_styles: set[str]) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}tc":
            yield settled_text(" ".join(_text(each, hidden_styles) for each in child.iter(f"{_W}p")))
        else:
            yield from _cells(child, hidden_styles)


def _text(paragraph: Any, hidden_styles: set[str]) -> str:
    """What is seen of a paragraph: deleted and hidden characters are not, a picture is one character."""
    pieces = []
    for node in paragraph.iter():
        if node.tag in _SPACES:
            pieces.append(" ")
        elif node.tag in _PICTURES:
            pieces.append(PICTURE)
        elif node.tag == f"{_W}t" and not _is_hidden(node, hidden_styles):
            pieces.append(node.text or "")
    return "".join(pieces)


def _is_hidden(text: Any, hidden_styles: set[str]) -> bool:
    run = text.getparent()
    paragraph = next(text.iterancestors(f"{_W}p"))
    styles = (run.find(f"{_W}rPr/{_W}rStyle"), paragraph.find(f"{_W}pPr/{_W}pStyle"))
    if any(style is not None and style.get(f"{_W}val") in hidden_styles for style in styles):
        return True
    return _is_on(run.find(f"{_W}rPr/{_W}vanish"))


def _findings(body: Any, hidden_styles: set[str]) -> Iterator[Difference]:
    hidden = "".join(node.text or "" for node in body.iter(f"{_W}t") if _is_hidden(node, hidden_styles))
    gone = "".join("".join(row.itertext()) for row in body.iter(f"{_W}tr") if _is_gone(row))
    if settled_text(hidden + gone):
        yield Difference("hidden", {"found": settled_text(hidden + gone)})
    if next(body.iter(*_FIELDS), None) is not None:
        yield Difference("field")
