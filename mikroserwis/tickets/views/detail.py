"""One ticket on one page, and the same page with what stopped an act."""

from typing import Any

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.errors import Answer, Conflict, Refused
from mikroserwis.tickets.presenting import ticket_page
from mikroserwis.tickets.presenting.acts import obstacles
from mikroserwis.tickets.views.base import blueprint, page, taken_by_another


@blueprint.get("/tickets/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """The whole page; `history_before` and `notes_before` show older ones."""
    session, actor = edge.session(), edge.actor()
    ticket = access.ticket(session, actor, number, "ticket.see")
    before = {name: _id(f"{name}_before") for name in ("notes", "history")}
    return render_template("tickets/detail.html", **ticket_page.context(session, ticket, actor, edge.now(), before))


def _id(name: str) -> int | None:
    """A row's id in the address; what can't be one is as if it weren't there."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def stay_on_ticket(number: int) -> None:
    """A refusal is told on top of the ticket's page, each blocker with the link to where it is cleared."""
    edge.stay(lambda answer, error: refused_page(number, answer, error))


def refused_page(number: int, answer: Answer, error: Exception, **notes: Any) -> flask.Response:
    """The ticket as it is now, with what stopped the act; `notes` goes into the notes' form."""
    if isinstance(error, Conflict) and error.code == "just_taken":
        return taken_by_another(answer)
    actor = edge.actor()
    with edge.parts().database.reading() as session:
        ticket = access.ticket(session, actor, number, "ticket.see")
        shown = ticket_page.context(session, ticket, actor, edge.now())
        if notes and shown["notes"]:
            shown["notes"] |= notes
        refusal = {
            "title": answer.title,
            "blockers": obstacles(number, error.blockers) if isinstance(error, Refused) else (),
            "sentences": () if isinstance(error, Refused) else answer.sentences,
        }
        return page("tickets/detail.html", answer.status, **shown, refusal=refusal)
