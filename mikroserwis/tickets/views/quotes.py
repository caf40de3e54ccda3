"""Quotes: made on a page that keeps all that was typed, printed, accepted, declined."""

from datetime import date
from typing import Any

import flask
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.errors import Answer, Conflict, FieldError, Invalid, Refused
from mikroserwis.i18n import gettext as _
from mikroserwis.pricing import offered, today
from mikroserwis.tickets import documents
from mikroserwis.tickets.operations import decisions
from mikroserwis.tickets.presenting import quote_form, quote_page
from mikroserwis.tickets.presenting.acts import obstacles, ticket_url
from mikroserwis.tickets.presenting.quotes import decision_page
from mikroserwis.tickets.quoting import forms, operations, queries
from mikroserwis.tickets.quoting.papers import FORMATS
from mikroserwis.tickets.views.base import back, blueprint, field_errors, page
from mikroserwis.tickets.views.detail import stay_on_ticket
from mikroserwis.tickets.wording import sentence

_CHANGES = ("add", "drop", "up", "down", "reckon")
_OF_THE_DAY = frozenset(
    {"decision_is_not_in_the_future", "decision_is_not_before_the_quote", "quote_was_valid_that_day"}
)
_DECISIONS = {"acceptance": decisions.accept, "decline": operations.decline}


@blueprint.get("/tickets/<int:number>/quotes/new")
def new_quote(number: int) -> ResponseReturnValue:
    """From the former version, or (`start=stations`, or none yet) from the shops' stations."""
    session, day = edge.session(), today(edge.now())
    ticket = access.ticket(session, edge.actor(), number, "quotes.make")
    former = None if request.args.get("start") == "stations" else queries.present(session, ticket)
    typed = quote_form.start(session, ticket, offered(session, ticket.type, day), former, day)
    blockers = queries.blockers(ticket)
    shown = quote_page.context(session, ticket, typed, day, errors={}, blockers=blockers)
    return render_template("tickets/quote.html", **shown)


@blueprint.post("/tickets/<int:number>/quotes/new")
def issue_quote(number: int) -> ResponseReturnValue:
    """Change the rows, reckon anew, or issue."""
    if any(name in request.form for name in _CHANGES):
        return _changed(number)
    edge.stay(lambda answer, error: _again(number, answer, error))
    session, actor, now = edge.session(), edge.actor(), edge.now()
    ticket = access.ticket(session, actor, number, "quotes.make")
    wanted = forms.read(quote_form.values(request.form), today(edge.now()))
    quote = operations.issue(session, ticket, wanted, actor=actor, now=now)
    label = queries.label(number, quote.number)
    return back(
        number, _("The quote %(label)s is issued. Print it and show it to the retailer.", label=label), "quotes"
    )


def _changed(number: int) -> flask.Response:
    """Nothing is stored; the form comes back with its rows changed and its sums reckoned."""
    typed, focus = quote_form.with_rows_changed(request.form)
    with edge.parts().database.reading() as session:
        ticket = access.ticket(session, edge.actor(), number, "quotes.make")
        shown = quote_page.context(session, ticket, typed, today(edge.now()), errors={}, focus=focus)
        shown["based_on"] = request.form.get("based_on", shown["based_on"])
        return page("tickets/quote.html", 200, **shown)


def _again(number: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        ticket = access.ticket(session, edge.actor(), number, "quotes.make")
        errors = quote_form.at_their_rows(field_errors(error), request.form)
        blockers = error.blockers if isinstance(error, Refused) else ()
        problems = [] if errors or blockers else [answer.title, *answer.sentences]
        shown = quote_page.context(
            session, ticket, request.form, today(edge.now()), errors=errors, problems=problems, blockers=blockers
        )
        if not isinstance(error, Conflict):
            shown["based_on"] = request.form.get("based_on", shown["based_on"])
        return page("tickets/quote.html", answer.status, **shown)


@blueprint.get(f"/tickets/<int:number>/quotes/<int:version>.<any({','.join(FORMATS)}):ending>")
def quote_paper(number: int, version: int, ending: str) -> ResponseReturnValue:
    """The version as it was issued, as often as one likes."""
    stay_on_ticket(number)
    quote, ticket = access.quote(edge.session(), edge.actor(), number, version, "quotes.see")
    return documents.quote_paper(ticket, quote, ending).answer()


@blueprint.get(f"/tickets/<int:number>/quotes/<int:version>/<any({','.join(_DECISIONS)}):noun>")
def quote_decision(number: int, version: int, noun: str) -> ResponseReturnValue:
    """Asks for the day and the retailer's words."""
    quote, ticket = access.quote(edge.session(), edge.actor(), number, version, "quotes.make")
    shown = decision_page(ticket, quote, noun, today(edge.now()), {"on": today(edge.now()).isoformat(), "note": ""})
    return render_template("tickets/quote_decision.html", **shown)


@blueprint.post(f"/tickets/<int:number>/quotes/<int:version>/<any({','.join(_DECISIONS)}):noun>")
def decide_quote(number: int, version: int, noun: str) -> ResponseReturnValue:
    """Record what the retailer said."""
    edge.stay(lambda answer, error: _decision_again(number, version, noun, answer, error))
    session, actor, now = edge.session(), edge.actor(), edge.now()
    quote, ticket = access.quote(session, actor, number, version, "quotes.make")
    on, note = _day(request.form.get("on", "")), request.form.get("note", "")
    _DECISIONS[noun](session, ticket, quote, on=on, note=note, actor=actor, now=now)
    label = queries.label(number, version)
    if noun == "acceptance":
        return back(number, _("The quote %(label)s is accepted.", label=label), "quotes")
    flash(_("The quote %(label)s is declined. Suspend the ticket, or issue a new version.", label=label), "success")
    return redirect(ticket_url(number), 303)


def _decision_again(number: int, version: int, noun: str, answer: Answer, error: Exception) -> flask.Response:
    """What is wrong with the day or the note stands at its field, everything else above the form."""
    with edge.parts().database.reading() as session:
        quote, ticket = access.quote(session, edge.actor(), number, version, "quotes.make")
        typed = {name: request.form.get(name, "") for name in ("on", "note")}
        shown: dict[str, Any] = decision_page(ticket, quote, noun, today(edge.now()), typed)
        errors, blockers = field_errors(error), error.blockers if isinstance(error, Refused) else ()
        for one in blockers:
            field = "on" if one.code in _OF_THE_DAY else "note" if one.code == "note_is_given" else ""
            if field:
                errors.setdefault(field, []).append(sentence(one))
        others = [one for one in blockers if one.code not in _OF_THE_DAY | {"note_is_given"}]
        problems = [] if errors or blockers else [answer.title, *answer.sentences]
        shown |= {"errors": errors, "problems": problems, "blockers": obstacles(number, others)}
        return page("tickets/quote_decision.html", answer.status, **shown)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid([FieldError("on", "bad_date" if text.strip() else "required")]) from None
