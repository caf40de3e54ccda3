"""News as mails: one for what happened together, and a plain one where it was one thing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, say_date
from mikroserwis.rulebook import RULES, last_day
from mikroserwis.telling.facts import of_ticket
from mikroserwis.tickets.news_truth import Told
from mikroserwis.tickets.news_words import Teller, is_urgent

# Of each part so many are listed; whoever lost a thousand tickets reads the rest on screen.
LISTED = 100
_MORNING = 6
# What the nightly sweep does.
_SWEPT = frozenset({"lost", "got", "moved", "to_pool"})
# What a mail that tells one kind alone is filed under among the messages.
_EVENTS = {
    "lost": "taken_away",
    "undone": "taken_away",
    "got": "offered",
    "back": "offered",
    "moved": "moved",
    "to_pool": "to_pool",
    "extended": "extension_granted",
    "overdue": "overdue",
    "warning": "warning",
}
_PARTS = (
    (("lost", "undone", "moved"), lazy("Gone to other dealers")),
    (("to_pool",), lazy("In the open pool")),
    (("got", "back"), lazy("New for you")),
    (("overdue",), lazy("Past their deadline")),
    (("warning",), lazy("Deadlines that are near")),
    (("extended",), lazy("Deadlines that have been moved")),
)


def event_of(told: Sequence[Told]) -> str:
    """What the mail is about, as a code."""
    events = {_EVENTS[one.row.kind] for one in told}
    return events.pop() if len(events) == 1 else "news"


def values(session: Session, told: Sequence[Told], now: datetime) -> dict[str, Any]:
    """What the texts of `text_of` say, in the language that is being spoken."""
    teller = Teller(session, now)
    return _alone(teller, told[0]) if len(told) == 1 else _together(teller, told)


def text_of(told: Sequence[Told]) -> str:
    """The event whose texts tell it: several of one kind are news too."""
    return event_of(told) if len(told) == 1 else "news"


def _alone(teller: Teller, one: Told) -> dict[str, Any]:
    kind, due = one.row.kind, one.ticket.due_at
    return {
        **of_ticket(teller.session, one.ticket),
        "news": "\n\n".join(teller.lines(one)),
        "headline": teller.headline(one) if kind == "warning" else "",
        "urgent": is_urgent(one),
        "new": kind == "got",
        "lost": kind == "lost",
        "answered": False,
        "day": say_date(last_day(due) if due else None),
    }


def _summary(told: Sequence[Told]) -> str:
    """The essential: how many of what."""
    counts = {kinds: sum(1 for one in told if one.row.kind in kinds) for kinds, _heading in _PARTS}
    said = ", ".join(_counted(kinds[0], count) for kinds, count in counts.items() if count)
    local = max(one.row.at for one in told).astimezone(RULES.tz)
    swept = any(one.row.kind in _SWEPT for one in told)
    return _("Tonight: %(what)s", what=said) if swept and local.hour < _MORNING else said[:1].upper() + said[1:]


def _counted(kind: str, n: int) -> str:
    if kind == "lost":
        return ngettext("%(n)s ticket has gone to another dealer", "%(n)s tickets have gone to other dealers", n)
    if kind == "to_pool":
        return ngettext("%(n)s ticket lies in the open pool", "%(n)s tickets lie in the open pool", n)
    if kind == "got":
        return ngettext("%(n)s ticket is new for you", "%(n)s tickets are new for you", n)
    if kind == "overdue":
        return ngettext("%(n)s ticket is past its deadline", "%(n)s tickets are past their deadline", n)
    if kind == "warning":
        return ngettext("%(n)s ticket is due soon", "%(n)s tickets are due soon", n)
    return ngettext("the deadline of %(n)s ticket has been moved", "the deadlines of %(n)s tickets have been moved", n)


def _together(teller: Teller, told: Sequence[Told]) -> dict[str, Any]:
    base_url = teller.session.info.get("base_url")
    return {
        "summary": _summary(told),
        "news": "\n\n".join(_parts(teller, told)),
        "warnings": any(one.row.kind == "warning" for one in told),
        "link": f"{base_url}/tickets" if base_url else "",
        "hotline": RULES.contacts.hotline,
    }


def _parts(teller: Teller, told: Sequence[Told]) -> Iterator[str]:
    for kinds, heading in _PARTS:
        these = [one for one in told if one.row.kind in kinds]
        if these:
            yield f"{str(heading).upper()} ({len(these)})"
            yield from (_entry(teller, one) for one in _in_order(teller, these)[:LISTED])
            more = len(these) - LISTED
            if more > 0:
                yield ngettext("… and %(n)s more.", "… and %(n)s more.", more)


def _in_order(teller: Teller, these: Sequence[Told]) -> list[Told]:
    """What is due first stands first; what has gone is in order of number."""
    if these[0].row.kind == "warning":
        return sorted(these, key=lambda one: (teller.left(one), one.ticket.number))
    return sorted(these, key=lambda one: one.ticket.number)


def _entry(teller: Teller, one: Told) -> str:
    base_url = teller.session.info.get("base_url")
    gone = one.row.kind in {"lost", "undone"}
    link = [f"{base_url}/tickets/{one.ticket.number}"] if base_url and not gone else []
    return "\n  ".join([_named(one), *teller.lines(one), *link])


def _named(one: Told) -> str:
    customer = one.ticket.customer
    return _("%(ticket)s: %(company)s, %(city)s", ticket=one.ticket.number, company=customer.name, city=customer.city)
