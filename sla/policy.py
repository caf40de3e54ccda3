"""How long each stage of a ticket may last, in which days that is counted, and what happens when it is over."""

from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo


class Stage(StrEnum):
    """What a dealer owes next; each is due so many days after the dealer got the ticket."""

    TAKE = "take"
    CONTRACT = "contract"
    COMPLETION = "completion"


class Calendar(StrEnum):
    """Which days count: every one, or those that are neither weekend nor public holiday in the policy's country."""

    DAYS = "days"
    BUSINESS = "business"


class Breach(StrEnum):
    """What the sweep does with a ticket whose stage is over.

    It goes to the next dealer, or into the pool, or stays where it is and dealer and staff are told.
    """

    REASSIGN = "reassign"
    POOL = "pool"
    TELL = "tell"


def _every_breach_reassigns() -> dict[Stage, Breach]:
    return dict.fromkeys(Stage, Breach.REASSIGN)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Days per stage (the manual's 3, 7 and 30), the zone whose midnights count, and warning thresholds in percent.

    `country` is an ISO 3166 code; it matters to the business calendar only. Another policy to compare with is
    `dataclasses.replace(policy, days=…, calendar=…)`.
    """

    days: dict[Stage, int]
    zone: ZoneInfo
    calendar: Calendar = Calendar.DAYS
    country: str = "PL"
    warn_at: tuple[int, ...] = (50, 75, 90)
    on_breach: dict[Stage, Breach] = field(default_factory=_every_breach_reassigns)
