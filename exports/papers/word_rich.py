"""Blocks of a form that staff wrote, as parts of a DOCX."""

import io
from typing import Any, cast

from docx.document import Document
from docx.shared import Emu
from docx.text.paragraph import Paragraph

from exports.papers import rich_measure
from exports.papers.rich import Align, Grid, GridCell, PageBreak, Picture, Rich, Span
from exports.papers.word_parts import ACCENT, LINE, cell, element, gap, paragraph, row, run, table, twips

_STYLES = {
    "title": "Title",
    "subtitle": "Subtitle",
    "heading": "Heading1",
    "subheading": "Heading2",
    "prose": "BodyText",
    "cell": "Cell",
}
_ALIGNMENTS: dict[Align, str] = {"left": "", "center": "center", "right": "right", "justify": "both"}


def write_rich(document: Document, block: Rich | Grid | Picture | PageBreak) -> None:
    """The block at the end of the body; page breaks are planned by now, so none comes here."""
    body = document.element.body
    match block:
        case Rich():
            _write_paragraph(body, block)
        case Grid():
            _write_grid(document, body, block)
        case _:
            _write_picture(document, body, cast("Picture", block))
            gap(body, rich_measure.GAP)


def _write_paragraph(parent: Any, rich: Rich) -> None:
    start = rich.indent + rich.hang
    made = paragraph(parent, _STYLES[rich.look], stops=(start,) if rich.hang else ())
    if start:
        element(made.pPr, "w:ind", left=twips(start), hanging=twips(rich.hang))
    if align := _ALIGNMENTS[rich.align]:
        element(made.pPr, "w:jc", val=align)
    if rich.number:
        run(made, f"{rich.number}\t")
    for span in rich.spans:
        _write_span(made, span)


def _write_span(parent: Any, span: Span) -> None:
    for number, text in enumerate(span.text.split("\n")):
        made = run(parent, text, bold=span.bold, italic=span.italic, underline=span.underline)
        if number:
            made.insert(1 if made.rPr is not None else 0, element(made, "w:br"))


def _write_grid(document: Document, body: Any, grid: Grid) -> None:
    padding = rich_measure.CELL_PADDING
    made = table(body, grid.widths, padding=(padding, padding))
    for number, cells in enumerate(grid.rows):
        head = number < grid.heads
        line = row(made, header=head)
        column = 0
        for each in cells:
            width = sum(grid.widths[column : column + each.columns])
            below = (ACCENT if head else LINE) if grid.ruled else ""
            place = cell(line, width, below=below, fill=each.fill, columns=each.columns)
            _fill(document, place, each)
            column += each.columns
    gap(body, rich_measure.GAP)


def _fill(document: Document, place: Any, content: GridCell) -> None:
    for each in content.content:
        if isinstance(each, Picture):
            _write_picture(document, place, each)
        else:
            _write_paragraph(place, each)
    if not content.content:
        gap(place)


def _write_picture(document: Document, parent: Any, picture: Picture) -> None:
    made = paragraph(parent, "Picture", align=_ALIGNMENTS[picture.align])
    drawn = Paragraph(made, document._body).add_run()
    size = (Emu(round(picture.width * 12700)), Emu(round(picture.height * 12700)))
    shape = drawn.add_picture(io.BytesIO(picture.content), *size)
    for side in "TBLR":
        shape._inline.set(f"dist{side}", "0")
