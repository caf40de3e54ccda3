"""How long each stage of a ticket may last."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo


class Stage(StrEnum):
    """What a dealer owes next; each is due so many days after the dealer got the ticket."""

    TAKE = "take"
    CONTRACT = "contract"
    COMPLETION = "completion"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Days per stage (the manual's 3, 7 and 30), the zone whose midnights count, and warning thresholds in percent."""

    days: dict[Stage, int]
    zone: ZoneInfo
    warn_at: tuple[int, ...] = (50, 75, 90)
