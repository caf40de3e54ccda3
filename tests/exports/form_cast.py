"""Forms as staff write them, and ways to look at what becomes of them."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

from exports import forms
from exports.forms.filling import filling
from exports.forms.reading import read
from exports.forms.rendering import blocks
from exports.papers.blocks import Block
from exports.papers.data import PaperData, QuoteData
from tests.exports.paper_cast import paper

_FURTHER = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
NEEDED = ("{{ parties }}", "{{ points }}", "{{ signatures }}")


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def form(*texts: str, needed: tuple[str, ...] = NEEDED) -> bytes:
    """A paragraph for each text, and what a contract needs."""
    document = docx.Document()
    for text in (*texts, *needed):
        document.add_paragraph(text)
    return saved(document)


def made(build: Callable[[Document], Any]) -> bytes:
    """What `build` puts before what a contract needs."""
    document = docx.Document()
    build(document)
    for text in NEEDED:
        document.add_paragraph(text)
    return saved(document)


def with_xml(markup: str) -> bytes:
    """A paragraph of raw markup within `w:p`."""
    element = parse_xml(f"<w:p {nsdecls('w', 'wp', 'a', 'pic', 'r')} {_FURTHER}>{markup}</w:p>")
    return made(lambda document: document.element.body.insert(0, element))


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The package with a part put in or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
        target.writestr(name, part)
    return out.getvalue()


def flow(content: bytes, data: PaperData | QuoteData | None = None, kind: str = "contract") -> list[Block]:
    """The blocks that a ticket's paper has on this form."""
    return list(blocks(read(content, kind), filling(kind, data or paper())))


def found(content: bytes, kind: str = "contract") -> list[tuple[str, str]]:
    """The codes of all problems with what they name."""
    return [(str(one.code), one.found) for one in forms.check(content, kind)]


def picture(form_: str = "PNG", size: tuple[int, int] = (40, 20)) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form_)
    out.seek(0)
    return out
