"""The dashboard's pictures, lines and links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import get_day_names
from flask import url_for

from mikroserwis.charts import Item, Picture, bars, columns
from mikroserwis.i18n import day_and_month, direction, locale, ngettext, say_number, shaped
from mikroserwis.i18n import gettext as _
from mikroserwis.rulebook import RULES
from mikroserwis.supervision.dashboard.tickets import BANDS, Dues, Lying, Tickets
from mikroserwis.supervision.dashboard.waiting import NEARLY_FULL, Absence, Failed, Load, Waiting, fullness
from mikroserwis.supervision.ledger import presenting as ledger
from mikroserwis.supervision.ledger.queries import Job, state

_SHOWN = 8


@dataclass(frozen=True)
class Found:
    """What the dashboard's queries gave, as of `now`."""

    now: datetime
    tickets: Tickets
    waiting: Waiting
    loads: Sequence[Load]
    away: Sequence[Absence]
    jobs: Sequence[Job]

    @property
    def full(self) -> list[Load]:
        """Dealers that have tickets and are nearly full, or more."""
        return [one for one in self.loads if one.open and fullness(one) >= NEARLY_FULL]


def board(found: Found) -> dict[str, Any]:
    """Everything that templates/supervision/dashboard.html shows."""
    tickets, now = found.tickets, found.now
    pool_url = url_for("tickets.index", view="pool", sort="opened")
    suspended_url = url_for("tickets.index", state="suspended", sort="opened")
    return {
        "as_of": now,
        "urgent": _urgent(found),
        "states": [
            {"state": state, "count": say_number(count), "url": url_for("tickets.index", state=state)}
            for state, count in tickets.states.items()
        ],
        "open": sum(tickets.ages),
        "closed_lately": tickets.closed_lately,
        "ages": _ages(tickets.ages),
        "dues": _dues(tickets.dues),
        "overdue": _overdue(tickets.dues),
        "tonight": {"at": tickets.tonight, "count": tickets.breaches, "url": url_for("tonight.show")},
        "pool": {"count": tickets.pool, "url": pool_url, "lines": _lines(tickets.longest_in_pool, now)},
        "suspended": {
            "count": tickets.states["suspended"],
            "url": suspended_url,
            "lines": _lines(tickets.longest_suspended, now),
        },
        "failed": [_failed(one) for one in found.waiting.failed],
        "full": _full(found.full[:_SHOWN]) if found.full else None,
        "more_full": max(len(found.full) - _SHOWN, 0),
        "away": [_away(one) for one in found.away],
        "jobs": [ledger.job_line(one, now) for one in found.jobs],
    }


def _urgent(found: Found) -> list[dict[str, Any]]:
    """What a person has to look at, the worst first; what is nothing isn't there."""
    tickets, waits = found.tickets, found.waiting
    failed = [one for one in found.jobs if one.last is not None and state(one.last, found.now) == "failed"]
    lines: list[tuple[int, str, str | None, str]] = [
        (
            len(failed),
            ngettext("job failed", "jobs failed", len(failed)),
            url_for("ledger.index", state="failed"),
            "bad",
        ),
        (waits.deliveries, ngettext("delivery failed", "deliveries failed", waits.deliveries), "#failed", "bad"),
        (
            waits.mails,
            ngettext("mail could not be sent", "mails could not be sent", waits.mails),
            url_for("messages.index", state="failed"),
            "bad",
        ),
        (waits.others, ngettext("other message failed", "other messages failed", waits.others), None, "bad"),
        (
            tickets.breaches,
            ngettext("ticket will be taken away tonight", "tickets will be taken away tonight", tickets.breaches),
            url_for("tonight.show"),
            "warn",
        ),
        (
            waits.requests,
            ngettext("request for extension", "requests for extension", waits.requests),
            url_for("tickets.extensions_index"),
            "warn",
        ),
        (
            tickets.pool,
            ngettext("ticket in the pool", "tickets in the pool", tickets.pool),
            url_for("tickets.index", view="pool"),
            "warn",
        ),
    ]
    return [
        {"n": n, "count": say_number(n), "words": words, "url": url, "kind": kind} for n, words, url, kind in lines if n
    ]


def _ages(counts: Sequence[int]) -> Picture:
    items = []
    for (first, last), count in zip(BANDS, counts, strict=True):
        span: dict[str, Any] = {"days_min": first} if last is None else {"days_min": first, "days_max": last}
        label = shaped(f"{first}+" if last is None else f"{first}–{last}")
        items.append(Item(label, (count,), url_for("tickets.index", state="open", **span)))
    title = _("Open tickets by days since they were opened")
    return columns("ages", title, (_("Days"), _("Tickets")), items)


def _dues(dues: Dues) -> Picture:
    items = [Item(_day(day), tuple(counts.values())) for day, counts in dues.days]
    return columns("dues", _("Deadlines in the next days"), (_("Day"), *stage_labels().values()), items)


def _overdue(dues: Dues) -> dict[str, Any]:
    stages = stage_labels()
    said = [f"{stages[stage]} {say_number(count)}" for stage, count in dues.overdue.items() if count]
    url = url_for("tickets.index", view="overdue", sort="due")
    return {"count": dues.total_overdue, "by_stage": " · ".join(said), "url": url}


def stage_labels() -> Mapping[str, str]:
    return {"take": _("Taking"), "contract": _("Contract"), "completion": _("Completion")}


def _day(day: date) -> str:
    """Weekday in two letters and day; the month stands where it begins."""
    weekday = get_day_names("short" if direction() == "ltr" else "narrow", locale=locale())[day.weekday()][:2]
    number, month = day_and_month(day)
    return shaped(f"{weekday}\n{number}" + (f".{month:02}" if number == 1 else ""))


def _lines(lying: Sequence[Lying], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "url": url_for("tickets.show", number=one.number),
            "company": one.company,
            "city": one.city,
            "dealer": one.dealer,
            "since": one.since,
            "days": days_since(one.since, now),
        }
        for one in lying
    ]


def days_since(since: datetime, now: datetime) -> str:
    """In local days."""
    days = max((now.astimezone(RULES.tz).date() - since.astimezone(RULES.tz).date()) // timedelta(days=1), 0)
    return ngettext("%(n)s day", "%(n)s days", days) if days else _("since today")


def _failed(one: Failed) -> dict[str, Any]:
    purpose = _("closing package") if one.purpose == "closing" else _("scans")
    url = f"{url_for('tickets.show', number=one.number)}#export"
    return {"number": one.number, "url": url, "state": one.state, "what": purpose, "since": one.since, "why": one.error}


def _full(loads: Sequence[Load]) -> Picture:
    items = [Item(one.name, (one.open, one.capacity), url_for("dealers.show", dealer_id=one.id)) for one in loads]
    return bars("loads", _("Dealers with little room left"), (_("Dealer"), _("Open"), _("Capacity")), items)


def _away(one: Absence) -> dict[str, Any]:
    url = url_for("dealers.show", dealer_id=one.dealer_id)
    return {"name": one.name, "url": url, "until": one.last_day, "reason": one.reason}
