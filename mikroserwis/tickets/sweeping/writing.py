"""A batch of planned moves as rows: those that `operations.handover` writes for one ticket, for all at once."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Update, delete, select, tuple_, update
from sqlalchemy.orm import Session

from mikroserwis.access import SYSTEM
from mikroserwis.models import (
    Assignment,
    DeadlineExtension,
    Event,
    Handover,
    News,
    OutboxItem,
    Subticket,
    SubticketTenure,
    Ticket,
)
from mikroserwis.rulebook import POLICIES
from mikroserwis.tickets import news
from mikroserwis.tickets.clock import Clocked, clocked
from mikroserwis.tickets.offer import written
from mikroserwis.tickets.sweeping.breaches import Along
from mikroserwis.tickets.sweeping.bulk import Bulk, Rows, among
from mikroserwis.tickets.sweeping.planning import Move
from sla import Breach, Stage, Tenure

HOW = "sweep"


def write(session: Session, moves: Sequence[Move], *, batch: str, now: datetime) -> None:
    """Take the tickets away, or only tell. The tickets must be locked by this transaction."""
    news.add(session, [fact for move in moves if move.act is Breach.TELL for fact in _told(move, now)])
    away = [move for move in moves if move.act is not Breach.TELL]
    if away:
        session.flush()
        _Writer(session, away, batch, now).write()


class _Writer:
    """`begun` and `made` are the ids of each move's new tenure and handover."""

    def __init__(self, session: Session, moves: Sequence[Move], batch: str, now: datetime) -> None:
        self.session, self.moves, self.batch, self.now = session, moves, batch, now
        self.bulk = Bulk(session)
        self.moment = self.bulk.moment(now)
        offered = [move for move in moves if move.next_dealer_id is not None]
        fresh = iter(self.bulk.ids(Assignment, len(offered)))
        self.begun = [None if move.next_dealer_id is None else next(fresh) for move in moves]
        self.made = self.bulk.ids(Handover, len(moves))
        self.clocks = {type_: self._clock(type_) for type_ in {move.ticket.type for move in offered}}
        self.dues = {type_: self._dues(clock) for type_, clock in self.clocks.items()}
        self.choices = [json.dumps(written(move.choice)) if move.choice else "null" for move in moves]

    def _clock(self, type_: str) -> Clocked:
        return clocked(Tenure(assigned_at=self.now, owes=Stage.TAKE), POLICIES[type_], self.now)

    def _dues(self, clock: Clocked) -> tuple[Any, ...]:
        return tuple(map(self.bulk.moment, (clock.take_due, clock.contract_due, clock.completion_due)))

    def write(self) -> None:
        self._tenures()
        self._tickets()
        self._give_up()
        self._subtickets()
        self._extensions()
        self.bulk.insert(Event, _EVENT, [self._event(*each) for each in self._each])
        self.bulk.insert(Handover, _HANDOVER, [self._handover(*each) for each in self._each])
        self.bulk.insert(OutboxItem, _OUTBOX, [self._outbox(*each) for each in self._each])
        self.bulk.insert(News, _NEWS, [row for each in self._each for row in self._news(*each)])

    @cached_property
    def _each(self) -> list[tuple[Move, int | None, int, str]]:
        return list(zip(self.moves, self.begun, self.made, self.choices, strict=True))

    def _tenures(self) -> None:
        ended = among(self.session, Assignment.id, [move.ticket.assignment_id for move in self.moves])
        self._set(update(Assignment).where(ended), ended_at=self.now, ended_by=HOW)
        rows = []
        for move, begun, _made, choice in self._each:
            if begun is not None:
                row = (begun, move.ticket.id, move.next_dealer_id, self.moment, HOW, choice)
                rows.append((*row, *self.dues[move.ticket.type]))
        self.bulk.insert(Assignment, _ASSIGNMENT, rows)

    def _tickets(self) -> None:
        """By type, for tickets of a type have the same new deadline; those for the pool have none."""
        groups: dict[str | None, list[int]] = defaultdict(list)
        for move in self.moves:
            groups[move.ticket.type if move.next_dealer_id is not None else None].append(move.ticket.id)
        present = (Assignment.ticket_id == Ticket.id, Assignment.ended_at.is_(None))
        for type_, ids in groups.items():
            clock = self.clocks[type_] if type_ is not None else None
            self._set(
                update(Ticket).where(among(self.session, Ticket.id, ids)),
                dealer_id=select(Assignment.dealer_id).where(*present).scalar_subquery(),
                state="new",
                suspended_from=None,
                confirmed_version=None,
                stage=clock and clock.stage,
                due_at=clock and clock.due_at,
                warn_at=clock and clock.warn_at,
                next_warning_at=clock and clock.next_warning_at,
                version=Ticket.version + 1,
            )

    def _give_up(self) -> None:
        """The sub-tickets that go along won't be offered to the former dealers again."""
        gave_up = [(one.id, move.ticket.dealer_id) for move in self.moves for one in move.ticket.along if one.gave_up]
        if gave_up:
            key = tuple_(SubticketTenure.subticket_id, SubticketTenure.dealer_id)
            self.session.execute(delete(SubticketTenure).where(key.in_(gave_up)))
        rows = [(one.id, move.ticket.dealer_id, self.moment) for move in self.moves for one in move.ticket.along]
        self.bulk.insert(SubticketTenure, ("subticket_id", "dealer_id", "ended_at"), rows)

    def _subtickets(self) -> None:
        along = [one.id for move in self.moves for one in move.ticket.along]
        self._set(
            update(Subticket).where(among(self.session, Subticket.id, along)),
            dealer_id=select(Ticket.dealer_id).where(Ticket.id == Subticket.ticket_id).scalar_subquery(),
            state="new",
            version=Subticket.version + 1,
        )

    def _set(self, which: Update, **values: Any) -> None:
        self.session.execute(which.values(values), execution_options={"synchronize_session": False})

    def _extensions(self) -> None:
        """Nobody can grant them any more."""
        asked = among(self.session, DeadlineExtension.ticket_id, [move.ticket.id for move in self.moves])
        self._set(
            update(DeadlineExtension).where(asked, DeadlineExtension.state == "asked"),
            state="lapsed",
            decided_at=self.now,
            version=DeadlineExtension.version + 1,
        )

    def _event(self, move: Move, _begun: int | None, made: int, choice: str) -> tuple[Any, ...]:
        who = {"to": _text(move.to), "was": _text(move.was), "handover": str(made), "choice": choice}
        data = _joined(**_missed(move.ticket.stage, move.ticket.due_at), days=str(move.days), **who)
        return (self.moment, SYSTEM.label, SYSTEM.source, "", "reassign", move.ticket.id, "{}", data)

    def _handover(self, move: Move, begun: int | None, made: int, _choice: str) -> tuple[Any, ...]:
        ticket = move.ticket
        before = _joined(
            state=_text(ticket.state),
            suspended_from="null",
            confirmed_version=_text(ticket.confirmed_version),
            subtickets=f"[{', '.join(map(_along, ticket.along))}]",
        )
        what = (made, ticket.id, self.moment, HOW, self.batch, ticket.stage, self.bulk.moment(ticket.due_at))
        who = (ticket.assignment_id, begun, ticket.dealer_id, move.next_dealer_id)
        return (*what, *who, before)

    def _outbox(self, move: Move, _begun: int | None, made: int, _choice: str) -> tuple[Any, ...]:
        number = move.ticket.number
        at = _text(self.now.isoformat())
        payload = _joined(ticket=str(number), event=_text("handed_over"), at=at, state=_text("new"))
        key = f"event:{number}:handed_over:{made}"
        return ("event", key, move.ticket.id, payload, "queued", 0, self.moment, self.moment)

    def _news(self, move: Move, begun: int | None, made: int, choice: str) -> Rows:
        ticket, missed = move.ticket, _missed(move.ticket.stage, move.ticket.due_at)
        staff = {"how": _text(HOW), **missed, "was": _text(move.was), "choice": choice}
        told: list[tuple[Any, ...]] = [
            (f"lost:{made}", ticket.dealer_id, ticket.id, "lost", _joined(how=_text(HOW), **missed))
        ]
        if begun is None:
            told.append((f"pool:{made}", None, ticket.id, "to_pool", _joined(**staff)))
        else:
            told.append((f"got:{begun}", move.next_dealer_id, ticket.id, "got", _joined(choice=choice)))
            told.append((f"moved:{made}", None, ticket.id, "moved", _joined(**staff, to=_text(move.to))))
        return [(*one, self.moment, "[]") for one in told]


@lru_cache(maxsize=4096)
def _text(value: str | int | None) -> str:
    """A value as JSON; in a batch the same few come again and again."""
    return json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=4096)
def _missed(stage: str, due_at: datetime) -> dict[str, str]:
    return {"stage": _text(stage), "due": _text(due_at.isoformat())}


def _joined(**texts: str) -> str:
    """An object of values that are JSON already."""
    return "{" + ", ".join([f'"{name}": {text}' for name, text in texts.items()]) + "}"


def _along(one: Along) -> str:
    gave_up = _text(one.gave_up.isoformat() if one.gave_up else None)
    return _joined(id=str(one.id), state=_text(one.state), dealer_id=_text(one.dealer_id), gave_up=gave_up)


def _told(move: Move, now: datetime) -> list[news.Fact]:
    """The deadline is over, the ticket stays: its dealer and staff hear of it."""
    ticket, missed = move.ticket, {"stage": move.ticket.stage, "due": move.ticket.due_at.isoformat()}
    return [
        news.Fact(ticket.told_key, ticket.dealer_id, ticket.id, "overdue", now, missed),
        news.Fact(f"{ticket.told_key}:staff", None, ticket.id, "overdue", now, {**missed, "dealer": move.was}),
    ]


_ASSIGNMENT = (
    *("id", "ticket_id", "dealer_id", "assigned_at", "how", "choice"),
    *("take_due", "contract_due", "completion_due"),
)
_EVENT = ("at", "actor", "source", "address", "verb", "ticket_id", "changes", "data")
_HANDOVER = (
    *("id", "ticket_id", "at", "how", "batch", "stage", "due_at"),
    *("former_assignment_id", "next_assignment_id", "former_dealer_id", "next_dealer_id", "before"),
)
_OUTBOX = ("topic", "key", "ticket_id", "payload", "state", "attempts", "due_at", "created_at")
_NEWS = ("key", "dealer_id", "ticket_id", "kind", "data", "at", "message_ids")
