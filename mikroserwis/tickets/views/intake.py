"""Tickets entered by hand."""

import flask
from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mikroserwis import edge
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.operations.intake import create as take_in
from mikroserwis.tickets.presenting import intake_page
from mikroserwis.tickets.views.base import back, blueprint, field_errors, page


@blueprint.get("/tickets/new")
def new() -> ResponseReturnValue:
    """The empty form."""
    _may("tickets.create")
    return _form(MultiDict(), {}, 200)


@blueprint.post("/tickets/new")
def create() -> ResponseReturnValue:
    """Add or drop a row of the form, or enter the ticket."""
    _may("tickets.create")
    if "add" in request.form or "drop" in request.form:
        return _form(intake_page.with_rows_changed(request.form), {}, 200)
    edge.stay(_again)
    actor, now = edge.actor(), edge.now()
    today = now.astimezone(RULES.tz).date()
    incoming = intake_form.read(intake_page.values(request.form, actor), today, needs_crm_id=False)
    source = "hand" if actor.is_staff else "dealer"
    ticket, _new = take_in(edge.session(), incoming, source=source, actor=actor, now=now)
    return back(ticket.number, _("Ticket %(number)s is entered.", number=ticket.number))


def _again(answer: Answer, error: Exception) -> flask.Response:
    errors = intake_page.at_their_rows(field_errors(error), request.form)
    return _form(request.form, errors, answer.status, [] if errors else [answer.title, *answer.sentences])


def _form(
    typed: MultiDict[str, str], errors: dict[str, list[str]], status: int, problems: list[str] | None = None
) -> flask.Response:
    actor, today = edge.actor(), edge.now().astimezone(RULES.tz).date()
    with edge.parts().database.reading() as session:
        dealers = intake_page.dealers_by_crm_id(session) if actor.is_staff else []
    shown = intake_page.context(typed, errors, actor, dealers, today)
    return page("tickets/new.html", status, **shown, problems=problems or [])


def _may(permission: str) -> None:
    edge.require(permission)
