"""More time for a ticket: the open request, the forms to ask, give and answer, and what was decided before."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis.models import DeadlineExtension, Ticket
from mikroserwis.tickets.extending import queries
from mikroserwis.tickets.extending.queries import Days, Waiting
from mikroserwis.tickets.extension_words import FIELDS, STATES
from mikroserwis.tickets.presenting.acts import head, obstacles, ticket_url
from mikroserwis.tickets.presenting.scene import Scene

NOTHING_TYPED: Mapping[str, str] = {}


def extension(scene: Scene) -> dict[str, Any] | None:
    """What tickets/_extension.html wants; None for whoever neither asks nor decides."""
    asks, decides = scene.may("extension.ask"), scene.may("extension.decide")
    if not (asks or decides):
        return None
    ticket, days = scene.ticket, queries.days(scene.ticket, scene.now)
    known = queries.visible(scene.session, ticket, scene.actor)
    waits = queries.open_request(scene.session, ticket) if any(one.state == "asked" for one in known) else None
    return {
        "waits": _waits(ticket, waits, days, asks=asks, decides=decides) if waits else None,
        "ask": form("ask", ticket, days) if asks and days and not waits else None,
        "give": form("give", ticket, days) if decides and days and not waits else None,
        "decided": [_decided(one) for one in known if one is not waits],
        "labels": labels(),
    }


def form(act: str, ticket: Ticket, days: Days | None, typed: Mapping[str, str] = NOTHING_TYPED) -> dict[str, Any]:
    """What the macro `extension_form` wants; `act` is ask (the dealer) or give (staff, unasked)."""
    endpoint = {"ask": "tickets.extension_form", "give": "tickets.extend_form"}[act]
    return {
        "act": act,
        "url": url_for(endpoint, number=ticket.number),
        "until": typed.get("until", ""),
        "reason": typed.get("reason", ""),
        **_bounds(days),
    }


def decision(
    ticket: Ticket, request: DeadlineExtension, days: Days | None, typed: Mapping[str, str] = NOTHING_TYPED
) -> dict[str, Any]:
    """What the macro `decision_form` wants."""
    return {
        "url": url_for("tickets.extension_decision", number=ticket.number, request_id=request.id),
        "key": str(request.id),
        "until": typed.get("until", request.until.isoformat()),
        "answer": typed.get("answer", ""),
        **_bounds(days),
    }


def page(
    session: Session, ticket: Ticket, act: str, now: datetime, typed: Mapping[str, str] = NOTHING_TYPED
) -> dict[str, Any]:
    """What tickets/extension.html wants: the form by itself, or why there is nothing to extend."""
    blockers = queries.blockers(ticket)
    waits = queries.open_request(session, ticket)
    return {
        "ticket": head(ticket),
        "form": form(act, ticket, queries.days(ticket, now), typed),
        "waits": _asked(waits) if waits else None,
        "blockers": obstacles(ticket.number, blockers),
        "labels": labels(),
        "back_url": ticket_url(ticket.number, "deadlines"),
    }


def decision_page(
    ticket: Ticket, request: DeadlineExtension, now: datetime, typed: Mapping[str, str] = NOTHING_TYPED
) -> dict[str, Any]:
    """What tickets/extension_decision.html wants; a request that was decided shows what was decided."""
    days = queries.days(ticket, now)
    return {
        "ticket": head(ticket),
        "request": {**_asked(request), **_decided(request), "open": request.state == "asked"},
        "due": days.due if days else None,
        "form": decision(ticket, request, days, typed) if request.state == "asked" else None,
        "labels": labels(),
        "back_url": ticket_url(ticket.number, "deadlines"),
    }


def waiting(found: list[Waiting], now: datetime) -> list[dict[str, Any]]:
    """What tickets/extensions.html wants: a line for each request."""
    return [_line(one, now) for one in found]


def labels() -> dict[str, str]:
    return {name: str(label) for name, label in FIELDS.items()}


def _line(one: Waiting, now: datetime) -> dict[str, Any]:
    days = queries.days(one.ticket, now)
    return {
        **_asked(one.request),
        "ticket": head(one.ticket),
        "due": days.due if days else None,
        "decide": decision(one.ticket, one.request, days),
    }


def _waits(
    ticket: Ticket, request: DeadlineExtension, days: Days | None, *, asks: bool, decides: bool
) -> dict[str, Any]:
    withdrawal = url_for("tickets.withdraw_extension", number=ticket.number, request_id=request.id)
    return {
        **_asked(request),
        "withdraw_url": withdrawal if asks else None,
        "decide": decision(ticket, request, days) if decides else None,
    }


def _asked(request: DeadlineExtension) -> dict[str, Any]:
    return {"until": request.until, "reason": request.reason, "at": request.asked_at, "who": request.asked_by}


def _decided(request: DeadlineExtension) -> dict[str, Any]:
    return {
        "state": request.state,
        "label": str(STATES[request.state]),
        "until": request.until,
        "granted": request.granted_until,
        "reason": request.reason,
        "answer": request.answer if request.answer != request.reason else "",
        "decided_at": request.decided_at,
        "decided_by": request.decided_by or "",
    }


def _bounds(days: Days | None) -> dict[str, date | None]:
    return (
        {"due": days.due, "first": days.first, "last": days.last} if days else dict.fromkeys(("due", "first", "last"))
    )
