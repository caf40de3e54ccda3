"""The rows of a quote in an XLSX as a reader of the sheet sees them."""

import io
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from exports.papers.quote_sheet import LINE_HEADS, POINT_HEADS, SHEET, TOTAL_HEADS
from exports.quotes.comparing import Difference, Form, Formula, Row, TableKind, Value, settled_text
from exports.quotes.package import Parts, Unreadable, marks_in, property_marks

MOST_ROWS, MOST_COLUMNS = 2_000, 60
_LEAST_HEIGHT, _LEAST_WIDTH = 4, 1
_BRACKETS = re.compile(r"\[[^\]]*\]")
_LITERAL_DIGITS = re.compile(r"[1-9]")
TABLES = {
    LINE_HEADS: TableKind(
        "line", ("position", "name", "quantity", "unit", "offer", "list_net", "unit_net", "vat_rate", "net")
    ),
    TOTAL_HEADS: TableKind("total", ("vat_rate", "net", "vat", "gross")),
    POINT_HEADS: TableKind("point", ("position", "name", "point_id", "buy", "exchange")),
}


def read_sheet(content: bytes, parts: Parts) -> Form:
    try:
        workbook: Any = load_workbook(io.BytesIO(content), keep_links=False)
        sheets = workbook.worksheets
        form = next((sheet for sheet in sheets if sheet.title == SHEET), sheets[0])
        large = any(sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS for sheet in sheets)
    except Exception as error:  # the library lets through whatever a damaged part makes it trip over
        raise Unreadable("broken") from error
    if large:
        raise Unreadable("too_large")
    rows = tuple(_rows(form))
    texts = " ".join(value for row in rows for value in row if isinstance(value, str))
    found = (*property_marks(parts), *marks_in(texts))
    return Form(rows, found, (*_findings(form), *_other_sheets(workbook, form)), TABLES)


def _rows(sheet: Any) -> Iterator[Row]:
    hidden_columns = _hidden_columns(sheet)
    for cells in sheet.iter_rows():
        if not _is_hidden_row(sheet, cells[0].row):
            values = ["" if cell.column in hidden_columns else _value(cell) for cell in cells]
            while values and values[-1] == "":
                values.pop()
            if values:
                yield tuple(values)


def _value(cell: Any) -> Value:
    value = cell.value
    if cell.data_type == "f":
        return Formula(settled_text(str(getattr(value, "text", value))))
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return Decimal(str(value))
    return settled_text("" if value is None else str(value))


def _hidden_columns(sheet: Any) -> set[int]:
    hidden: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden or dimension.width < _LEAST_WIDTH:
            hidden.update(range(dimension.min, min(dimension.max, MOST_COLUMNS) + 1))
    return hidden


def _is_hidden_row(sheet: Any, number: int) -> bool:
    dimension = sheet.row_dimensions[number]
    return bool(dimension.hidden) or (dimension.height is not None and dimension.height < _LEAST_HEIGHT)


def _findings(sheet: Any) -> Iterator[Difference]:
    hidden_columns = _hidden_columns(sheet)
    filled = [cell for cells in sheet.iter_rows() for cell in cells if cell.value is not None]
    for row in sorted({cell.row for cell in filled if _is_hidden_row(sheet, cell.row)}):
        yield Difference("hidden", {"place": str(row)})
    for column in sorted({cell.column for cell in filled} & hidden_columns):
        yield Difference("hidden", {"place": get_column_letter(column)})
    for cell in filled:
        if isinstance(cell.value, int | float) and not _shows_its_number(cell):
            yield Difference("format", {"place": cell.coordinate})


def _shows_its_number(cell: Any) -> bool:
    """A format can show any text or another number instead of the value."""
    code = _BRACKETS.sub("", cell.number_format)
    return code == "General" or ("0" in code and not _LITERAL_DIGITS.search(code))


def _other_sheets(workbook: Any, form: Any) -> Iterator[Difference]:
    if form.sheet_state != "visible":
        yield Difference("hidden", {"place": form.title})
    for sheet in workbook.worksheets:
        if sheet is not form and any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row):
            yield Difference("sheet_added", {"found": settled_text(sheet.title)})
    for sheet in workbook.chartsheets:
        yield Difference("sheet_added", {"found": settled_text(sheet.title)})
