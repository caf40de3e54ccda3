"""The words of this package: what is wrong with a form, where, and what a form may say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from exports.papers.blocks import Block, Letterhead
from exports.papers.pages import Layout
from exports.papers.pdf import pdf_bytes
from exports.papers.word import docx_bytes

EXCERPT = 60


class Code(StrEnum):
    """What is wrong with a form; `Problem.found` names it in the form's own words."""

    TOO_LARGE = "too_large"  # found: the limit in MB
    UNREADABLE = "unreadable"
    ACTIVE_FIELD = "active_field"  # found: the field
    FIELD = "field"  # found: the field
    TRACKED_CHANGES = "tracked_changes"
    SHAPE = "shape"
    OBJECT = "object"
    NESTED_TABLE = "nested_table"
    MERGED_ROWS = "merged_rows"
    FOOTNOTE = "footnote"
    EQUATION = "equation"
    SYMBOL = "symbol"
    UNSUPPORTED = "unsupported"  # found: the element
    PICTURE = "picture"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MUCH_TEXT = "too_much_text"  # found: the limit
    SYNTAX = "syntax"  # found: the tag
    UNKNOWN = "unknown"  # found: the name; hint: a name that is like it
    FORBIDDEN = "forbidden"  # found: the tag
    UNBALANCED = "unbalanced"  # found: the tag
    NESTED_TAGS = "nested_tags"  # found: the tag
    NOT_ALONE = "not_alone"  # found: the name
    MISSING = "missing"  # found: the name; hint: the case, see Case
    FAILED = "failed"  # found: the tag or empty
    ROW_TOO_TALL = "row_too_tall"
    TOO_MANY_PAGES = "too_many_pages"  # found: the limit
    # What follows is told, and the form can be used all the same.
    HEADER = "header"
    LINK = "link"
    COMMENT = "comment"
    FLOATING = "floating"
    PICTURE_IN_TEXT = "picture_in_text"
    TAB = "tab"
    HIDDEN = "hidden"
    COLUMNS = "columns"


WARNINGS = frozenset(
    {
        Code.HEADER,
        Code.LINK,
        Code.COMMENT,
        Code.FLOATING,
        Code.PICTURE_IN_TEXT,
        Code.TAB,
        Code.HIDDEN,
        Code.COLUMNS,
    }
)


@dataclass(frozen=True)
class Place:
    """Where in the form: how the paragraph begins, and the table, row and column (from 1) around it, 0 for none."""

    excerpt: str = ""
    table: int = 0
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Problem:
    code: Code
    place: Place = Place()
    found: str = ""
    hint: str = ""

    @property
    def refused(self) -> bool:
        return self.code not in WARNINGS


class UnusableForm(Exception):
    """The form can't be used, or not for this ticket; `problems` name why and where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{one.code} {one.found}" for one in self.problems))


@dataclass(frozen=True)
class Placeholder:
    """A name that a form may say, with its meaning in Polish and English; a `required` one has to be printed."""

    name: str
    pl: str
    en: str
    required: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """What the form of one paper may say.

    `values` stand within text; `blocks` stand alone in a paragraph; `facts` are for `{% if … %}`;
    `lists` are for `{% for … in … %}`, each with the fields of one of its items.
    """

    paper: str
    values: tuple[Placeholder, ...]
    blocks: tuple[Placeholder, ...]
    facts: tuple[Placeholder, ...]
    lists: Mapping[str, tuple[Placeholder, ...]]


@dataclass(frozen=True)
class Filling:
    """What a form of `paper` is filled with for one ticket: `values` (facts and lists too) and `blocks`."""

    paper: str
    title: str
    letterhead: Letterhead
    ticket: int
    version: int
    made_on: date
    values: Mapping[str, Any]
    blocks: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendered:
    """A paper laid out on a form: both formats have the same pages, content and marks."""

    layout: Layout
    made_on: date

    @property
    def docx(self) -> bytes:
        return docx_bytes(self.layout, self.made_on)

    @property
    def pdf(self) -> bytes:
        return pdf_bytes(self.layout, self.made_on)
