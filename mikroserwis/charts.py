"""Pictures of numbers: the geometry, drawn by templates/macros/charts.html.

Across they are measured in percent of the place they get, downwards in pixels: a picture is as wide as its place, and
its letters keep their size on a phone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from mikroserwis.i18n import say_number

# As many patterns as macros/charts.html can draw so that they are told apart without colour.
MOST_SERIES = 5
Number = float | int
Box = tuple[float, float, float, float]
Said = Callable[[Number], str]
Kind = Literal["bars", "stacks", "columns", "trend"]
Anchor = Literal["start", "middle", "end"]

_LABEL, _BAR, _GAP, _BETWEEN = 19, 15, 3, 11
_STACK, _COLUMN, _TOP, _LINE = 22, 150, 20, 15
# What a bar leaves of the width for the number behind it.
_LONGEST = 78.0
_ROOM_FOR_A_NUMBER = 13.0
_LONGEST_LABEL = 42


@dataclass(frozen=True)
class Item:
    """A bar, a column or a point: its label (a column's may have two lines), a number or None for each series."""

    label: str
    values: tuple[Number | None, ...]
    url: str | None = None


@dataclass(frozen=True)
class Shape:
    """A rectangle of a series: `box` is x, y, width and height, across in percent; `hint` says what it shows."""

    series: int
    box: Box
    hint: str


@dataclass(frozen=True)
class Words:
    """A text; `x` in percent, `dx` in pixels from there, `y` its base line; `role` is label, value or inside."""

    text: str
    x: float
    y: float
    role: Literal["label", "value", "inside"]
    anchor: Anchor = "start"
    dx: int = 0
    series: int = 0


@dataclass(frozen=True)
class Picture:
    """What macros/charts.html draws: shapes, points (percent, pixels) of a line, words, and the table beside it.

    `heads` are the table's: what the items are, then a series each; `rows` are label, address or None, values as said.
    """

    id: str
    kind: Kind
    title: str
    height: float
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str | None, tuple[str, ...]], ...]
    shapes: tuple[Shape, ...] = ()
    words: tuple[Words, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    base: float | None = None

    @property
    def series(self) -> tuple[str, ...]:
        return self.heads[1:]

    @property
    def told(self) -> str:
        """All of it in words, for those who don't see it."""
        return "; ".join(f"{label}: {', '.join(values)}" for label, _url, values in self.rows)


@dataclass
class _Canvas:
    """What has been drawn so far."""

    id: str
    kind: Kind
    title: str
    heads: tuple[str, ...]
    said: Said
    shapes: list[Shape] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def rect(self, item: Item, series: int, box: Box) -> None:
        value = item.values[series]
        hint = f"{plain(item.label)} – {self.heads[series + 1]}: {say(value, self.said)}"
        self.shapes.append(Shape(series, box, hint))

    def write(self, words: Words) -> None:
        self.words.append(words)

    def picture(self, items: Sequence[Item], height: float) -> Picture:
        """Raises ValueError for more series than can be told apart."""
        if len(self.heads) - 1 > MOST_SERIES:
            raise ValueError(f"{MOST_SERIES} series at most can be told apart")
        rows = tuple((plain(one.label), one.url, tuple(say(each, self.said) for each in one.values)) for one in items)
        shapes, words = tuple(self.shapes), tuple(self.words)
        return Picture(self.id, self.kind, self.title, height, self.heads, rows, shapes, words)


def bars(id_: str, title: str, heads: Sequence[str], items: Sequence[Item], said: Said = say_number) -> Picture:
    """Horizontal bars, one or two for each item, its label above them and each number behind its bar."""
    canvas, y = _Canvas(id_, "bars", title, tuple(heads), said), 0.0
    most = _most(value for item in items for value in item.values)
    for item in items:
        canvas.write(Words(_short(item.label), 0, y + 14, "label"))
        y += _LABEL
        for series, value in enumerate(item.values):
            width = (value or 0) / most * _LONGEST
            if value:
                canvas.rect(item, series, (0, y, width, _BAR))
            canvas.write(Words(say(value, said), width, y + 12, "value", dx=6 if value else 0, series=series))
            y += _BAR + _GAP
        y += _BETWEEN - _GAP
    return canvas.picture(items, max(y - _BETWEEN, 0))


def stacks(id_: str, title: str, heads: Sequence[str], items: Sequence[Item], said: Said = say_number) -> Picture:
    """One horizontal bar for each item, its series one behind the other, the sum above its end."""
    canvas, y = _Canvas(id_, "stacks", title, tuple(heads), said), 0.0
    most = _most(_sum(item) for item in items)
    for item in items:
        canvas.write(Words(_short(item.label), 0, y + 14, "label"))
        canvas.write(Words(say(_sum(item), said), 100, y + 14, "value", "end"))
        x, y = 0.0, y + _LABEL
        for series, value in enumerate(item.values):
            width = (value or 0) / most * 100
            if value:
                canvas.rect(item, series, (x, y, width, _STACK))
            if width >= _ROOM_FOR_A_NUMBER:
                canvas.write(
                    Words(say(value, said), round(x + width / 2, 3), y + 16, "inside", "middle", series=series)
                )
            x += width
        y += _STACK + _BETWEEN
    return canvas.picture(items, max(y - _BETWEEN, 0))


def columns(id_: str, title: str, heads: Sequence[str], items: Sequence[Item], said: Said = say_number) -> Picture:
    """Columns side by side, their series one upon the other, the sum over each and the label under it."""
    canvas = _Canvas(id_, "columns", title, tuple(heads), said)
    most, slot, base = _most(_sum(item) for item in items), 100 / max(len(items), 1), float(_TOP + _COLUMN)
    for index, item in enumerate(items):
        middle, y = round((index + 0.5) * slot, 3), base
        for series, value in enumerate(item.values):
            height = (value or 0) / most * _COLUMN
            y -= height
            if value:
                canvas.rect(item, series, ((index + 0.14) * slot, y, slot * 0.72, height))
        canvas.write(Words(say(_sum(item), said), middle, round(y, 2) - 5, "value", "middle"))
        for number, line in enumerate(item.label.split("\n"), 1):
            canvas.write(Words(line, middle, base + 2 + number * _LINE, "label", "middle"))
    lines = max((item.label.count("\n") + 1 for item in items), default=1)
    made = canvas.picture(items, base + lines * _LINE + 7)
    return replace(made, base=base)


def trend(id_: str, title: str, heads: Sequence[str], items: Sequence[Item], said: Said = say_number) -> Picture:
    """A small line through one series; the first, the highest and the last point bear their number."""
    canvas, deep = _Canvas(id_, "trend", title, tuple(heads), said), float(_COLUMN) / 2
    known = [(index, item.values[0]) for index, item in enumerate(items) if item.values[0] is not None]
    most, step = _most(value for _index, value in known), 96 / max(len(items) - 1, 1)
    highest = max(known, key=lambda one: one[1], default=(0, 0))[0]
    points = []
    for index, value in known:
        x, y = round(2 + index * step, 3), round(_TOP + deep - value / most * deep, 2)
        points.append((x, y))
        if index in {0, highest, len(items) - 1}:
            canvas.write(Words(say(value, said), x, y - 8, "value", _edge(index, len(items))))
    for index in sorted({0, len(items) - 1}) if items else ():
        label = Words(items[index].label, 2 + index * step, _TOP + deep + 18, "label", _edge(index, len(items)))
        canvas.write(label)
    made = canvas.picture(items, _TOP + deep + 24)
    return replace(made, points=tuple(points), base=_TOP + deep)


def plain(label: str) -> str:
    """A label on one line."""
    return label.replace("\n", " ")


def say(value: Number | None, said: Said = say_number) -> str:
    return "–" if value is None else said(value)


def _sum(item: Item) -> Number:
    return sum(value or 0 for value in item.values)


def _most(values: Iterable[Number | None]) -> Number:
    return max((value for value in values if value is not None), default=0) or 1


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"


def _edge(index: int, count: int) -> Anchor:
    """Words at the ends stay within the picture."""
    if index == 0:
        return "start"
    return "end" if index == count - 1 else "middle"
