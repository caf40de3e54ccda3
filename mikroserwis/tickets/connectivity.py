"""The gate: a sub-ticket closes when every station of its shop talks to M/platform, asked with no transaction open."""

from sqlalchemy.orm import Session

from backoffice_client import BackofficeClient, BackofficeError, Station
from mikroserwis import access, edge
from mikroserwis.errors import Refused
from mikroserwis.models import Subticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.facts import blockers, point_params, subticket_blockers, subticket_facts
from mikroserwis.tickets.operations.closing import NOT_NEEDED, Check, check_params, close_subticket, remember_check
from workflows import SUBTICKET, Connectivity

PASSED = frozenset({Connectivity.NOT_NEEDED, Connectivity.PROVEN})


def ask(backoffice: BackofficeClient, point_id: int, stations: int) -> Check:
    """Whether every station of the point is online: all that the platform lists, and at least 1 to `stations`."""
    try:
        answer = backoffice.connectivity(point_id)
    except BackofficeError as error:
        if error.code != "unknown_point":
            return Check(Connectivity.NO_ANSWER, failure=error.code)
        return Check(Connectivity.POINT_UNKNOWN)
    known = {one.number: one for one in answer.stations}
    silent = tuple(
        _silent(number, known.get(number))
        for number in sorted({*range(1, stations + 1), *known})
        if number not in known or not known[number].online
    )
    verdict = Connectivity.STATIONS_SILENT if silent else Connectivity.PROVEN
    return Check(verdict, evidence=answer.to_json(), silent=silent)


def close(subticket_id: int) -> Subticket:
    """Close the sub-ticket in this request's transaction. Raises NotFound, Forbidden, Refused.

    A refusal of the gate is remembered in a transaction of its own, to be shown beside the button.
    """
    check = _checked(subticket_id)
    actor, now = edge.actor(), edge.now()
    if check.verdict in PASSED:
        subticket = access.subticket(edge.session(), actor, subticket_id, "subticket.close")
        close_subticket(edge.session(), subticket, check, actor=actor, now=now)
        return subticket
    with edge.parts().database.transaction() as session:
        subticket = access.subticket(session, actor, subticket_id, "subticket.close")
        refusal = _refusal(session, subticket, check)
        remember_check(subticket, check, edge.now())
    raise refusal


def _refusal(session: Session, subticket: Subticket, check: Check) -> Refused:
    facts = subticket_facts(session, subticket, edge.actor(), connectivity=check.verdict)
    return Refused("close", blockers(SUBTICKET, "close", facts, {**point_params(subticket), **check_params(check)}))


def _checked(subticket_id: int) -> Check:
    """What the platform says, unless something here stands in the way already."""
    parts, actor = edge.parts(), edge.actor()
    with parts.database.reading() as reading:
        subticket = access.subticket(reading, actor, subticket_id, "subticket.close")
        in_the_way = subticket_blockers("close", subticket_facts(reading, subticket, actor), subticket)
        if in_the_way:
            raise Refused("close", in_the_way)
        needed = RULES.ticket_types[subticket.ticket.type].connectivity
        point_id, stations = subticket.point_id, subticket.stations_buy + subticket.stations_exchange
    return ask(parts.backoffice, point_id, stations) if needed else NOT_NEEDED


def _silent(number: int, station: Station | None) -> dict[str, int | str | None]:
    """As blockers and records keep it; the moment is the shop's local time, written the same in every language."""
    last = station.last_contact if station else None
    return {
        "station": number,
        "name": station.name if station else "",
        "last_contact": f"{last.astimezone(RULES.tz):%Y-%m-%d %H:%M}" if last else None,
    }
