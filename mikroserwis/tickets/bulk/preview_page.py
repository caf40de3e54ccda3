"""The page of an act on many tickets before it is done: what would become of each, and why some stay as they are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, onward, say_date
from mikroserwis.models import Dealer
from mikroserwis.pricing import today
from mikroserwis.rulebook import type_label
from mikroserwis.tickets.bulk import kept
from mikroserwis.tickets.bulk.plan import Planned, ids_of, of_list, preview
from mikroserwis.tickets.bulk.wishes import ACTS, EXTEND, POOL, REASSIGN, Chosen, Wish, checked, put_down
from mikroserwis.tickets.offer import candidates, choice_words, written
from mikroserwis.tickets.presenting.acts import ticket_url
from mikroserwis.tickets.wanted import from_query

SIZE = 50
LABELS = {REASSIGN: lazy("Reassign"), POOL: lazy("Into the open pool"), EXTEND: lazy("Extend the deadline")}
_SHOWN = {"": lazy("All"), "possible": lazy("Possible"), "stays": lazy("Stay as they are")}


@dataclass(frozen=True)
class Source:
    """Where the chosen tickets come from: ticked ones, or all of a list, whose query string goes along in any case."""

    query: str = ""
    all: bool = False
    numbers: tuple[int, ...] = ()

    def arguments(self, wish: Wish, **more: Any) -> dict[str, Any]:
        """For the page's own address."""
        numbers = () if self.all else self.numbers
        plain = {"act": wish.act, "query": self.query, "all": "yes" if self.all else None, "number": list(numbers)}
        until = wish.until.isoformat() if wish.until else None
        return {**plain, "to": wish.to, "until": until, **more}

    def ids(self, session: Session, actor: Actor, now: datetime) -> tuple[list[int], list[int]]:
        """The tickets' ids in their order, and numbers that are nobody's. Raises Invalid for none or too many."""
        if self.all:
            return of_list(session, from_query(self.query), actor, now), []
        each = [one.number for one in checked([Chosen(one) for one in self.numbers])]
        known = ids_of(session, each, actor)
        return [known[one] for one in each if one in known], [one for one in each if one not in known]


def context(
    session: Session, source: Source, wish: Wish, ids: Sequence[int], now: datetime, *, show: str = "", page: int = 1
) -> dict[str, Any]:
    """All that tickets/bulk.html wants of these tickets."""
    planned = preview(session, ids, wish, now)
    names = dealer_names(session)
    good = [one for one in planned if one.problem is None]
    shown = {"possible": good, "stays": [one for one in planned if one.problem]}.get(show, planned)
    pages = max(-(-len(shown) // SIZE), 1)
    at = min(max(page, 1), pages)
    return {
        "wish": wish,
        "label": str(LABELS[wish.act]),
        "acts": [(str(LABELS[one]), _url(source, Wish(one)), one == wish.act) for one in ACTS],
        "source": source,
        "options": _options(session, wish, now) if wish.act == REASSIGN else [],
        "first_day": today(now),
        "total": len(planned),
        "good": len(good),
        "views": _views(source, wish, show, {"": len(planned), "possible": len(good)}),
        "goes": _where(good, names) if wish.act == REASSIGN else [],
        "rows": [_row(one, wish, names) for one in shown[(at - 1) * SIZE : at * SIZE]],
        "pages": [(n, _url(source, wish, show=show, page=n), n == at) for n in range(1, pages + 1)],
        "seen": put_down([_seen(one) for one in good]),
        "list_url": _list_url(source),
        "todo": _todo(wish, len(good)),
    }


def dealer_names(session: Session) -> dict[int, str]:
    return dict(session.execute(select(Dealer.id, Dealer.name)).all())


def _list_url(source: Source) -> str:
    return url_for("tickets.index", **from_query(source.query).arguments())


def _url(source: Source, wish: Wish, **more: Any) -> str:
    return url_for("tickets.bulk", **source.arguments(wish, **{name: one or None for name, one in more.items()}))


def _seen(one: Planned) -> Chosen:
    return Chosen(one.ticket.number, one.ticket.version, one.choice.dealer_id if one.choice else None)


def _views(source: Source, wish: Wish, show: str, counts: Mapping[str, int]) -> list[tuple[str, str, int, bool]]:
    counted = {**counts, "stays": counts[""] - counts["possible"]}
    return [(str(label), _url(source, wish, show=name), counted[name], name == show) for name, label in _SHOWN.items()]


def _where(planned: Sequence[Planned], names: Mapping[int, str]) -> list[tuple[str, int]]:
    """How many each would get, the most first."""
    counted = Counter(one.choice.dealer_id for one in planned if one.choice)
    return [(_receiver(dealer_id, names), count) for dealer_id, count in counted.most_common()]


def _receiver(dealer_id: int | None, names: Mapping[int, str]) -> str:
    return names[dealer_id] if dealer_id is not None else _("open pool")


def _row(planned: Planned, wish: Wish, names: Mapping[int, str]) -> dict[str, Any]:
    ticket = planned.ticket
    chosen = planned.choice if wish.act == REASSIGN and wish.to is None else None
    return {
        "number": ticket.number,
        "url": ticket_url(ticket.number),
        "company": ticket.customer.name,
        "city": ticket.customer.city,
        "state": "withdrawn" if ticket.outcome == "withdrawn" else ticket.state,
        "dealer": ticket.dealer.name if ticket.dealer else "",
        "due": planned.due,
        "to": _receiver(planned.choice.dealer_id, names) if planned.choice else "",
        "until": wish.until if planned.problem is None else None,
        "why": choice_words(written(chosen)) if chosen else "",
        "problems": kept.said(kept.put_down(planned.problem)) if planned.problem else [],
    }


def _todo(wish: Wish, count: int) -> str:
    """The button's words."""
    if wish.act == POOL:
        return ngettext("Put %(n)s ticket into the pool", "Put %(n)s tickets into the pool", count)
    if wish.act == EXTEND:
        return ngettext("Extend %(n)s ticket", "Extend %(n)s tickets", count)
    return ngettext("Reassign %(n)s ticket", "Reassign %(n)s tickets", count)


def _options(session: Session, wish: Wish, now: datetime) -> list[dict[str, Any]]:
    """Every dealer by name, with what speaks for and against it."""
    names = dealer_names(session)
    found = []
    for one in candidates(session, now):
        load = _("%(open)s of %(capacity)s open", open=one.open_tickets, capacity=one.capacity)
        marks = [load, *(type_label(name) for name in sorted(one.types))]
        marks += [said for said, holds in ((_("absent"), one.absent), (_("inactive"), not one.active)) if holds]
        label = f"{names[one.dealer_id]} ({'; '.join(marks)})"
        chosen = wish.to == one.dealer_id
        found.append({"value": one.dealer_id, "label": label, "chosen": chosen, "disabled": not one.active})
    return sorted(found, key=lambda one: str(one["label"]))


def day_words(days: Sequence[str]) -> str:
    """Old and new last day."""
    before, after = (say_date(datetime.fromisoformat(one).date()) if one else "–" for one in days)
    return f"{before} {onward()} {after}"
