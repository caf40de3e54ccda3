"""Reading a table from XLSX or CSV that someone sends in: nothing in it is trusted."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from exports.intake_columns import INTAKE_COLUMNS, IntakeColumn

Value = str | int | float | bool | date | None
Row = dict[str, Value]
Line = tuple[int, list[Value]]

MAX_BYTES = 20 * 1024 * 1024
# Ten times what 5,000 full rows take; a cell costs a hundred times its bytes while it is read.
MAX_UNPACKED = 20 * 1024 * 1024
_MAX_PARTS = 1000
_MAX_COLUMNS = 100
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_DELIMITERS = (";", ",", "\t")


class TableError(Exception):
    """Why a table can't be read.

    `code`: not_a_table, legacy_xls, encrypted, macros, too_large, too_many_rows, unknown_column, missing_column,
    duplicate_column. `line` counts from 1 as in the file; `column` is a name, or a letter where there is no name.
    """

    def __init__(self, code: str, detail: str, *, line: int | None = None, column: str | None = None) -> None:
        super().__init__(code, line, column, detail)
        self.code, self.line, self.column, self.detail = code, line, column, detail


def read_rows(
    name: str,
    content: BinaryIO,
    *,
    columns: Sequence[IntakeColumn] = INTAKE_COLUMNS,
    max_rows: int = 5_000,
) -> list[tuple[int, Row]]:
    """Line number and values of each row that is not empty; every row has a key for each of `columns`.

    `name` is the file's name: a content that is not what it says is refused. In XLSX dates come as date (datetime
    where they bear a time), whole numbers as int; texts keep their leading zeros. In CSV all values are texts.
    An empty cell is None. Raises TableError.
    """
    data = content.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TableError("too_large", f"more than {MAX_BYTES} bytes")
    suffix = name.rpartition(".")[2].lower()
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise TableError("encrypted" if encrypted else "legacy_xls", "an OLE container, not a plain XLSX")
    if data.startswith(b"PK") != (suffix in ("xlsx", "xlsm")):
        raise TableError("not_a_table", f"the content is not what the name says: .{suffix}")
    lines = _xlsx_lines(data, max_rows) if data.startswith(b"PK") else _csv_lines(data, columns)
    return _rows(lines, columns, max_rows)


def _rows(lines: Iterator[Line], columns: Sequence[IntakeColumn], max_rows: int) -> list[tuple[int, Row]]:
    header = next(lines, (1, []))[1]
    names = _names(header, columns)
    rows: list[tuple[int, Row]] = []
    letters = 0
    for line, values in lines:
        if line > max_rows + 1:
            raise TableError("too_many_rows", f"more than {max_rows} rows", line=line)
        # A workbook keeps a text once, however many cells show it.
        letters += sum(len(value) for value in values if isinstance(value, str))
        if letters > MAX_UNPACKED:
            raise TableError("too_large", f"more than {MAX_UNPACKED} characters", line=line)
        filled = [(at, value) for at, value in enumerate(values) if value is not None]
        row: Row = {column.name: None for column in columns}
        for at, value in filled:
            if at >= len(names) or not names[at]:
                letter = get_column_letter(at + 1)
                raise TableError("unknown_column", "a value outside the named columns", line=line, column=letter)
            row[names[at]] = value
        if filled:
            rows.append((line, row))
    return rows


def _names(header: Sequence[Value], columns: Sequence[IntakeColumn]) -> list[str]:
    """The column name of each position, empty where the header is; raises on what the import does not know."""
    names = ["" if value is None else str(value).strip().lower() for value in header]
    known = {column.name for column in columns}
    if not known & set(names):
        raise TableError("not_a_table", "the first row holds no known column name", line=1)
    for at, name in enumerate(names):
        if name and name not in known:
            raise TableError("unknown_column", name[:100], line=1, column=name[:100])
        if name and name in names[:at]:
            raise TableError("duplicate_column", name, line=1, column=name)
    for column in columns:
        if column.required and column.name not in names:
            raise TableError("missing_column", column.name, line=1, column=column.name)
    return names


def _xlsx_lines(data: bytes, max_rows: int) -> Iterator[Line]:
    try:
        _inspect(data)
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet: Any = workbook.worksheets[0]
        sheet.reset_dimensions()
        found: Iterable[Sequence[object]] = sheet.iter_rows(
            max_row=max_rows + 2, max_col=_MAX_COLUMNS, values_only=True
        )
        for line, values in enumerate(found, 1):
            yield line, [_settled(value) for value in values]
    except TableError:
        raise
    except Exception as error:
        raise TableError("not_a_table", f"not a readable XLSX: {type(error).__name__}") from error


def _inspect(data: bytes) -> None:
    """What the container says before anything in it is unpacked; zipfile holds a part to the size stated here."""
    parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise TableError("encrypted", "the container is encrypted")
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TableError("too_large", f"unpacks to more than {MAX_UNPACKED} bytes")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise TableError("macros", "the file holds macros")
    if "xl/workbook.xml" not in names:
        raise TableError("not_a_table", "a ZIP container without a workbook")


def _settled(value: object) -> Value:
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return value.strip() or None
    if value is None or isinstance(value, int | float | date):
        return value
    return str(value)


def _csv_lines(data: bytes, columns: Sequence[IntakeColumn]) -> Iterator[Line]:
    text = _decoded(data)
    known = {column.name for column in columns}
    first = text.partition("\n")[0].strip().lower().replace('"', "")
    delimiter = max(_DELIMITERS, key=lambda each: len(known & set(first.split(each))))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for values in reader:
            yield line, [value.strip() or None for value in values]
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError("not_a_table", str(error), line=line) from error


def _decoded(data: bytes) -> str:
    """UTF-8, else the code page of Polish Windows."""
    if b"\0" in data:
        raise TableError("not_a_table", "binary content")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return data.decode("cp1250")
        except UnicodeDecodeError as error:
            raise TableError("not_a_table", "neither UTF-8 nor Windows-1250 text") from error
