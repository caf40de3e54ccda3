"""The plan of a sweep, bounded, with counts."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis.supervision.tonight.moments import Wanted
from mikroserwis.tickets.sweeping.breaches import overdue
from mikroserwis.tickets.sweeping.planning import Move, plan
from sla import Breach, Stage

# About a second's work; more are counted, and not planned.
PLANNED = 5_000


@dataclass(frozen=True)
class Preview:
    """`moves` in the order wanted; `total` counts also what is overdue beyond those that were planned."""

    moves: Sequence[Move]
    total: int

    @property
    def away(self) -> int:
        return sum(1 for move in self.moves if move.act is not Breach.TELL)

    @property
    def to_pool(self) -> int:
        return sum(1 for move in self.moves if is_pooled(move))

    @property
    def told(self) -> int:
        return len(self.moves) - self.away

    @property
    def unplanned(self) -> int:
        return self.total - len(self.moves)

    def losing(self) -> list[tuple[int, str, int]]:
        """Dealers whose tickets go, with how many, the most first."""
        return _counted((move.ticket.dealer_id, move.was) for move in self.moves if move.act is not Breach.TELL)

    def getting(self) -> list[tuple[int, str, int]]:
        """Dealers to whom they go."""
        return _counted((move.next_dealer_id or 0, move.to) for move in self.moves if move.next_dealer_id and move.to)


def is_pooled(move: Move) -> bool:
    return move.act is not Breach.TELL and move.to is None


def preview(session: Session, wanted: Wanted, *, most: int = PLANNED) -> Preview:
    """What a sweep at that moment would do if until then nobody does anything."""
    moves = plan(session, wanted.at, limit=most)
    total = len(moves)
    if total >= most:
        counted = overdue(wanted.at).order_by(None).subquery()
        total = max(total, session.scalar(select(func.count()).select_from(counted)) or 0)
    return Preview(_sorted(moves, wanted.sort), total)


def _sorted(moves: list[Move], sort: str) -> list[Move]:
    keys: dict[str, Callable[[Move], Any]] = {
        "due": lambda move: move.ticket.place,
        "ticket": lambda move: move.ticket.number,
        "dealer": lambda move: (move.was, move.ticket.place),
        "to": lambda move: (move.to or "", move.ticket.place),
        "stage": lambda move: (list(Stage).index(Stage(move.ticket.stage)), move.ticket.place),
    }
    return sorted(moves, key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))


def _counted(pairs: Any) -> list[tuple[int, str, int]]:
    counted = Counter(pairs)
    return sorted(((id_, name, count) for (id_, name), count in counted.items()), key=lambda one: (-one[2], one[1]))
