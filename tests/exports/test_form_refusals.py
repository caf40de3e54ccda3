"""What a form can't bring along is named: refused, or told as a warning."""

import zipfile
from io import BytesIO

import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from exports import forms
from exports.forms import UnusableForm
from tests.exports.form_cast import form, found, made, picture, saved, with_part, with_xml
from tests.exports.paper_cast import opened, paper

RUN = "<w:r>{}</w:r>"
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {} </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>x</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
REFUSED = [
    ('<w:ins w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:ins>', "tracked_changes", ""),
    ('<w:del w:id="1" w:author="A"><w:r><w:delText>x</w:delText></w:r></w:del>', "tracked_changes", ""),
    (RUN.format("<mc:AlternateContent/>"), "shape", ""),
    (RUN.format("<w:pict/>"), "shape", ""),
    (RUN.format("<w:object/>"), "object", ""),
    (RUN.format('<w:sym w:font="Wingdings" w:char="F0FE"/>'), "symbol", ""),
    (RUN.format('<w:footnoteReference w:id="1"/>'), "footnote", ""),
    ("<m:oMath/>", "equation", ""),
    (RUN.format("<w:ruby/>"), "unsupported", "ruby"),
    ('<w:fldSimple w:instr=" DATE "><w:r><w:t>x</w:t></w:r></w:fldSimple>', "field", "DATE"),
    (FIELD.format("TOC \\o"), "field", "TOC"),
    (
        RUN.format(
            '<w:drawing><wp:inline><wp:extent cx="9" cy="9"/><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram"/>'
            "</a:graphic></wp:inline></w:drawing>"
        ),
        "shape",
        "",
    ),
]
WARNED = [
    ('<w:hyperlink w:anchor="x"><w:r><w:t>link</w:t></w:r></w:hyperlink>', "link"),
    (FIELD.format("HYPERLINK &quot;x&quot;"), "link"),
    (RUN.format('<w:commentReference w:id="1"/>'), "comment"),
    ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>", "hidden"),
    (RUN.format("<w:t>a</w:t><w:tab/><w:t>b</w:t>"), "tab"),
]


@pytest.mark.parametrize(("markup", "code", "name"), REFUSED)
def test_what_no_page_can_show_is_refused_by_name(markup: str, code: str, name: str) -> None:
    content = with_xml(f"<w:r><w:t>Akapit</w:t></w:r>{markup}")
    problem = next(one for one in forms.check(content, "contract") if one.refused)
    assert (problem.code, problem.found, problem.place.excerpt[:6]) == (code, name, "Akapit")


@pytest.mark.parametrize(("markup", "code"), WARNED)
def test_what_is_printed_otherwise_is_told_and_the_form_can_be_used(markup: str, code: str) -> None:
    problems = forms.check(with_xml(markup), "contract")
    assert [(one.code, one.refused) for one in problems] == [(code, False)]
    assert forms.render("contract", paper(), with_xml(markup)).pdf.startswith(b"%PDF")


@pytest.mark.parametrize("field", ["INCLUDETEXT", "INCLUDEPICTURE", "DDEAUTO", "DDE", "LINK", "IMPORT", "DATABASE"])
@pytest.mark.parametrize("part", ["word/document.xml", "word/notes.xml"])
def test_fields_that_fetch_are_refused_wherever_they_hide(field: str, part: str) -> None:
    split = f"{field[:3]}</w:instrText></w:r><w:r><w:instrText>{field[3:]}"
    hidden = f"<w:hdr {nsdecls('w')}><w:p>{FIELD.format(split)}</w:p></w:hdr>"
    content = with_xml(FIELD.format(split)) if part == "word/document.xml" else with_part(form(), part, hidden.encode())
    assert ("active_field", field) in found(content)


def test_tables_within_tables_and_cells_merged_over_rows_are_refused_with_their_place() -> None:
    def nested(document: Document) -> None:
        document.add_table(2, 2).cell(1, 1).add_table(1, 1)

    def merged(document: Document) -> None:
        table = document.add_table(2, 2)
        table.cell(0, 1).merge(table.cell(1, 1))

    problem = forms.check(made(nested), "contract")[0]
    assert (problem.code, problem.place.table, problem.place.row, problem.place.column) == ("nested_table", 1, 2, 2)
    assert found(made(merged)) == [("merged_rows", "")] * 2
    assert found(made(lambda document: document.add_table(1, 15))) == [("too_many_columns", "")]


def test_a_row_that_no_page_can_hold_is_refused() -> None:
    def tall(document: Document) -> None:
        document.add_table(1, 1).cell(0, 0).text = "Bardzo wysoki wiersz. " * 600

    problem = forms.check(made(tall), "contract")[0]
    assert (problem.code, problem.place.excerpt[:13]) == ("row_too_tall", "Bardzo wysoki")


def test_too_much_text_is_refused() -> None:
    assert found(form("słowo " * 60_000))[0][0] == "too_much_text"
    looped = form("{% for p in points %}" + "słowo " * 20_000 + "{% endfor %}")
    assert found(looped)[0][0] == "too_much_text"


def test_more_pages_than_anybody_signs_are_refused() -> None:
    def build(document: Document) -> None:
        for _ in range(61):
            document.add_paragraph("Strona")
            document.add_page_break()

    assert found(made(build)) == [("too_many_pages", "60")]


def test_a_picture_is_kept_if_it_is_sound() -> None:
    def logo(document: Document, content: BytesIO) -> None:
        document.add_picture(content)

    assert found(made(lambda document: logo(document, picture()))) == []
    broken = made(lambda document: logo(document, picture()))
    assert found(with_part(broken, "word/media/image1.png", b"\x89PNG\r\n\x1a\nnot a picture")) == [("picture", "")]
    assert found(made(lambda document: logo(document, picture("GIF")))) == [("picture", "")]
    assert found(made(lambda document: logo(document, picture(size=(6000, 5000))))) == [("picture", "")]


def test_a_picture_within_a_line_and_one_that_floats_are_told() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("Tekst").add_run().add_picture(picture())
        paragraph = document.add_paragraph()
        paragraph.add_run().add_picture(picture())
        inline = paragraph._p.xpath(".//wp:inline")[0]
        inline.tag = inline.tag.replace("inline", "anchor")

    assert found(made(build)) == [("picture_in_text", ""), ("floating", "")]


def test_a_header_of_the_form_and_text_in_columns_are_told() -> None:
    def build(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "Nagłówek firmy"
        section = parse_xml(f'<w:sectPr {nsdecls("w")}><w:type w:val="continuous"/><w:cols w:num="2"/></w:sectPr>')
        document.add_paragraph("W kolumnach")._p.get_or_add_pPr().append(section)

    problems = forms.check(made(build), "contract")
    assert {(one.code, one.place.excerpt) for one in problems} == {("columns", ""), ("header", "Nagłówek firmy")}


def test_a_document_inserted_by_reference_is_refused() -> None:
    def build(document: Document) -> None:
        document.element.body.insert(0, parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="rId1"/>'))

    assert found(made(build)) == [("object", "altChunk")]


def test_content_controls_are_read_like_plain_text() -> None:
    def build(document: Document) -> None:
        document.element.body.insert(
            0,
            parse_xml(
                f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>{{{{ nieznane }}}}</w:t></w:r></w:p>"
                "</w:sdtContent></w:sdt>"
            ),
        )

    assert found(made(build)) == [("unknown", "nieznane")]


def test_what_is_no_sound_document_is_refused() -> None:
    assert found(b"PK\x03\x04 rubbish") == [("unreadable", "")]
    assert found(b"x" * 5_000_001) == [("too_large", "5")]
    empty = BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a.txt", "a")
    assert found(empty.getvalue()) == [("unreadable", "")]
    assert found(with_part(form(), "word/document.xml", b"<w:document")) == [("unreadable", "")]


def test_a_form_that_unpacks_to_a_bomb_is_refused_unread() -> None:
    bomb = BytesIO(form())
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image9.png", b"\0" * 31_000_000)
    assert found(bomb.getvalue()) == [("too_large", "30")]
    with pytest.raises(UnusableForm):
        forms.render("contract", paper(), bomb.getvalue())


def test_a_form_that_the_library_saved_again_is_the_same_form() -> None:
    content = forms.shipped("contract")
    assert (
        forms.render("contract", paper(), saved(opened(content))).pdf == forms.render("contract", paper(), content).pdf
    )
