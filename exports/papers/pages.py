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
    Clause,
    Dateline,
    Heading,
    Letterhead,
    Paper,
    Parties,
    PointRow,
    Points,
    Prose,
    Signatory,
    Signatures,
    Title,
)
from exports.papers.measure import lines, shortened

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
CARD_GAP, CARD_PADDING, LABEL_WIDTH = 10.0, 8.0, 62.0
CARD_WIDTH = (TEXT_WIDTH - CARD_GAP) / 2
VALUE_WIDTH = CARD_WIDTH - 2 * CARD_PADDING - LABEL_WIDTH
POINT_COLUMNS = (28.0, 66.0, TEXT_WIDTH - 28 - 66 - 56 - 62, 56.0, 62.0)
CELL_PADDING = 4.0
POINT_WIDTH = POINT_COLUMNS[2] - 2 * CELL_PADDING
TABLE_GAP = 6.0
SIGNATURE_GAP, SIGNATURE_ROOM = 22.0, 44.0
_CARD_LINES = {"Firma": 8, "Adres": 6, "Reprezentacja": 4, "E-mail": 3}
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
        case Points(rows):
            return Points(tuple(map(_bounded_row, rows)))
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


def _bounded_row(row: PointRow) -> PointRow:
    number, point_id, buy, exchange = (
        shortened(value, column - 2 * CELL_PADDING, 9)
        for value, column in zip(
            (row.number, row.point_id, row.buy, row.exchange),
            (POINT_COLUMNS[0], POINT_COLUMNS[1], POINT_COLUMNS[3], POINT_COLUMNS[4]),
            strict=True,
        )
    )
    name = shortened(row.name, POINT_WIDTH, 9, 4, bold=True)
    return PointRow(number, point_id, name, shortened(row.address, POINT_WIDTH, SMALL, 3), buy, exchange)


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
        case Parties(left, right):
            return max(_card_height(left), _card_height(right)) + TABLE_GAP
        case Points(rows):
            return _HEADER_ROW + sum(map(_row_height, rows)) + TABLE_GAP
        case _:
            names = max(lines(side.name, CARD_WIDTH, 9) for side in (block.left, block.right))
            return SIGNATURE_GAP + 16 + names * BODY_LINE + SIGNATURE_ROOM + SMALL_LINE + TABLE_GAP


def _card_height(card: Card) -> float:
    rows = sum(lines(value, VALUE_WIDTH, FIELD, label == "Firma") for label, value in card.rows)
    return 2 * CARD_PADDING + 16 + rows * BODY_LINE


def _row_height(row: PointRow) -> float:
    address = lines(row.address, POINT_WIDTH, SMALL) * SMALL_LINE if row.address else 0
    return lines(row.name, POINT_WIDTH, 9, bold=True) * BODY_LINE + address + 2 * CELL_PADDING + 0.5


def _units(flow: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks that stay together: a heading with what follows it, signatures with the last clause."""
    unit: list[Block] = []
    for block in flow:
        if unit and not isinstance(unit[-1], Heading) and not isinstance(block, Signatures):
            yield unit
            unit = []
        unit.append(block)
    yield unit


def _planned(flow: Iterable[Block]) -> Iterator[list[Block]]:
    page: list[Block] = []
    left = ROOM
    for unit in _units(flow):
        fresh = isinstance(unit[0], Heading) and unit[0].new_page
        needed = sum(height(_start(block)) for block in unit)
        if page and (fresh or needed > left):
            yield page
            page, left = [], ROOM
        for block in unit:
            rest = block
            while isinstance(rest, Points) and height(rest) > left:
                head, rest = _cut(rest, left)
                yield [*page, head]
                page, left = [], ROOM
            page.append(rest)
            left -= height(rest)
    yield page


def _start(block: Block) -> Block:
    """The least of a block that a page takes: a table may go on overleaf after its first two rows."""
    return Points(block.rows[:2]) if isinstance(block, Points) else block


def _cut(points: Points, room: float) -> tuple[Points, Points]:
    """The rows that fit and the rest, which never is the total alone."""
    taken, used = 0, _HEADER_ROW + TABLE_GAP
    for row in points.rows[:-2]:
        used += _row_height(row)
        if used > room:
            break
        taken += 1
    return Points(points.rows[:taken], closing=False), Points(points.rows[taken:])
