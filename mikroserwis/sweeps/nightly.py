"""The sweep: every ticket whose deadline is over goes to the next dealer, some hundred in a transaction.

Any number may run at once, and be killed at any point: a ticket is locked while it is dealt with, and what was done is
committed with the count of it. A ticket that can't be dealt with takes no other with it; one that somebody has locked
is left for the next pass.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from mikroserwis.edge import Parts
from mikroserwis.sweeps.failures import LeaseLost, is_cut_off
from mikroserwis.sweeps.ledger import Run
from mikroserwis.tickets.sweeping import breaches
from mikroserwis.tickets.sweeping.breaches import Breached, Place
from mikroserwis.tickets.sweeping.planning import Desk, Move, state_of_dealers
from mikroserwis.tickets.sweeping.writing import write
from sla import Breach

log = structlog.get_logger()
AT_ONCE = 2000
REASONS = 50
# Seconds before each further pass over what somebody had locked; what is locked then still waits for the next night.
PAUSES = (0.2, 0.5, 1, 2, 5, 10, 20)


@dataclass
class Tally:
    """What a sweep has done. `at`: deadlines until then count; `reasons`: why the first of the skipped ones were."""

    at: str
    examined: int = 0
    reassigned: int = 0
    to_pool: int = 0
    told: int = 0
    skipped: int = 0
    passes: int = 0
    seconds: float = 0.0
    reasons: list[dict[str, Any]] = field(default_factory=list)

    def count(self, moves: list[Move]) -> None:
        told = sum(1 for move in moves if move.act is Breach.TELL)
        pooled = sum(1 for move in moves if move.act is not Breach.TELL and move.to is None)
        self.examined += len(moves)
        self.told += told
        self.to_pool += pooled
        self.reassigned += len(moves) - told - pooled

    def skip(self, number: int, reason: str) -> None:
        self.examined += 1
        self.skipped += 1
        if len(self.reasons) < REASONS:
            self.reasons.append({"ticket": number, "reason": reason})


def sweep(parts: Parts, run: Run) -> Mapping[str, Any]:
    """As a run of the ledger: one that another process began goes on with its moment and its count."""
    return Sweep(parts, run).go()


class Sweep:
    """One run; `at_once` tickets share a transaction."""

    def __init__(self, parts: Parts, run: Run, at: datetime | None = None, at_once: int = AT_ONCE) -> None:
        self._database, self._run, self._at_once = parts.database, run, at_once
        self.tally = run.resumed(Tally, at=(at or run.started_at).isoformat())
        self._at = datetime.fromisoformat(self.tally.at)
        self._skipped = {one["ticket"] for one in self.tally.reasons}
        self._desk: Desk | None = None

    def go(self) -> Mapping[str, Any]:
        """Pass after pass until no ticket is left but those that can't be dealt with."""
        self._run.beat(self._recorded())
        for pause in (*PAUSES, None):
            self.tally.passes += 1
            after = None
            while (found := self._batch(after)) is not None:
                after = found
            left = self._left()
            if not left:
                break
            if pause is None:
                for number in left:
                    self.tally.skip(number, "locked")
            else:
                self._run.beat(self._recorded())
                time.sleep(pause)
        return self._recorded()

    def _batch(self, after: Place | None) -> Place | None:
        """Deal with the next tickets behind `after`: the place of the last one; None: there are no more."""
        found: list[Breached] = []
        try:
            with self._writing() as session:
                found = breaches.read(session, self._at, limit=self._at_once, after=after, lock=True)
                self._deal_with(session, found)
        except (LeaseLost, KeyboardInterrupt):
            raise
        except Exception as error:
            if not found or is_cut_off(error):
                raise
            log.warning("a batch failed; each ticket alone", error=repr(error))
            for one in found:
                self._alone(one)
        return found[-1].place if found else None

    def _alone(self, ticket: Breached) -> None:
        try:
            with self._writing() as session:
                self._deal_with(session, breaches.read(session, self._at, only=ticket.id, lock=True))
        except (LeaseLost, KeyboardInterrupt):
            raise
        except Exception as error:
            if is_cut_off(error):
                raise
            log.exception("a ticket could not be dealt with", ticket=ticket.number)
            if ticket.number not in self._skipped:
                self._skipped.add(ticket.number)
                self.tally.skip(ticket.number, repr(error).replace("\x00", "")[:200])

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """A transaction; if it fails, what was remembered of it is forgotten."""
        before = asdict(self.tally)
        try:
            with self._database.transaction() as session:
                yield session
        except BaseException:
            self.tally, self._desk = Tally(**before), None
            raise

    def _deal_with(self, session: Session, found: list[Breached]) -> None:
        due = [one for one in breaches.without_told(session, found) if one.number not in self._skipped]
        if not due:
            return
        now = self._run.clock()
        if self._desk is None or self._desk.seen != state_of_dealers(session):
            self._desk = Desk(session, now)
        moves = self._desk.moves(due)
        write(session, moves, batch=f"{self._run.job}:{self._run.id}", now=now)
        self._desk.seen = state_of_dealers(session)
        self.tally.count(moves)
        self._run.note(session, self._recorded())

    def _left(self) -> list[int]:
        """Numbers of the tickets that somebody had locked."""
        with self._database.reading() as session:
            found = breaches.without_told(session, breaches.read(session, self._at))
        return [one.number for one in found if one.number not in self._skipped]

    def _recorded(self) -> dict[str, Any]:
        self.tally.seconds = round((self._run.clock() - self._run.started_at).total_seconds(), 3)
        return asdict(self.tally)
