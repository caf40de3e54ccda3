"""Days on which a dealer is offered no new tickets: entered, changed and ended by staff or by the dealer itself."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.dealers import forms
from mikroserwis.dealers.forms import AbsenceIn
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, Refused
from mikroserwis.models import Dealer, DealerAbsence
from mikroserwis.pricing import today

# Days on end that a dealer may enter itself, and that staff may; and how far ahead the first one may lie.
OWN_DAYS, STAFF_DAYS, AHEAD = 60, 366, 366
_DAY = timedelta(days=1)


def add_absence(
    session: Session, dealer: Dealer, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> DealerAbsence:
    """From today on at the earliest, on days that have none yet. The dealer has to be held. Raises Invalid."""
    given, day = forms.absence(values), today(now)
    _is_to_come("first_day", given.first_day, day)
    _fits(given, _others(session, dealer), actor)
    absence = DealerAbsence(
        dealer_id=dealer.id,
        first_day=given.first_day,
        last_day=given.last_day,
        reason=given.reason,
        entered_at=now,
        entered_by=actor.label,
    )
    session.add(absence)
    session.flush()
    history.record(session, "absence_add", actor=actor, now=now, dealer=dealer, **_plain(absence))
    return absence


def change_absence(
    session: Session,
    dealer: Dealer,
    absence: DealerAbsence,
    values: Mapping[str, Any],
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}; days that have passed stay. Raises Invalid, Refused, Conflict."""
    day, kept = today(now), texts(absence)
    _is_not_over(absence, day)
    given = forms.absence({**kept, **values})
    wanted = {"first_day": str(given.first_day), "last_day": str(given.last_day), "reason": given.reason}
    differing = {name: (kept[name], value) for name, value in wanted.items() if kept[name] != value}
    if differing and version not in {None, absence.version}:
        raise Conflict("changed_meanwhile", fields=differing, version=absence.version)
    if "first_day" in differing:
        if absence.first_day < day:
            raise Invalid([FieldError("first_day", "absence_has_begun", {"day": absence.first_day})])
        _is_to_come("first_day", given.first_day, day)
    # Back today: yesterday was the last day.
    _is_to_come("last_day", given.last_day, day - _DAY)
    if given.first_day < absence.first_day or given.last_day > absence.last_day:
        _fits(given, _others(session, dealer, absence), actor)
    if differing:
        absence.first_day, absence.last_day, absence.reason = given.first_day, given.last_day, given.reason
        changed = {"changes": differing, **_plain(absence)}
        history.record(session, "absence_change", actor=actor, now=now, dealer=dealer, **changed)
        session.flush()
    return differing


def end_absence(session: Session, dealer: Dealer, absence: DealerAbsence, *, actor: Actor, now: datetime) -> None:
    """One that runs ended yesterday, another is as if it had never been. Raises Refused once it is over."""
    day = today(now)
    _is_not_over(absence, day)
    said = _plain(absence)
    if absence.first_day < day:
        absence.last_day = day - _DAY
    else:
        session.delete(absence)
    history.record(session, "absence_end", actor=actor, now=now, dealer=dealer, **said)
    session.flush()


def texts(absence: DealerAbsence) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    return {"first_day": str(absence.first_day), "last_day": str(absence.last_day), "reason": absence.reason}


def _others(session: Session, dealer: Dealer, but: DealerAbsence | None = None) -> list[DealerAbsence]:
    query = select(DealerAbsence).where(DealerAbsence.dealer_id == dealer.id)
    return [one for one in session.scalars(query.order_by(DealerAbsence.first_day)) if one is not but]


def _is_to_come(field: str, value: date, day: date) -> None:
    if value < day:
        raise Invalid([FieldError(field, "day_has_passed")])
    if value > day + AHEAD * _DAY and field == "first_day":
        raise Invalid([FieldError(field, "day_too_far", {"most": AHEAD})])


def _is_not_over(absence: DealerAbsence, day: date) -> None:
    if absence.last_day < day:
        raise Refused("change_absence", [Blocker("absence_goes_on", {"end": absence.last_day})])


def _fits(given: AbsenceIn, others: Iterable[DealerAbsence], actor: Actor) -> None:
    """On no day that another has; and not too long, together with those that it touches."""
    first, last, rows = given.first_day, given.last_day, list(others)
    for one in rows:
        if first <= one.last_day and one.first_day <= last:
            raise Invalid([FieldError("first_day", "absences_overlap", {"start": one.first_day, "end": one.last_day})])
    for one in reversed(rows):
        first = one.first_day if one.last_day + _DAY == first else first
    for one in rows:
        last = one.last_day if last + _DAY == one.first_day else last
    most, days = STAFF_DAYS if actor.is_staff else OWN_DAYS, (last - first).days + 1
    if days > most:
        raise Invalid([FieldError("last_day", "absence_too_long", {"most": most, "days": days, "staff": STAFF_DAYS})])


def _plain(absence: DealerAbsence) -> dict[str, Any]:
    """As plain JSON."""
    return {"absence": absence.id, **texts(absence)}
