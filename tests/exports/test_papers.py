import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from exports.marks import Mark
from exports.papers import (
    PaperData,
    Party,
    contract_docx,
    contract_pdf,
    papers_zip,
    power_of_attorney_docx,
    power_of_attorney_pdf,
)
from tests.exports.paper_cast import (
    HOSTILE,
    LONG,
    docx_marks,
    docx_text,
    filled_with,
    paper,
    pdf_marks,
    pdf_texts,
)

Writer = Callable[[PaperData], bytes]
PDF = [(contract_pdf, "contract"), (power_of_attorney_pdf, "power_of_attorney")]
CASES = [
    paper(0),
    paper(1),
    paper(12),
    paper(40),
    filled_with(LONG, 12),
    filled_with(HOSTILE, 3),
    filled_with("", 2),
]


@cache
def scanned(write: Writer, data: PaperData) -> list[list[Mark | None]]:
    return pdf_marks(write(data))


@pytest.mark.parametrize("data", CASES)
@pytest.mark.parametrize(("write", "kind"), PDF)
def test_every_printed_page_bears_its_own_mark(write: Writer, kind: str, data: PaperData) -> None:
    found = scanned(write, data)
    for number, codes in enumerate(found, 1):
        assert [(mark.ticket, mark.paper, mark.version, mark.page, mark.pages) for mark in codes if mark] == [
            (115, kind, 1, number, len(found))
        ]


@pytest.mark.parametrize("data", CASES)
@pytest.mark.parametrize(
    ("docx", "pdf"), [(contract_docx, contract_pdf), (power_of_attorney_docx, power_of_attorney_pdf)]
)
def test_word_and_pdf_have_the_same_pages_and_marks(docx: Writer, pdf: Writer, data: PaperData) -> None:
    assert docx_marks(docx(data)) == scanned(pdf, data)


@pytest.mark.parametrize("write", [contract_docx, contract_pdf, power_of_attorney_docx, power_of_attorney_pdf])
def test_the_same_data_give_the_same_bytes(write: Writer) -> None:
    assert write(paper(12)) == write(paper(12))


@pytest.mark.parametrize("write", [contract_pdf, power_of_attorney_pdf])
def test_both_parties_and_every_point_are_named_in_the_pdf(write: Writer) -> None:
    text = " ".join(pdf_texts(write(paper(12))))
    for expected in ("PPHU SAM Bożena Ślązak", "7974569439", "Dealer Alfa sp. z o.o.", "735", "746", "Sklep SAM nr 12"):
        assert expected in text


@pytest.mark.parametrize("write", [contract_docx, power_of_attorney_docx])
def test_both_parties_and_every_point_are_named_in_word(write: Writer) -> None:
    text = docx_text(write(paper(12)))
    for expected in ("PPHU SAM Bożena Ślązak", "7974569439", "Dealer Alfa sp. z o.o.", "735", "746", "Sklep SAM nr 12"):
        assert expected in text


def test_an_empty_field_is_a_dotted_line_to_write_on() -> None:
    text = docx_text(contract_docx(paper(company=Party(""), place="")))
    assert "Firma…………" in text
    assert "None" not in text


def test_few_points_stand_in_the_contract_and_many_in_an_annex() -> None:
    assert "Załącznik nr 1" not in docx_text(contract_docx(paper(4)))
    many = docx_text(contract_docx(paper(5)))
    assert "Wykaz zawiera załącznik nr 1" in many
    assert "Załącznik nr 1. Wykaz punktów i stanowisk" in many


def test_a_table_that_goes_on_overleaf_repeats_its_header_and_keeps_its_total_with_a_row() -> None:
    pages = pdf_texts(contract_pdf(paper(40)))
    tables = [page for page in pages if "ID punktu" in page]
    assert len(tables) == 3
    assert "Razem 80 40" in tables[-1]
    assert "Sklep SAM nr 40" in tables[-1]


@pytest.mark.parametrize("points", range(6, 42))
def test_no_number_of_points_leaves_the_total_alone_on_a_page(points: int) -> None:
    last = docx_text(power_of_attorney_docx(paper(points))).rpartition("Wymiana")[2]
    assert f"Sklep SAM nr {points}" in last
    assert "Razem" in last


def test_the_signatures_stay_with_the_last_clause() -> None:
    page = next(page for page in pdf_texts(contract_pdf(paper(1))) if "czytelny podpis" in page)
    assert "w dwóch jednobrzmiących egzemplarzach" in page
    assert page.count("data i czytelny podpis") == 2


def test_pay_follows_the_quote_where_the_type_has_one() -> None:
    assert "jest równa kwocie brutto tej wyceny" in docx_text(contract_docx(paper()))
    without = docx_text(contract_docx(replace(paper(), by_quote=False, completion_days=14)))
    assert "wyceny" not in without
    assert "w ciągu 14 dni" in without


def test_a_single_point_leaves_the_power_of_attorney_on_one_page() -> None:
    assert len(pdf_texts(power_of_attorney_pdf(paper(1)))) == 1


def test_all_papers_come_in_one_archive_under_readable_names() -> None:
    with zipfile.ZipFile(io.BytesIO(papers_zip(paper()))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "115-umowa.docx",
            "115-umowa.pdf",
            "115-pelnomocnictwo.docx",
            "115-pelnomocnictwo.pdf",
        ]
        assert archive.read("115-umowa.pdf") == contract_pdf(paper())
        assert archive.infolist()[0].date_time[:3] == (2019, 5, 27)


def test_a_day_outside_the_years_of_zip_is_no_obstacle() -> None:
    assert papers_zip(paper(made_on=date(1969, 12, 31))).startswith(b"PK")
    assert papers_zip(paper(made_on=date(2200, 1, 1))).startswith(b"PK")


@pytest.mark.parametrize("write", [contract_docx, power_of_attorney_docx])
def test_a_foreign_company_has_its_own_tax_id_and_no_regon(write: Writer) -> None:
    foreign = Party(name="Magazin SRL", tax_id="RO18547290", tax_id_name="CUI", city="Bacău")
    text = docx_text(write(replace(paper(), company=foreign)))
    assert "CUI" in text
    assert "RO18547290" in text
    assert text.count("REGON") == docx_text(write(paper())).count("REGON") - 1
