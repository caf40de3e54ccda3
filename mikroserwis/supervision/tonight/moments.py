"""The moment that a preview is asked for: as a page's field writes it, in Warsaw, or with a zone of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import tidy
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.schedule import DAILY
from sla.replay import next_sweep

SWEEP = next(job.at for job in DAILY if job.name == "sweep")
FARTHEST = timedelta(days=366)
SORTS = ("due", "ticket", "dealer", "to", "stage")


@dataclass(frozen=True)
class Wanted:
    """A sweep at `at`; `tonight` is when the next one comes anyway. `sort` may have a - in front."""

    at: datetime
    tonight: datetime
    sort: str = SORTS[0]

    @property
    def is_next(self) -> bool:
        return self.at == self.tonight

    @property
    def nights_before(self) -> int:
        """Sweeps that come before it, which a preview leaves aside."""
        if self.at <= self.tonight:
            return 0
        return (self.at.astimezone(RULES.tz).date() - self.tonight.astimezone(RULES.tz).date()).days

    def arguments(self, sort: str | None = None) -> dict[str, str]:
        """The address, without what is at its default."""
        sort = sort or self.sort
        at = {} if self.is_next else {"at": typed_form(self.at)}
        return at if sort == SORTS[0] else {**at, "sort": sort}


def tonight(now: datetime) -> datetime:
    """The sweep that comes next by itself."""
    return next_sweep(now, SWEEP, RULES.tz)


def typed_form(moment: datetime) -> str:
    """As a field for a local moment takes it."""
    return moment.astimezone(RULES.tz).replace(tzinfo=None).isoformat(timespec="minutes")


def read(arguments: Mapping[str, str], now: datetime) -> Wanted:
    """Raises Invalid for a moment that can't be read, lies in the past or farther ahead than a year."""
    text, sort, next_one = tidy(arguments.get("at", "")), arguments.get("sort", ""), tonight(now)
    at = _moment(text) if text else next_one
    if at < now - timedelta(minutes=1):
        raise Invalid([FieldError("at", "moment_is_past")])
    if at > now + FARTHEST:
        raise Invalid([FieldError("at", "moment_too_far", {"days": FARTHEST.days})])
    return Wanted(at, next_one, sort if sort.removeprefix("-") in SORTS else SORTS[0])


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=RULES.tz)
        return aware.astimezone(RULES.tz)
    except (ValueError, OverflowError):
        raise Invalid([FieldError("at", "bad_moment")]) from None
