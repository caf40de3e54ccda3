"""The days that a report is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from mikroserwis.rulebook import RULES

LENGTHS = (30, 90, 365)
DEFAULT = 90
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Period:
    """From a day to another in Warsaw, both included; `days` if it is one of LENGTHS up to today."""

    first: date
    last: date
    days: int | None = None

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), RULES.tz)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), RULES.tz)

    def arguments(self) -> dict[str, Any]:
        """As query arguments."""
        if self.days is not None:
            return {} if self.days == DEFAULT else {"days": self.days}
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}


def lately(days: int, today: date) -> Period:
    """So many days up to today, today included."""
    return Period(today - timedelta(days=days - 1), today, days)


def read(arguments: Mapping[str, str], today: date) -> Period | None:
    """What the address asks for; None if the days can't be read or don't follow each other.

    Without a first day it begins 30 days before the last, without a last it ends today.
    """
    given = [arguments.get(name, "").strip() for name in ("from", "to")]
    if not any(given):
        days = arguments.get("days", "")
        return lately(int(days) if days in {str(one) for one in LENGTHS} else DEFAULT, today)
    try:
        first, last = (date.fromisoformat(text) if text else None for text in given)
    except ValueError:
        return None
    last = last or today
    first = first or max(last, EARLIEST + timedelta(days=29)) - timedelta(days=29)
    return Period(first, last) if EARLIEST <= first <= last <= LATEST else None
