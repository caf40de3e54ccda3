"""Changes to a quote's file as people make them in Word and Excel, and as nobody honest would."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from exports.papers import quote_docx, quote_xlsx
from exports.quotes import Difference, check_quote_docx, check_quote_xlsx
from tests.exports.quote_cast import quoted

QUOTE = quoted()
ANNEXED = quoted(points=6)
WORD, SHEET = quote_docx(QUOTE), quote_xlsx(QUOTE)


def word(change: Callable[[Document], object], content: bytes = WORD) -> list[tuple[str, Mapping[str, Any]]]:
    """The differences after a change to the document."""
    document = docx.Document(io.BytesIO(content))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return told(check_quote_docx(out.getvalue(), QUOTE))


def sheet(change: Callable[[Any], object], content: bytes = SHEET) -> list[tuple[str, Mapping[str, Any]]]:
    """The differences after a change to the sheet."""
    workbook = load_workbook(io.BytesIO(content))
    change(workbook["Wycena"])
    out = io.BytesIO()
    workbook.save(out)
    return told(check_quote_xlsx(out.getvalue(), QUOTE))


def untouched(_: object) -> None:
    """Opened and saved again."""


def told(differences: list[Difference]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(each.code, each.params) for each in differences]


def texts(document: Document) -> list[Any]:
    return list(document.element.body.iter(qn("w:t")))


def put(old: str, new: str) -> Callable[[Document], None]:
    """Replaces part of a text; spaces in both stand for those that don't break too."""

    def change(document: Document) -> None:
        changed = 0
        for node in texts(document):
            text = (node.text or "").replace("\u00a0", " ")
            if old in text:
                node.text, changed = text.replace(old, new), changed + 1
        assert changed

    return change


def row_of(document: Document, text: str) -> Any:
    """The table row that holds the text."""
    found = next(node for node in texts(document) if text in (node.text or ""))
    return next(found.iterancestors(qn("w:tr")))


def cell_of(form: Any, value: object) -> Any:
    return next(cell for row in form.iter_rows() for cell in row if cell.value == value)


def repacked(content: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The package after a change to its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()
