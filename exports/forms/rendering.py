"""From the lines of a template and what fills it to the blocks of a paper."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from typing import cast

from jinja2 import Template, TemplateError

from exports.forms import source
from exports.forms.lists import Counters
from exports.forms.model import Code, Filling, Place, Problem, UnusableForm
from exports.forms.source import ITEM, ITEM_END, MOST_TEXT, NEW_LINE, PIECE, PIECE_END, Item, Source
from exports.forms.tags import ENVIRONMENT
from exports.papers.blocks import Block, Clause, Dateline, Heading, Prose, Title
from exports.papers.measure import lines, width
from exports.papers.pages import BODY, INDENT, TEXT_WIDTH
from exports.papers.rich import Grid, GridCell, PageBreak, Picture, Rich, Span
from exports.papers.rich_measure import CELL_PADDING
from exports.papers.wording import glued

_WHOLE = 12

Step = tuple[Item, str]


def blocks(form: Source, filling: Filling) -> tuple[Block, ...]:
    """Raises UnusableForm, naming the place, where the form fails on these values."""
    steps = iter(list(_steps(form, filling)))
    builder = _Builder(form, filling)
    return tuple(_joined(list(builder.flow(steps))))


@lru_cache(maxsize=16)
def _template(text: str) -> Template:
    return ENVIRONMENT.from_string(text)


def _steps(form: Source, filling: Filling) -> Iterator[Step]:
    rendered = _rendered(form, filling)
    for part in rendered.split(ITEM)[1:]:
        number, _, text = part.partition(ITEM_END)
        yield form.items[int(number)], text


def _rendered(form: Source, filling: Filling) -> str:
    """The template's output, as far as it stays within bounds."""
    made, size = [], 0
    try:
        for part in _template("\n".join(form.lines)).generate(filling.values):
            size += len(part)
            if size > MOST_TEXT * 3:
                raise UnusableForm([Problem(Code.TOO_MUCH_TEXT, found=str(MOST_TEXT * 3))])
            made.append(part)
    except (TemplateError, TypeError) as error:
        raise UnusableForm([Problem(Code.FAILED, _place(form, error), str(error)[:200])]) from error
    return "".join(made)


def _place(form: Source, error: Exception) -> Place:
    """Where in the form it went wrong: Jinja puts the template's line into the traceback."""
    number, trace = 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            number = trace.tb_lineno
        trace = trace.tb_next
    return form.places[number - 1] if 0 < number <= len(form.places) else Place()


class _Builder:
    def __init__(self, form: Source, filling: Filling) -> None:
        self._filling = filling
        self._counters = Counters(form.lists)

    def flow(self, steps: Iterator[Step]) -> Iterator[Block]:
        for item, text in steps:
            match item:
                case source.Paragraph():
                    if made := self._paragraph(item, text):
                        yield _simple(made, dateline=item.dateline)
                case source.Ready(name):
                    yield from self._filling.blocks[name]
                case source.Break():
                    yield PageBreak()
                case source.Table():
                    yield from self._grid(item, steps)
                case _:
                    yield cast("Picture", item)

    def _paragraph(self, item: source.Paragraph, text: str) -> Rich | None:
        """None for one that has become empty."""
        spans = tuple(_spans(text, tied=item.look not in ("title", "subtitle") and not item.dateline))
        if not item.blank and not "".join(span.text for span in spans).strip():
            return None
        made = Rich(spans, item.look, item.align, item.label, item.indent, item.hang)
        if item.numbering is None:
            return made
        label = self._counters.label(*item.numbering)
        return replace(made, number=label, hang=max(INDENT, width(label, BODY) + 4) if label else 0)

    def _grid(self, table: source.Table, steps: Iterator[Step]) -> Iterator[Block]:
        rows: list[list[GridCell]] = []
        for item, text in takewhile(lambda step: not isinstance(step[0], source.TableEnd), steps):
            match item:
                case source.Row():
                    rows.append([])
                case source.Cell(columns, fill):
                    rows[-1].append(GridCell((), columns, fill))
                case source.Paragraph():
                    self._into(rows[-1], self._paragraph(item, text))
                case _:
                    self._into(rows[-1], cast("Picture", item))
        if rows:
            bounded = tuple(tuple(_bounded(row, table.widths)) for row in rows)
            yield Grid(table.widths, bounded, min(table.heads, len(rows) - 1), table.ruled)

    @staticmethod
    def _into(row: list[GridCell], content: Rich | Picture | None) -> None:
        if content is not None:
            row[-1] = replace(row[-1], content=(*row[-1].content, content))


def _bounded(row: list[GridCell], widths: tuple[float, ...]) -> Iterator[GridCell]:
    """Pictures no wider than their cell."""
    column = 0
    for cell in row:
        room = sum(widths[column : column + cell.columns]) - 2 * CELL_PADDING
        column += cell.columns
        yield replace(
            cell, content=tuple(_scaled(one, room) if isinstance(one, Picture) else one for one in cell.content)
        )


def _scaled(picture: Picture, room: float) -> Picture:
    scale = min(1.0, room / picture.width)
    return replace(picture, width=picture.width * scale, height=picture.height * scale)


def _spans(text: str, *, tied: bool) -> Iterator[Span]:
    """The formatted pieces of a paragraph, in running text with short words `tied` to the next one."""
    for piece in text.split(PIECE)[1:]:
        bits, _, words = piece.partition(PIECE_END)
        words = words.replace("\n", "").replace(NEW_LINE, "\n")
        if words:
            yield Span(glued(words) if tied else words, *(bool(int(bits) & bit) for bit in (1, 2, 4)))


def _simple(rich: Rich, *, dateline: bool) -> Block:
    """The block that the shipped papers have for such a paragraph, if there is one."""
    bare = not any(span.bold or span.italic or span.underline for span in rich.spans)
    if dateline and bare:
        return Dateline(rich.text)
    if not bare or rich.align != "left" or rich.indent or "\n" in rich.text or not rich.text.strip():
        return rich
    match rich.look:
        case "heading" if not rich.number and lines(rich.text, TEXT_WIDTH, 11, bold=True) == 1:
            return Heading(rich.text)
        case "prose" if not rich.number and lines(rich.text, TEXT_WIDTH, BODY) <= _WHOLE:
            return Prose(rich.text)
        case "prose" if rich.hang == INDENT and lines(rich.text, TEXT_WIDTH - INDENT, BODY) <= _WHOLE:
            return Clause(rich.number, rich.text)
    return rich


def _joined(flow: list[Block]) -> Iterator[Block]:
    """Title with subtitle, a page break with its heading: one block each, as in the shipped papers."""
    at = 0
    while at < len(flow):
        this, following = flow[at], flow[at + 1] if at + 1 < len(flow) else None
        at += 2
        if isinstance(this, Rich) and isinstance(following, Rich) and _are_title(this, following):
            yield Title(this.text, following.text)
        elif isinstance(this, PageBreak) and isinstance(following, Heading):
            yield replace(following, new_page=True)
        else:
            at -= 1
            yield this


def _are_title(first: Rich, second: Rich) -> bool:
    plain = all(
        one.align == "left" and not one.number and not any(each.italic or each.underline for each in one.spans)
        for one in (first, second)
    )
    short = lines(first.text, TEXT_WIDTH, 20, bold=True) == 1 and lines(second.text, TEXT_WIDTH, 10) == 1
    return (first.look, second.look) == ("title", "subtitle") and plain and short
