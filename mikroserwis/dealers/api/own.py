"""A dealer's own company over the API."""

from mikroserwis import edge
from mikroserwis.dealers import operations, queries
from mikroserwis.dealers.api import shown
from mikroserwis.dealers.api.absences import added, changed, ended, listed
from mikroserwis.dealers.api.blueprint import (
    ABSENCE,
    AbsenceChange,
    AbsenceOut,
    Absences,
    DealerRecord,
    Settings,
    blueprint,
)
from mikroserwis.models import Dealer


@blueprint.get("/my-company")
@blueprint.output(DealerRecord)
@blueprint.doc(summary="The token's own company, as the back office knows it (dealer)")
def my_company() -> DealerRecord:
    """Areas, types and capacity are the back office's to change."""
    return shown.dealer(edge.session(), _own(), edge.now())


@blueprint.put("/my-company")
@blueprint.input(Settings)
@blueprint.output(DealerRecord)
@blueprint.doc(summary="Choose how deadlines are told: one mail a day, or one for each (dealer)")
def change_my_company(json_data: Settings) -> DealerRecord:
    """That a ticket was given or taken away is told at once either way."""
    found = _own()
    operations.choose_digest(edge.session(), found, digest=json_data.digest, actor=edge.actor(), now=edge.now())
    return shown.dealer(edge.session(), found, edge.now())


@blueprint.get("/my-company/absences")
@blueprint.output(Absences)
@blueprint.doc(summary="Own absences that are or come (dealer)")
def my_absences() -> Absences:
    """The first one first."""
    return listed(_own())


@blueprint.post("/my-company/absences")
@blueprint.input(AbsenceChange)
@blueprint.output(AbsenceOut, 201)
@blueprint.doc(summary="Enter an own absence: no new tickets are offered on these days (dealer)")
def add_my_absence(json_data: AbsenceChange) -> AbsenceOut:
    """From today on at the earliest, at most 60 days on end, on days that have none yet."""
    return added(_own(), json_data)


@blueprint.put(f"/my-company{ABSENCE}")
@blueprint.input(AbsenceChange)
@blueprint.output(AbsenceOut)
@blueprint.doc(summary="Change an own absence; 409 names what somebody else changed meanwhile (dealer)")
def change_my_absence(absence_id: int, json_data: AbsenceChange) -> AbsenceOut:
    """Of one that has begun only the end can be moved."""
    return changed(_own(), absence_id, json_data)


@blueprint.delete(f"/my-company{ABSENCE}")
@blueprint.output({}, 204)
@blueprint.doc(summary="End an own absence, or cancel one to come (dealer)")
def end_my_absence(absence_id: int) -> tuple[str, int]:
    """One that has begun ended yesterday."""
    return ended(_own(), absence_id)


def _own() -> Dealer:
    return queries.own(edge.session(), edge.actor())
