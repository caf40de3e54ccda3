"""What a picture of a workflow shows: its table with moves that share their ends merged into one arrow."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflows.engine import Workflow


@dataclass(frozen=True)
class Arrow:
    """One arrow; `source=None` starts at the frame around every state that is not the last."""

    source: StrEnum | None
    dest: StrEnum
    triggers: tuple[str, ...]
    automatic: bool


def main_way(workflow: Workflow[Any]) -> tuple[StrEnum, ...]:
    """The states from the initial to the last one, in order."""
    return tuple(state for state in workflow.states if state not in workflow.aside)


def arrows(workflow: Workflow[Any]) -> tuple[Arrow, ...]:
    """Every move of the table, in table order of their first trigger."""
    framed = set(workflow.states) - {main_way(workflow)[-1]}
    merged: dict[tuple[StrEnum | None, StrEnum, bool], list[str]] = {}
    for move in workflow.moves:
        ends: list[tuple[StrEnum | None, StrEnum]] = [(source, move.dest or source) for source in move.sources]
        if move.dest is not None and set(move.sources) == framed:
            ends = [(None, move.dest)]
        for source, dest in ends:
            merged.setdefault((source, dest, move.automatic), []).append(move.trigger)
    return tuple(Arrow(source, dest, tuple(names), auto) for (source, dest, auto), names in merged.items())
