"""What happens to which ticket on which day, the same at every load."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from mikroserwis.demo.cast import BOTH, DEALERS
from mikroserwis.demo.companies import COVERED, SAM, SHARED, SPOZYWCZA, UNCOVERED, Retailer, Town, retailer
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.schedule import DAILY

SWEEP = next(job for job in DAILY if job.name == "sweep")
SEED = 735
ALFA = 101
FIRST_NUMBER = 201
# Of tickets older than this the back office named the dealer; the newer ones were placed by the rules.
NEW_DAYS = 4


class Kind(NamedTuple):
    """So many tickets, opened between `youngest` and `oldest` days ago, that go through `acts`.

    An act is a name of `play.Player` and the days after the opening on which it is done.
    """

    tickets: int
    youngest: int
    oldest: int
    acts: tuple[tuple[str, int], ...] = ()


_TO_CONTRACT = (("take", 0), ("confirm", 1), ("sign", 2))
_TO_WORK = (*_TO_CONTRACT, ("export", 2), ("take_shops", 3))
_AFTER_ANOTHER = (("confirm", 6), ("sign", 7), ("export", 7), ("take_shops", 8), ("close_shops", 12), ("invoice", 13))
KINDS = {
    "fresh": Kind(112, 0, 2),
    "in_pool": Kind(30, 0, 9),
    "due_tonight": Kind(14, 3, 3),
    "overdue": Kind(1, 4, 4),
    "taken": Kind(42, 1, 6, (("take", 0), ("note", 1))),
    "confirmed": Kind(10, 2, 6, (("take", 0), ("confirm", 1))),
    "contract": Kind(10, 4, 24, _TO_CONTRACT),
    "in_work": Kind(10, 5, 26, _TO_WORK),
    "ending": Kind(3, 28, 29, _TO_WORK),
    "suspended": Kind(10, 4, 25, (("take", 0), ("confirm", 1), ("quote", 2), ("suspend", 3))),
    "handed_on": Kind(4, 4, 5, (("take", 0), ("resign", 2))),
    "cancelled": Kind(30, 8, 50, (("take", 0), ("cancel", 4))),
    "invoice_missing": Kind(1, 12, 12, (*_TO_WORK, ("close_shops", 9))),
    "lost_untaken": Kind(7, 9, 52, (("take", 5), ("confirm", 6), ("cancel", 8))),
    "lost_without_contract": Kind(5, 14, 50, (("take", 0), ("confirm", 1), ("take", 9), ("cancel", 11))),
    "lost_and_closed": Kind(2, 18, 40, (("take", 5), *_AFTER_ANOTHER)),
    "closed": Kind(10, 14, 58, (*_TO_WORK, ("close_shops", 9), ("invoice", 10))),
}


@dataclass(frozen=True)
class Planned:
    """A ticket and the day it is opened; `dealer` is a CRM id where the back office names one."""

    number: int
    type: str
    opened_on: date
    who: Retailer
    acts: tuple[tuple[str, int], ...]
    dealer: int | None = None


def tickets(today: date) -> list[Planned]:
    """All of them; the manual's two first."""
    dice = Random(SEED)  # noqa: S311 - made-up data
    made = [
        Planned(115, "insoft", today, SAM, (), ALFA),
        Planned(80, "insoft", today - timedelta(days=22), SPOZYWCZA, _TO_CONTRACT, ALFA),
    ]
    number = FIRST_NUMBER
    for name, kind in KINDS.items():
        for index in range(kind.tickets):
            opened_on = today - timedelta(days=_spread(index, kind))
            towns = _towns(name)
            shops = dice.choice((2, 3, 5, 12)) if index % 7 == 3 else 1
            who = retailer(dice, number, towns[index % len(towns)], shops=shops)
            type_ = "fiscal" if index % 4 == 1 else "insoft"
            named = None if (today - opened_on).days < NEW_DAYS or name == "in_pool" else covering(who)
            made.append(Planned(number, type_, opened_on, who, kind.acts, named))
            number += 1
    return made


def _towns(kind: str) -> Sequence[Town]:
    """What is lost by one dealer has to find another; of what is due tonight some, and some go to the pool."""
    if kind == "due_tonight":
        return (*SHARED, *COVERED[8:12])
    return UNCOVERED if kind == "in_pool" else SHARED if kind.startswith("lost") else COVERED


def covering(who: Retailer) -> int:
    """The CRM id of the dealer in whose area the retailer is."""
    code = who.town.postal_code
    return next(one.crm_id for one in DEALERS if one.types == BOTH and code.startswith(one.areas))


def _spread(index: int, kind: Kind) -> int:
    """Days ago, evenly over the kind's span."""
    return kind.youngest + index % (kind.oldest - kind.youngest + 1)


class Step(NamedTuple):
    at: datetime
    number: int
    act: str


def steps(planned: Planned, now: datetime) -> Iterator[Step]:
    """The ticket's acts, each in office hours, none in the future."""
    minutes = planned.number * 7 % 50
    for order, (act, days) in enumerate(planned.acts):
        day = planned.opened_on + timedelta(days=days)
        local = datetime.combine(day, time(9 + order, minutes), RULES.tz)
        yield Step(min(local, now), planned.number, act)


def nights(first: date, now: datetime) -> Iterator[datetime]:
    """When the sweep came, but for the last time: that one is made up as soon as the scheduler runs."""
    today = now.astimezone(RULES.tz).date()
    for number in range(1, (today - first).days):
        yield datetime.combine(first + timedelta(days=number), SWEEP.at, RULES.tz)


def opened_at(day: date, now: datetime) -> datetime:
    """When the back office imports a day's tickets."""
    return min(datetime.combine(day, time(7, 30), RULES.tz), now)
