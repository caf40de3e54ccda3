"""Two readings of one form set against each other: ours as it was made, and the one that came back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, NamedTuple

from exports.marks import Mark
from exports.papers.amounts import money, number
from exports.papers.pages import BOX
from exports.papers.quote_form import DECISION, PAYABLE
from exports.papers.wording import ANNEX
from exports.plain import plain

Code = Literal[
    "unreadable",
    "no_mark",
    "other_paper",
    "other_ticket",
    "other_number",
    "changed",
    "missing",
    "added",
    "formula",
    "field",
    "hidden",
    "format",
    "sheet_added",
]
PICTURE = "\ufffc"
_LONGEST = 300
_MOST_FILLED_IN = 500
_MONEY = {"unit_net", "list_net", "net", "vat", "gross"}
_AMOUNT = re.compile(r"\d,\d\d(?!\d)|\d\s*(?:%|zł|PLN)", re.IGNORECASE)
_BEGINNINGS = {"line": r"\d+\.?", "total": r"\d+%|zw\.|Razem", "point": r"(?:\d+\.?)?"}


@dataclass(frozen=True)
class Difference:
    """Why a file isn't the form: `code` and what a sentence about it needs.

    changed, formula: `where` (line, total, point, payable, text), `name` (of a line or point its number, of a total
    its rate or Razem), `column` (position, name, quantity, unit, offer, list_net, unit_net, vat_rate, net, vat, gross,
    point_id, buy, exchange, or empty), `expected`, `found`, as they are printed.
    missing: `where`, `name`, `expected`. added: `found`. hidden: `found`, or as `place` a row, column or sheet.
    format: `place`, a cell. sheet_added: `found`. other_paper, other_ticket, other_number: `expected`, `found`.
    unreadable: `reason` (broken, encrypted, too_large, active_content). no_mark, field: nothing.
    """

    code: Code
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Formula:
    """What a cell reckons, in place of a value."""

    text: str


Value = str | Decimal | Formula
Row = tuple[Value, ...]


class TableKind(NamedTuple):
    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """What was read: rows of cells from top to bottom, page marks, what is odd in itself, and the tables by header."""

    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    findings: tuple[Difference, ...]
    tables: Mapping[tuple[str, ...], TableKind]


class _Placed(NamedTuple):
    """A row of our form and what it is: `columns` names its cells."""

    row: Row
    where: str = "text"
    name: str = ""
    columns: tuple[str, ...] = ()


def settled_text(text: str) -> str:
    """One line of bounded length: spaces that don't break are spaces."""
    return plain(text[: 10 * _LONGEST])


def compared(ours: Form, theirs: Form) -> list[Difference]:
    """All that differs but what the two sides fill in under the decision."""
    placed = list(_placed(ours))
    start, end = _decision(ours.rows)
    their_start, their_end = _decision(theirs.rows)
    return [
        *theirs.findings,
        *_rows_compared(placed[:start], theirs.rows[:their_start]),
        *_decision_compared(ours.rows[start:end], theirs.rows[their_start:their_end]),
        *_rows_compared(placed[end:], theirs.rows[their_end:]),
    ]


def _placed(form: Form) -> Iterator[_Placed]:
    table, offset = TableKind("", ()), 0
    for row in form.rows:
        titles = tuple(cell for cell in row if isinstance(cell, str) and cell)
        if titles in form.tables:
            table, offset = form.tables[titles], row.index(titles[0])
            yield _Placed(row)
        elif row[0] == PAYABLE:
            columns = tuple("gross" if cell == row[-1] else "" for cell in row)
            yield _Placed(row, "payable", "", columns)
        elif table.kind and re.fullmatch(_BEGINNINGS[table.kind], _first(row, offset)):
            name = _first(row, offset).removesuffix(".") or "Razem"
            yield _Placed(row, table.kind, name, ("",) * offset + table.columns)
        else:
            table, offset = TableKind("", ()), 0
            yield _Placed(row)


def _first(row: Row, offset: int) -> str:
    return str(row[offset]) if offset < len(row) else "…"


def _decision(rows: Sequence[Row]) -> tuple[int, int]:
    """Where the rows begin and end that may be filled in: from the last such heading to the annex."""
    starts = [number for number, row in enumerate(rows) if row == (DECISION,)]
    if not starts:
        return len(rows), len(rows)
    ends = (number for number in range(starts[-1], len(rows)) if rows[number] == (ANNEX,))
    return starts[-1], next(ends, len(rows))


def _rows_compared(ours: Sequence[_Placed], theirs: Sequence[Row]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, [each.row for each in ours], theirs, autojunk=False)
    for operation, first, last, their_first, their_last in matcher.get_opcodes():
        if operation != "equal":
            for each, row in _pairs(ours[first:last], theirs[their_first:their_last]):
                yield from _row_compared(each, row)


def _pairs(ours: Sequence[_Placed], theirs: Sequence[Row]) -> Iterator[tuple[_Placed | None, Row | None]]:
    """Rows that stand in each other's place; where their numbers differ, those that begin alike."""
    if len(ours) == len(theirs):
        yield from zip(ours, theirs, strict=True)
        return
    rest = list(theirs)
    for each in ours:
        alike = [row for row in rest if len(each.row) > 1 and _beginning(row) == _beginning(each.row)]
        if alike:
            rest.remove(alike[0])
        yield each, alike[0] if alike else None
    for row in rest:
        yield None, row


def _beginning(row: Row) -> Value:
    return next(cell for cell in row if cell != "")


def _row_compared(ours: _Placed | None, theirs: Row | None) -> Iterator[Difference]:
    together = ours and theirs and (ours.columns or len(ours.row) == len(theirs))
    if ours and theirs and together:
        yield from _cells_compared(ours, theirs)
        return
    if ours:
        expected = _joined(ours.row, ours.columns)
        yield Difference("missing", {"where": ours.where, "name": ours.name, "expected": expected})
    if theirs:
        yield Difference("added", {"found": _joined(theirs)})


def _cells_compared(ours: _Placed, theirs: Row) -> Iterator[Difference]:
    for expected, found, column in zip_longest(ours.row, theirs, ours.columns, fillvalue=""):
        shown, found_shown = _shown(expected, str(column)), _shown(found, str(column))
        if expected != found and (shown != found_shown or isinstance(found, Formula)):
            yield Difference(
                "formula" if isinstance(found, Formula) else "changed",
                {"where": ours.where, "name": ours.name, "column": column, "expected": shown, "found": found_shown},
            )


def _decision_compared(ours: Sequence[Row], theirs: Sequence[Row]) -> Iterator[Difference]:
    """What is printed there has to stay; what is written there is free as long as it names no amount."""
    written = [cell if isinstance(cell, str) else _shown(cell, "") for row in theirs for cell in row]
    for text in (str(cell).removeprefix(BOX).strip() for row in ours for cell in row):
        place = next((number for number, each in enumerate(written) if text in each), None)
        if place is None:
            yield Difference("missing", {"where": "text", "name": "", "expected": text})
        else:
            written[place] = written[place].replace(text, " ", 1)
    for cell in (cell for row in theirs for cell in row if isinstance(cell, Formula)):
        yield Difference("formula", {"where": "text", "name": "", "column": "", "expected": "", "found": cell.text})
    filled_in = settled_text(" ".join(written))
    if _AMOUNT.search(filled_in) or len(filled_in) > _MOST_FILLED_IN:
        yield Difference("added", {"found": filled_in[:_LONGEST]})


def _joined(row: Row, columns: tuple[str, ...] = ()) -> str:
    shown = (_shown(cell, str(column)) for cell, column in zip_longest(row, columns, fillvalue=""))
    return " · ".join(each for each in shown if each)[:_LONGEST]


def _shown(value: Value, column: str) -> str:
    """As it is printed; a part of a grosz, which the form's format would round away, is shown."""
    if isinstance(value, Formula):
        return value.text[:_LONGEST]
    if isinstance(value, str):
        return value[:_LONGEST]
    exact = column in _MONEY and value == round(value, 2)
    return (money(value) if exact else number(value)).replace("\u00a0", " ")[:_LONGEST]
