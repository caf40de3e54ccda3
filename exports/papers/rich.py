"""Blocks of a paper whose form staff have written: formatted paragraphs, tables of their own, pictures."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right", "justify"]
Look = Literal["title", "subtitle", "heading", "subheading", "prose", "cell"]


@dataclass(frozen=True)
class Span:
    """Characters formatted alike; a newline begins a new line within the paragraph."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True)
class Rich:
    """A paragraph; its `number` stands in the `hang` points left of its text, `indent` points from the margin."""

    spans: tuple[Span, ...]
    look: Look = "prose"
    align: Align = "left"
    number: str = ""
    indent: float = 0
    hang: float = 0

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Picture:
    """A PNG or JPEG, `width` × `height` points large."""

    content: bytes
    width: float
    height: float
    align: Align = "left"


@dataclass(frozen=True)
class GridCell:
    """One cell over `columns` columns; `fill` is a colour such as EEF4F9."""

    content: tuple[Rich | Picture, ...]
    columns: int = 1
    fill: str = ""


GridRow = tuple[GridCell, ...]


@dataclass(frozen=True)
class Grid:
    """A table: widths in points, `heads` rows repeated wherever the rows go on, `ruled` with lines between them."""

    widths: tuple[float, ...]
    rows: tuple[GridRow, ...]
    heads: int = 0
    ruled: bool = True


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a page."""
