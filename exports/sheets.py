"""Lists and the intake template as XLSX. Text from outside always stays text, whatever it begins with.

Lists are written by rustpy-xlsxwriter, ten times as quickly as by openpyxl (`python -m benchmarks sheets`); the
template, with its rules for what may be typed, by openpyxl.
"""

import errno
import io
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from rustpy_xlsxwriter import Format, write_worksheet

from exports.archives import settled
from exports.intake_columns import INTAKE_COLUMNS, IntakeColumn
from exports.plain import plain

__all__ = ["INTAKE_COLUMNS", "MOST_ROWS", "Column", "IntakeColumn", "intake_template", "write_list"]

Kind = Literal["text", "integer", "amount", "date", "moment"]
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "integer": "0",
    "amount": "#,##0.00",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_COLUMN_FORMATS: dict[str, Kind] = {"integer": "integer", "date": "date"}
# What a sheet takes beside its header.
MOST_ROWS = 1_048_575
_LONGEST = 32_767
_EXACT = 10**15
_OS_ERROR = re.compile(r"(?:code: |os error )(\d+)")
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
_REQUIRED, _OPTIONAL, _HEADER_INK = "0B5A8C", "55606E", "FFFFFF"
_HEADER_FONT = Font(name="Calibri", size=11, bold=True, color=_HEADER_INK)
_REQUIRED_FILL, _HEADER_FILL = PatternFill("solid", fgColor=_REQUIRED), PatternFill("solid", fgColor=_OPTIONAL)
_HEADER_BORDER = Border(bottom=Side("thin", color="1C2430"))
_TEMPLATE_MOMENT = datetime(2019, 5, 27, tzinfo=UTC)
_TEMPLATE_ROWS = 1000


@dataclass(frozen=True)
class Column:
    """A column of a list; `width` in characters, `kind` says how its values are shown."""

    title: str
    width: float = 16
    kind: Kind = "text"


def write_list(
    out: BinaryIO, title: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], *, mirrored: bool = False
) -> None:
    """Streams a sheet named `title`: frozen header, filter, one row per item of `rows`, never all of them in memory.

    A value that its column's kind can show stays a value (datetimes in the zone they carry), any other becomes text.
    `mirrored`: the first column stands on the right. `out` gets nothing if `rows` raises. Raises ValueError for a row
    of another length or more rows than MOST_ROWS, OSError where there is no room for the temporary file.
    """
    names = _unique([plain(column.title) for column in columns])
    cells = [_CELLS[column.kind] for column in columns]
    with NamedTemporaryFile(suffix=".xlsx") as file, _failures_by_number():
        # To a path the library streams; into a stream it would write only when it has the whole file in memory.
        write_worksheet(
            _records(names, cells, rows),
            file.name,
            sheet_name=_sheet_title(title),
            freeze_row=1,
            autofilter=True,
            header_format=_list_header(),
            column_widths=[float(column.width) for column in columns],
            column_formats=[Format().set_num_format(_FORMATS[column.kind]) for column in columns],
            page_setup={"landscape": True, "paper_size": 9, "fit_to_pages": (1, 0), "repeat_rows": 0},
            sheet_view={"right_to_left": mirrored},
        )
        shutil.copyfileobj(file, out)


@contextmanager
def _failures_by_number() -> Iterator[None]:
    """The library panics where it can't write, which is no Exception, and names the system's error in words only."""
    try:
        yield
    except BaseException as error:
        numbered = isinstance(error, OSError) and error.errno
        number = None if numbered else _OS_ERROR.search(str(error))
        if number or type(error).__name__ == "PanicException":
            raise OSError(int(number[1]) if number else errno.EIO, str(error)) from error
        raise


def _records(
    names: Sequence[str], cells: Sequence[Callable[[Any], Any]], rows: Iterable[Sequence[object]]
) -> Iterator[dict[str, Any]]:
    """The library takes the header from the first row: a list without rows has an empty one."""
    number = 0
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise ValueError(f"a sheet takes {MOST_ROWS} rows at most")
        yield {name: cell(value) for name, cell, value in zip(names, cells, row, strict=True)}
    if not number:
        yield dict.fromkeys(names)


def _unique(titles: Iterable[str]) -> list[str]:
    """Two columns of one title are told apart by a number, as Excel does in its tables."""
    found: list[str] = []
    for title in titles:
        same = (f"{title} {number}" for number in count(2))
        found.append(title if title not in found else next(one for one in same if one not in found))
    return found


def _list_header() -> Format:
    return (
        Format()
        .set_bold()
        .set_font_color(_HEADER_INK)
        .set_background_color(_REQUIRED)
        .set_border_bottom("thin")
        .set_align("vertical_center")
        .set_text_wrap()
    )


def _sheet_title(title: str) -> str:
    """Excel allows 31 characters and not all of them."""
    return _FORBIDDEN_IN_TITLE.sub(" ", plain(title)).strip()[:31] or "Lista"


def _text(value: object) -> str | None:
    """Always a string cell, formatted as text: a leading `=` is no formula, nor becomes one when it is edited."""
    if value is None or value == "":
        return None
    shown = plain(value if isinstance(value, str) else str(value))
    if len(shown) * 2 > _LONGEST:
        shown = shown.encode("utf-16-le")[: _LONGEST * 2].decode("utf-16-le", "ignore")
    return shown or None


def _integer(value: Any) -> int | str | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and -_EXACT <= value <= _EXACT
    return value if whole else _text(value)


def _amount(value: Any) -> float | str | None:
    exact = isinstance(value, int | Decimal) and not isinstance(value, bool) and -_EXACT <= value <= _EXACT
    return float(value) if exact else _text(value)


def _day(value: Any) -> date | str | None:
    """Excel's days begin with 1900."""
    if not isinstance(value, date) or value.year < 1900:
        return _text(value)
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


_CELLS: dict[Kind, Callable[[Any], Any]] = {
    "text": _text,
    "integer": _integer,
    "amount": _amount,
    "date": _day,
    "moment": _day,
}


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


def _print_wide(sheet: Any) -> None:
    """On paper all columns are on one page across, with the header on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


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
