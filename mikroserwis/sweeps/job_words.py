"""Jobs in words: what each is called and is for, and whose turn a run of it was."""

from datetime import date, datetime
from typing import Any

from mikroserwis.i18n import lazy, say_date, say_moment
from mikroserwis.rulebook import RULES

JOBS: dict[str, tuple[Any, Any]] = {
    "sweep": (
        lazy("Nightly sweep"),
        lazy("Takes tickets whose deadline is over away and gives each to the next dealer."),
    ),
    "digest": (lazy("Daily mails"), lazy("One mail a day to each dealer that chose so.")),
    "recompute": (
        lazy("Deadlines anew"),
        lazy("Counts every open deadline anew from the history and the policy in force."),
    ),
    "audit": (
        lazy("Proof of the history"),
        lazy("Compares every entry of the history with its seal; staff are told if one was altered or removed."),
    ),
    "retention": (
        lazy("Retention"),
        lazy("Does away with personal data whose days are over; persons long gone are made anonymous."),
    ),
    "tidy": (lazy("Tidying up"), lazy("Removes sign-ins, sent forms and uploads whose time is over.")),
}


def job_label(name: str) -> str:
    """A job of another release keeps its code."""
    return str(JOBS[name][0]) if name in JOBS else name


def job_about(name: str) -> str:
    return str(JOBS[name][1]) if name in JOBS else ""


def due_words(due: str) -> str:
    """The day of a nightly run, or the moment at which somebody asked for one."""
    moment, _space, mark = due.partition(" ")
    return say_moment(datetime.fromisoformat(moment), RULES.tz) if mark else say_date(date.fromisoformat(due))
