"""News in sentences: what happened to a ticket and why, what is owed, and what to do next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, say_date
from mikroserwis.pricing import today
from mikroserwis.rulebook import POLICIES
from mikroserwis.tickets import queries
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.facts import company_is_confirmed, needed_documents, papers
from mikroserwis.tickets.news_truth import Told
from mikroserwis.tickets.offer import choice_words
from mikroserwis.tickets.wording import kind_label
from sla import Breach, Stage

_OWED = {
    "take": lazy("It is to be taken by the end of %(day)s (%(left)s)."),
    "contract": lazy("Contract and power of attorney are due by the end of %(day)s (%(left)s)."),
    "completion": lazy("Everything is to be closed by the end of %(day)s (%(left)s)."),
}
_MISSED = {
    "take": lazy("It was not taken by the end of %(day)s."),
    "contract": lazy("Contract and power of attorney were not there by the end of %(day)s."),
    "completion": lazy("It was not closed by the end of %(day)s."),
}
_AFTERWARDS = {
    Breach.REASSIGN: lazy("After that day it is given to another dealer."),
    Breach.POOL: lazy("After that day it goes into the open pool, where any dealer may take it."),
    Breach.TELL: lazy("After that day the back office is told."),
}


@dataclass(frozen=True)
class Teller:
    """What the sentences are made from, beside the news."""

    session: Session
    now: datetime

    def lines(self, one: Told) -> list[str]:
        """Why, until when, and what next: each a sentence or two."""
        return [line for line in _LINES[one.row.kind](self, one) if line]

    def left(self, one: Told) -> int:
        """Whole days until the deadline's last one."""
        due = one.ticket.due_at
        return (last_day(due) - today(self.now)).days if due else 0

    def headline(self, one: Told) -> str:
        """How many days a warning leaves, and for which ticket."""
        said = _urgent if is_urgent(one) else _calm
        return said(one.ticket.number, one.ticket.customer.name, self.left(one))

    def owed(self, one: Told) -> str:
        """What the ticket owes now, and until when; empty where its clock stands."""
        due = one.ticket.due_at
        if due is None or one.ticket.stage is None:
            return ""
        return str(_OWED[one.ticket.stage]) % {"day": say_date(last_day(due)), "left": _in_days(self.left(one))}

    def next_step(self, one: Told) -> str:
        """One sentence on what brings the ticket on."""
        ticket = one.ticket
        if ticket.stage == Stage.TAKE:
            return _("Take it on its page; if you cannot, resign, so that another dealer can begin.")
        if ticket.stage == Stage.CONTRACT:
            kinds = needed_documents(ticket) - papers(self.session, ticket).kinds()
            missing = [kind_label(kind) for kind in sorted(kinds)]
            if not company_is_confirmed(ticket):
                missing.insert(0, _("the company's confirmed data"))
            return _("Still missing: %(kinds)s.", kinds=", ".join(missing)) if missing else ""
        left = sum(1 for shop in ticket.subtickets if shop.state != "closed")
        if not left:
            return _("Every retail point is closed; only the final invoice is missing.")
        return ngettext("Close the retail point that is left.", "Close the %(n)s retail points that are left.", left)

    def note(self, one: Told) -> str:
        """The demand for a current note, where the ticket has none."""
        demand = queries.note_demand(self.session, one.ticket, self.now)
        if not demand.needed:
            return ""
        if demand.last is None:
            return _("Please add a current note to the ticket: there is none yet.")
        days = (self.now - demand.last).days
        if not days:
            return _("Please add a current note to the ticket.")
        return ngettext(
            "Please add a current note to the ticket: the last one is %(n)s day old.",
            "Please add a current note to the ticket: the last one is %(n)s days old.",
            days,
        )


def is_urgent(one: Told) -> bool:
    """The policy's last warning of several."""
    shares = POLICIES[one.ticket.type].warn_at
    return one.row.kind == "warning" and len(shares) > 1 and one.said["share"] >= shares[-1]


def _in_days(days: int) -> str:
    if days == 0:
        return _("today")
    return _("tomorrow") if days == 1 else ngettext("in %(n)s day", "in %(n)s days", days)


def _calm(number: int, company: str, days: int) -> str:
    said = {"ticket": number, "company": company}
    if days == 0:
        return _("Ticket %(ticket)s is due today: %(company)s", **said)
    if days == 1:
        return _("Ticket %(ticket)s is due tomorrow: %(company)s", **said)
    return ngettext(
        "Ticket %(ticket)s is due in %(n)s day: %(company)s",
        "Ticket %(ticket)s is due in %(n)s days: %(company)s",
        days,
        **said,
    )


def _urgent(number: int, company: str, days: int) -> str:
    said = {"ticket": number, "company": company}
    if days == 0:
        return _("Urgent: last day for ticket %(ticket)s, %(company)s", **said)
    if days == 1:
        return _("Urgent: ticket %(ticket)s is due tomorrow, %(company)s", **said)
    return ngettext(
        "Urgent: %(n)s day left for ticket %(ticket)s, %(company)s",
        "Urgent: %(n)s days left for ticket %(ticket)s, %(company)s",
        days,
        **said,
    )


def _missed(one: Told) -> str:
    if not one.said.get("due"):
        return ""
    day = last_day(datetime.fromisoformat(one.said["due"]))
    return str(_MISSED[one.said["stage"]]) % {"day": say_date(day)}


def _reason(one: Told) -> str:
    return _("Reason: %(reason)s", reason=one.said["reason"]) if one.said.get("reason") else ""


def _choice(one: Told) -> str:
    return choice_words(one.said["choice"]) if one.said.get("choice") else ""


def _from_to(one: Told) -> str:
    return _("From %(former)s to %(next)s.", former=one.said.get("was") or _("the open pool"), next=one.said["to"])


def _was_of(one: Told) -> str:
    return _("It was with %(dealer)s.", dealer=one.said["was"]) if one.said.get("was") else ""


def _stays(one: Told) -> str:
    if one.row.dealer_id is None:
        return _("It stays with %(dealer)s.", dealer=one.said.get("dealer", ""))
    return _("It stays with you: please finish what is owed, or ask for more time.")


def _warning(teller: Teller, one: Told) -> list[str]:
    stage = Stage(one.said["stage"])
    afterwards = str(_AFTERWARDS[POLICIES[one.ticket.type].on_breach[stage]]) if is_urgent(one) else ""
    owed = " ".join(part for part in (teller.owed(one), afterwards) if part)
    return [owed, teller.next_step(one), teller.note(one)]


_LINES: dict[str, Callable[[Teller, Told], list[str]]] = {
    "lost": lambda _teller, one: [_missed(one), _reason(one)],
    "undone": lambda _teller, one: [_("It has gone back to the dealer who had it before."), _reason(one)],
    "got": lambda teller, one: [teller.owed(one), _choice(one)],
    "back": lambda teller, one: [_("The take-away has been undone."), _reason(one), teller.owed(one)],
    "moved": lambda _teller, one: [_from_to(one), _missed(one), _reason(one), _choice(one)],
    "to_pool": lambda _teller, one: [_was_of(one), _missed(one), _reason(one), _choice(one)],
    "overdue": lambda _teller, one: [_missed(one), _stays(one)],
    "extended": lambda teller, one: [teller.owed(one), _reason(one)],
    "warning": _warning,
}
