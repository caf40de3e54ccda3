"""What people wrote, and what was done."""

from mikroserwis import access, edge
from mikroserwis.models import Note
from mikroserwis.tickets import queries
from mikroserwis.tickets.api import inputs, outputs
from mikroserwis.tickets.api.base import NOTES, SUBTICKET, TICKET, blueprint, load
from mikroserwis.tickets.operations.notes import add_note


@blueprint.get(f"{TICKET}/notes")
@blueprint.input(inputs.Before, location="query")
@blueprint.output(outputs.Notes)
@blueprint.doc(summary="The notes, newest first, at most 500 at once", tags=NOTES)
def notes(number: int, query_data: inputs.Before) -> outputs.Notes:
    """A dealer reads its own tenure's and the staff's."""
    ticket = load(number, "notes.see")
    return _notes(queries.notes(edge.session(), ticket, edge.actor(), before=query_data.before))


@blueprint.post(f"{TICKET}/notes")
@blueprint.input(inputs.Note)
@blueprint.output(outputs.NoteOut, 201)
@blueprint.doc(summary="Write what is happening", tags=NOTES)
def write_note(number: int, json_data: inputs.Note) -> outputs.NoteOut:
    """It also answers the demand for a current note."""
    note = add_note(edge.session(), load(number, "notes.add"), json_data.note, actor=edge.actor(), now=edge.now())
    edge.session().flush()
    return _note(note)


@blueprint.get(f"{SUBTICKET}/notes")
@blueprint.input(inputs.Before, location="query")
@blueprint.output(outputs.Notes)
@blueprint.doc(summary="The notes on one shop's work, newest first, at most 500 at once", tags=NOTES)
def subticket_notes(subticket_id: int, query_data: inputs.Before) -> outputs.Notes:
    """They stand among the ticket's notes too."""
    session, actor = edge.session(), edge.actor()
    subticket = access.subticket(session, actor, subticket_id, "notes.see")
    return _notes(queries.notes(session, subticket.ticket, actor, before=query_data.before, subticket=subticket))


@blueprint.post(f"{SUBTICKET}/notes")
@blueprint.input(inputs.Note)
@blueprint.output(outputs.NoteOut, 201)
@blueprint.doc(summary="Write what is happening at one shop", tags=NOTES)
def write_subticket_note(subticket_id: int, json_data: inputs.Note) -> outputs.NoteOut:
    """By whoever works there, the ticket's caretaker, or staff."""
    session, actor = edge.session(), edge.actor()
    subticket = access.subticket(session, actor, subticket_id, "notes.add")
    note = add_note(session, subticket.ticket, json_data.note, actor=actor, now=edge.now(), subticket=subticket)
    session.flush()
    return _note(note)


@blueprint.get(f"{TICKET}/history")
@blueprint.input(inputs.Before, location="query")
@blueprint.output(outputs.Events)
@blueprint.doc(summary="Who did what and when, newest first, with old and new values; at most 200 at once", tags=NOTES)
def history(number: int, query_data: inputs.Before) -> outputs.Events:
    """A dealer sees its own tenure."""
    part = queries.history(edge.session(), load(number, "history.see"), edge.actor(), before=query_data.before)
    return outputs.Events(items=[_event(one) for one in part.items], older=part.older)


def _notes(part: queries.Part[Note]) -> outputs.Notes:
    return outputs.Notes(items=[_note(one) for one in part.items], older=part.older)


def _note(of: Note) -> outputs.NoteOut:
    return outputs.NoteOut(id=of.id, at=of.at, author=of.author, text=of.text, act=of.act, subticket=of.subticket_id)


def _event(of: queries.Act) -> outputs.EventOut:
    said = queries.events_data(of)
    if edge.actor().is_dealer and of.verb == "undo":
        # Who had the ticket in a tenure that was undone is staff's to know.
        said.pop("was", None)
    return outputs.EventOut(
        id=of.id,
        at=of.at,
        actor=of.actor,
        source=of.source,
        verb=of.verb,
        subticket=of.subticket_id,
        data=said,
    )
