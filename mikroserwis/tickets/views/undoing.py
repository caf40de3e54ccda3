"""A change of dealer undone on the ticket's page, within a day."""

from datetime import date

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.errors import Answer, FieldError, Invalid, NotFound
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Handover, Ticket
from mikroserwis.tickets.operations import undoing
from mikroserwis.tickets.presenting import undoing as presenting
from mikroserwis.tickets.views.base import back, blueprint, field_errors, page

HANDOVER = f"/tickets/<int:number>/handovers/<int(max={2**31 - 1}):handover_id>/undo"


@blueprint.get(HANDOVER)
def undo_form(number: int, handover_id: int) -> ResponseReturnValue:
    """What it would do, and the reason for it."""
    handover, ticket = load(number, handover_id)
    shown = presenting.form(edge.session(), ticket, handover, edge.now())
    return render_template("tickets/undo.html", **shown, typed={}, errors={}, problems=[])


@blueprint.post(HANDOVER)
def undo_handover(number: int, handover_id: int) -> ResponseReturnValue:
    """The ticket goes back to the dealer who had it, or into the pool."""
    edge.stay(lambda answer, error: _again(number, handover_id, answer, error))
    handover, ticket = load(number, handover_id)
    undoing.undo(
        edge.session(),
        ticket,
        handover,
        actor=edge.actor(),
        now=edge.now(),
        reason=request.form.get("reason", ""),
        until=_until(request.form.get("until", "")),
    )
    return back(number, _("The change of dealer is undone."))


def load(number: int, handover_id: int) -> tuple[Handover, Ticket]:
    """One of this ticket's. Raises NotFound, Forbidden."""
    handover, ticket = access.handover(edge.session(), edge.actor(), handover_id, "handover.undo")
    if ticket.number != number:
        raise NotFound(record="handover", id=handover_id)
    return handover, ticket


def _until(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise Invalid([FieldError("until", "bad_date")]) from None


def _again(number: int, handover_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        handover, ticket = access.handover(session, edge.actor(), handover_id, "handover.undo")
        if ticket.number != number:
            raise NotFound(record="handover", id=handover_id)
        shown = presenting.form(session, ticket, handover, edge.now())
        errors = field_errors(error)
        problems = [] if errors else [answer.title, *answer.sentences]
        return page("tickets/undo.html", answer.status, **shown, typed=request.form, errors=errors, problems=problems)
