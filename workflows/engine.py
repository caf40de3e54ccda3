"""One wrapper over `transitions`: tables in, decisions out; nothing is registered and nothing is called back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from transitions import Machine

WRONG_STATE = "wrong_state"


class Refused(Exception):
    """A transition that can't be fired now; `codes` are the names of the guards that said no, in table order."""

    def __init__(self, trigger: str, codes: Sequence[str]) -> None:
        super().__init__(f"{trigger}: {', '.join(codes)}")
        self.trigger = trigger
        self.codes = tuple(codes)


class HasState(Protocol):
    """What every record's facts have in common."""

    @property
    def state(self) -> Any: ...


F = TypeVar("F", bound=HasState)


@dataclass(frozen=True)
class Move(Generic[F]):
    """One row of a workflow's table. `dest=None` stays; `when` picks between rows of one trigger, `guards` block."""

    trigger: str
    sources: tuple[StrEnum, ...]
    dest: StrEnum | None
    who: tuple[str, ...]
    guards: tuple[Callable[[F], bool], ...] = ()
    when: Callable[[F], bool] | None = None
    automatic: bool = False


class _Subject:
    """A throw-away carrier of a state: a machine bound to a loaded row would reset it and keep it alive for ever."""

    __slots__ = ("state",)

    def __init__(self, state: StrEnum) -> None:
        self.state = state


@dataclass(frozen=True)
class Workflow(Generic[F]):
    """A named table of moves over an enum of states, the first of which is the initial one.

    States `aside` lie off the main way: a picture puts them beside it.
    """

    name: str
    states: type[StrEnum]
    moves: tuple[Move[F], ...]
    aside: tuple[StrEnum, ...] = ()
    _machine: Machine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        machine = Machine(
            model=None, states=self.states, initial=next(iter(self.states)), auto_transitions=False, transitions=[]
        )
        for move in self.moves:
            machine.add_transition(
                move.trigger,
                list(move.sources),
                "=" if move.dest is None else move.dest,
                conditions=[*([move.when] if move.when else []), *move.guards],
            )
        object.__setattr__(self, "_machine", machine)

    @property
    def triggers(self) -> tuple[str, ...]:
        """Every trigger once, in table order."""
        return tuple(dict.fromkeys(move.trigger for move in self.moves))

    def move(self, trigger: str, facts: F) -> Move[F] | None:
        """The row that the trigger means in these facts' state, or None if the state has no such row."""
        if trigger not in self.triggers:
            raise KeyError(trigger)
        for move in self.moves:
            if move.trigger == trigger and facts.state in move.sources and (move.when is None or move.when(facts)):
                return move
        return None

    def blockers(self, trigger: str, facts: F) -> tuple[str, ...]:
        """Names of all guards that say no, or ('wrong_state',); empty means that the trigger would fire."""
        move = self.move(trigger, facts)
        if move is None:
            return (WRONG_STATE,)
        return tuple(guard.__name__ for guard in move.guards if not guard(facts))

    def fire(self, trigger: str, facts: F) -> Any:
        """The state after the trigger, a member of `states`. Raises Refused with every blocker, not only the first."""
        subject = _Subject(facts.state)
        event = self._machine.events.get(trigger)
        if event is None:
            raise KeyError(trigger)
        if facts.state.name not in event.transitions or not event.trigger(subject, facts):
            raise Refused(trigger, self.blockers(trigger, facts))
        return subject.state
