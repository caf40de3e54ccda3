"""Each ticket of a file as it would be: new, changed, the same, or wrong and why. Nothing is written or locked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis.errors import Invalid
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.importing.differences import differences
from mikroserwis.tickets.importing.known import Known, known
from mikroserwis.tickets.importing.table import Lines, RowError, differing, place, values
from mikroserwis.tickets.intake_form import TicketIn

NEW, UPDATE, UNCHANGED, BAD = "new", "update", "unchanged", "bad"
VERDICTS = (NEW, UPDATE, UNCHANGED, BAD)


@dataclass
class Planned:
    """A ticket of the file; `incoming` is None where its rows can't be read. `changes` as in Differences.told."""

    lines: Lines
    incoming: TicketIn | None = None
    verdict: str = BAD
    changes: Mapping[str, list[str]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def put_down(self) -> dict[str, Any]:
        """Plain JSON, to be shown and to be compared with when it is carried out."""
        row = self.lines[0][1]
        return {
            "lines": [line for line, _row in self.lines],
            "crm_id": _text(row["crm_id"]),
            "company": _text(row["company_name"]),
            "city": _text(row["city"]),
            "verdict": self.verdict,
            "changes": dict(self.changes),
            "errors": [[one.line, one.column, one.code, dict(one.params)] for one in self.errors],
        }


def plan(session: Session, tickets: Sequence[Lines], today: date) -> list[Planned]:
    """In the order of the file."""
    found = [_read(lines, today) for lines in tickets]
    readable = [one for one in found if one.incoming is not None]
    records = known(session, (one.incoming for one in readable if one.incoming))
    for one in readable:
        judge(one, records)
    _within_the_file(readable)
    return found


def _read(lines: Lines, today: date) -> Planned:
    planned = Planned(lines, errors=differing(lines))
    try:
        planned.incoming = intake_form.read(values(lines), today)
    except Invalid as wrong:
        planned.errors += at_their_places(wrong, lines)
    return planned


def at_their_places(wrong: Invalid, lines: Lines) -> list[RowError]:
    """The cells of the file that the intake's errors stand for."""
    return [RowError(*place(one.field, lines), one.code, one.params) for one in wrong.errors]


def judge(planned: Planned, records: Known) -> None:
    """What would become of it, beside these records."""
    incoming = planned.incoming
    if incoming is None or planned.errors:
        return
    ticket = records.tickets.get(incoming.crm_id or 0)
    if ticket is None:
        planned.errors += [*_dealer_errors(planned, incoming, records), *_point_errors(planned, incoming, records)]
        planned.verdict = BAD if planned.errors else NEW
    elif ticket.crm_id is None:
        planned.errors.append(RowError(planned.lines[0][0], "crm_id", "number_is_of_another_ticket"))
    elif ticket.intake_hash == incoming.digest():
        planned.verdict = UNCHANGED
    else:
        found = differences(ticket, incoming, planned.lines)
        planned.errors += [*found.errors, *_point_errors(planned, incoming, records)]
        planned.changes = found.told() if not planned.errors else {}
        planned.verdict = BAD if planned.errors else UPDATE if planned.changes else UNCHANGED


def _dealer_errors(planned: Planned, incoming: TicketIn, records: Known) -> Iterable[RowError]:
    if incoming.dealer_crm_id is None:
        return
    line, column = planned.lines[0][0], "dealer_crm_id"
    dealer = records.dealers.get(incoming.dealer_crm_id)
    if dealer is None:
        yield RowError(line, column, "no_such_dealer")
    elif not dealer.active:
        yield RowError(line, column, "dealer_is_inactive", {"dealer": dealer.name})
    elif incoming.type not in {one.type for one in dealer.types}:
        yield RowError(line, column, "dealer_is_not_certified", {"dealer": dealer.name})


def _point_errors(planned: Planned, incoming: TicketIn, records: Known) -> Iterable[RowError]:
    for (line, _row), point in zip(planned.lines, incoming.points, strict=True):
        owner = records.owners.get(point.id or 0)
        if owner is not None and owner != incoming.company["tax_id"]:
            yield RowError(line, "point_id", "point_of_another_company", {"point": point.id})


def _within_the_file(readable: Iterable[Planned]) -> None:
    """A new point can't belong to two companies: the first ticket of the file has it."""
    owners: dict[int, str] = {}
    for one in readable:
        if one.incoming is None or one.verdict == BAD:
            continue
        tax_id = one.incoming.company["tax_id"]
        for (line, _row), point in zip(one.lines, one.incoming.points, strict=True):
            if point.id is not None and owners.setdefault(point.id, tax_id) != tax_id:
                one.errors.append(RowError(line, "point_id", "point_of_another_company", {"point": point.id}))
                one.verdict, one.changes = BAD, {}


def counts(verdicts: Iterable[str]) -> dict[str, int]:
    """How many of each verdict."""
    counted = Counter(verdicts)
    return {verdict: counted[verdict] for verdict in VERDICTS}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
