"""News as mails: one for what happened together, and a plain one where it was one thing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.mailing import facts
from mikroserwis.tickets.news_truth import Told
from mikroserwis.tickets.news_words import Teller

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


def render(session: Session, told: Sequence[Told], now: datetime) -> tuple[str, str]:
    """Subject and text of the mail, in the language that is being spoken."""
    teller = Teller(session, now)
    if len(told) == 1:
        return teller.subject(told[0]), _alone(teller, told[0])
    return _subject(told), _together(teller, told)


def _alone(teller: Teller, one: Told) -> str:
    gone = one.row.kind in {"lost", "undone"}
    parts = [_opening(one), *teller.lines(one), _more_time([one])]
    about = _named(one) if gone else facts(teller.session, one.ticket)
    return "\n\n".join(part for part in [*parts, about] if part)


def _opening(one: Told) -> str:
    if one.row.kind == "lost":
        return _("The ticket has been given to another dealer.")
    if one.row.kind == "got":
        return _("You have a new installation ticket.")
    return _("No dealer is eligible. Any certified dealer may take it.") if one.row.kind == "to_pool" else ""


def _subject(told: Sequence[Told]) -> str:
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


def _together(teller: Teller, told: Sequence[Told]) -> str:
    parts = []
    for kinds, heading in _PARTS:
        these = [one for one in told if one.row.kind in kinds]
        if these:
            parts.append(f"{str(heading).upper()} ({len(these)})")
            parts.extend(_entry(teller, one) for one in _in_order(teller, these)[:LISTED])
            more = len(these) - LISTED
            if more > 0:
                parts.append(ngettext("… and %(n)s more.", "… and %(n)s more.", more))
    base_url = teller.session.info.get("base_url")
    links = [f"{base_url}/tickets"] if base_url else []
    return "\n\n".join([part for part in [*parts, _more_time(told)] if part] + links)


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


def _more_time(told: Sequence[Told]) -> str:
    if not any(one.row.kind == "warning" for one in told):
        return ""
    return _("If you need more time, ask for it on the ticket's page, under “Deadlines”.")
