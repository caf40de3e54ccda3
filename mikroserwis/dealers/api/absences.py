"""Absences over the API: of any dealer for staff."""

from mikroserwis import edge
from mikroserwis.dealers import absences, queries
from mikroserwis.dealers.api import shown
from mikroserwis.dealers.api.blueprint import ABSENCE, DEALER, AbsenceChange, AbsenceOut, Absences, blueprint
from mikroserwis.models import Dealer
from mikroserwis.pricing import today


@blueprint.get(f"{DEALER}/absences")
@blueprint.output(Absences)
@blueprint.doc(summary="Absences of a dealer that are or come (staff)")
def dealer_absences(dealer_id: int) -> Absences:
    """The first one first."""
    return listed(_load(dealer_id, "dealers.see"))


@blueprint.post(f"{DEALER}/absences")
@blueprint.input(AbsenceChange)
@blueprint.output(AbsenceOut, 201)
@blueprint.doc(summary="Enter an absence: no new tickets are offered on these days (staff)")
def add_absence(dealer_id: int, json_data: AbsenceChange) -> AbsenceOut:
    """From today on at the earliest, at most a year on end, on days that have none yet."""
    return added(_load(dealer_id, "dealers.edit"), json_data)


@blueprint.put(DEALER + ABSENCE)
@blueprint.input(AbsenceChange)
@blueprint.output(AbsenceOut)
@blueprint.doc(summary="Change an absence; 409 names what somebody else changed meanwhile (staff)")
def change_absence(dealer_id: int, absence_id: int, json_data: AbsenceChange) -> AbsenceOut:
    """Of one that has begun only the end can be moved."""
    return changed(_load(dealer_id, "dealers.edit"), absence_id, json_data)


@blueprint.delete(DEALER + ABSENCE)
@blueprint.output({}, 204)
@blueprint.doc(summary="End an absence, or cancel one to come (staff)")
def end_absence(dealer_id: int, absence_id: int) -> tuple[str, int]:
    """One that has begun ended yesterday."""
    return ended(_load(dealer_id, "dealers.edit"), absence_id)


def listed(dealer: Dealer) -> Absences:
    rows = queries.absences(edge.session(), dealer, today(edge.now()))
    return Absences(items=[shown.absence(one) for one in rows])


def added(dealer: Dealer, body: AbsenceChange) -> AbsenceOut:
    made = absences.add_absence(edge.session(), dealer, body.values(), actor=edge.actor(), now=edge.now())
    return shown.absence(made)


def changed(dealer: Dealer, absence_id: int, body: AbsenceChange) -> AbsenceOut:
    session, actor, now = edge.session(), edge.actor(), edge.now()
    found = queries.absence_of(session, dealer, absence_id)
    absences.change_absence(session, dealer, found, body.values(), version=body.version, actor=actor, now=now)
    return shown.absence(found)


def ended(dealer: Dealer, absence_id: int) -> tuple[str, int]:
    session = edge.session()
    found = queries.absence_of(session, dealer, absence_id)
    absences.end_absence(session, dealer, found, actor=edge.actor(), now=edge.now())
    return "", 204


def _load(dealer_id: int, permission: str) -> Dealer:
    return queries.load(edge.session(), edge.actor(), dealer_id, permission)
