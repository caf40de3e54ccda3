"""What of a form's structure reaches the paper."""

import io
from itertools import pairwise
from typing import Any

import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from PIL import Image

from exports import forms
from exports.forms.lists import Counters, Level, ListDefinition
from exports.papers.blocks import Clause, Heading, Prose, Title
from exports.papers.rich import Grid, PageBreak, Picture, Rich, Span
from tests.exports.form_cast import flow, form, found, made, picture
from tests.exports.paper_cast import docx_marks, docx_text, opened, paper, pdf_marks

LOREM = "Zażółć gęślą jaźń i wdróż u Detalisty system w terminie. "


def first(build: Any) -> Any:
    return flow(made(build))[0]


def test_characters_keep_bold_italic_and_underline_and_lose_nothing() -> None:
    def build(document: Document) -> None:
        paragraph = document.add_paragraph("a")
        paragraph.add_run("b").bold = True
        paragraph.add_run("c").italic = True
        paragraph.add_run("{{ version }}").underline = True

    assert first(build).spans == (Span("a"), Span("b", bold=True), Span("c", italic=True), Span("1", underline=True))


def test_a_style_may_say_that_its_text_is_bold() -> None:
    def build(document: Document) -> None:
        style = document.styles.add_style("Ważne", 1)
        style.font.bold = True
        document.add_paragraph("x", "Ważne").add_run("y").bold = False

    assert first(build).spans == (Span("x", bold=True), Span("y"))


@pytest.mark.parametrize(
    ("align", "expected"),
    [
        (WD_ALIGN_PARAGRAPH.CENTER, "center"),
        (WD_ALIGN_PARAGRAPH.RIGHT, "right"),
        (WD_ALIGN_PARAGRAPH.JUSTIFY, "justify"),
    ],
)
def test_a_paragraph_keeps_its_alignment(align: Any, expected: str) -> None:
    def build(document: Document) -> None:
        document.add_paragraph("x").alignment = align

    assert first(build).align == expected


def test_an_indented_paragraph_and_one_with_a_typed_number_keep_their_place() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("wcięty").paragraph_format.left_indent = Pt(36)
        typed = document.add_paragraph("a)\tpunkt")
        typed.paragraph_format.left_indent, typed.paragraph_format.first_line_indent = Pt(36), Pt(-18)

    indented, typed = flow(made(build))[:2]
    assert isinstance(indented, Rich)
    assert isinstance(typed, Rich)
    assert (indented.indent, indented.number) == (36, "")
    assert (typed.indent, typed.number, typed.text, typed.hang) == (18, "a)", "punkt", 18)


def test_lists_are_counted_anew_on_each_paper() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("pierwszy", "List Number")
        document.add_paragraph("{% if by_quote %}")
        document.add_paragraph("z wyceną", "List Number")
        document.add_paragraph("{% endif %}")
        document.add_paragraph("ostatni", "List Number")
        document.add_paragraph("kropka", "List Bullet")

    def numbers(by_quote: bool) -> list[tuple[str, str]]:
        return [
            (one.number, one.text) for one in flow(made(build), paper(by_quote=by_quote)) if isinstance(one, Clause)
        ]

    assert numbers(True) == [("1.", "pierwszy"), ("2.", "z\u00a0wyceną"), ("3.", "ostatni"), ("•", "kropka")]
    assert numbers(False) == [("1.", "pierwszy"), ("2.", "ostatni"), ("•", "kropka")]


def test_numbers_of_several_levels_and_forms_are_those_of_word() -> None:
    levels = {
        0: Level("upperRoman", "§ %1.", 4),
        1: Level("lowerLetter", "%1.%2)", 26),
        2: Level("decimalZero", "%3", 1),
        3: Level("bullet", "\uf0b7", 1),
        4: Level("none", "x", 1),
        5: Level("upperLetter", "%6", 1),
        6: Level("lowerRoman", "%7", 9),
        7: Level("bullet", "–", 1),
    }
    counters = Counters({"1": ListDefinition("a", levels, {}), "2": ListDefinition("a", levels, {0: 1})})
    labels = [counters.label("1", level) for level in (0, 0, 1, 1, 2, 3, 4, 5, 6, 7)]
    assert labels == ["§ IV.", "§ V.", "V.z)", "V.aa)", "01", "•", "", "A", "ix", "–"]
    assert [counters.label("2", 0), counters.label("2", 0), counters.label("1", 0)] == ["§ I.", "§ II.", "§ III."]
    assert [counters.label("3", 0), counters.label("1", 8)] == ["•", "•"]


def test_headings_titles_and_page_breaks_become_those_of_the_papers() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("Umowa", "Title")
        document.add_paragraph("wersja {{ version }}", "Subtitle")
        document.add_heading("Rozdział", 1)
        document.add_heading("Część", 2)
        document.add_heading("Nowa strona", 1).paragraph_format.page_break_before = True
        paragraph = document.add_paragraph("przed")
        paragraph.add_run().add_break(WD_BREAK.PAGE)
        paragraph.add_run("po")

    assert flow(made(build))[:7] == [
        Title("Umowa", "wersja 1"),
        Heading("Rozdział"),
        Rich((Span("Część"),), "subheading"),
        Heading("Nowa strona", new_page=True),
        Prose("przed"),
        PageBreak(),
        Prose("po"),
    ]


def test_a_section_that_begins_a_page_breaks_it() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("przed")._p.get_or_add_pPr().append(parse_xml(f"<w:sectPr {nsdecls('w')}/>"))

    assert flow(made(build))[:2] == [Prose("przed"), PageBreak()]


def test_empty_paragraphs_of_the_form_stay_and_those_that_became_empty_go() -> None:
    texts = ("", "{% if annex %}załącznik{% endif %}", "koniec")
    blocks = flow(form(*texts))
    assert blocks[:2] == [Rich(()), Prose("koniec")]


def test_lines_within_a_paragraph_stay_lines() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("jeden").add_run().add_break()

    assert first(build).text == "jeden\n"
    made_ = forms.render("contract", paper(), made(build))
    assert opened(made_.docx).element.body.xpath(".//w:r/w:br")


def test_a_table_keeps_widths_heads_fills_and_merged_columns() -> None:
    def build(document: Document) -> None:
        table = document.add_table(3, 3)
        table.style = "Table Grid"
        for cell, text in zip(table.rows[0].cells, "abc", strict=True):
            cell.text = text
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        for colour, cell in zip(("FFEEAA", "102030", "auto"), table.rows[1].cells, strict=True):
            cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:fill="{colour}"/>'))
        table.cell(2, 0).merge(table.cell(2, 1)).text = "razem"

    grid = first(build)
    assert (grid.heads, grid.ruled, len(grid.widths)) == (1, True, 3)
    assert [cell.fill for cell in grid.rows[1]] == ["FFEEAA", "EEF4F9", ""]
    assert [cell.columns for cell in grid.rows[2]] == [2, 1]
    bare = first(lambda document: document.add_table(1, 2))
    assert (bare.heads, bare.ruled) == (0, False)


def test_a_row_with_fewer_cells_is_filled_up_and_narrow_columns_get_room() -> None:
    def build(document: Document) -> None:
        table = document.add_table(2, 3)
        row = table.rows[1]._tr
        row.remove(row.tc_lst[-1])
        for column in table._tbl.tblGrid:
            column.set(qn("w:w"), "20")

    grid = first(build)
    assert [cell.columns for cell in grid.rows[1]] == [1, 1, 1]
    assert grid.widths == (24, 24, 24)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_decoded_anew_scaled_to_the_page_and_cropped(kind: str) -> None:
    def build(document: Document) -> None:
        document.add_picture(picture(kind, (3000, 400)), width=Pt(900))
        rect = parse_xml(f'<a:srcRect {nsdecls("a")} l="50000"/>')
        document.element.body.xpath(".//pic:blipFill")[0].insert(1, rect)
        document.add_table(1, 2).cell(0, 0).paragraphs[0].add_run().add_picture(picture(), width=Pt(400))

    wide, grid = flow(made(build))[:2]
    assert isinstance(wide, Picture)
    assert isinstance(grid, Grid)
    with Image.open(io.BytesIO(wide.content)) as shown:
        assert (shown.format, shown.size) == (kind, (1200, 320))
    assert wide.width < 500
    small = grid.rows[0][0].content[0]
    assert isinstance(small, Picture)
    assert small.width <= grid.widths[0]
    rendered = forms.render("contract", paper(), made(build))
    assert docx_marks(rendered.docx) == pdf_marks(rendered.pdf)
    assert found(made(build)) == []


def test_marks_count_the_pages_of_the_form() -> None:
    def build(document: Document) -> None:
        for _ in range(3):
            document.add_paragraph("Strona")
            document.add_page_break()

    marks = [page[0] for page in pdf_marks(forms.render("contract", paper(), made(build)).pdf)]
    assert [(mark.page, mark.pages) for mark in marks if mark] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert all(one != two for one, two in pairwise(marks))


def test_word_gets_alignment_indents_numbers_breaks_and_formats() -> None:
    def build(document: Document) -> None:
        for text in ("Pierwszy", "Drugi"):
            document.add_paragraph(text, "List Number").alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph = document.add_paragraph("wcięty")
        paragraph.paragraph_format.left_indent = Pt(36)
        paragraph.add_run("kursywa").italic = True
        paragraph.runs[1].underline = True
        paragraph.add_run().add_break()
        paragraph.add_run("po złamaniu").bold = True
        document.add_paragraph("Bardzo długi tytuł, który nie mieści się w jednym wierszu strony", "Title")
        document.add_paragraph("sam podtytuł", "Subtitle")
        document.add_table(1, 2).cell(0, 0).text = "obok pustej"

    made_ = forms.render("contract", paper(), made(build))
    body = opened(made_.docx).element.body
    assert [one.get(qn("w:val")) for one in body.xpath("./w:p/w:pPr/w:jc")][:2] == ["both", "both"]
    assert body.xpath("./w:p/w:pPr/w:ind[@w:left='720']")
    assert body.xpath("./w:p/w:r[w:rPr/w:i and w:rPr/w:u]/w:t")[0].text == "kursywa"
    assert body.xpath("./w:p/w:r[w:rPr/w:b]/w:t[text()='po złamaniu']")
    assert "1.\tPierwszy" in docx_text(made_.docx) or "1.Pierwszy" in docx_text(made_.docx)
    assert docx_marks(made_.docx) == pdf_marks(made_.pdf)


def test_a_style_that_is_based_on_itself_ends_somewhere() -> None:
    def build(document: Document) -> None:
        style = document.styles.add_style("Pętla", 1)
        style.base_style = style
        document.add_paragraph("x", "Pętla")

    assert first(build) == Prose("x")


def test_a_form_without_lists_needs_no_numbering_part() -> None:
    def build(document: Document) -> None:
        rels = document.part.rels
        for key in [key for key, one in rels.items() if one.reltype.endswith("/numbering")]:
            del rels[key]
        document.add_paragraph("x", "List Number")

    assert first(build) == Clause("•", "x")


def test_a_row_of_tags_goes_and_wide_tables_are_narrowed() -> None:
    def build(document: Document) -> None:
        table = document.add_table(1, 2)
        for column in table._tbl.tblGrid:
            column.set(qn("w:w"), "90000")
        table.cell(0, 0).text = "{% if annex %}"
        table.add_row().cells[0].text = "tylko z załącznikiem"
        table.add_row().cells[0].text = "{% endif %}"

    assert not [one for one in flow(made(build)) if isinstance(one, Grid)]
    grid = next(one for one in flow(made(build), paper(12)) if isinstance(one, Grid))
    assert round(sum(grid.widths)) == 493


def test_an_empty_header_is_no_header_and_a_control_within_a_line_is_text() -> None:
    def build(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = " "
        paragraph = document.add_paragraph("przed ")
        markup = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:r><w:t>w środku</w:t></w:r></w:sdtContent></w:sdt>"
        paragraph._p.append(parse_xml(markup))

    assert found(made(build)) == []
    assert first(build) == Prose("przed w\u00a0środku")
