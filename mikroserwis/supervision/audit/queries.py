"""The rows of the history that the page's address asks for, and how the chain over them stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from mikroserwis.lists import Asked, whole
from mikroserwis.models import Event, HistorySeal, JobRun, Ticket
from mikroserwis.plaintext import tidy
from mikroserwis.rulebook import RULES
from mikroserwis.supervision.audit.wording import OF_MATERIAL, SOURCES, VERBS, verbs_saying
from mikroserwis.sweeps.audit import JOB
from mikroserwis.texts.wording import VERBS as OF_TEXT

SIZES = (25, 50, 100)
# Further back one gets by filters; a look at the millionth row would read a million.
BOUND = 10_000
_WORDS = 8
_RECORDS: dict[str, Any] = {
    "ticket": Event.ticket_id,
    "customer": Event.customer_id,
    "point": Event.point_id,
    "dealer": Event.about_dealer_id,
    "contact": Event.vendor_contact_id,
    "price": Event.price_item_id,
    "form": Event.paper_form_id,
    "user": Event.user_id,
    "client": Event.client_id,
}
# Whose records the history knows by their acts alone.
_BY_ACT = {"material": OF_MATERIAL, "text": OF_TEXT}
KINDS = (*_RECORDS, *_BY_ACT, "other")


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the page's address asks for; what can't be read in it is as if it weren't there.

    `first` and `last` are days in Warsaw, both included. `record` is the id of one record of the kind.
    """

    NAMES: ClassVar[Mapping[str, str]] = {"first": "from", "last": "to"}

    q: str = ""
    person: str = ""
    act: str = ""
    kind: str = ""
    record: str = ""
    ticket: str = ""
    first: str = ""
    last: str = ""
    source: str = ""
    address: str = ""
    size: int = SIZES[0]
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(self.arguments(size=SIZES[0], page=1))


@dataclass(frozen=True)
class Page:
    """`total` is exact up to BOUND; past it `bounded` is true. `numbers` are the tickets' by id."""

    items: list[Event]
    numbers: Mapping[int, int]
    total: int
    bounded: bool
    page: int
    pages: int


@dataclass(frozen=True)
class Chain:
    """The newest seal, how many rows are newer, and the run that proved the chain last."""

    seal: HistorySeal | None
    unsealed: int
    proved: JobRun | None


def read(arguments: Mapping[str, str]) -> Wanted:
    """The page's address."""
    act, kind, source = (arguments.get(name, "") for name in ("act", "kind", "source"))
    size, page, ticket, record = (whole(arguments.get(name, "")) for name in ("size", "page", "ticket", "record"))
    known = kind if kind in KINDS else ""
    return Wanted(
        q=tidy(arguments.get("q", ""))[:100],
        person=tidy(arguments.get("person", ""))[:100],
        act=act if act in VERBS else "",
        kind=known,
        record=str(record) if record and known in _RECORDS else "",
        ticket=str(ticket or ""),
        first=_day(arguments.get("from", "")),
        last=_day(arguments.get("to", "")),
        source=source if source in SOURCES else "",
        address=tidy(arguments.get("address", ""))[:45],
        size=size if size in SIZES else SIZES[0],
        page=max(page, 1),
    )


def fetch(session: Session, wanted: Wanted) -> Page:
    """One page, the newest first; a page past the end is the last one."""
    conditions = _conditions(wanted)
    ids = select(Event.id).where(*conditions).limit(BOUND + 1)
    total = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    bounded, total = total > BOUND, min(total, BOUND)
    pages = max(-(-total // wanted.size), 1)
    page = min(wanted.page, pages)
    items = list(session.scalars(_newest(conditions).limit(wanted.size).offset((page - 1) * wanted.size)))
    return Page(items, numbers(session, items), total, bounded, page, pages)


def newest(session: Session, wanted: Wanted) -> list[Event]:
    """The first BOUND of them."""
    return list(session.scalars(_newest(_conditions(wanted)).limit(BOUND)))


def numbers(session: Session, of: Sequence[Event]) -> dict[int, int]:
    """Of the tickets that these rows are about, by id."""
    wanted, found = sorted({one.ticket_id for one in of if one.ticket_id is not None}), {}
    for start in range(0, len(wanted), 500):
        some = select(Ticket.id, Ticket.number).where(Ticket.id.in_(wanted[start : start + 500]))
        found.update({row.id: row.number for row in session.execute(some)})
    return found


def chain(session: Session) -> Chain:
    """How the seals stand."""
    seal = session.scalars(select(HistorySeal).order_by(HistorySeal.id.desc()).limit(1)).one_or_none()
    unsealed = select(func.count()).select_from(Event).where(Event.id > (seal.last_id if seal else 0))
    ended = (JobRun.job == JOB, JobRun.started_at.is_not(None))
    proved = select(JobRun).where(*ended).order_by(JobRun.id.desc()).limit(1)
    return Chain(seal, session.scalar(unsealed) or 0, session.scalars(proved).one_or_none())


def _newest(conditions: Sequence[ColumnElement[bool]]) -> Select[Event]:
    return select(Event).where(*conditions).order_by(Event.id.desc())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [_says(word) for word in wanted.q.split()[:_WORDS]]
    if wanted.person:
        found.append(_contains(Event.actor, wanted.person))
    if wanted.act:
        found.append(Event.verb == wanted.act)
    if wanted.kind:
        found.append(_of_kind(wanted.kind, wanted.record))
    if wanted.ticket:
        found.append(Event.ticket_id == _ticket(int(wanted.ticket)))
    if wanted.first:
        found.append(Event.at >= _midnight(wanted.first))
    if wanted.last:
        found.append(Event.at < _midnight(wanted.last, 1))
    if wanted.source:
        found.append(Event.source == wanted.source)
    if wanted.address:
        found.append(Event.address.startswith(wanted.address, autoescape=True))
    return found


def _of_kind(kind: str, record: str) -> ColumnElement[bool]:
    if kind in _BY_ACT:
        return Event.verb.in_(_BY_ACT[kind])
    if kind == "other":
        return and_(*(column.is_(None) for column in _RECORDS.values()), Event.verb.not_in((*OF_MATERIAL, *OF_TEXT)))
    column: Any = _RECORDS[kind]
    found: ColumnElement[bool] = column == int(record) if record else column.is_not(None)
    return found


def _says(word: str) -> ColumnElement[bool]:
    """In who, what, old and new values; a number may be a ticket's."""
    found = [_contains(column, word) for column in (Event.actor, Event.changes, Event.data)]
    if verbs := verbs_saying(word):
        found.append(Event.verb.in_(verbs))
    if number := whole(word):
        found.append(Event.ticket_id == _ticket(number))
    return or_(*found)


def _contains(column: Any, word: str) -> ColumnElement[bool]:
    """Capitals don't count. SQLite knows those of ASCII alone, so that others are looked for as people write them."""
    ways = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize(), word.title()}
    return or_(*(column.icontains(one, autoescape=True) for one in sorted(ways)))


def _ticket(number: int) -> Any:
    return select(Ticket.id).where(Ticket.number == number).scalar_subquery()


def _midnight(day: str, later: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day) + timedelta(days=later), time(), RULES.tz)


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return ""
    return day.isoformat() if 1900 <= day.year < 3000 else ""
