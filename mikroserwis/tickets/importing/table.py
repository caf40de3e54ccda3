"""The file as tickets: which rows belong together, and which cell a wrong value stands in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from exports.tables import TableError
from mikroserwis.scans import tables

COMPANY = {
    "tax_id": "tax_id",
    "company_name": "name",
    **{
        name: name
        for name in (
            "regon",
            "street",
            "postal_code",
            "city",
            "phone",
            "email",
            "iban",
            "representative",
            "account_manager_name",
            "account_manager_phone",
            "account_manager_email",
        )
    },
}
POINT = {
    "point_id": "id",
    "point_name": "name",
    "point_street": "street",
    "point_postal_code": "postal_code",
    "point_city": "city",
}
TICKET = ("crm_id", "type", "opened_on", "acquired_by_dealer", "dealer_crm_id")
STATIONS = ("stations_buy", "stations_exchange")
Row = Mapping[str, Any]
Lines = list[tuple[int, Row]]


@dataclass(frozen=True)
class RowError:
    """One wrong value of a file; `line` counts as the file's own rows do, `column` is the header's name or empty."""

    line: int
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def tickets_of(name: str, content: BinaryIO) -> tuple[list[Lines], list[RowError]]:
    """The rows of each ticket, or why the file is no table of tickets. Raises Busy."""
    try:
        rows = tables.read(name, content)
    except TableError as error:
        return [], [RowError(error.line or 1, error.column or "", error.code, {"detail": error.detail})]
    return (_grouped(rows), []) if rows else ([], [RowError(1, "", "no_rows")])


def _grouped(rows: Iterable[tuple[int, Row]]) -> list[Lines]:
    """Rows with the same CRM id form one ticket; a row without one is a ticket of its own, and wrong."""
    groups: dict[str, Lines] = {}
    for line, row in rows:
        key = str(row["crm_id"]).strip() if row["crm_id"] is not None else f"line {line}"
        groups.setdefault(key, []).append((line, row))
    return list(groups.values())


def values(lines: Lines) -> dict[str, Any]:
    """As the intake's form reads them."""
    first = lines[0][1]
    return {
        **{name: first[name] for name in TICKET},
        "company": {field_: first[column] for column, field_ in COMPANY.items()},
        "subtickets": [
            {
                "point": {field_: row[column] for column, field_ in POINT.items()},
                **{name: row[name] for name in STATIONS},
            }
            for _line, row in lines
        ],
    }


def differing(lines: Lines) -> list[RowError]:
    """Rows of one ticket must agree on the ticket and its company."""
    first_line, first = lines[0]
    return [
        RowError(line, column, "differs_from_line", {"line": first_line})
        for line, row in lines[1:]
        for column in (*TICKET, *COMPANY)
        if row[column] is not None and row[column] != first[column]
    ]


def place(path: str, lines: Lines) -> tuple[int, str]:
    """The file's line and column that a path of the intake form stands for."""
    parts = path.split(".")
    if parts[0] == "company":
        names = {field_: column for column, field_ in COMPANY.items()}
        return lines[0][0], names.get(parts[-1], parts[-1])
    if parts[0] == "subtickets":
        line = lines[int(parts[1])][0] if len(parts) > 1 else lines[0][0]
        names = {field_: column for column, field_ in POINT.items()}
        column = names.get(parts[-1], parts[-1]) if len(parts) > 3 else parts[-1]
        return line, column if len(parts) > 1 else "point_id"
    return lines[0][0], path
