"""The rows that were left out, as a file to mend and bring again: with a column that says what is wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from exports.intake_columns import INTAKE_COLUMNS, REMARKS
from exports.sheets import Column, write_list
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import mirrored
from mikroserwis.tickets.importing.plan import BAD
from mikroserwis.tickets.importing.table import Lines

_WIDTHS = {REMARKS: 60, "company_name": 36, "street": 24, "point_name": 30, "point_street": 24}
_IN_MEMORY = 2_000_000


def bad_rows(
    tickets: Sequence[Lines], entries: Sequence[Mapping[str, Any]], said: Callable[[str, str, Mapping[str, Any]], str]
) -> BinaryIO:
    """An XLSX that the import reads; `said` words an error from its column, code and particulars."""
    out = cast(BinaryIO, SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the server closes it when sent
    names = [column.name for column in INTAKE_COLUMNS]
    columns = [Column(name, _WIDTHS.get(name, 16)) for name in names]
    write_list(out, _("To mend"), columns, _rows(tickets, entries, names, said), mirrored=mirrored())
    out.seek(0)
    return out


def _rows(
    tickets: Sequence[Lines],
    entries: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    said: Callable[[str, str, Mapping[str, Any]], str],
) -> Iterator[list[object]]:
    for lines, entry in zip(tickets, entries, strict=True):
        if entry["verdict"] != BAD:
            continue
        wrong: dict[int, list[str]] = {}
        for line, column, code, params in entry["errors"]:
            sentence = said(column, code, params)
            wrong.setdefault(line, []).append(f"{column}: {sentence}" if column else sentence)
        for line, row in lines:
            shown = {**row, REMARKS: " ".join(wrong.get(line, ())) or _("Another row of this ticket is wrong.")}
            yield [_cell(shown[name]) for name in names]


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "tak" if value else "nie"
    return None if value is None else str(value)
