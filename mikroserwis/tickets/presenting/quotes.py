"""The quotes of a ticket, newest first, with what each came to and what may be done with it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for

from mikroserwis.i18n import gettext as _
from mikroserwis.models import Quote, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.facts import AT_WORK
from mikroserwis.tickets.presenting.acts import head, link, obstacles, ticket_url
from mikroserwis.tickets.presenting.scene import Scene
from mikroserwis.tickets.quote_words import FIELDS, STATES, money
from mikroserwis.tickets.quoting import queries
from mikroserwis.tickets.quoting.papers import FORMATS

Step = dict[str, Any]


def quotes(scene: Scene) -> dict[str, Any] | None:
    """All that tickets/_quotes.html wants. None where there is no quote and none can be made."""
    if not RULES.ticket_types[scene.ticket.type].quote:
        return None
    shown = [_version(scene, one) for one in scene.quotes]
    makes = scene.may("quotes.make") and scene.ticket.state in AT_WORK
    if not shown and not makes:
        return None
    blockers = obstacles(scene.ticket.number, queries.blockers(scene.ticket)) if makes else []
    return {
        "current": [one for one in shown if one["state"] != "superseded"],
        "older": [one for one in shown if one["state"] == "superseded"],
        "new": _new(scene) if makes and not blockers else None,
        "blockers": blockers,
    }


def _new(scene: Scene) -> Step:
    label = _("Prepare the quote") if scene.quote is None else _("New version")
    return link(label, url_for("tickets.new_quote", number=scene.ticket.number))


def _version(scene: Scene, quote: Quote) -> dict[str, Any]:
    ticket, today = scene.ticket, scene.now.astimezone(RULES.tz).date()
    of: dict[str, Any] = {"number": ticket.number, "version": quote.number}
    makes = scene.may("quotes.make") and ticket.state in AT_WORK
    open_ = quote.state == "issued" and quote.dealer_id == ticket.dealer_id and makes
    return {
        "label": queries.label(ticket.number, quote.number),
        "state": quote.state,
        "state_label": str(STATES[quote.state]),
        "gross": money(quote.gross),
        "net": money(quote.net),
        "made_on": quote.made_on,
        "by": quote.created_by,
        "valid_until": quote.valid_until,
        "expired": quote.state == "issued" and quote.valid_until < today,
        "decision": _decision(quote),
        "on_file": _on_file(scene, quote),
        "papers": [(ending.upper(), url_for("tickets.quote_paper", **of, ending=ending)) for ending in FORMATS],
        "acts": [
            link(_("Accepted by the retailer"), url_for("tickets.quote_decision", **of, noun="acceptance")),
            link(_("Declined"), url_for("tickets.quote_decision", **of, noun="decline")),
        ]
        if open_
        else [],
    }


def _decision(quote: Quote) -> dict[str, Any] | None:
    if quote.decided_on is None:
        return None
    return {"on": quote.decided_on, "by": quote.decided_by or "", "note": quote.decision_note or ""}


def _on_file(scene: Scene, quote: Quote) -> bool:
    return any(one.id == quote.file_id for one in scene.held.valid)


def decision_page(ticket: Ticket, quote: Quote, noun: str, today: date, typed: Mapping[str, str]) -> dict[str, Any]:
    """What tickets/quote_decision.html wants, to ask for the day and the note."""
    label = queries.label(ticket.number, quote.number)
    accepting = noun == "acceptance"
    last = min(today, quote.valid_until) if accepting else today
    return {
        "ticket": head(ticket),
        "label": label,
        "accepting": accepting,
        "gross": money(quote.gross),
        "valid_until": quote.valid_until,
        "title": _("The retailer accepts %(label)s", label=label)
        if accepting
        else _("The retailer declines %(label)s", label=label),
        "action": url_for("tickets.decide_quote", number=ticket.number, version=quote.number, noun=noun),
        "back_url": ticket_url(ticket.number, "quotes"),
        "typed": dict(typed),
        "earliest": quote.made_on.isoformat(),
        "latest": max(last, quote.made_on).isoformat(),
        "labels": {name: str(FIELDS[name]) for name in ("on", "note")},
        "errors": {},
        "problems": [],
        "blockers": [],
    }
