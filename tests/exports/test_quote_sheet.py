import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from exports.papers import quote_xlsx
from tests.exports.paper_cast import LONG
from tests.exports.quote_cast import INSOFT, LABOUR, many, quoted


def opened_sheet(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content)).active


def values(content: bytes) -> list[object]:
    return [cell.value for row in opened_sheet(content).iter_rows() for cell in row if cell.value is not None]


def test_the_sheet_says_what_the_paper_says() -> None:
    found = values(quote_xlsx(quoted()))
    for expected in (
        "Wycena kosztu wdrożenia M/platform",
        "nr W/115/2 do zgłoszenia nr 115 (Insoft)",
        "Firma: PPHU SAM Bożena Ślązak",
        "Sklep SAM nr 1, ul. Źródlana 1, 26-922 Sieciechów",
        "PC-POS 7, licencja na stanowisko",
        "Insoft dla GŻ, wiosna 2019",
        "słownie: dwa tysiące dwieście dwadzieścia dziewięć złotych 49/100",
        "Płatność przelewem w ciągu 14 dni. Kasy dostarcza Detalista.",
        "zw.",
    ):
        assert expected in found
    assert any(str(value).startswith("Akceptuję wycenę W/115/2") for value in found)


def test_numbers_are_numbers_in_the_polish_format() -> None:
    sheet = opened_sheet(quote_xlsx(quoted()))
    shown = {cell.value: cell.number_format for row in sheet.iter_rows() for cell in row if cell.data_type == "n"}
    assert {450, 600, 1350, 2.5, 120, 199.99, 1650, 379.5, 2229.49, 735} <= shown.keys()
    assert {shown[amount] for amount in (450, 600, 1350, 379.5, 2229.49)} == {"#,##0.00\\ [$zł-415]"}
    assert shown[2.5] == "General"


def test_no_cell_reckons_whatever_the_data_hold() -> None:
    trap = replace(INSOFT, name='=HYPERLINK("http://evil.example")', unit="+1", offer="@SUM(1)")
    sheet = opened_sheet(quote_xlsx(quoted([trap], remark="-2+3", place="=1+1", ticket_type_label="=1")))
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {cell.value for cell in cells if cell.quotePrefix} >= {trap.name, "+1", "@SUM(1)", "-2+3"}


def test_the_mark_is_in_a_cell_in_the_footer_and_in_the_properties() -> None:
    content = quote_xlsx(quoted())
    assert any("MKS1/115/quote/v2/p1-1/" in str(value) for value in values(content))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"MKS1/115/quote/v2/p1-1/" in archive.read("docProps/custom.xml")
        assert b"MKS1/115/quote/v2/p1-1/" in archive.read("xl/worksheets/sheet1.xml")
        assert "xl/media/image1.png" in archive.namelist()
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2019, 5, 27)}


def test_the_sheet_is_printed_on_a4_with_the_header_of_the_lines_on_each_page() -> None:
    sheet = opened_sheet(quote_xlsx(quoted(many(40), 12)))
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (9, 1, 0)
    row = int(sheet.print_title_rows.rpartition("$")[2])
    assert [cell.value for cell in sheet[row]][:4] == ["Lp.", "Nazwa", "Ilość", "J.m."]


def test_only_what_is_filled_in_is_unlocked() -> None:
    sheet = opened_sheet(quote_xlsx(quoted()))
    assert sheet.protection.sheet
    unlocked = [cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
    assert {cell.value for cell in unlocked} == {"□", None}


@pytest.mark.parametrize(("count", "breaks"), [(3, 0), (20, 1), (45, 0)])
def test_a_decision_that_the_page_would_cut_goes_to_the_next(count: int, breaks: int) -> None:
    assert len(opened_sheet(quote_xlsx(quoted([LABOUR] * count))).row_breaks.brk) == breaks


def test_a_quote_without_points_or_remark_has_no_heading_for_them() -> None:
    found = values(quote_xlsx(quoted([replace(LABOUR, name=LONG[:200])], 0, remark="")))
    assert "Uwagi" not in found
    assert "Punkty i stanowiska" not in found
    assert Decimal("2.5") in found
