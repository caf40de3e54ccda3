"""The shape of a table in a DOCX: columns, rows, cells."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from docx.oxml.ns import qn

from exports.forms.styles import value
from exports.papers.pages import TEXT_WIDTH

_NARROWEST = 24.0
MOST_COLUMNS = 14
_WASH = "EEF4F9"
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")


class FoundCell(NamedTuple):
    """One cell of a row; `merged` with one above or below it."""

    element: Any
    columns: int
    fill: str
    merged: bool


def shape(table: Any) -> tuple[tuple[float, ...], list[Any]]:
    """The widths of the columns in points, within the text, and the rows."""
    rows = [row for row in table.iter(qn("w:tr")) if next(row.iterancestors(qn("w:tbl"))) is table]
    grid = [int(float(one.get(qn("w:w"), 0))) / 20 for one in table.iter(qn("w:gridCol")) if _of(one, table)]
    widest = max(columns(table), 1)
    widths = [max(one, _NARROWEST) for one in grid[:MOST_COLUMNS]]
    widths += [_NARROWEST * 2] * (min(widest, MOST_COLUMNS) - len(widths))
    if sum(widths) > TEXT_WIDTH or sum(widths) > 0.9 * TEXT_WIDTH or not sum(grid):
        widths = [one * TEXT_WIDTH / sum(widths) for one in widths]
    return tuple(widths), rows


def columns(table: Any) -> int:
    """The columns of its widest row."""
    rows = (row for row in table.iter(qn("w:tr")) if next(row.iterancestors(qn("w:tbl"))) is table)
    return max((sum(_span(cell) for cell in _elements(row)) for row in rows), default=0)


def _of(column: Any, table: Any) -> bool:
    return next(column.iterancestors(qn("w:tbl"))) is table


def cells(row: Any, columns: int) -> Iterator[FoundCell]:
    """The cells of a row over `columns` columns, filled up or cut to that number."""
    left = columns
    for cell in _elements(row):
        span = min(_span(cell), left)
        if not span:
            return
        left -= span
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is not None
        yield FoundCell(cell, span, _fill(cell), merged)
    if left:
        yield FoundCell(row.makeelement(qn("w:tc")), left, "", merged=False)


def _elements(row: Any) -> Iterator[Any]:
    return (cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row)


def _span(cell: Any) -> int:
    found = value(cell, "w:tcPr", "w:gridSpan")
    return max(int(found), 1) if found.isdecimal() else 1


def _fill(cell: Any) -> str:
    """The colour behind the text; a dark one, on which ours could not be read, becomes the papers' own light blue."""
    shade = cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}")
    colour = "" if shade is None else shade.get(qn("w:fill"), "")
    if not _COLOUR.fullmatch(colour) or colour.upper() == "FFFFFF":
        return ""
    red, green, blue = bytes.fromhex(colour)
    return colour.upper() if 0.3 * red + 0.59 * green + 0.11 * blue > 190 else _WASH
