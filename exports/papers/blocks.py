"""What papers are made of: the same blocks become DOCX and PDF."""

from dataclasses import dataclass


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
class Card:
    """A party: its role and rows of (label, value)."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Parties:
    left: Card
    right: Card


@dataclass(frozen=True)
class PointRow:
    number: str
    point_id: str
    name: str
    address: str
    buy: str
    exchange: str


@dataclass(frozen=True)
class Points:
    """Rows of the table of points; its header is repeated wherever the rows go on, the last row is the total."""

    rows: tuple[PointRow, ...]
    closing: bool = True


@dataclass(frozen=True)
class Signatory:
    role: str
    name: str


@dataclass(frozen=True)
class Signatures:
    left: Signatory
    right: Signatory


Block = Dateline | Title | Heading | Prose | Clause | Parties | Points | Signatures


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
