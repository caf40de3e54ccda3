"""A form as it is kept between reading and rendering: one line of a template for each thing in it.

What the lines say of look and structure is a number between private characters, which neither the text of a form nor
a value can contain; so the text of paragraphs is all that the template language ever sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from exports.forms.lists import ListDefinition
from exports.forms.model import Code, Place, Problem
from exports.forms.runs import Format
from exports.forms.styles import Numbering
from exports.papers.rich import Align, Look, Picture

ITEM, ITEM_END, PIECE, PIECE_END, NEW_LINE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
MOST_TEXT = 300_000


@dataclass(frozen=True)
class Paragraph:
    """How a paragraph looks; `blank` if it is so in the form itself."""

    look: Look
    align: Align = "left"
    indent: float = 0
    hang: float = 0
    label: str = ""
    numbering: Numbering | None = None
    dateline: bool = False
    blank: bool = False


@dataclass(frozen=True)
class Ready:
    """The place of a block of the paper itself."""

    name: str


@dataclass(frozen=True)
class Break:
    """The end of a page."""


@dataclass(frozen=True)
class Table:
    widths: tuple[float, ...]
    heads: int
    ruled: bool


@dataclass(frozen=True)
class Row:
    """The beginning of a row."""


@dataclass(frozen=True)
class Cell:
    columns: int
    fill: str


@dataclass(frozen=True)
class TableEnd:
    """The end of a table."""


Item = Paragraph | Ready | Break | Table | Row | Cell | TableEnd | Picture


@dataclass
class Source:
    """The lines of the template, what each number in them stands for, and the place of each line."""

    items: list[Item] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lists: dict[str, ListDefinition] = field(default_factory=dict)
    size: int = 0

    def add(self, item: Item, text: str = "", place: Place = Place()) -> None:
        self._line(f"{ITEM}{len(self.items)}{ITEM_END}{text}", place)
        self.items.append(item)

    def control(self, tags: str, place: Place) -> None:
        self._line(tags, place)

    def report(self, code: Code, place: Place, found: str = "") -> None:
        problem = Problem(code, place, found)
        if problem not in self.problems:
            self.problems.append(problem)

    def _line(self, text: str, place: Place) -> None:
        self.size += len(text)
        self.lines.append(text.replace("\n", NEW_LINE))
        self.places.append(place)

    @property
    def refusals(self) -> Sequence[Problem]:
        return [one for one in self.problems if one.refused]


def pieces(text: str, formats: Sequence[Format], tags: Sequence[tuple[int, int]]) -> str:
    """The text in pieces of one format each; a tag has the format with which it begins."""
    made, at, shown = "", 0, None
    spans = dict(tags)
    while at < len(text):
        if shown != formats[at] or at in spans:
            shown = formats[at]
            bits = shown.bold + 2 * shown.italic + 4 * shown.underline
            made += f"{PIECE}{bits}{PIECE_END}"
        end = spans.get(at, at + 1)
        made += text[at:end]
        shown = shown if end == at + 1 else None
        at = end
    return made
