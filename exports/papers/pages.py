"""Laying a paper out on A4 pages before it is written.

DOCX has no page of its own until Word opens it, yet each page has to carry its own mark: so the breaks are
planned here, from measured text and fixed line heights, and both DOCX and PDF follow the plan.
All lengths are in points.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from exports.marks import Mark
from exports.papers.blocks import (
    Block,
    Card,
    Cell,
    Choices,
    Clause,
    Column,
    Dateline,
    Heading,
    Letterhead,
    Paper,
    Parties,
    Prose,
    Row,
    Signatory,
    Signatures,
    Table,
    Title,
    Totals,
)
from exports.papers.measure import lines, shortened
from exports.papers.rich import Grid, PageBreak, Picture, Rich
from exports.papers.rich_measure import (
    TooTall,
    beginning,
    free_height,
    least,
    may_be_parted,
    parted_grid,
    parted_rich,
)

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
MARGIN_SIDE, MARGIN_TOP, MARGIN_BOTTOM = 18 * MM, 29 * MM, 32 * MM
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN_SIDE
ROOM = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM - 8

BODY, BODY_LINE = 9.5, 13.0
SMALL, SMALL_LINE = 8.5, 11.5
FIELD = 8.5
TITLE, TITLE_LINE = 20.0, 26.0
INDENT = 18.0
BOX = "□"
CARD_GAP, CARD_PADDING, LABEL_WIDTH = 10.0, 8.0, 62.0
CARD_WIDTH = (TEXT_WIDTH - CARD_GAP) / 2
VALUE_WIDTH = CARD_WIDTH - 2 * CARD_PADDING - LABEL_WIDTH
CELL, CELL_PADDING = 9.0, 4.0
TABLE_GAP = 6.0
TOTAL, TOTAL_LINE, TOTAL_PADDING = 11.0, 16.0, 6.0
SIGNATURE_GAP, SIGNATURE_ROOM = 22.0, 44.0
_CARD_LINES = {"Firma": 8, "Adres": 6, "Reprezentacja": 4, "E-mail": 3}
_LEADING = ("title", "heading", "subheading")
_MOST_TOGETHER = 4
_HEADER_ROW = SMALL_LINE + 2 * CELL_PADDING + 1


@dataclass(frozen=True)
class Page:
    mark: Mark
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Layout:
    title: str
    letterhead: Letterhead
    pages: tuple[Page, ...]


def laid_out(paper: Paper, ticket: int, version: int) -> Layout:
    """The paper in pages, each with its mark; values too long for their place are cut with an ellipsis."""
    planned = list(_planned([_bounded(block) for block in paper.flow]))
    marks = (Mark(ticket, paper.kind, version, number, len(planned)) for number in range(1, len(planned) + 1))
    letterhead = Letterhead(
        shortened(paper.letterhead.name, TEXT_WIDTH, 11, bold=True),
        shortened(paper.letterhead.contact, TEXT_WIDTH, 8),
    )
    pages = tuple(Page(mark, tuple(blocks)) for mark, blocks in zip(marks, planned, strict=True))
    return Layout(paper.title, letterhead, pages)


def _bounded(block: Block) -> Block:
    match block:
        case Dateline(text):
            return Dateline(shortened(text, TEXT_WIDTH, BODY))
        case Title(text, subtitle):
            return Title(text, shortened(subtitle, TEXT_WIDTH, 10))
        case Prose(text):
            return Prose(shortened(text, TEXT_WIDTH, BODY, most=12))
        case Clause(number, text):
            return Clause(number, shortened(text, TEXT_WIDTH - INDENT, BODY, most=12))
        case Parties(left, right):
            return Parties(_bounded_card(left), _bounded_card(right))
        case Table():
            return _bounded_table(block)
        case Totals(table, _, _, words):
            return replace(block, table=_bounded_table(table), words=shortened(words, TEXT_WIDTH, FIELD, most=4))
        case Signatures(left, right):
            return Signatures(_bounded_signatory(left), _bounded_signatory(right))
        case _:
            return block


def _bounded_card(card: Card) -> Card:
    return Card(
        card.title,
        tuple(
            (label, shortened(value, VALUE_WIDTH, FIELD, _CARD_LINES.get(label, 2), bold=label == "Firma"))
            for label, value in card.rows
        ),
    )


def widths(table: Table) -> tuple[float, ...]:
    """The width of each column."""
    left = TEXT_WIDTH - sum(column.width for column in table.columns)
    return tuple(column.width or left for column in table.columns)


def _cells(table: Table, row: Row) -> Iterator[tuple[Cell, Column, float]]:
    """Each cell with its column and the room for its text."""
    for cell, column, width in zip(row, table.columns, widths(table), strict=True):
        yield cell, column, width - 2 * CELL_PADDING


def _bounded_table(table: Table) -> Table:
    return replace(table, rows=tuple(tuple(_bounded_cells(table, row)) for row in table.rows))


def _bounded_cells(table: Table, row: Row) -> Iterator[Cell]:
    for cell, column, room in _cells(table, row):
        text = shortened(cell.text, room, CELL, column.lines, bold=column.strong)
        yield Cell(text, shortened(cell.note, room, SMALL, column.lines))


def _bounded_signatory(signatory: Signatory) -> Signatory:
    return replace(signatory, name=shortened(signatory.name, CARD_WIDTH, 9, 3))


def height(block: Block) -> float:
    """Points from the end of the block before to the end of this one."""
    match block:
        case Dateline():
            return BODY_LINE + 14
        case Title():
            return TITLE_LINE + 2 + BODY_LINE + 10
        case Heading():
            return 10 + 16 + 3
        case Prose(text):
            return lines(text, TEXT_WIDTH, BODY) * BODY_LINE + 5
        case Clause(_, text):
            return lines(text, TEXT_WIDTH - INDENT, BODY) * BODY_LINE + 3
        case Choices(texts):
            return sum(height(Clause(BOX, text)) for text in texts)
        case Parties(left, right):
            return max(_card_height(left), _card_height(right)) + TABLE_GAP
        case Table(_, rows):
            return _HEADER_ROW + sum(_row_height(block, row) for row in rows) + TABLE_GAP
        case Totals(table, _, _, words):
            payable = TOTAL_LINE + 2 * TOTAL_PADDING + lines(words, TEXT_WIDTH, FIELD) * BODY_LINE
            return height(table) + payable + 2 * TABLE_GAP
        case Rich() | Grid() | Picture() | PageBreak():
            return free_height(block, TEXT_WIDTH)
        case _:
            names = max(lines(side.name, CARD_WIDTH, 9) for side in (block.left, block.right))
            return SIGNATURE_GAP + 16 + names * BODY_LINE + SIGNATURE_ROOM + SMALL_LINE + TABLE_GAP


def _card_height(card: Card) -> float:
    rows = sum(lines(value, VALUE_WIDTH, FIELD, label == "Firma") for label, value in card.rows)
    return 2 * CARD_PADDING + 16 + rows * BODY_LINE


def _row_height(table: Table, row: Row) -> float:
    return max(_cell_height(*each) for each in _cells(table, row)) + 2 * CELL_PADDING + 0.5


def _cell_height(cell: Cell, column: Column, room: float) -> float:
    note = lines(cell.note, room, SMALL) * SMALL_LINE if cell.note else 0
    return lines(cell.text, room, CELL, column.strong) * BODY_LINE + note


def _units(flow: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks that stay together: a heading with what follows it, signatures with the last clause, totals with lines."""
    unit: list[Block] = []
    for block in flow:
        if unit and (len(unit) > _MOST_TOGETHER or not _stay_together(unit[-1], block)):
            yield unit
            unit = []
        unit.append(block)
    yield unit


def _stay_together(before: Block, block: Block) -> bool:
    if isinstance(before, PageBreak) or isinstance(block, PageBreak):
        return False
    leads = isinstance(before, Heading) or (isinstance(before, Rich) and before.look in _LEADING)
    return leads or isinstance(block, Signatures | Totals)


def _planned(flow: Iterable[Block]) -> Iterator[list[Block]]:
    page: list[Block] = []
    left, broken = ROOM, False
    for unit in _units(flow):
        if isinstance(unit[0], PageBreak):
            broken = True
            continue
        fresh = broken or (isinstance(unit[0], Heading) and unit[0].new_page)
        if page and (fresh or _needed(unit) > left):
            yield page
            page, left = [], ROOM
        broken = False
        for number, block in enumerate(unit, 1):
            after = sum(map(height, unit[number:])) if isinstance(block, Table) else 0
            rest: Block | None = block
            while rest and height(rest) + after > left:
                head, tail = _cut(rest, left)
                if not head and not page:
                    raise TooTall(beginning(rest) if isinstance(rest, Grid) else "")
                yield [*page, head] if head else page
                page, left, rest = [], ROOM, tail
            if rest:
                page.append(rest)
                left -= height(rest)
    yield page


def _needed(unit: Iterable[Block]) -> float:
    """The least room in which a unit can begin: a table may go on overleaf after its first two rows."""
    needed = 0.0
    for block in unit:
        if isinstance(block, Table) and len(block.rows) > 2:
            return needed + height(replace(block, rows=block.rows[:2]))
        needed += height(least(block, TEXT_WIDTH) if isinstance(block, Rich | Grid) else block)
    return needed


def _cut(block: Block, room: float) -> tuple[Block | None, Block]:
    """What of the block fits, None if nothing does, and the rest."""
    if isinstance(block, Table):
        return _cut_table(block, room)
    parted: tuple[Block, Block] | None = None
    if isinstance(block, Grid):
        parted = parted_grid(block, room)
    elif isinstance(block, Rich) and may_be_parted(block, TEXT_WIDTH):
        parted = parted_rich(block, TEXT_WIDTH, room)
    return parted or (None, block)


def _cut_table(table: Table, room: float) -> tuple[Table | None, Table]:
    """The rows that fit and the rest, which never is the last row alone: that may be the total."""
    taken, used = 0, _HEADER_ROW + TABLE_GAP
    for row in table.rows[:-2]:
        used += _row_height(table, row)
        if used > room:
            break
        taken += 1
    head = replace(table, rows=table.rows[:taken], closing=False) if taken else None
    return head, replace(table, rows=table.rows[taken:])
