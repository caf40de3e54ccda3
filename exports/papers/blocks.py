"""What papers are made of: the same blocks become DOCX and PDF."""

from dataclasses import dataclass

from exports.papers.rich import Grid, PageBreak, Picture, Rich


@dataclass(frozen=True)
class Dateline:
    text: str


@dataclass(frozen=True)
class Title:
    text: str
    subtitle: str


@dataclass(frozen=True)
class Heading:
    text: str
    new_page: bool = False


@dataclass(frozen=True)
class Prose:
    text: str


@dataclass(frozen=True)
class Clause:
    number: str
    text: str


@dataclass(frozen=True)
class Choices:
    """Sentences with a box to tick before each."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """A party: its role and rows of (label, value)."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Parties:
    left: Card
    right: Card


@dataclass(frozen=True)
class Column:
    """`width` in points, 0 for what the others leave; a value of more than `lines` lines is cut."""

    title: str
    width: float = 0
    align: str = ""
    lines: int = 1
    strong: bool = False


@dataclass(frozen=True)
class Cell:
    """A value, and under it a smaller `note`."""

    text: str
    note: str = ""


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows under a header that is repeated wherever they go on; when `closing`, the last row is their total."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    closing: bool = True


@dataclass(frozen=True)
class Totals:
    """Sums of the table before, with which they stay, and the one that is to be paid, in figures and in words."""

    table: Table
    label: str
    amount: str
    words: str


@dataclass(frozen=True)
class Signatory:
    role: str
    name: str


@dataclass(frozen=True)
class Signatures:
    left: Signatory
    right: Signatory


Block = (
    Dateline
    | Title
    | Heading
    | Prose
    | Clause
    | Choices
    | Parties
    | Table
    | Totals
    | Signatures
    | Rich
    | Grid
    | Picture
    | PageBreak
)


@dataclass(frozen=True)
class Letterhead:
    """The company whose paper it is, on every page: one line each."""

    name: str
    contact: str


@dataclass(frozen=True)
class Paper:
    """A whole document before it is laid out; `kind` is the file kind that its page marks name."""

    kind: str
    title: str
    letterhead: Letterhead
    flow: tuple[Block, ...]
