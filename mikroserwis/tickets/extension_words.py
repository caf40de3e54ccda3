"""The words for a later deadline: what is wrong with a day, what stands in the way, history as a sentence."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, say_date

Said = Mapping[str, Any]

STATES = {
    "asked": lazy("Waits for an answer"),
    "granted": lazy("Granted"),
    "refused": lazy("Refused"),
    "withdrawn": lazy("Withdrawn"),
    "lapsed": lazy("Lapsed"),
}
FIELDS = {
    "until": lazy("New last day"),
    "reason": lazy("Reason"),
    "answer": lazy("Answer to the dealer"),
}
BLOCKERS: dict[str, Callable[[Said], str]] = {
    "nothing_to_extend_suspended": lambda _p: _(
        "The ticket is suspended: its clock stands, and the deadline moves by itself."
    ),
    "nothing_to_extend_closed": lambda _p: _("The ticket is closed: nothing is due any more."),
    "nothing_to_extend_in_the_pool": lambda _p: _("The ticket lies in the open pool: nobody has a deadline."),
    "no_request_is_open": lambda _p: _(
        "More time has been asked for already. Wait for the answer, or withdraw that request first."
    ),
}
FIELD_ERRORS: dict[str, Callable[[Said], str]] = {
    "not_after_the_deadline": lambda p: _(
        "The deadline is %(due)s already. Choose %(first)s or a later day.",
        due=say_date(p["due"]),
        first=say_date(p["first"]),
    ),
    "day_is_past": lambda p: _("This day is past. Choose %(first)s or a later day.", first=say_date(p["first"])),
    "too_far_ahead": lambda p: _(
        "At most %(days)s days more are possible: %(last)s at the latest.", days=p["days"], last=say_date(p["last"])
    ),
}


def _day(text: str) -> str:
    return say_date(date.fromisoformat(text)) if text else "–"


EVENTS: dict[str, Callable[[Said], str]] = {
    "ask_extension": lambda said: _("Asked for more time, until %(day)s", day=_day(said["until"])),
    "withdraw_extension": lambda said: _("Withdrew the request for more time until %(day)s", day=_day(said["until"])),
    "refuse_extension": lambda said: _("Refused more time until %(day)s", day=_day(said["until"])),
    "extend": lambda said: _(
        "Moved the deadline from %(before)s to %(after)s", before=_day(said["was"]), after=_day(said["due"])
    ),
}
