"""A ticket that is known already: what a file would change of it, and what a file can't change."""

from dataclasses import dataclass, field
from typing import Any

from mikroserwis.models import Subticket, Ticket
from mikroserwis.tickets.facts import company_is_confirmed
from mikroserwis.tickets.importing.table import COMPANY, POINT, STATIONS, Lines, RowError
from mikroserwis.tickets.intake_form import PointIn, TicketIn

POINT_TEXTS = {column: name for column, name in POINT.items() if name != "id"}
Change = tuple[str, str]


@dataclass
class Differences:
    """`company` {field: (old, new)}, `points` and `stations` {point id: {field: (old, new)}}, `added` new points."""

    company: dict[str, Change] = field(default_factory=dict)
    points: dict[int, dict[str, Change]] = field(default_factory=dict)
    stations: dict[int, dict[str, Change]] = field(default_factory=dict)
    added: list[PointIn] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    def told(self) -> dict[str, list[str]]:
        """All changes as {place: [old, new]}: `company.city`, `735.name`, `735.stations_buy`, `736` for a new point."""
        said = {f"company.{name}": list(change) for name, change in self.company.items()}
        for part in (self.points, self.stations):
            for point, changes in part.items():
                said |= {f"{point}.{name}": list(change) for name, change in changes.items()}
        return said | {str(one.id): ["", one.fields["name"]] for one in self.added}


def differences(ticket: Ticket, incoming: TicketIn, lines: Lines) -> Differences:
    """Only what the file says counts: an empty cell changes nothing, a point that isn't in it stays."""
    found = Differences()
    _fixed(ticket, incoming, lines, found)
    row = lines[0][1]
    for column, name in COMPANY.items():
        old, new = getattr(ticket.customer, name), incoming.company[name]
        if name != "tax_id" and row[column] is not None and old != new:
            found.company[name] = (old, new)
    for (line, cells), point in zip(lines, incoming.points, strict=True):
        _point(ticket, point, line, cells, found)
    if ticket.state == "closed" and found.told() and not found.errors:
        found.errors.append(RowError(lines[0][0], "crm_id", "ticket_is_closed"))
    return found


def _fixed(ticket: Ticket, incoming: TicketIn, lines: Lines, found: Differences) -> None:
    line, row = lines[0]
    present: dict[str, tuple[Any, Any]] = {
        "type": (ticket.type, incoming.type),
        "opened_on": (ticket.opened_on, incoming.opened_on),
        "acquired_by_dealer": (ticket.acquired_by_dealer, incoming.acquired_by_dealer),
        "tax_id": (ticket.customer.tax_id, incoming.company["tax_id"]),
    }
    found.errors.extend(
        RowError(line, column, "file_cannot_change", {"now": _shown(old)})
        for column, (old, new) in present.items()
        if row[column] is not None and old != new
    )


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "tak" if value else "nie"
    return str(value)


def _point(ticket: Ticket, point: PointIn, line: int, cells: Any, found: Differences) -> None:
    subticket = next((one for one in ticket.subtickets if one.point_id == point.id), None)
    if point.id is None:
        found.errors.append(RowError(line, "point_id", "required"))
    elif subticket is not None:
        texts = {
            name: (getattr(subticket.point, name), point.fields[name])
            for column, name in POINT_TEXTS.items()
            if cells[column] is not None and getattr(subticket.point, name) != point.fields.get(name)
        }
        if texts:
            found.points[point.id] = texts
        _stations(ticket, subticket, point, line, found)
    elif _papers_are_made(ticket):
        found.errors.append(RowError(line, "point_id", "papers_name_the_points", {"ticket": ticket.number}))
    else:
        found.added.append(point)


def _stations(ticket: Ticket, subticket: Subticket, point: PointIn, line: int, found: Differences) -> None:
    changes = {
        name: (str(getattr(subticket, name)), str(getattr(point, name)))
        for name in STATIONS
        if getattr(subticket, name) != getattr(point, name)
    }
    if changes and _papers_are_made(ticket):
        params = {"ticket": ticket.number}
        found.errors.extend(RowError(line, name, "papers_name_the_points", params) for name in changes)
    elif changes:
        found.stations[subticket.point_id] = changes


def _papers_are_made(ticket: Ticket) -> bool:
    """Contract and power of attorney name points and stations; they may be signed as soon as the data is confirmed."""
    return ticket.state not in {"new", "taken"} or company_is_confirmed(ticket)
