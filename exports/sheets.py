"""Lists and the intake template as XLSX. Text from outside always stays text, whatever it begins with."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from exports.archives import settled
from exports.intake_columns import INTAKE_COLUMNS, IntakeColumn
from exports.plain import plain

__all__ = ["INTAKE_COLUMNS", "Column", "IntakeColumn", "intake_template", "write_list"]

Kind = Literal["text", "integer", "amount", "date", "moment"]
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "integer": "0",
    "amount": "#,##0.00",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_COLUMN_FORMATS: dict[str, Kind] = {"integer": "integer", "date": "date"}
_LONGEST = 32_767
_EXACT = 10**15
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n")
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
_HEADER_FONT = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_REQUIRED_FILL, _HEADER_FILL = PatternFill("solid", fgColor="0B5A8C"), PatternFill("solid", fgColor="55606E")
_HEADER_BORDER = Border(bottom=Side("thin", color="1C2430"))
_TEMPLATE_MOMENT = datetime(2019, 5, 27, tzinfo=UTC)
_TEMPLATE_ROWS = 1000


@dataclass(frozen=True)
class Column:
    """A column of a list; `width` in characters, `kind` says how its values are shown."""

    title: str
    width: float = 16
    kind: Kind = "text"


def write_list(out: BinaryIO, title: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    """Streams a sheet named `title`: frozen header, filter, one row per item of `rows`.

    int, Decimal, date and datetime (in the zone it carries) stay values unless the column's kind is text.
    """
    workbook = Workbook(write_only=True)
    workbook.properties.creator, workbook.properties.title = "Mikroserwis", plain(title)
    sheet: Any = workbook.create_sheet(_sheet_title(title))
    _print_wide(sheet)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.append([_header(sheet, column.title, _REQUIRED_FILL) for column in columns])
    last = 1
    try:
        for row in rows:
            sheet.append([_cell(sheet, value, column.kind) for value, column in zip(row, columns, strict=True)])
            last += 1
    except BaseException:
        _abandon(sheet)
        raise
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    workbook.save(out)


def _print_wide(sheet: Any) -> None:
    """On paper all columns are on one page across, with the header on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _abandon(sheet: Any) -> None:
    """Removes the temporary file that the library would keep until the process ends."""
    sheet.close()
    sheet._writer.cleanup()


def _sheet_title(title: str) -> str:
    """Excel allows 31 characters and not all of them."""
    return _FORBIDDEN_IN_TITLE.sub(" ", plain(title)).strip()[:31] or "Lista"


def _header(sheet: Any, text: str, fill: PatternFill) -> Any:
    cell = WriteOnlyCell(sheet, plain(text))
    cell.data_type = "s"
    cell.font, cell.fill, cell.border = _HEADER_FONT, fill, _HEADER_BORDER
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, value: object, kind: Kind) -> Any:
    if value is None or value == "":
        return None
    if kind == "text" or isinstance(value, bool) or not isinstance(value, int | Decimal | date):
        return _text(sheet, str(value))
    if isinstance(value, int) and abs(value) > _EXACT:
        return _text(sheet, str(value))
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    if isinstance(value, date) == (kind in ("date", "moment")):
        cell.number_format = _FORMATS[kind]
    return cell


def _text(sheet: Any, value: str) -> Any:
    """A text cell: a leading `=` is no formula, and stays none when the sheet is edited or saved as CSV."""
    shown = plain(value)[:_LONGEST]
    cell = WriteOnlyCell(sheet, shown)
    cell.data_type = "s"
    cell.number_format = _FORMATS["text"]
    cell.quotePrefix = value.startswith(_TRIGGERS) or shown.startswith(_TRIGGERS)
    return cell


def intake_template(types: Sequence[str] = ("insoft", "fiscal")) -> bytes:
    """The empty sheet for the import of tickets, `types` being the codes that its list offers."""
    workbook = Workbook()
    workbook.properties.creator, workbook.properties.title = "Mikroserwis", "Import zgłoszeń"
    tickets: Any = workbook.active
    tickets.title = "Zgłoszenia"
    tickets.freeze_panes = "B2"
    _print_wide(tickets)
    for number, column in enumerate(INTAKE_COLUMNS, 1):
        letter = get_column_letter(number)
        _dress_header(tickets.cell(1, number, column.name), column.required)
        tickets.column_dimensions[letter].width = max(14, len(column.name) + 3)
        tickets.column_dimensions[letter].number_format = _FORMATS[_COLUMN_FORMATS.get(column.kind, "text")]
        validation = _validation(column, types)
        if validation:
            validation.add(f"{letter}2:{letter}{_TEMPLATE_ROWS + 1}")
            tickets.add_data_validation(validation)
    _describe(workbook.create_sheet("Opis"))
    out = io.BytesIO()
    workbook.save(out)
    return settled(out.getvalue(), _TEMPLATE_MOMENT)


def _dress_header(cell: Any, required: bool) -> None:
    cell.font, cell.border = _HEADER_FONT, _HEADER_BORDER
    cell.fill = _REQUIRED_FILL if required else _HEADER_FILL


def _validation(column: IntakeColumn, types: Sequence[str]) -> DataValidation | None:
    rules: dict[str, dict[str, Any]] = {
        "type": {"type": "list", "formula1": f'"{",".join(types)}"'},
        "yes_no": {"type": "list", "formula1": '"tak,nie"'},
        "date": {"type": "date", "operator": "greaterThan", "formula1": "36526"},
        "integer": {"type": "whole", "operator": "greaterThanOrEqual", "formula1": "0"},
    }
    if column.kind not in rules:
        return None
    return DataValidation(
        **rules[column.kind],
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorTitle=column.label_pl[:32],
        error=column.explanation_pl,
        promptTitle=column.label_pl[:32],
        prompt=column.explanation_pl,
    )


def _describe(sheet: Any) -> None:
    heads = ("Kolumna", "Nazwa", "Wymagana", "Objaśnienie", "Label", "Explanation")
    for number, (head, width) in enumerate(zip(heads, (24, 34, 11, 70, 28, 70), strict=True), 1):
        _dress_header(sheet.cell(1, number, head), required=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for each in INTAKE_COLUMNS:
        required = "tak" if each.required else "nie"
        sheet.append((each.name, each.label_pl, required, each.explanation_pl, each.label_en, each.explanation_en))
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "B2"
    _print_wide(sheet)
