"""The work at one shop."""

from collections.abc import Callable
from typing import Any

from mikroserwis import access, edge
from mikroserwis.models import Subticket
from mikroserwis.tickets import connectivity
from mikroserwis.tickets.api import inputs, outputs, shown
from mikroserwis.tickets.api.acts import receiver
from mikroserwis.tickets.api.base import SUBTICKET, SUBTICKETS, blueprint
from mikroserwis.tickets.operations import closing, handover, pausing, taking


@blueprint.get(SUBTICKET)
@blueprint.output(outputs.SubticketOut)
@blueprint.doc(summary="A sub-ticket with what can be done and what stands in the way", tags=SUBTICKETS)
def subticket(subticket_id: int) -> outputs.SubticketOut:
    """With the newest check of its stations that didn't pass."""
    return shown.subticket(edge.session(), _load(subticket_id, "see"), edge.actor())


@blueprint.post(f"{SUBTICKET}/taking")
@blueprint.output(outputs.SubticketOut)
@blueprint.doc(summary="Take the sub-ticket, once the backoffice has acknowledged the scans", tags=SUBTICKETS)
def take_subticket(subticket_id: int) -> outputs.SubticketOut:
    """By its holder, or by any dealer who may take it if nobody holds it."""
    return _done(_load(subticket_id, "take"), taking.take_subticket)


@blueprint.post(f"{SUBTICKET}/suspension")
@blueprint.input(inputs.NoteOfAct)
@blueprint.output(outputs.SubticketOut)
@blueprint.doc(summary="Suspend, with a note", tags=SUBTICKETS)
def suspend_subticket(subticket_id: int, json_data: inputs.NoteOfAct) -> outputs.SubticketOut:
    """Only this shop; the ticket's clock goes on."""
    return _done(_load(subticket_id, "suspend"), pausing.suspend_subticket, note=json_data.note)


@blueprint.post(f"{SUBTICKET}/resumption")
@blueprint.output(outputs.SubticketOut)
@blueprint.doc(summary="Resume", tags=SUBTICKETS)
def resume_subticket(subticket_id: int) -> outputs.SubticketOut:
    """Back to work."""
    return _done(_load(subticket_id, "resume"), pausing.resume_subticket)


@blueprint.post(f"{SUBTICKET}/resignation")
@blueprint.input(inputs.NoteOfAct)
@blueprint.output(outputs.SubticketOut)
@blueprint.doc(summary="Resign, with a note: the shop goes to the next dealer", tags=SUBTICKETS)
def resign_subticket(subticket_id: int, json_data: inputs.NoteOfAct) -> outputs.SubticketOut:
    """By the shop's postal code; nobody eligible: any certified dealer may take it."""
    return _done(_load(subticket_id, "resign"), handover.resign_subticket, note=json_data.note)


@blueprint.post(f"{SUBTICKET}/closure")
@blueprint.output(outputs.SubticketOut)
@blueprint.doc(summary="Close through the connectivity gate; 409 names each silent station", tags=SUBTICKETS)
def close_subticket(subticket_id: int) -> outputs.SubticketOut:
    """M/platform is asked first; the ticket closes by itself with its last sub-ticket."""
    return shown.subticket(edge.session(), connectivity.close(subticket_id), edge.actor())


@blueprint.post(f"{SUBTICKET}/withdrawal")
@blueprint.input(inputs.ReasonOfAct)
@blueprint.output(outputs.SubticketOut)
@blueprint.doc(summary="Withdraw, with a reason (staff)", tags=SUBTICKETS)
def withdraw_subticket(subticket_id: int, json_data: inputs.ReasonOfAct) -> outputs.SubticketOut:
    """Nothing will be installed there."""
    return _done(_load(subticket_id, "withdraw"), closing.withdraw_subticket, reason=json_data.reason)


@blueprint.post(f"{SUBTICKET}/reassignment")
@blueprint.input(inputs.Reassignment)
@blueprint.output(outputs.SubticketOut)
@blueprint.doc(summary="Give it to another dealer, with a reason (staff)", tags=SUBTICKETS)
def reassign_subticket(subticket_id: int, json_data: inputs.Reassignment) -> outputs.SubticketOut:
    """To the next by the rules, to the pool, or to the dealer with a CRM id."""
    subticket = _load(subticket_id, "reassign")
    return _done(subticket, handover.reassign_subticket, reason=json_data.reason, to=receiver(json_data.to))


@blueprint.post(f"{SUBTICKET}/reopening")
@blueprint.input(inputs.ReasonOfAct)
@blueprint.output(outputs.SubticketOut)
@blueprint.doc(summary="Reopen, with a reason (administrator)", tags=SUBTICKETS)
def reopen_subticket(subticket_id: int, json_data: inputs.ReasonOfAct) -> outputs.SubticketOut:
    """A closed ticket is reopened with it."""
    return _done(_load(subticket_id, "reopen"), closing.reopen_subticket, reason=json_data.reason)


def _load(subticket_id: int, act: str) -> Subticket:
    return access.subticket(edge.session(), edge.actor(), subticket_id, f"subticket.{act}")


def _done(subticket: Subticket, act: Callable[..., None], **words: Any) -> outputs.SubticketOut:
    session, actor = edge.session(), edge.actor()
    act(session, subticket, actor=actor, now=edge.now(), **words)
    return shown.subticket(session, subticket, actor)
