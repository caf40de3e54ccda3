"""How a form of any length finds its pages."""

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from exports import forms
from tests.exports.form_cast import form, made
from tests.exports.paper_cast import docx_marks, docx_text, opened, paper, pdf_marks, pdf_texts

LOREM = "Zażółć gęślą jaźń i wdróż u Detalisty system w terminie. "


def test_a_long_table_goes_on_overleaf_under_its_heads() -> None:
    def build(document: Document) -> None:
        table = document.add_table(1, 1)
        table.rows[0].cells[0].text = "Nagłówek tabeli"
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        for number in range(80):
            table.add_row().cells[0].text = f"wiersz {number}"

    rendered = forms.render("contract", paper(), made(build))
    pages = [page for page in pdf_texts(rendered.pdf) if "wiersz" in page]
    assert len(pages) >= 3
    assert all("Nagłówek tabeli" in page for page in pages)
    assert docx_marks(rendered.docx) == pdf_marks(rendered.pdf)


def test_a_long_paragraph_is_parted_between_pages_and_loses_no_word() -> None:
    rendered = forms.render("contract", paper(), form("".join(f"{LOREM}nr:{number} " for number in range(150))))
    pages = pdf_texts(rendered.pdf)
    assert len(pages) >= 3
    expected = [f"nr:{number}" for number in range(150)]
    assert [word for page in pages for word in page.split() if word.startswith("nr:")] == expected
    assert [word for word in docx_text(rendered.docx).split() if word.startswith("nr:")] == expected


def test_a_word_as_wide_as_a_page_stays_within_the_margins() -> None:
    rendered = forms.render("contract", paper(), form("x" * 3000))
    assert docx_marks(rendered.docx) == pdf_marks(rendered.pdf)


def test_a_form_of_headings_alone_still_finds_its_pages() -> None:
    def build(document: Document) -> None:
        for number in range(90):
            document.add_heading(f"Rozdział {number}", 1 + number % 2)

    rendered = forms.render("contract", paper(), made(build))
    assert docx_marks(rendered.docx) == pdf_marks(rendered.pdf)
    assert "Rozdział 89" in docx_text(rendered.docx)


def test_signatures_after_a_long_table_or_a_break_are_kept() -> None:
    def build(document: Document) -> None:
        table = document.add_table(0, 1)
        for number in range(33):
            table.add_row().cells[0].text = f"wiersz {number}"
        document.add_paragraph("{{ signatures }}")
        document.add_page_break()
        document.add_paragraph("{{ signatures }}")

    pages = pdf_texts(forms.render("contract", paper(), made(build)).pdf)
    assert sum(page.count("data i czytelny podpis") for page in pages) == 6


def test_a_long_paragraph_of_several_formats_after_a_full_page_is_parted_too() -> None:
    def build(document: Document) -> None:
        for _ in range(47):
            document.add_paragraph("Wiersz, który zajmuje stronę.")
        document.add_heading("Nagłówek", 1)
        paragraph = document.add_paragraph()
        for number in range(60):
            paragraph.add_run(f"{LOREM}nr:{number} ").bold = bool(number % 2)
        document.add_table(2, 2).cell(1, 0).merge(document.tables[0].cell(1, 1)).text = "scalone"

    rendered = forms.render("contract", paper(), made(build))
    assert docx_marks(rendered.docx) == pdf_marks(rendered.pdf)
    words = [word for page in pdf_texts(rendered.pdf) for word in page.split() if word.startswith("nr:")]
    assert words == [f"nr:{number}" for number in range(60)]
    assert opened(rendered.docx).element.body.xpath(".//w:gridSpan[@w:val='2']")
