"""A preview for templates/supervision/tonight.html."""

from typing import Any

from flask import url_for

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext, say_date
from mikroserwis.rulebook import type_label
from mikroserwis.supervision.links import link
from mikroserwis.supervision.simulator.wording import MISSED
from mikroserwis.supervision.tonight.moments import Wanted, typed_form
from mikroserwis.supervision.tonight.queries import Preview, is_pooled
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.offer import choice_words, written
from mikroserwis.tickets.presenting.acts import ticket_url
from mikroserwis.tickets.sweeping.planning import Move
from sla import Breach, Stage

SHOWN = 500


def page(wanted: Wanted, found: Preview) -> dict[str, Any]:
    """Counts, dealers that lose and get, what goes to the pool, and the tickets."""
    shown = found.moves[:SHOWN]
    return {
        "wanted": wanted,
        "assumed": assumed(),
        "typed": typed_form(wanted.at),
        "total": found.total,
        "away": found.away,
        "to_pool": found.to_pool,
        "told": found.told,
        "unplanned": found.unplanned,
        "shown": len(shown),
        "losing": [_dealer(*one) for one in found.losing()],
        "getting": [_dealer(*one) for one in found.getting()],
        "parts": [part for part in _parts(shown) if part["rows"]],
        "columns": [_column(key, label, wanted) for key, label in _labels().items()],
        "bulk_url": link("tickets.bulk"),
        "acts": [("extend", _("Extend the deadline")), ("reassign", _("Reassign")), ("pool", _("Into the open pool"))],
    }


def assumed() -> str:
    """What a look ahead supposes."""
    return _("Supposed: until then nobody takes, finishes, suspends or extends anything, and no new tickets come.")


def why(move: Move) -> str:
    """The choice in words, or the policy's own rule."""
    if move.act is Breach.TELL:
        return _("The policy leaves it with its dealer and tells dealer and staff.")
    if move.choice is None:
        return _("The policy sends it into the open pool.")
    return choice_words(written(move.choice))


def missed(move: Move) -> str:
    """Which stage, after how many days."""
    days = ngettext("%(n)s day", "%(n)s days", move.days)
    return f"{MISSED[Stage(move.ticket.stage)]} ({days})"


def _parts(moves: Any) -> list[dict[str, Any]]:
    return [
        {"id": "moves", "title": _("To the next dealer"), "rows": [_row(one) for one in moves if one.next_dealer_id]},
        {"id": "pool", "title": _("Into the open pool"), "rows": [_row(one) for one in moves if is_pooled(one)]},
        {
            "id": "told",
            "title": _("Stay and are told of"),
            "rows": [_row(one) for one in moves if one.act is Breach.TELL],
        },
    ]


def _row(move: Move) -> dict[str, Any]:
    ticket = move.ticket
    extend = link("tickets.bulk", act="extend", number=ticket.number)
    return {
        "number": ticket.number,
        "url": ticket_url(ticket.number),
        "company": ticket.company,
        "type": type_label(ticket.type),
        "dealer": move.was,
        "to": move.to or _("open pool"),
        "missed": missed(move),
        "due": say_date(last_day(ticket.due_at)),
        "why": why(move),
        "extend_url": extend,
    }


def _dealer(dealer_id: int, name: str, count: int) -> dict[str, Any]:
    return {"name": name, "count": count, "url": link("dealers.show", dealer_id=dealer_id)}


def _labels() -> dict[str, str]:
    return {
        "ticket": _("Ticket"),
        "dealer": _("From whom"),
        "to": _("To whom"),
        "stage": _("Missed"),
        "due": _("Was due by the end of"),
    }


def _column(key: str, label: str, wanted: Wanted) -> dict[str, Any]:
    turned = f"-{key}" if wanted.sort == key else key
    directions = {key: "ascending", f"-{key}": "descending"}
    address: dict[str, Any] = dict(wanted.arguments(sort=turned))
    return {"label": label, "url": url_for("tonight.show", **address), "direction": directions.get(wanted.sort)}
