"""The words for acts on many tickets: what is wrong with a choice of tickets, what stops an undoing, history."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import say_date, say_number

Said = Mapping[str, Any]

BLOCKERS: dict[str, Callable[[Said], str]] = {
    "bulk_is_done": lambda _p: _("This act is still under way. Wait until it is done."),
    "undo_is_in_time": lambda _p: _(
        "More than 24 hours have passed: it can't be undone any more. Do what is needed on each ticket's page."
    ),
    "nothing_to_undo": lambda _p: _("There is nothing left to undo here."),
}
FIELD_ERRORS: dict[str, Callable[[Said], str]] = {
    "nothing_chosen": lambda _p: _("No ticket is chosen. Go back to the list and choose some."),
    "too_many_chosen": lambda p: _(
        "More than %(limit)s tickets are chosen, which is the most at once. Filter the list first.",
        limit=say_number(p["limit"]),
    ),
}
EVENTS: dict[str, Callable[[Said], str]] = {
    "undo_extension": lambda said: _(
        "Took a later deadline back: from %(before)s to %(after)s", before=_day(said["was"]), after=_day(said["due"])
    ),
}


def _day(text: str) -> str:
    return say_date(date.fromisoformat(text)) if text else "–"
