"""The parts that a DOCX is put together from: styles, paragraphs, tables. Lengths are in points.

Text only ever becomes the content of `w:t`, so nothing in it can act as markup or as a field.
"""

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from exports.papers import pages

INK, SOFT, ACCENT, LINE, WASH = "1C2430", "55606E", "0B5A8C", "D5DAE0", "EEF4F9"
FONT = "Arial"
_NEEDLESS = ("thumbnail", "customXml", "stylesWithEffects", "numbering", "webSettings")


class Look(NamedTuple):
    """How a paragraph style looks; a `line` of 0 is as high as its content."""

    size: float
    line: float
    before: float = 0
    after: float = 0
    bold: bool = False
    colour: str = INK


_STYLES = {
    "Normal": Look(pages.BODY, pages.BODY_LINE),
    "Title": Look(pages.TITLE, pages.TITLE_LINE, after=2, bold=True),
    "Subtitle": Look(10, pages.BODY_LINE, after=10, colour=SOFT),
    "Heading 1": Look(11, 16, before=10, after=3, bold=True, colour=ACCENT),
    "Heading 2": Look(pages.BODY, pages.BODY_LINE, before=6, after=3, bold=True, colour=ACCENT),
    "Body Text": Look(pages.BODY, pages.BODY_LINE, after=5),
    "List Number": Look(pages.BODY, pages.BODY_LINE, after=3),
    "Dateline": Look(pages.BODY, pages.BODY_LINE, after=14),
    "Role": Look(pages.BODY, 16, bold=True, colour=ACCENT),
    "Field": Look(pages.FIELD, pages.BODY_LINE),
    "Cell": Look(pages.CELL, pages.BODY_LINE),
    "Total": Look(pages.TOTAL, pages.TOTAL_LINE, bold=True),
    "Small": Look(pages.SMALL, pages.SMALL_LINE, colour=SOFT),
    "Letterhead": Look(11, 15, bold=True, colour=ACCENT),
    "Contact": Look(8, 11, colour=SOFT),
    "Gap": Look(1, 1),
    "Picture": Look(1, 0),
}


def new_document() -> Document:
    return docx.Document(io.BytesIO(_base()))


@lru_cache(maxsize=1)
def _base() -> bytes:
    """The library's empty document with our styles alone: half the work for each paper."""
    document = docx.Document()
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, each in relations.items() if any(part in each.reltype for part in _NEEDLESS)]:
            del relations[key]
    styles = document.styles
    for style in list(styles):
        if style.name not in _STYLES and not style.element.get(qn("w:default")):
            style.delete()
    for name, look in _STYLES.items():
        style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _shape(cast("ParagraphStyle", style), look)
    _settle(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _shape(style: ParagraphStyle, look: Look) -> None:
    for rule in list(style.element):
        if rule.tag in (qn("w:pPr"), qn("w:rPr"), qn("w:link")):
            style.element.remove(rule)
    style.font.name, style.font.size, style.font.bold = FONT, Pt(look.size), look.bold
    style.font.color.rgb = RGBColor.from_string(look.colour)
    fonts = style.element.rPr.rFonts
    for script in ("w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    shape = style.paragraph_format
    shape.line_spacing = Pt(look.line) if look.line else 1.0
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.widow_control = False
    shape.keep_with_next = style.name in ("Heading 1", "Heading 2")


def _settle(document: Document) -> None:
    """Polish for the spelling check, and the layout of Word 2013 on, where a table begins at the margin."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "pl-PL")
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def element(parent: Any, tag: str, **attributes: str | int) -> Any:
    """A new child; attribute names are of the w: namespace."""
    made = OxmlElement(tag, {qn(f"w:{name}"): str(value) for name, value in attributes.items()})
    parent.append(made)
    return made


def twips(points: float) -> int:
    return round(points * 20)


def paragraph(
    parent: Any, style_id: str, text: str = "", *, align: str = "", hang: float = 0, stops: Sequence[float] = ()
) -> Any:
    """A paragraph; in `text` a tab goes to the next of `stops`, lines after the first begin at `hang`."""
    made = element(parent, "w:p")
    shape = element(made, "w:pPr")
    element(shape, "w:pStyle", val=style_id)
    if stops:
        tabs = element(shape, "w:tabs")
        for stop in stops:
            element(tabs, "w:tab", val="left", pos=twips(stop))
    if hang:
        element(shape, "w:ind", left=twips(hang), hanging=twips(hang))
    if align:
        element(shape, "w:jc", val=align)
    if text:
        run(made, text)
    return made


def run(
    parent: Any, text: str, *, bold: bool = False, italic: bool = False, underline: bool = False, colour: str = ""
) -> Any:
    made = element(parent, "w:r")
    if bold or italic or underline or colour:
        look = element(made, "w:rPr")
        if bold:
            element(look, "w:b")
        if italic:
            element(look, "w:i")
        if colour:
            element(look, "w:color", val=colour)
        if underline:
            element(look, "w:u", val="single")
    for number, piece in enumerate(text.split("\t")):
        if number:
            element(made, "w:tab")
        content = element(made, "w:t")
        content.text = piece
        content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def field(parent: Any, code: str, shown: str) -> None:
    """A field of ours, such as PAGE; `shown` stands until the program computes it."""
    made = element(parent, "w:fldSimple", instr=code)
    run(made, shown)


def table(parent: Any, columns: Iterable[float], *, padding: tuple[float, float] = (0, 0)) -> Any:
    """A table of fixed column widths; `padding` is (above and below, left and right) of each cell."""
    made = element(parent, "w:tbl")
    widths = [twips(column) for column in columns]
    look = element(made, "w:tblPr")
    element(look, "w:tblW", w=sum(widths), type="dxa")
    element(look, "w:tblInd", w=0, type="dxa")
    element(look, "w:tblLayout", type="fixed")
    margins = element(look, "w:tblCellMar")
    for side, room in (("top", padding[0]), ("left", padding[1]), ("bottom", padding[0]), ("right", padding[1])):
        element(margins, f"w:{side}", w=twips(room), type="dxa")
    grid = element(made, "w:tblGrid")
    for width in widths:
        element(grid, "w:gridCol", w=width)
    return made


def row(parent: Any, *, header: bool = False) -> Any:
    """A row that is never split between pages; a header row is repeated on each."""
    made = element(parent, "w:tr")
    look = element(made, "w:trPr")
    element(look, "w:cantSplit")
    if header:
        element(look, "w:tblHeader")
    return made


def cell(parent: Any, width: float, *, below: str = "", fill: str = "", middle: bool = False, columns: int = 1) -> Any:
    made = element(parent, "w:tc")
    look = element(made, "w:tcPr")
    element(look, "w:tcW", w=twips(width), type="dxa")
    if columns > 1:
        element(look, "w:gridSpan", val=columns)
    if below:
        borders = element(look, "w:tcBorders")
        element(borders, "w:bottom", val="single", sz=4, space=0, color=below)
    if fill:
        element(look, "w:shd", val="clear", color="auto", fill=fill)
    if middle:
        element(look, "w:vAlign", val="center")
    return made


def gap(parent: Any, room: float = 1) -> Any:
    """An empty paragraph exactly `room` points high: a table must be followed by one."""
    made = paragraph(parent, "Gap")
    element(made.pPr, "w:spacing", line=twips(room), lineRule="exact")
    return made
