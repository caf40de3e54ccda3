"""The words for changes of dealer: what stands in the way of undoing one, history as a sentence."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, say_date
from mikroserwis.tickets.clock import last_day

Said = Mapping[str, Any]

BLOCKERS: dict[str, Callable[[Said], str]] = {
    "handover_is_undone_once": lambda _p: _("It has been undone already."),
    "handover_took_it_away": lambda _p: _(
        "Only what the sweep or staff did can be undone: this ticket was given back by its dealer."
    ),
    "handover_is_of_today": lambda _p: _(
        "More than 24 hours have passed: it can't be undone any more. Give the ticket to a dealer by name instead."
    ),
    "next_dealer_has_not_taken_it": lambda _p: _(
        "The next dealer has taken the ticket already. Give it to a dealer by name instead."
    ),
    "nothing_changed_since": lambda _p: _(
        "The ticket has gone on since then: see its history. Give it to a dealer by name instead."
    ),
    "former_dealer_is_active": lambda p: _(
        "%(dealer)s, who had the ticket, is not active any more. Give it to another dealer.", **p
    ),
}
_MISSED = {
    "take": lazy("The ticket was not taken by %(day)s"),
    "contract": lazy("The ticket was not a contract by %(day)s"),
    "completion": lazy("The installation was not done by %(day)s"),
}


def _reassign(said: Said) -> str:
    to = said.get("to") or _("the open pool")
    if "due" not in said:
        return _("Gave the ticket to: %(to)s", to=to)
    missed = str(_MISSED[said["stage"]]) % {"day": say_date(last_day(datetime.fromisoformat(said["due"])))}
    days = ngettext("the rules give one day", "the rules give %(n)s days", said["days"])
    return _(
        "%(missed)s (%(days)s): it was taken from %(was)s and went to: %(to)s",
        missed=missed,
        days=days,
        was=said["was"],
        to=to,
    )


EVENTS: dict[str, Callable[[Said], str]] = {
    "reassign": _reassign,
    "undo": lambda said: _(
        "Undid the change of dealer; the ticket went back to: %(to)s", to=said["to"] or _("the open pool")
    ),
}
