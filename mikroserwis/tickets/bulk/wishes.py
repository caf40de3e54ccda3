"""What is wanted of many tickets: the act, whom they go to or until when, and which tickets, as they were seen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.models import Dealer
from mikroserwis.pricing import today
from mikroserwis.tickets.presenting.bulk_bar import MOST

REASSIGN, POOL, EXTEND = ACTS = ("reassign", "pool", "extend")
_SEEN = re.compile(r"(\d{1,15}):(\d{1,9}):(\d{1,9})", re.ASCII)


@dataclass(frozen=True)
class Wish:
    """`to` is a dealer's id, or None: the next one by the rules. `until` is the last day of an extension."""

    act: str
    to: int | None = None
    until: date | None = None


@dataclass(frozen=True)
class Chosen:
    """One ticket; `version` and `shown` (to whom it would go) are what the person saw, None where nobody looked."""

    number: int
    version: int | None = None
    shown: int | None = None


def put_down(chosen: Sequence[Chosen]) -> str:
    """For a form's hidden field: number, version and dealer of each."""
    return " ".join(f"{one.number}:{one.version or 0}:{one.shown or 0}" for one in chosen)


def read_back(text: str) -> list[Chosen]:
    """What `put_down` wrote. Raises Invalid for anything else."""
    found = [_SEEN.fullmatch(one) for one in text.split()]
    if not all(found):
        raise Invalid([FieldError("numbers", "nothing_chosen")])
    parts = [tuple(int(part) for part in one.groups()) for one in found if one]
    return [Chosen(number, version, shown or None) for number, version, shown in parts]


def checked(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Each once, in their order. Raises Invalid for none or too many."""
    once = list({one.number: one for one in chosen}.values())
    if not once:
        raise Invalid([FieldError("numbers", "nothing_chosen")])
    if len(once) > MOST:
        raise Invalid([FieldError("numbers", "too_many_chosen", {"limit": MOST, "chosen": len(once)})])
    return once


def check(session: Session, wish: Wish, now: datetime) -> list[FieldError]:
    """What is wrong with the act itself, whatever the tickets."""
    if wish.act == EXTEND and wish.until is None:
        return [FieldError("until", "required")]
    if wish.until is not None and wish.until < today(now):
        return [FieldError("until", "day_is_past", {"first": today(now)})]
    dealer = session.get(Dealer, wish.to) if wish.to is not None else None
    if wish.to is not None and dealer is None:
        return [FieldError("to", "no_such_dealer")]
    if dealer is not None and not dealer.active:
        return [FieldError("to", "dealer_is_inactive", {"dealer": dealer.name})]
    return []
