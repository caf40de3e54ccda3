"""Notes on a ticket and on its sub-tickets."""

import flask
from flask import request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.tickets.operations.notes import add_note as write
from mikroserwis.tickets.presenting.acts import anchor
from mikroserwis.tickets.views.base import back, blueprint, field_errors
from mikroserwis.tickets.views.detail import refused_page


@blueprint.post("/tickets/<int:number>/notes")
def add_note(number: int) -> ResponseReturnValue:
    """A note; one that is refused stays in its field."""
    edge.stay(lambda answer, error: _again(number, answer, error))
    ticket = access.ticket(edge.session(), edge.actor(), number, "notes.add")
    write(edge.session(), ticket, request.form.get("note", ""), actor=edge.actor(), now=edge.now())
    return back(number, _("The note is added."), "notes")


@blueprint.post("/subtickets/<int:subticket_id>/notes")
def add_subticket_note(subticket_id: int) -> ResponseReturnValue:
    """A note on one shop's work."""
    actor = edge.actor()
    subticket = access.subticket(edge.session(), actor, subticket_id, "notes.add")
    number = subticket.ticket.number
    edge.stay(lambda answer, error: _again(number, answer, error))
    text = request.form.get("note", "")
    write(edge.session(), subticket.ticket, text, actor=actor, now=edge.now(), subticket=subticket)
    return back(number, _("The note is added."), anchor(subticket))


def _again(number: int, answer: Answer, error: Exception) -> flask.Response:
    typed = {"text": request.form.get("note", ""), "errors": field_errors(error).get("note", [])}
    return refused_page(number, answer, error, **typed)
