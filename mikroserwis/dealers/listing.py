"""The list of dealers as its address asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis.dealers.areas import as_text, read_prefix, touches
from mikroserwis.lists import Asked, whole
from mikroserwis.models import Dealer, DealerAbsence, Ticket
from mikroserwis.plaintext import tidy
from mikroserwis.rulebook import RULES
from mikroserwis.textkeys import digits, fold, sort_key

SIZES = (10, 25, 50)
# Those that work, are away today, have all they can take, are out of use, and all of them.
VIEWS = ("", "absent", "full", "inactive", "all")
COLUMNS = ("crm_id", "name", "city", "areas", "types", "load", "absence")


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the list's address asks for; every value stands in the URL. Unknown values are ignored, not errors.

    `area` is the beginning of a postal code: those who cover it, or a part of it.
    """

    q: str = ""
    view: str = ""
    type: str = ""
    area: str = ""
    sort: str = "name"
    size: int = 25
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.type or self.area or self.view)


def read(arguments: Mapping[str, str]) -> Wanted:
    """Whatever can't be read is as if it weren't there."""
    sort, view, type_ = (arguments.get(name, "") for name in ("sort", "view", "type"))
    size, page = (whole(arguments.get(name, "")) for name in ("size", "page"))
    return Wanted(
        q=tidy(arguments.get("q", ""))[:100],
        view=view if view in VIEWS else "",
        type=type_ if type_ in RULES.ticket_types else "",
        area=_area(arguments.get("area", "")),
        sort=sort if sort.removeprefix("-") in COLUMNS else "name",
        size=size if size in SIZES else 25,
        page=page or 1,
    )


def _area(text: str) -> str:
    try:
        return read_prefix(tidy(text))
    except ValueError:
        return ""


class Row(NamedTuple):
    """A dealer with its open tickets and the absence that is or comes."""

    dealer: Dealer
    open: int
    absence: DealerAbsence | None

    def is_absent(self, day: date) -> bool:
        return self.absence is not None and self.absence.first_day <= day


@dataclass(frozen=True)
class Page:
    """`total` of all pages."""

    rows: list[Row]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(-(-self.total // self.size), 1)


def every(session: Session, wanted: Wanted, day: date) -> list[Row]:
    """All of them in order. There are hundreds of dealers, not thousands: they are read whole and sorted here."""
    counts, absences = open_tickets(session), absences_from(session, day)
    words = [one for one in fold(wanted.q).split() if one]
    rows = [
        Row(one, counts.get(one.id, 0), absences.get(one.id))
        for one in session.scalars(select(Dealer).order_by(Dealer.name_key, Dealer.id))
    ]
    rows = [row for row in rows if _is_wanted(row, wanted, day) and all(_has(row.dealer, word) for word in words)]
    name, down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    rows.sort(key=_SORTS[name], reverse=down)
    return rows


def fetch(session: Session, wanted: Wanted, day: date) -> Page:
    """One page."""
    rows = every(session, wanted, day)
    page = min(wanted.page, max(-(-len(rows) // wanted.size), 1))
    start = (page - 1) * wanted.size
    return Page(rows[start : start + wanted.size], len(rows), page, wanted.size)


def open_tickets(session: Session) -> dict[int | None, int]:
    """How many each dealer has that aren't closed."""
    query = (
        select(Ticket.dealer_id, func.count())
        .where(Ticket.dealer_id.is_not(None), Ticket.state != "closed")
        .group_by(Ticket.dealer_id)
    )
    return dict(session.execute(query).all())


def absences_from(session: Session, day: date) -> dict[int, DealerAbsence]:
    """By dealer, the absence that holds on this day, else the next one."""
    query = select(DealerAbsence).where(DealerAbsence.last_day >= day).order_by(DealerAbsence.first_day.desc())
    return {one.dealer_id: one for one in session.scalars(query)}


def _is_wanted(row: Row, wanted: Wanted, day: date) -> bool:
    dealer = row.dealer
    if wanted.type and wanted.type not in {one.type for one in dealer.types}:
        return False
    if wanted.area and not any(touches(one.prefix, wanted.area) for one in dealer.areas):
        return False
    if wanted.view in {"inactive", "all"}:
        return wanted.view == "all" or not dealer.active
    if wanted.view == "absent":
        return dealer.active and row.is_absent(day)
    return dealer.active and (wanted.view != "full" or row.open >= dealer.capacity)


def _has(dealer: Dealer, word: str) -> bool:
    """Any of its texts; numbers also without the signs between them."""
    texts = fold(f"{dealer.name} {dealer.city} {dealer.street} {dealer.email} {dealer.postal_code}")
    numbers = f"{dealer.crm_id} {dealer.tax_id} {digits(dealer.phone)}"
    figures = digits(word)
    return word in texts or (bool(figures) and figures in numbers)


_SORTS: dict[str, Any] = {
    "crm_id": lambda row: row.dealer.crm_id,
    "name": lambda row: row.dealer.name_key,
    "city": lambda row: sort_key(row.dealer.city),
    "areas": lambda row: as_text(one.prefix for one in row.dealer.areas),
    "types": lambda row: sorted(one.type for one in row.dealer.types),
    "load": lambda row: row.open / max(row.dealer.capacity, 0.5),
    "absence": lambda row: row.absence.first_day if row.absence else date.max,
}
