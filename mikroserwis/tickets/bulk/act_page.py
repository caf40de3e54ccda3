"""The page of an act on many tickets once it has begun: its progress, and a result for each."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, onward, say_date
from mikroserwis.models import BulkAct, BulkLine, Customer, Ticket
from mikroserwis.tickets.bulk import kept
from mikroserwis.tickets.bulk.carrying import by_rules
from mikroserwis.tickets.bulk.operations import OPEN, undo_blockers
from mikroserwis.tickets.bulk.preview_page import SIZE, day_words, dealer_names
from mikroserwis.tickets.bulk.taking_back import UNDOABLE
from mikroserwis.tickets.bulk.wishes import EXTEND, POOL
from mikroserwis.tickets.offer import choice_words
from mikroserwis.tickets.presenting.acts import ticket_url
from mikroserwis.tickets.wanted import from_query

STATES = {
    "waiting": lazy("Waiting"),
    "done": lazy("Done"),
    "refused": lazy("Not done"),
    "undoing": lazy("Being undone"),
    "undone": lazy("Undone"),
}
_LOOKS = {"done": ("ok", "closed"), "refused": ("bad", "x"), "undone": ("", "retry")}
_FAILURES = {
    "account": lazy("Stopped before the end: the account of whoever asked for it may not do this any more."),
    "broken": lazy("Stopped before the end: something went wrong on our side, several times."),
}


def context(session: Session, act: BulkAct, now: datetime, *, show: str = "", page: int = 1) -> dict[str, Any]:
    """All that tickets/bulk_act.html wants."""
    counts = Counter(dict(session.execute(_counting(act)).all()))
    shown = show if show in STATES else ""
    total = counts[shown] if shown else act.total
    pages = max(-(-total // SIZE), 1)
    at = min(max(page, 1), pages)
    open_ones = sum(counts[one] for one in OPEN)
    blockers = undo_blockers(act, now)
    return {
        "act": act,
        "title": _title(session, act),
        "failure": str(_FAILURES[act.failure]) if act.failure else "",
        "counts": counts,
        "running": act.state == "running",
        "gone": act.total - open_ones if not counts["undoing"] else act.total - counts["undoing"],
        "views": _views(act, counts, shown),
        "rows": [
            _row(line, company, city, undoable=not blockers) for line, company, city in _part(session, act, shown, at)
        ],
        "pages": [(n, _url(act, shown, n), n == at) for n in range(1, pages + 1)],
        "undoable": counts["done"] if not blockers else 0,
        "undo_until": act.created_at + UNDOABLE,
        "urls_of": {
            "undo": url_for("tickets.undo_bulk", batch=act.batch),
            "sheet": url_for("tickets.bulk_sheet", batch=act.batch),
            "list": url_for("tickets.index", **from_query(act.query).arguments()),
            "acts": url_for("tickets.bulk_acts"),
        },
    }


def recent(session: Session, acts: Sequence[BulkAct]) -> list[dict[str, Any]]:
    """The newest acts, each with how many of its tickets were done."""
    query = select(BulkLine.act_id, BulkLine.state, func.count()).where(BulkLine.act_id.in_([one.id for one in acts]))
    counts: dict[int, Counter[str]] = {one.id: Counter() for one in acts}
    for act_id, state, count in session.execute(query.group_by(BulkLine.act_id, BulkLine.state)):
        counts[act_id][state] = count
    return [
        {
            "title": _title(session, one),
            "url": url_for("tickets.bulk_act", batch=one.batch),
            "at": one.created_at,
            "who": one.user,
            "reason": one.reason,
            "running": one.state == "running",
            "total": one.total,
            "counts": counts[one.id],
        }
        for one in acts
    ]


def what(line: BulkLine) -> str:
    """What became of the ticket, in a sentence's place: from whom to whom, or which day became which."""
    told = json.loads(line.told)
    if "due" in told:
        return day_words(told["due"])
    if "to" in told:
        pool = _("open pool")
        return f"{told['was'] or pool} {onward()} {told['to'] or pool}"
    return ""


def why(line: BulkLine) -> list[str]:
    """Why so, or why not, a sentence each."""
    told = json.loads(line.told)
    found = [choice_words(told["choice"])] if told.get("choice") else []
    if told.get("shown") and "to" in told:
        found.append(_("The preview named another: by then the order had changed."))
    found += kept.said(told["problem"]) if "problem" in told else []
    if "kept" in told:
        found.append(_("It could not be undone: %(why)s", why=" ".join(kept.said(told["kept"]))))
    if "undone" in told:
        at, who, reason = told["undone"]
        found.append(_("Undone by %(who)s on %(day)s: %(reason)s", who=who, day=say_date(_day(at)), reason=reason))
    return found


def _day(moment: str) -> Any:
    return datetime.fromisoformat(moment).date()


def _title(session: Session, act: BulkAct) -> str:
    if act.act == EXTEND:
        return _("Deadline extended until %(day)s", day=say_date(act.until))
    if act.act == POOL:
        return _("Put into the open pool")
    if by_rules(act):
        return _("Reassigned to the next dealer by the rules")
    return _("Reassigned to %(dealer)s", dealer=dealer_names(session)[act.to_dealer_id or 0])


def _counting(act: BulkAct) -> Any:
    return select(BulkLine.state, func.count()).where(BulkLine.act_id == act.id).group_by(BulkLine.state)


def _part(session: Session, act: BulkAct, show: str, page: int) -> Sequence[Any]:
    query = (
        select(BulkLine, Customer.name, Customer.city)
        .outerjoin(Ticket, Ticket.id == BulkLine.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(BulkLine.act_id == act.id)
        .order_by(BulkLine.place)
    )
    if show:
        query = query.where(BulkLine.state == show)
    return session.execute(query.limit(SIZE).offset((page - 1) * SIZE)).all()


def _url(act: BulkAct, show: str, page: int = 1) -> str:
    query: dict[str, Any] = {"show": show or None, "page": page if page > 1 else None}
    return url_for("tickets.bulk_act", batch=act.batch, **query)


def _views(act: BulkAct, counts: Mapping[str, int], shown: str) -> list[tuple[str, str, int, bool]]:
    named = [
        (str(label), _url(act, name), counts[name], name == shown) for name, label in STATES.items() if counts[name]
    ]
    return [(_("All"), _url(act, ""), act.total, not shown), *named]


def _row(line: BulkLine, company: str | None, city: str | None, *, undoable: bool) -> dict[str, Any]:
    tone, symbol = _LOOKS.get(line.state, ("go", "clock"))
    return {
        "number": line.number,
        "url": ticket_url(line.number) if line.ticket_id else None,
        "company": company or "",
        "city": city or "",
        "state": line.state,
        "state_label": str(STATES[line.state]),
        "tone": tone,
        "symbol": symbol,
        "what": what(line),
        "why": why(line),
        "undoable": undoable and line.state == "done",
    }
