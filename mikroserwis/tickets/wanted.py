"""What a list's address asks for: the whole view lives in the URL."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from mikroserwis.plaintext import tidy

SIZES = (10, 25, 50)
OPEN = ("new", "taken", "contract", "suspended")
STATES = (*OPEN, "closed")
COLUMNS = (
    "type",
    "number",
    "tax_id",
    "company",
    "city",
    "acquired",
    "state",
    "caretaker",
    "opened",
    "closed",
    "days",
)
DEFAULT_SORT = "-opened"


SORTS = frozenset({*COLUMNS, "due"})
# The quick view that leaves nothing out, for people whose list opens with a view of their own.
EVERYTHING = "all"
LONGEST_QUERY = 20_000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list's address asks for; every value stands in the URL. Unknown values are ignored, not errors.

    `saved` is the own view that somebody came from, also after changing it.
    """

    q: str = ""
    view: str = ""
    type: str = ""
    number: str = ""
    tax_id: str = ""
    company: str = ""
    city: str = ""
    acquired: str = ""
    state: str = ""
    caretaker: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    days_min: int | None = None
    days_max: int | None = None
    sort: str = DEFAULT_SORT
    size: int = 25
    page: int = 1
    saved: int | None = None

    def arguments(self, **changed: Any) -> dict[str, Any]:
        """As query arguments, without what is at its default."""
        wanted = replace(self, **changed)
        blank = Wanted()
        pairs = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
        return {name: value for name, value in pairs.items() if value != getattr(blank, name) and value is not None}


def read(arguments: Mapping[str, str]) -> Wanted:
    """A list's address; whatever can't be read is as if it weren't there."""
    values: dict[str, Any] = {name: tidy(arguments.get(name, ""))[:100] for name in _TEXTS}
    values |= {name: _day(arguments.get(name)) for name in ("opened_from", "opened_to", "closed_from", "closed_to")}
    values |= {name: _whole(arguments.get(name)) for name in ("days_min", "days_max")}
    sort, size = arguments.get("sort", DEFAULT_SORT), _whole(arguments.get("size"))
    return Wanted(
        **values,
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        size=size if size in SIZES else 25,
        page=_whole(arguments.get("page")) or 1,
        saved=_whole(arguments.get("saved")),
    )


def canonical(wanted: Wanted) -> str:
    """The view as a query string: the same for equal views, without the page and without where it came from."""
    view = "" if wanted.view == EVERYTHING else wanted.view
    return urlencode(wanted.arguments(view=view, page=1, saved=None))


def from_query(query: str) -> Wanted:
    """A query string, such as one that was kept; read as the list's address is."""
    return read(MultiDict(parse_qsl(query[:LONGEST_QUERY].removeprefix("?"))))


_TEXTS = ("q", "view", "type", "number", "tax_id", "company", "city", "acquired", "state", "caretaker")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _whole(text: str | None) -> int | None:
    plain = (text or "").strip()
    return int(plain) if plain.removeprefix("-").isdigit() and plain.isascii() and len(plain) < 10 else None
