"""What people wrote, and what was done."""

from mikroserwis import edge
from mikroserwis.models import Event, Note
from mikroserwis.tickets import queries
from mikroserwis.tickets.api import inputs, outputs
from mikroserwis.tickets.api.base import NOTES, TICKET, blueprint, load
from mikroserwis.tickets.operations.notes import add_note


@blueprint.get(f"{TICKET}/notes")
@blueprint.output(outputs.Notes)
@blueprint.doc(summary="The notes, newest first", tags=NOTES)
def notes(number: int) -> outputs.Notes:
    """A dealer reads its own tenure's and the staff's."""
    ticket = load(number, "notes.see")
    return outputs.Notes(items=[_note(one) for one in queries.notes(edge.session(), ticket, edge.actor())])


@blueprint.post(f"{TICKET}/notes")
@blueprint.input(inputs.Note)
@blueprint.output(outputs.NoteOut, 201)
@blueprint.doc(summary="Write what is happening", tags=NOTES)
def write_note(number: int, json_data: inputs.Note) -> outputs.NoteOut:
    """It also answers the demand for a current note."""
    note = add_note(edge.session(), load(number, "notes.add"), json_data.note, actor=edge.actor(), now=edge.now())
    edge.session().flush()
    return _note(note)


@blueprint.get(f"{TICKET}/history")
@blueprint.output(outputs.Events)
@blueprint.doc(summary="Who did what and when, newest first, with old and new values", tags=NOTES)
def history(number: int) -> outputs.Events:
    """A dealer sees its own tenure."""
    ticket = load(number, "history.see")
    return outputs.Events(items=[_event(one) for one in queries.history(edge.session(), ticket, edge.actor())])


def _note(of: Note) -> outputs.NoteOut:
    return outputs.NoteOut(id=of.id, at=of.at, author=of.author, text=of.text, act=of.act, subticket=of.subticket_id)


def _event(of: Event) -> outputs.EventOut:
    return outputs.EventOut(
        id=of.id,
        at=of.at,
        actor=of.actor,
        source=of.source,
        verb=of.verb,
        subticket=of.subticket_id,
        data=queries.events_data(of),
    )
