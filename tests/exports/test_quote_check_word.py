from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from exports.papers import contract_docx, quote_docx
from exports.quotes import check_quote_docx, read_quote_mark
from exports.quotes.comparing import Difference
from tests.exports.paper_cast import LONG, paper
from tests.exports.quote_cast import LABOUR, many, quoted
from tests.exports.quote_edits import ANNEXED, QUOTE, WORD, put, repacked, row_of, texts, untouched, word


def changed(name: str, column: str, expected: str, found: str, where: str = "line") -> tuple[str, dict[str, str]]:
    return ("changed", {"where": where, "name": name, "column": column, "expected": expected, "found": found})


@pytest.mark.parametrize("data", [QUOTE, ANNEXED, quoted(many(40), 12), quoted([replace(LABOUR, name=LONG[:200])], 0)])
def test_our_own_document_is_the_form(data: Any) -> None:
    assert check_quote_docx(quote_docx(data), data) == []
    mark = read_quote_mark(quote_docx(data))
    assert mark is not None
    assert (mark.ticket, mark.paper, mark.version, mark.page) == (115, "quote", 2, 1)


def test_a_document_saved_again_is_still_the_form() -> None:
    assert word(untouched) == []


def test_a_changed_price_is_named_with_both_amounts() -> None:
    assert word(put("450,00 zł", "400,00 zł")) == [changed("1", "unit_net", "450,00 zł", "400,00 zł")]


def test_a_changed_gross_is_named_wherever_it_stands() -> None:
    found = word(put("2 229,49", "2 000,00"))
    assert changed("Razem", "gross", "2 229,49 zł", "2 000,00 zł", "total") in found
    assert changed("", "gross", "2 229,49 zł", "2 000,00 zł", "payable") in found
    assert any(params.get("where") == "text" and "2 000,00" in str(params["found"]) for _, params in found)
    assert any(code == "missing" and "Akceptuję wycenę" in str(params["expected"]) for code, params in found)


def test_changed_stations_and_names_are_told() -> None:
    assert word(put("Sklep SAM nr 1", "Sklep Beta")) == [
        changed(
            "1",
            "name",
            "Sklep SAM nr 1 ul. Źródlana 1, 26-922 Sieciechów",
            "Sklep Beta ul. Źródlana 1, 26-922 Sieciechów",
            "point",
        )
    ]
    assert word(put("Płatność przelewem w ciągu 14 dni.", "Płatność gotówką."))[0][1]["where"] == "text"


def test_a_row_taken_out_is_missing_and_one_put_in_is_added() -> None:
    def drop(document: Document) -> None:
        line = row_of(document, "Szkolenie kasjerów")
        line.getparent().remove(line)

    def add(document: Document) -> None:
        line = row_of(document, "Szkolenie kasjerów")
        line.addnext(deepcopy(line))
        put("Szkolenie kasjerów", "Dojazd")(document)

    expected = "3. · Szkolenie kasjerów · 1 · kpl. · 199,99 zł · zw. · 199,99 zł"
    assert word(drop) == [("missing", {"where": "line", "name": "3", "expected": expected})]
    assert [code for code, _ in word(add)] == ["changed", "added"]


def test_a_paragraph_put_in_or_taken_out_is_told() -> None:
    added = ("added", {"found": "Rabat dodatkowy 10%"})
    assert word(lambda document: document.paragraphs[3].insert_paragraph_before("Rabat dodatkowy 10%")) == [added]

    def drop(document: Document) -> None:
        node = next(node for node in texts(document) if node.text == "Uwagi").getparent().getparent()
        node.getparent().remove(node)

    assert word(drop) == [("missing", {"where": "text", "name": "", "expected": "Uwagi"})]


def test_a_paragraph_in_place_of_a_table_row_is_one_gone_and_one_more() -> None:
    def swap(document: Document) -> None:
        heading = next(node for node in texts(document) if node.text == "Uwagi").getparent().getparent()
        heading.addnext(deepcopy(row_of(document, "Szkolenie kasjerów").getparent()))
        heading.getparent().remove(heading)

    codes = [code for code, _ in word(swap)]
    assert codes.count("added") >= 1
    assert "missing" in codes


@pytest.mark.parametrize(("old", "new"), [("□", "☒"), ("□", "☑ X"), ("data i czytelny podpis", "27.05.2019 B. Ślązak")])
def test_decision_date_and_signature_may_be_filled_in(old: str, new: str) -> None:
    def fill(document: Document) -> None:
        for node in texts(document):
            if (node.text or "") == old:
                node.text = f"{new} {old}"

    assert word(fill) == []


def test_the_signatures_may_be_signed_with_date_and_picture() -> None:
    def sign(document: Document) -> None:
        row = row_of(document, "data i czytelny podpis").getprevious()
        paragraph = next(row.iter(qn("w:p")))
        run = paragraph.makeelement(qn("w:r"), {})
        run.append(run.makeelement(qn("w:drawing"), {}))
        text = run.makeelement(qn("w:t"), {})
        text.text = "Sieciechów, 27.05.2019, B. Ślązak"
        run.append(text)
        paragraph.append(run)

    assert word(sign) == []


@pytest.mark.parametrize("written", ["400,00 zł", "rabat 10 %", "cena 400 zł", "słowo " * 100])
def test_under_the_decision_no_amount_and_no_essay_is_written(written: str) -> None:
    def fill(document: Document) -> None:
        document.paragraphs[-1].add_run(written)

    assert [code for code, _ in word(fill)] == ["added"]


def test_a_decision_that_is_gone_is_missing() -> None:
    found = word(put("Decyzja Detalisty", "Inny nagłówek"))
    assert ("missing", {"where": "text", "name": "", "expected": "Decyzja Detalisty"}) in found


def test_a_second_heading_of_a_decision_opens_no_door() -> None:
    def fake(document: Document) -> None:
        document.paragraphs[2].insert_paragraph_before("Decyzja Detalisty")
        put("450,00 zł", "400,00 zł")(document)

    assert changed("1", "unit_net", "450,00 zł", "400,00 zł") in word(fake)


def test_what_follows_the_decision_is_compared_too() -> None:
    found = check_quote_docx(quote_docx(ANNEXED), quoted(points=5))
    assert (
        Difference("added", {"found": "6. · 740 · Sklep SAM nr 6 ul. Źródlana 6, 26-922 Sieciechów · 2 · 1"}) in found
    )


def test_a_picture_over_the_table_is_told() -> None:
    def cover(document: Document) -> None:
        paragraph = next(row_of(document, "450,00").iter(qn("w:p")))
        paragraph.append(paragraph.makeelement(qn("w:pict"), {}))

    assert word(cover) == [changed("1", "position", "1.", "1.\ufffc")]


def test_a_tab_or_a_line_break_is_a_space() -> None:
    def part(document: Document) -> None:
        node = next(node for node in texts(document) if node.text == "Instalacja i przeszkolenie")
        node.text = "Instalacja i"
        later = deepcopy(node)
        later.text = "przeszkolenie"
        node.addnext(later)
        node.addnext(node.makeelement(qn("w:br"), {}))

    assert word(part) == []


def test_fields_have_no_place_in_the_form() -> None:
    def count(document: Document) -> None:
        document.paragraphs[-1]._element.append(document.element.makeelement(qn("w:fldSimple"), {}))

    assert word(count) == [("field", {})]


def hide_run(document: Document, value: str | None) -> None:
    run = next(node for node in texts(document) if node.text == "Szkolenie kasjerów").getparent()
    run.get_or_add_rPr().append(run.makeelement(qn("w:vanish"), {} if value is None else {qn("w:val"): value}))


def test_a_hidden_text_is_not_there() -> None:
    assert word(lambda document: hide_run(document, None)) == [
        ("hidden", {"found": "Szkolenie kasjerów"}),
        changed("3", "name", "Szkolenie kasjerów", ""),
    ]
    assert word(lambda document: hide_run(document, "0")) == []


@pytest.mark.parametrize("kind", [WD_STYLE_TYPE.CHARACTER, WD_STYLE_TYPE.PARAGRAPH])
def test_a_text_hidden_by_its_style_is_not_there(kind: WD_STYLE_TYPE) -> None:
    def hide(document: Document) -> None:
        style = document.styles.add_style("Niewidoczny", kind)
        style.element.get_or_add_rPr().append(style.element.makeelement(qn("w:vanish"), {}))
        run = next(node for node in texts(document) if node.text == "Szkolenie kasjerów").getparent()
        if kind == WD_STYLE_TYPE.CHARACTER:
            run.style = style.style_id
        else:
            run.getparent().style = style.style_id

    assert [code for code, _ in word(hide)] == ["hidden", "changed"]


@pytest.mark.parametrize("mark", ["w:hidden", "w:del"])
def test_a_row_hidden_or_deleted_in_a_pending_change_is_not_there(mark: str) -> None:
    def hide(document: Document) -> None:
        look = row_of(document, "Szkolenie kasjerów").trPr
        look.append(look.makeelement(qn(mark), {}))

    assert [code for code, _ in word(hide)] == ["hidden", "missing"]


def test_another_form_is_named_before_anything_else() -> None:
    def told(data: Any) -> list[Difference]:
        return check_quote_docx(WORD, data)

    assert told(replace(QUOTE, ticket=80)) == [Difference("other_ticket", {"expected": 80, "found": 115})]
    assert told(replace(QUOTE, number=3)) == [Difference("other_number", {"expected": 3, "found": 2})]
    assert check_quote_docx(contract_docx(paper()), QUOTE) == [
        Difference("other_paper", {"expected": "quote", "found": "contract"})
    ]


def bare(content: bytes, *, footers: bool) -> bytes:
    """The document without the mark in its properties, and without those in its footers."""

    def strip(parts: dict[str, bytes]) -> None:
        parts["docProps/custom.xml"] = parts["docProps/custom.xml"].replace(b"MikroserwisForm", b"Cokolwiek")
        for name in [name for name in parts if footers and name.startswith("word/footer")]:
            parts[name] = parts[name].replace(b"MKS1", b"MKS0")

    return repacked(content, strip)


def test_a_document_without_any_mark_is_no_form() -> None:
    assert check_quote_docx(bare(WORD, footers=True), QUOTE) == [Difference("no_mark")]
    assert read_quote_mark(bare(WORD, footers=True)) is None


def test_a_mark_in_the_footers_alone_is_enough() -> None:
    assert check_quote_docx(bare(WORD, footers=False), QUOTE) == []


def test_a_misread_mark_is_none() -> None:
    def spoil(parts: dict[str, bytes]) -> None:
        for name in [name for name in parts if b"MKS1/115" in parts[name]]:
            parts[name] = parts[name].replace(b"MKS1/115", b"MKS1/116")

    assert check_quote_docx(repacked(WORD, spoil), QUOTE) == [Difference("no_mark")]


def test_a_page_of_another_quote_among_ours_is_found() -> None:
    other = quote_docx(quoted(number=1))

    def mix(parts: dict[str, bytes]) -> None:
        def take(theirs: dict[str, bytes]) -> None:
            parts["word/footer2.xml"] = theirs["word/footer2.xml"]

        repacked(other, take)

    assert check_quote_docx(repacked(WORD, mix), QUOTE) == [Difference("other_number", {"expected": 2, "found": 1})]


def test_a_document_without_styles_or_properties_is_read_all_the_same() -> None:
    def strip(parts: dict[str, bytes]) -> None:
        del parts["word/styles.xml"], parts["docProps/custom.xml"]

    assert check_quote_docx(repacked(WORD, strip), QUOTE) == []
