"""Acts that ask for a note or a reason: their page, and the same again with what was typed and what was wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask
from flask import request, url_for
from sqlalchemy.orm import Session

from mikroserwis import access, edge
from mikroserwis.errors import Answer, FieldError, Invalid, Refused
from mikroserwis.models import Subticket, Ticket
from mikroserwis.tickets.notices import told_on_suspension
from mikroserwis.tickets.operations.handover import NEXT, POOL
from mikroserwis.tickets.presenting.acts import anchor, dealer_options, head, obstacles, ticket_url
from mikroserwis.tickets.queries import WORDS
from mikroserwis.tickets.views.base import field_errors, page
from mikroserwis.tickets.wording import sentence


@dataclass(frozen=True)
class Act:
    """`asks` names the field that the act wants filled; `done` is what is said after it; `part` is where to go then."""

    trigger: str
    run: Callable[..., Any]
    done: Any
    asks: str = ""
    part: str = ""

    def words(self) -> dict[str, Any]:
        """The note or reason, and to whom; what is empty is the operation's to refuse, in its own words."""
        given: dict[str, Any] = {self.asks: request.form.get(self.asks, "")} if self.asks else {}
        if self.trigger == "reassign":
            given["to"] = _to(request.form.get("to", NEXT))
        return given


def _to(text: str) -> str | int:
    if text in {NEXT, POOL}:
        return text
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid([FieldError("to", "no_such_dealer")])
    return int(text)


def ticket_form(session: Session, ticket: Ticket, act: Act, noun: str) -> dict[str, Any]:
    """What tickets/act.html wants for an act on a ticket."""
    url = url_for("tickets.act", number=ticket.number, noun=noun)
    options = _options(session, act, ticket, ticket.dealer_id)
    form = _form(ticket, act, url, options)
    if act.trigger == "suspend":
        form["act"]["told"] = told_on_suspension(ticket)
    return {**form, "about": "", "subject": "ticket", "back_url": ticket_url(ticket.number)}


def subticket_form(session: Session, subticket: Subticket, act: Act, noun: str) -> dict[str, Any]:
    """The same for an act on a sub-ticket."""
    url = url_for("tickets.subticket_act", subticket_id=subticket.id, noun=noun)
    options = _options(session, act, subticket.ticket, subticket.dealer_id)
    return {
        **_form(subticket.ticket, act, url, options),
        "about": subticket.point.name,
        "subject": "subticket",
        "back_url": ticket_url(subticket.ticket.number, anchor(subticket)),
    }


def _form(ticket: Ticket, act: Act, url: str, options: list[tuple[Any, str]]) -> dict[str, Any]:
    return {
        "ticket": head(ticket),
        "act": {"trigger": act.trigger, "note": act.asks, "url": url},
        "options": options,
        "to": request.form.get("to", NEXT),
        "text": request.form.get(act.asks, ""),
    }


def _options(session: Session, act: Act, ticket: Ticket, without: int | None) -> list[tuple[Any, str]]:
    if act.trigger != "reassign":
        return []
    return dealer_options(session, ticket.type, without=without)


def stay_on_ticket_form(number: int, act: Act, noun: str) -> None:
    """A refusal shows the act's page again."""

    def again(answer: Answer, error: Exception) -> flask.Response:
        with edge.parts().database.reading() as session:
            ticket = access.ticket(session, edge.actor(), number, "ticket.see")
            return _again(ticket_form(session, ticket, act, noun), answer, error)

    edge.stay(again)


def stay_on_subticket_form(subticket_id: int, act: Act, noun: str) -> None:
    """The same for a sub-ticket."""

    def again(answer: Answer, error: Exception) -> flask.Response:
        with edge.parts().database.reading() as session:
            subticket = access.subticket(session, edge.actor(), subticket_id, "subticket.see")
            return _again(subticket_form(session, subticket, act, noun), answer, error)

    edge.stay(again)


def _again(form: dict[str, Any], answer: Answer, error: Exception) -> flask.Response:
    """An empty note is the field's fault, everything else stands above the form."""
    errors = field_errors(error)
    blockers = error.blockers if isinstance(error, Refused) else ()
    empty = [sentence(one) for one in blockers if one.code in WORDS]
    if empty:
        errors[form["act"]["note"]] = empty
    return page(
        "tickets/act.html",
        answer.status,
        **form,
        errors=errors,
        problems=[] if errors or blockers else [answer.title, *answer.sentences],
        blockers=obstacles(form["ticket"]["number"], [one for one in blockers if one.code not in WORDS]),
    )
