"""A laid out paper as DOCX: one section a page, so that each footer bears its own mark."""

import io
from datetime import date
from typing import Any

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.section import Section
from docx.shared import Emu, Pt
from docx.text.paragraph import Paragraph

from exports import marks
from exports.archives import midnight, settled
from exports.papers import pages, word_parts
from exports.papers.blocks import (
    Block,
    Card,
    Choices,
    Clause,
    Dateline,
    Heading,
    Letterhead,
    Parties,
    Prose,
    Row,
    Signatures,
    Table,
    Title,
    Totals,
)
from exports.papers.form_mark import add_mark
from exports.papers.word_parts import ACCENT, INK, LINE, SOFT, WASH, cell, element, gap, paragraph, row, run, table
from exports.papers.word_rich import write_rich
from exports.plain import plain

_PROPERTY_LENGTH = 250
_CODE_SIDE = 20 * pages.MM


def docx_bytes(layout: pages.Layout, made_on: date) -> bytes:
    document = word_parts.new_document()
    _describe(document, layout, made_on)
    first = document.sections[0]
    _page_size(first)
    _write_header(first, layout.letterhead)
    body = document.element.body
    for number, page in enumerate(layout.pages, 1):
        section = body.sectPr
        body.remove(section)
        for block in page.blocks:
            _write(document, block)
        body.append(section)
        _write_footer(document.sections[-1], page.mark)
        if number < len(layout.pages):
            document.add_section(WD_SECTION.NEW_PAGE)
            _shrink(Paragraph(body.p_lst[-1], document))
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue(), midnight(made_on))


def _describe(document: Document, layout: pages.Layout, made_on: date) -> None:
    mark = layout.pages[0].mark
    properties = document.core_properties
    properties.title = f"{layout.title} {mark.ticket}, wersja {mark.version}"
    properties.subject = f"Zgłoszenie nr {mark.ticket}"
    properties.author = properties.last_modified_by = plain(layout.letterhead.name)[:_PROPERTY_LENGTH]
    properties.language = "pl-PL"
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = midnight(made_on)
    add_mark(document, mark)


def _page_size(section: Section) -> None:
    section.page_width, section.page_height = Pt(pages.PAGE_WIDTH), Pt(pages.PAGE_HEIGHT)
    section.left_margin = section.right_margin = Pt(pages.MARGIN_SIDE)
    section.top_margin, section.bottom_margin = Pt(pages.MARGIN_TOP), Pt(pages.MARGIN_BOTTOM)
    section.header_distance, section.footer_distance = Pt(12 * pages.MM), Pt(8 * pages.MM)


def _shrink(carrier: Paragraph) -> None:
    """The paragraph that ends a section takes no room on the page it ends."""
    carrier.style = "Gap"


def _write_header(section: Section, letterhead: Letterhead) -> None:
    header = section.header._element
    _emptied(header)
    paragraph(header, "Letterhead", letterhead.name)
    contact = paragraph(header, "Contact", letterhead.contact)
    border = element(contact.pPr, "w:pBdr")
    element(border, "w:bottom", val="single", sz=8, space=5, color=ACCENT)


def _write_footer(section: Section, mark: marks.Mark) -> None:
    section.footer.is_linked_to_previous = False
    footer = section.footer._element
    _emptied(footer)
    widths = (_CODE_SIDE, pages.TEXT_WIDTH - _CODE_SIDE - 90, 90)
    line = row(table(footer, widths))
    picture = paragraph(cell(line, widths[0]), "Picture")
    drawn = Paragraph(picture, section.footer).add_run()
    shape = drawn.add_picture(io.BytesIO(marks.qr_png(mark)), width=Emu(round(_CODE_SIDE * 12700)))
    inline = shape._inline
    inline.docPr.set("descr", marks.readable(mark))
    for side in "TBLR":
        inline.set(f"dist{side}", "0")
    words = cell(line, widths[1], middle=True)
    run(paragraph(words, "Cell"), marks.readable(mark), bold=True)
    paragraph(words, "Contact", marks.text(mark))
    number = paragraph(cell(line, widths[2], middle=True), "Contact", "Strona ", align="right")
    word_parts.field(number, "PAGE", str(mark.page))
    run(number, " z ")
    word_parts.field(number, "NUMPAGES", str(mark.pages))
    gap(footer)


def _emptied(part: Any) -> None:
    for child in list(part):
        part.remove(child)


def _write(document: Document, block: Block) -> None:
    """The block at the end of the body."""
    body = document.element.body
    match block:
        case Dateline(text):
            paragraph(body, "Dateline", text, align="right")
        case Title(text, subtitle):
            paragraph(body, "Title", text)
            paragraph(body, "Subtitle", subtitle)
        case Heading(text):
            paragraph(body, "Heading1", text)
        case Prose(text):
            paragraph(body, "BodyText", text)
        case Clause(number, text):
            _write_clause(body, number, text)
        case Choices(texts):
            for text in texts:
                _write_clause(body, pages.BOX, text)
        case Parties(left, right):
            _write_parties(body, left, right)
        case Table():
            _write_table(body, block)
        case Totals():
            _write_totals(body, block)
        case Signatures():
            _write_signatures(body, block)
        case _:
            write_rich(document, block)


def _write_clause(body: Any, number: str, text: str) -> None:
    paragraph(body, "ListNumber", f"{number}\t{text}", hang=pages.INDENT, stops=(pages.INDENT,))


def _write_parties(body: Any, left: Card, right: Card) -> None:
    widths = (pages.CARD_WIDTH, pages.CARD_GAP, pages.CARD_WIDTH)
    line = row(table(body, widths, padding=(pages.CARD_PADDING, pages.CARD_PADDING)))
    for width, card in zip(widths, (left, None, right), strict=True):
        place = cell(line, width, fill=WASH if card else "")
        if card is None:
            paragraph(place, "Gap")
            continue
        paragraph(place, "Role", card.title)
        for label, value in card.rows:
            made = paragraph(place, "Field", hang=pages.LABEL_WIDTH, stops=(pages.LABEL_WIDTH,))
            run(made, f"{label}\t", colour=SOFT)
            run(made, value, bold=label == "Firma")
    gap(body, pages.TABLE_GAP)


def _write_table(body: Any, each: Table) -> None:
    widths = pages.widths(each)
    grid = table(body, widths, padding=(pages.CELL_PADDING, pages.CELL_PADDING))
    head = row(grid, header=True)
    for column, width in zip(each.columns, widths, strict=True):
        place = cell(head, width, below=ACCENT, fill=WASH)
        run(paragraph(place, "Small", align=column.align), column.title, bold=True, colour=INK)
    for number, cells in enumerate(each.rows, 1):
        _write_row(grid, each, cells, total=each.closing and number == len(each.rows))
    gap(body, pages.TABLE_GAP)


def _write_row(grid: Any, each: Table, cells: Row, total: bool) -> None:
    line = row(grid)
    for content, column, width in zip(cells, each.columns, pages.widths(each), strict=True):
        place = cell(line, width, below="" if total else LINE)
        run(paragraph(place, "Cell", align=column.align), content.text, bold=total or column.strong)
        if content.note:
            paragraph(place, "Small", content.note, align=column.align)


def _write_totals(body: Any, totals: Totals) -> None:
    _write_table(body, totals.table)
    half = pages.TEXT_WIDTH / 2
    line = row(table(body, (half, half), padding=(pages.TOTAL_PADDING, pages.CELL_PADDING)))
    run(paragraph(cell(line, half, fill=WASH), "Total"), totals.label, colour=ACCENT)
    paragraph(cell(line, half, fill=WASH), "Total", totals.amount, align="right")
    gap(body, pages.TABLE_GAP)
    paragraph(body, "Field", totals.words)


def _write_signatures(body: Any, signatures: Signatures) -> None:
    gap(body, pages.SIGNATURE_GAP)
    widths = (pages.CARD_WIDTH, pages.CARD_GAP, pages.CARD_WIDTH)
    grid = table(body, widths)
    names, space, captions = row(grid), row(grid), row(grid)
    for width, side in zip(widths, (signatures.left, None, signatures.right), strict=True):
        who = cell(names, width)
        paragraph(who, "Role" if side else "Gap", side.role if side else "")
        if side:
            paragraph(who, "Field", side.name)
        gap(cell(space, width, below=SOFT if side else ""), pages.SIGNATURE_ROOM)
        paragraph(cell(captions, width), "Contact", "data i czytelny podpis" if side else "")
    gap(body, pages.TABLE_GAP)
