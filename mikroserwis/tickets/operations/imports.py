"""A file of tickets: every bad row with line, column and reason before anything is written; then all or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from exports.tables import TableError, read_rows
from mikroserwis.access import Actor
from mikroserwis.errors import Conflict, Invalid
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.offer import Dealers
from mikroserwis.tickets.operations.intake import create

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


@dataclass(frozen=True)
class RowError:
    """One wrong value of a file; `line` counts as the file's own rows do, `column` is the header's name or empty."""

    line: int
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Report:
    """What an import did, or would do in a dry run; with errors it did nothing."""

    created: int = 0
    unchanged: int = 0
    subtickets: int = 0
    errors: list[RowError] = field(default_factory=list)


def import_file(session: Session, name: str, content: BinaryIO, *, actor: Actor, now: datetime) -> Report:
    """All tickets of the file in this transaction. With errors the caller must roll back, as for a dry run."""
    report = Report()
    try:
        rows = read_rows(name, content)
    except TableError as error:
        report.errors.append(RowError(error.line or 1, error.column or "", error.code, {"detail": error.detail}))
        return report
    if not rows:
        report.errors.append(RowError(1, "", "no_rows"))
    dealers = Dealers(session, now)
    for lines in _tickets(rows):
        _one(session, lines, report, dealers, actor=actor, now=now)
    report.errors.sort(key=lambda error: error.line)
    return report


def _tickets(rows: Iterable[tuple[int, Row]]) -> list[list[tuple[int, Row]]]:
    """Rows with the same CRM id form one ticket; a row without one is a ticket of its own, and wrong."""
    groups: dict[str, list[tuple[int, Row]]] = {}
    for line, row in rows:
        key = str(row["crm_id"]).strip() if row["crm_id"] is not None else f"line {line}"
        groups.setdefault(key, []).append((line, row))
    return list(groups.values())


def _one(
    session: Session, lines: list[tuple[int, Row]], report: Report, dealers: Dealers, *, actor: Actor, now: datetime
) -> None:
    errors = _differing(lines)
    try:
        incoming = intake_form.read(_values(lines), _today(now))
        if not errors:
            _ticket, new = create(session, incoming, source="file", actor=actor, now=now, dealers=dealers)
            report.created += new
            report.unchanged += not new
            report.subtickets += len(incoming.points) if new else 0
    except Invalid as wrong:
        errors.extend(
            RowError(line, column, one.code, one.params)
            for one in wrong.errors
            for line, column in [_place(one.field, lines)]
        )
    except Conflict as conflict:
        errors.append(RowError(lines[0][0], "crm_id", conflict.code, conflict.params))
    report.errors.extend(errors)


def _values(lines: list[tuple[int, Row]]) -> dict[str, Any]:
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


def _differing(lines: list[tuple[int, Row]]) -> list[RowError]:
    """Rows of one ticket must agree on the ticket and its company."""
    first_line, first = lines[0]
    return [
        RowError(line, column, "differs_from_line", {"line": first_line})
        for line, row in lines[1:]
        for column in (*TICKET, *COMPANY)
        if row[column] is not None and row[column] != first[column]
    ]


def _place(path: str, lines: list[tuple[int, Row]]) -> tuple[int, str]:
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


def _today(now: datetime) -> date:
    return now.astimezone(RULES.tz).date()
