"""More time for a ticket: asked for by its dealer, answered or given unasked by staff."""

from typing import Any

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.errors import Answer, FieldError, Invalid, Refused
from mikroserwis.i18n import gettext as _
from mikroserwis.tickets.extending import forms, operations, queries
from mikroserwis.tickets.presenting import extensions
from mikroserwis.tickets.presenting.acts import obstacles
from mikroserwis.tickets.views.base import back, blueprint, field_errors, page

_REQUESTS = "/tickets/<int:number>/extension-requests"
_REQUEST = f"{_REQUESTS}/<int:request_id>"


@blueprint.get("/tickets/extensions")
def extensions_index() -> str:
    """Every request that waits for staff, the oldest first."""
    edge.require("extension.decide")
    lines = extensions.waiting(queries.waiting(edge.session()), edge.now())
    return render_template("tickets/extensions.html", lines=lines, labels=extensions.labels())


@blueprint.get(_REQUESTS)
def extension_form(number: int) -> str:
    """The page with the form; the ticket's own page has the same one folded in."""
    return _form(number, "ask", "extension.ask")


@blueprint.post(_REQUESTS)
def ask_extension(number: int) -> ResponseReturnValue:
    """By the caretaker."""
    edge.stay(lambda answer, error: _form_again(number, "ask", "extension.ask", answer, error))
    session, actor = edge.session(), edge.actor()
    ticket = access.ticket(session, actor, number, "extension.ask")
    until, reason = forms.day(request.form.get("until")), request.form.get("reason", "")
    operations.ask(session, ticket, until=until, reason=reason, actor=actor, now=edge.now())
    return back(number, _("The back office has been asked. You will be told what it decides."), "deadlines")


@blueprint.post(f"{_REQUEST}/withdrawal")
def withdraw_extension(number: int, request_id: int) -> ResponseReturnValue:
    """By the caretaker, while nobody has answered."""
    session, actor = edge.session(), edge.actor()
    ticket = access.ticket(session, actor, number, "extension.ask")
    asked = queries.request(session, ticket, actor, request_id)
    operations.withdraw(session, ticket, asked, actor=actor, now=edge.now())
    return back(number, _("The request is withdrawn."), "deadlines")


@blueprint.get(f"{_REQUEST}/decision")
def extension_decision(number: int, request_id: int) -> str:
    """The request with the form to answer it."""
    session, actor = edge.session(), edge.actor()
    ticket = access.ticket(session, actor, number, "extension.decide")
    asked = queries.request(session, ticket, actor, request_id)
    return render_template("tickets/extension_decision.html", **extensions.decision_page(ticket, asked, edge.now()))


@blueprint.post(f"{_REQUEST}/decision")
def decide_extension(number: int, request_id: int) -> ResponseReturnValue:
    """Grant it, that day or another, or refuse it: by the button that was pressed."""
    edge.stay(lambda answer, error: _decision_again(number, request_id, answer, error))
    session, actor, now = edge.session(), edge.actor(), edge.now()
    ticket = access.ticket(session, actor, number, "extension.decide")
    asked = queries.request(session, ticket, actor, request_id)
    said = request.form.get("answer", "")
    match request.form.get("decision", ""):
        case "grant":
            until = forms.day_or_none(request.form.get("until"))
            operations.grant(session, ticket, asked, until=until, answer=said, actor=actor, now=now)
            return back(number, _("The deadline has been moved; the dealer is told."), "deadlines")
        case "refuse":
            operations.refuse(session, ticket, asked, answer=said, actor=actor, now=now)
            return back(number, _("The request is refused; the dealer is told."), "deadlines")
        case _:
            raise Invalid([FieldError("decision", "required")])


@blueprint.get("/tickets/<int:number>/extension")
def extend_form(number: int) -> str:
    """The page with the form for staff."""
    return _form(number, "give", "extension.decide")


@blueprint.post("/tickets/<int:number>/extension")
def extend(number: int) -> ResponseReturnValue:
    """By staff, unasked."""
    edge.stay(lambda answer, error: _form_again(number, "give", "extension.decide", answer, error))
    session, actor = edge.session(), edge.actor()
    ticket = access.ticket(session, actor, number, "extension.decide")
    until, reason = forms.day(request.form.get("until")), request.form.get("reason", "")
    operations.extend(session, ticket, until=until, reason=reason, actor=actor, now=edge.now())
    return back(number, _("The deadline has been moved; the dealer is told."), "deadlines")


def _form(number: int, act: str, permission: str) -> str:
    ticket = access.ticket(edge.session(), edge.actor(), number, permission)
    return render_template("tickets/extension.html", **extensions.page(edge.session(), ticket, act, edge.now()))


def _form_again(number: int, act: str, permission: str, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        ticket = access.ticket(session, edge.actor(), number, permission)
        shown = extensions.page(session, ticket, act, edge.now(), request.form)
        return _again("tickets/extension.html", shown, answer, error)


def _decision_again(number: int, request_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        ticket = access.ticket(session, edge.actor(), number, "extension.decide")
        asked = queries.request(session, ticket, edge.actor(), request_id)
        shown = extensions.decision_page(ticket, asked, edge.now(), request.form)
        return _again("tickets/extension_decision.html", shown, answer, error)


def _again(template: str, shown: dict[str, Any], answer: Answer, error: Exception) -> flask.Response:
    errors = field_errors(error)
    if isinstance(error, Refused):
        shown["blockers"] = obstacles(shown["ticket"]["number"], error.blockers)
    problems = [] if errors or shown.get("blockers") else [answer.title, *answer.sentences]
    return page(template, answer.status, **shown, errors=errors, problems=problems)
