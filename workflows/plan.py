"""Where the states of a workflow's picture stand: wide, left to right, and tall, from the top down, for a phone."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from textwrap import wrap
from typing import Any

from workflows.arrows import Arrow, arrows, main_way
from workflows.engine import Workflow

LINE = 17
LETTER = 7.2
HEIGHT = 46
PAD = 18

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Plan:
    """All places, in pixels of the picture; `rail` is the height at which arrows run back over the frame."""

    tall: bool
    boxes: dict[StrEnum, Box]
    frame: Box
    rail: float
    size: tuple[float, float]
    arrows: tuple[Arrow, ...]


Label = Callable[[str], str]


def lines(arrow: Arrow, label: Label, *, tall: bool, framed: bool = False) -> list[str]:
    """The arrow's words, a line for each trigger, broken where they would be too long for their place."""
    if framed and not tall:
        return [" · ".join(label(trigger) for trigger in arrow.triggers)]
    letters = 34 if framed else 12 if tall else 18
    return [line for trigger in arrow.triggers for line in wrap(label(trigger), letters, break_long_words=False)]


def span(texts: list[str]) -> float:
    """Pixels that the longest line takes."""
    return max((len(text) for text in texts), default=0) * LETTER


def plan(workflow: Workflow[Any], label: Label, *, tall: bool) -> Plan:
    return _Planner(workflow, label, tall).plan()


class _Planner:
    def __init__(self, workflow: Workflow[Any], label: Label, tall: bool) -> None:
        self.main = main_way(workflow)
        self.aside = workflow.aside
        self.arrows = arrows(workflow)
        self.label = label
        self.tall = tall
        self.width = max(len(label(state.value)) for state in workflow.states) * 8 + (32 if tall else 52)

    def words(self, *, source: set[StrEnum], dest: set[StrEnum]) -> list[list[str]]:
        return [
            lines(one, self.label, tall=self.tall)
            for one in self.arrows
            if one.source in source and one.dest in dest and (len(source | dest) == 1 or one.source != one.dest)
        ]

    def partners(self, state: StrEnum) -> list[StrEnum]:
        """States on the main way from which this one is entered."""
        entered = {arrow.source for arrow in self.arrows if arrow.dest is state}
        return [one for one in self.main if one in entered]

    def plan(self) -> Plan:
        framed = [one for one in self.arrows if one.source is None and one.dest is not self.main[-1]]
        back = [words for state in self.main[2:] for words in self.words(source={state}, dest={self.main[0]})]
        rows = sum(len(lines(one, self.label, tall=self.tall, framed=True)) for one in framed)
        rail = (rows if self.tall else max([rows, *map(len, back)])) * LINE + 8
        top = rail + 20 if framed or back else 4.0
        boxes, frame, (width, height) = self.down(top) if self.tall else self.across(top)
        size = width, height + (max(map(len, back), default=0) * LINE if self.tall else 0)
        return Plan(self.tall, boxes, frame, rail, size, self.arrows)

    def beside(self) -> float:
        """Room that the words of the arrows to and from the states aside need."""
        ways = [*self.words(source=set(self.main), dest=set(self.aside))]
        ways += self.words(source=set(self.aside), dest=set(self.main[1:]))
        return max(map(span, ways), default=0)

    def between(self, index: int) -> list[list[str]]:
        pair = set(self.main[index : index + 2])
        return self.words(source=pair, dest=pair)

    def loops(self) -> dict[StrEnum, int]:
        """Lines of words over each state that a move leaves as it is."""
        own = {state: self.words(source={state}, dest={state}) for state in self.main}
        return {state: sum(map(len, words)) for state, words in own.items() if words}

    def across(self, top: float) -> tuple[dict[StrEnum, Box], Box, tuple[float, float]]:
        over = max(self.loops().values(), default=0)
        y = top + PAD + (over * LINE + 22 if over else 0)
        overhang = max(PAD, self.beside() + 26 - self.width / 2)
        boxes: dict[StrEnum, Box] = {}
        first = self.words(source={self.main[0]}, dest=set(self.aside))
        x = 2.0 + max([PAD, *(span(words) + 26 - self.width / 2 for words in first)])
        for index, state in enumerate(self.main):
            boxes[state] = Box(x, y, self.width, HEIGHT)
            needed = max(map(span, self.between(index)), default=0) + 44
            last = index == len(self.main) - 2
            x += self.width + (overhang + needed if last else max(needed, 2 * self.beside() + 70 - self.width))
        below = y + HEIGHT + 84
        for state in self.aside:
            near = [boxes[one] for one in self.partners(state)]
            boxes[state] = Box(near[0].x, below, near[-1].right - near[0].x, HEIGHT)
        end = boxes[self.main[-2]].right + overhang
        frame = Box(2, top, end - 2, below + HEIGHT + PAD - top)
        return boxes, frame, (boxes[self.main[-1]].right + 8, frame.bottom + LINE)

    def down(self, top: float) -> tuple[dict[StrEnum, Box], Box, tuple[float, float]]:
        lefts = [words for index in range(len(self.main) - 1) for words in self.between(index)]
        own = [words for state in self.main for words in self.words(source={state}, dest={state})]
        left = max([self.width / 2, *(span(words) + 18 for words in lefts), *(span(words) / 2 + 42 for words in own)])
        x = PAD + left - self.width / 2
        y, loops = top + PAD, self.loops()
        boxes: dict[StrEnum, Box] = {}
        for index, state in enumerate(self.main):
            y += loops[state] * LINE + 4 if state in loops else 0
            boxes[state] = Box(x, y, self.width, HEIGHT)
            rows = max(map(len, self.between(index)), default=0)
            y += HEIGHT + rows * LINE + (PAD + 30 if index == len(self.main) - 2 else 34)
        aside = x + self.width + self.beside() + 30
        for state in self.aside:
            near = [boxes[one] for one in self.partners(state)]
            boxes[state] = Box(aside, near[0].y, self.width, near[-1].bottom - near[0].y)
        right = max(box.right for box in boxes.values()) + PAD
        frame = Box(2, top, right - 2, boxes[self.main[-2]].bottom + PAD - top)
        return boxes, frame, (right + 2, boxes[self.main[-1]].bottom + 8)
