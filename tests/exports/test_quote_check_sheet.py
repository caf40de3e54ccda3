import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart
from openpyxl.drawing.image import Image
from openpyxl.worksheet.formula import ArrayFormula

from exports.marks import Mark, qr_png
from exports.papers import quote_xlsx
from exports.quotes import Difference, check_quote_xlsx, read_quote_mark
from tests.exports.paper_cast import LONG
from tests.exports.quote_cast import INSOFT, LABOUR, many, quoted
from tests.exports.quote_edits import QUOTE, SHEET, cell_of, repacked, sheet, told, untouched


def changed(column: str, expected: str, found: str, code: str = "changed") -> tuple[str, dict[str, str]]:
    return (code, {"where": "line", "name": "1", "column": column, "expected": expected, "found": found})


def put(old: object, new: object) -> Any:
    def change(form: Any) -> None:
        cell_of(form, old).value = new

    return change


@pytest.mark.parametrize("data", [QUOTE, quoted(many(40), 12), quoted([replace(LABOUR, name=LONG[:200])], 0)])
def test_our_own_sheet_is_the_form(data: Any) -> None:
    assert check_quote_xlsx(quote_xlsx(data), data) == []
    assert read_quote_mark(quote_xlsx(data)) == Mark(115, "quote", 2, 1, 1)


def test_a_sheet_saved_again_is_still_the_form() -> None:
    assert sheet(untouched) == []


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        (450, 400, changed("unit_net", "450,00 zł", "400,00 zł")),
        (450, 450.004, changed("unit_net", "450,00 zł", "450,004")),
        (450, None, changed("unit_net", "450,00 zł", "")),
        (450, "czterysta", changed("unit_net", "450,00 zł", "czterysta")),
        (450, True, changed("unit_net", "450,00 zł", "True")),
        (450, "=400", changed("unit_net", "450,00 zł", "=400", "formula")),
        (450, ArrayFormula("G17", "=400*1"), changed("unit_net", "450,00 zł", "=400*1", "formula")),
        (600, 700, changed("list_net", "600,00 zł", "700,00 zł")),
        ("Insoft dla GŻ, wiosna 2019", "Inna", changed("offer", "Insoft dla GŻ, wiosna 2019", "Inna")),
        (3, 2, changed("quantity", "3", "2")),
        (1350, 1200, changed("net", "1 350,00 zł", "1 200,00 zł")),
    ],
)
def test_a_changed_cell_of_a_line_is_named_with_both_values(old: object, new: object, difference: Any) -> None:
    data = quoted([replace(INSOFT, vat_rate="8"), replace(LABOUR, quantity=QUOTE.lines[1].quantity * 2)])

    def change(form: Any) -> None:
        line = next(row for row in form.iter_rows() if row[1].value == INSOFT.name)
        next(cell for cell in line if cell.value == old).value = new

    workbook = load_workbook(io.BytesIO(quote_xlsx(data)))
    change(workbook.active)
    out = io.BytesIO()
    workbook.save(out)
    assert told(check_quote_xlsx(out.getvalue(), data)) == [difference]


def test_a_changed_gross_is_named() -> None:
    def change(form: Any) -> None:
        for row in form.iter_rows():
            for cell in row:
                if cell.value == 2229.49:
                    cell.value = 2000

    where = [(params["where"], params["name"], params["column"]) for _, params in sheet(change)]
    assert where == [("total", "Razem", "gross"), ("payable", "", "gross")]


def test_an_amount_typed_as_the_same_text_is_the_same_amount() -> None:
    assert sheet(put(450, "450,00 zł")) == []


def test_a_row_put_in_is_added_and_one_taken_out_is_missing() -> None:
    def add(form: Any) -> None:
        row = cell_of(form, "Szkolenie kasjerów").row + 1
        form.cell(row, 2, "Dojazd")
        form.cell(row, 9, 50)

    assert sheet(add) == [("added", {"found": "Dojazd · 50"})]

    def empty(form: Any) -> None:
        for cell in form[cell_of(form, "Szkolenie kasjerów").row]:
            cell.value = None

    gone = sheet(empty)
    assert [(code, params["where"], params["name"]) for code, params in gone] == [("missing", "line", "3")]


def test_decision_and_signatures_may_be_filled_in() -> None:
    def fill(form: Any) -> None:
        cell_of(form, "□").value = "x"
        row = cell_of(form, "data i czytelny podpis").row - 1
        form.cell(row, 1, "Bożena Ślązak")
        form.cell(row, 5, date(2019, 5, 28))
        form.add_image(Image(io.BytesIO(qr_png(Mark(1, "quote", 1, 1, 1)))), f"B{row}")

    assert sheet(fill) == []


def test_no_formula_and_no_amount_is_written_under_the_decision() -> None:
    assert sheet(put("□", "=1+1")) == [
        ("formula", {"where": "text", "name": "", "column": "", "expected": "", "found": "=1+1"})
    ]
    assert [code for code, _ in sheet(put("□", "Rabat 100,00 zł"))] == ["added"]


def test_a_formula_that_looks_like_our_text_is_a_formula() -> None:
    data = quoted([replace(INSOFT, name="=1+1")])
    workbook = load_workbook(io.BytesIO(quote_xlsx(data)))
    cell = cell_of(workbook.active, "=1+1")
    assert cell.data_type == "s"
    cell.data_type = "f"
    out = io.BytesIO()
    workbook.save(out)
    assert told(check_quote_xlsx(out.getvalue(), data)) == [changed("name", "=1+1", "=1+1", "formula")]


@pytest.mark.parametrize("how", [{"hidden": True}, {"height": 0.5}, {"height": 2.5}])
def test_a_hidden_row_is_not_there(how: dict[str, Any]) -> None:
    def hide(form: Any) -> None:
        dimension = form.row_dimensions[cell_of(form, "Szkolenie kasjerów").row]
        for name, value in how.items():
            setattr(dimension, name, value)

    assert [code for code, _ in sheet(hide)] == ["hidden", "missing"]


@pytest.mark.parametrize("how", [{"hidden": True}, {"width": 0.5}])
def test_a_hidden_column_is_not_there(how: dict[str, Any]) -> None:
    def hide(form: Any) -> None:
        for name, value in how.items():
            setattr(form.column_dimensions["G"], name, value)

    found = sheet(hide)
    assert found[0] == ("hidden", {"place": "G"})
    assert changed("unit_net", "450,00 zł", "") in found


@pytest.mark.parametrize("code", ['"400,00 zł"', "4\\0\\0", ";;;", '0"1"'])
def test_a_format_that_shows_another_number_is_told(code: str) -> None:
    def dress(form: Any) -> None:
        cell_of(form, 450).number_format = code

    assert [(code, len(params)) for code, params in sheet(dress)] == [("format", 1)]


@pytest.mark.parametrize("code", ["General", "#,##0.00", "0.00", "#,##0.00 [$zł-1045]"])
def test_a_format_that_shows_the_number_may_change(code: str) -> None:
    def dress(form: Any) -> None:
        cell_of(form, 450).number_format = code

    assert sheet(dress) == []


def test_a_date_for_a_number_is_told() -> None:
    def dress(form: Any) -> None:
        cell_of(form, 450).number_format = "yyyy-mm-dd"

    assert [code for code, _ in sheet(dress)] == ["changed"]


def test_other_sheets_and_charts_are_told_and_empty_ones_not() -> None:
    def add(form: Any) -> None:
        form.parent.create_sheet("Pusty")
        form.parent.create_sheet("Nowe ceny", 0).append([1])
        form.parent.create_chartsheet("Wykres").add_chart(BarChart())

    assert sheet(add) == [("sheet_added", {"found": "Nowe ceny"}), ("sheet_added", {"found": "Wykres"})]


def test_a_hidden_form_is_told() -> None:
    def hide(form: Any) -> None:
        form.parent.create_sheet("Pusty")
        form.sheet_state = "hidden"

    assert sheet(hide) == [("hidden", {"place": "Wycena"})]


def test_a_renamed_form_is_still_read() -> None:
    def rename(form: Any) -> None:
        form.title = "Arkusz1"

    assert sheet(rename) == []


def test_another_workbook_is_no_form() -> None:
    workbook: Any = Workbook()
    workbook.active["A1"] = "Wycena 400 zł"
    out = io.BytesIO()
    workbook.save(out)
    assert check_quote_xlsx(out.getvalue(), QUOTE) == [Difference("no_mark")]
    assert read_quote_mark(out.getvalue()) is None


def test_another_quote_is_named() -> None:
    assert check_quote_xlsx(SHEET, replace(QUOTE, number=1)) == [
        Difference("other_number", {"expected": 1, "found": 2})
    ]


def test_the_mark_in_the_cell_alone_is_enough() -> None:
    def strip(parts: dict[str, bytes]) -> None:
        parts["docProps/custom.xml"] = parts["docProps/custom.xml"].replace(b"MikroserwisForm", b"Cokolwiek")

    assert check_quote_xlsx(repacked(SHEET, strip), QUOTE) == []
