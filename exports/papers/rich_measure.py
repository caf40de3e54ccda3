"""How much room the blocks of a form take, and where they may be cut to go on overleaf. Lengths are in points."""

import re
from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, cast

from exports.papers.measure import width
from exports.papers.rich import Grid, GridRow, Look, PageBreak, Picture, Rich, Span

CELL_PADDING, GAP = 4.0, 6.0
WHOLE = 12  # lines that are never parted
LEAST = 2  # lines that stay together at the foot and at the head of a page
_TOKEN = re.compile(r"\n| |[^ \n]+")


class TooTall(Exception):
    """A table's row needs more than a page; `text` is how it begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


class Type(NamedTuple):
    """How a paragraph of a look is set."""

    size: float
    line: float
    before: float
    after: float
    bold: bool = False


TYPES: dict[Look, Type] = {
    "title": Type(20, 26, 0, 2, bold=True),
    "subtitle": Type(10, 13, 0, 10),
    "heading": Type(11, 16, 10, 3, bold=True),
    "subheading": Type(9.5, 13, 6, 3, bold=True),
    "prose": Type(9.5, 13, 0, 5),
    "cell": Type(9, 13, 0, 0),
}


def room_of(rich: Rich, room: float) -> float:
    return room - rich.indent - rich.hang


@lru_cache(maxsize=4096)
def line_starts(rich: Rich, room: float) -> list[int]:
    """Where each of its lines begins, as an offset in its text, when it is wrapped within `room`."""
    own = room_of(rich, room)
    size, bold = TYPES[rich.look].size, [span.bold or TYPES[rich.look].bold for span in rich.spans for _ in span.text]
    starts, used = [0], 0.0
    for token in _TOKEN.finditer(rich.text):
        if token[0] == "\n":
            starts.append(token.end())
            used = 0.0
            continue
        widths = [width(token[0][at - token.start()], size, bold[at]) for at in range(*token.span())]
        if used and used + sum(widths) > own and token[0] != " ":
            starts.append(token.start())
            used = 0.0
        if sum(widths) <= own:
            used += sum(widths)
            continue
        for at, each in enumerate(widths, token.start()):
            if used + each > own * 0.9:
                starts.append(at)
                used = 0.0
            used += each
    return starts


def rich_height(rich: Rich, room: float) -> float:
    look = TYPES[rich.look]
    return look.before + len(line_starts(rich, room)) * look.line + look.after


def free_height(block: Rich | Grid | Picture | PageBreak, room: float) -> float:
    """Page breaks are planned before anything is measured, so none comes here."""
    match block:
        case Rich():
            return rich_height(block, room)
        case Grid():
            return sum(_row_height(row, block.widths) for row in block.rows) + GAP
        case _:
            return cast("Picture", block).height + GAP


def _row_height(row: GridRow, widths: tuple[float, ...]) -> float:
    heights, column = [0.0], 0
    for cell in row:
        room = sum(widths[column : column + cell.columns]) - 2 * CELL_PADDING
        heights.append(sum(_content_height(each, room) for each in cell.content))
        column += cell.columns
    return max(heights) + 2 * CELL_PADDING + 0.5


def _content_height(content: Rich | Picture, room: float) -> float:
    return content.height if isinstance(content, Picture) else rich_height(content, room)


def may_be_parted(block: Rich | Grid, room: float) -> bool:
    return isinstance(block, Grid) or len(line_starts(block, room)) > WHOLE


def parted_grid(grid: Grid, room: float) -> tuple[Grid, Grid] | None:
    """The rows that fit below their heads, and the rest with the same heads; None if not one fits."""
    heads, rows = grid.rows[: grid.heads], grid.rows[grid.heads :]
    used = sum(_row_height(row, grid.widths) for row in heads) + GAP
    reach = list(accumulate((_row_height(row, grid.widths) for row in rows), initial=used))
    taken = bisect_right(reach, room) - 1
    if taken < 1:
        return None
    return replace(grid, rows=heads + rows[:taken]), replace(grid, rows=heads + rows[taken:])


def parted_rich(rich: Rich, width: float, room: float) -> tuple[Rich, Rich] | None:
    """The lines that fit and the rest; None if too few of them would stand on either page."""
    starts, look = line_starts(rich, width), TYPES[rich.look]
    fitting = min(int((room - look.before) // look.line), len(starts) - LEAST)
    if fitting < LEAST:
        return None
    at = starts[fitting]
    head = replace(rich, spans=_between(rich.spans, 0, at))
    return head, replace(
        rich, spans=_between(rich.spans, at, len(rich.text)), number="", indent=rich.indent + rich.hang, hang=0
    )


def _between(spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    found, offset = [], 0
    for span in spans:
        text = span.text[max(start - offset, 0) : max(end - offset, 0)]
        offset += len(span.text)
        if text:
            found.append(replace(span, text=text))
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip(" \n"))
    return tuple(found)


def least(block: Rich | Grid, room: float) -> Rich | Grid:
    """The least of a block that a page takes."""
    if isinstance(block, Grid):
        return replace(block, rows=block.rows[: block.heads + 1])
    if not may_be_parted(block, room):
        return block
    return replace(block, spans=_between(block.spans, 0, line_starts(block, room)[LEAST]))


def beginning(grid: Grid) -> str:
    """The first words of the first row below the heads."""
    texts = (each.text for cell in grid.rows[grid.heads] for each in cell.content if isinstance(each, Rich))
    return " ".join(texts)[:60]
