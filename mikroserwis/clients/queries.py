"""Programs, their tokens, their webhooks and what was sent to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.db import WRITE
from mikroserwis.errors import NotFound
from mikroserwis.field_checks import day
from mikroserwis.lists import Asked, whole
from mikroserwis.models import ApiClient, Attempt, ClientToken, Event, OutboxItem, WebhookDelivery, WebhookEndpoint
from mikroserwis.rulebook import RULES

SIZE = 25
# Further back one gets by filters.
BOUND = 10_000
LAST_CHANGES = 10
STATES = ("waiting", "delivered", "failed")
# The API's states.
_NAMES = {"queued": "waiting", "delivered": "delivered", "stuck": "failed", "rejected": "failed"}


@dataclass(frozen=True)
class Line:
    """A program with the last use of any of its tokens, how many of them live, and its webhooks."""

    client: ApiClient
    used_at: datetime | None
    tokens: int
    endpoints: Sequence[WebhookEndpoint]


@dataclass(frozen=True)
class Sending:
    """A delivery with its way so far, the first attempt first."""

    delivery: WebhookDelivery
    item: OutboxItem
    attempts: Sequence[Attempt]

    @property
    def state(self) -> str:
        return "retrying" if self.item.state == "queued" and self.item.last_error else _NAMES[self.item.state]


@dataclass(frozen=True)
class Page:
    items: list[Sending]
    total: int
    bounded: bool
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the log's address asks for; what can't be read in it is as if it weren't there. Days are Warsaw's."""

    NAMES: ClassVar[Mapping[str, str]] = {"first": "from", "last": "to"}

    state: str = ""
    type: str = ""
    first: str = ""
    last: str = ""
    page: int = 1

    @property
    def window(self) -> tuple[datetime | None, datetime | None]:
        first, last = _midnight(self.first), _midnight(self.last)
        return first, last + timedelta(days=1) if last else None


def read(arguments: Mapping[str, str]) -> Wanted:
    """A log's address."""
    state = arguments.get("state", "")
    return Wanted(
        state=state if state in STATES else "",
        type=arguments.get("type", "")[:40],
        first=_day(arguments.get("from", "")),
        last=_day(arguments.get("to", "")),
        page=max(whole(arguments.get("page", "")), 1),
    )


def all_clients(session: Session, now: datetime) -> list[Line]:
    """Those in use first, then by name."""
    live = (ClientToken.revoked_at.is_(None), ClientToken.expires_at.is_(None) | (ClientToken.expires_at > now))
    used = dict(
        session.execute(
            select(ClientToken.client_id, func.max(ClientToken.used_at)).group_by(ClientToken.client_id)
        ).all()
    )
    counted = select(ClientToken.client_id, func.count()).where(*live).group_by(ClientToken.client_id)
    tokens = dict(session.execute(counted).all())
    endpoints: dict[int, list[WebhookEndpoint]] = {}
    for one in session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.id)):
        endpoints.setdefault(one.client_id, []).append(one)
    clients = sorted(session.scalars(select(ApiClient)), key=lambda one: (not one.active, one.name.casefold()))
    return [Line(one, used.get(one.id), tokens.get(one.id, 0), endpoints.get(one.id, ())) for one in clients]


def load(session: Session, actor: Actor, client_id: int) -> ApiClient:
    """For who keeps programs, and a program its own, held in a writing transaction. Raises Forbidden, NotFound."""
    if actor.client_id is None:
        access.require("clients.manage", access.role_relations(actor))
    query = select(ApiClient).where(ApiClient.id == client_id)
    if actor.client_id is not None:
        query = query.where(ApiClient.id == actor.client_id)
    found = session.scalars(query.with_for_update() if session.info.get(WRITE) else query).one_or_none()
    if found is None:
        raise NotFound(record="client", id=client_id)
    return found


def token_of(session: Session, client: ApiClient, token_id: int) -> ClientToken:
    """Raises NotFound."""
    query = select(ClientToken).where(ClientToken.id == token_id, ClientToken.client_id == client.id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(record="token", id=token_id)
    return found


def tokens_of(session: Session, client: ApiClient) -> list[ClientToken]:
    """The newest first."""
    query = select(ClientToken).where(ClientToken.client_id == client.id)
    return list(session.scalars(query.order_by(ClientToken.id.desc())))


def endpoints_of(session: Session, client: ApiClient) -> list[WebhookEndpoint]:
    query = select(WebhookEndpoint).where(WebhookEndpoint.client_id == client.id)
    return list(session.scalars(query.order_by(WebhookEndpoint.id)))


def endpoint_of(session: Session, client: ApiClient, endpoint_id: int) -> WebhookEndpoint:
    """Raises NotFound."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.client_id == client.id)
    found = session.scalars(query.with_for_update() if session.info.get(WRITE) else query).one_or_none()
    if found is None:
        raise NotFound(record="webhook", id=endpoint_id)
    return found


def fetch(session: Session, endpoint: WebhookEndpoint, wanted: Wanted) -> Page:
    """What was sent, or is to be, the newest first; a page past the end is the last one."""
    conditions = _conditions(endpoint, wanted)
    ids = select(WebhookDelivery.id).join(OutboxItem, OutboxItem.id == WebhookDelivery.item_id).where(*conditions)
    total = session.scalar(select(func.count()).select_from(ids.limit(BOUND + 1).subquery())) or 0
    bounded, total = total > BOUND, min(total, BOUND)
    pages = max(-(-total // SIZE), 1)
    page = min(wanted.page, pages)
    rows = session.execute(
        select(WebhookDelivery, OutboxItem)
        .join(OutboxItem, OutboxItem.id == WebhookDelivery.item_id)
        .where(*conditions)
        .order_by(WebhookDelivery.id.desc())
        .limit(SIZE)
        .offset((page - 1) * SIZE)
    )
    return Page(_sendings(session, [(row[0], row[1]) for row in rows]), total, bounded, page, pages)


def delivery_of(session: Session, endpoint: WebhookEndpoint, delivery_id: int) -> Sending:
    """Held in a writing transaction. Raises NotFound."""
    query = (
        select(WebhookDelivery, OutboxItem)
        .join(OutboxItem, OutboxItem.id == WebhookDelivery.item_id)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.endpoint_id == endpoint.id)
    )
    row = session.execute(query.with_for_update() if session.info.get(WRITE) else query).one_or_none()
    if row is None:
        raise NotFound(record="delivery", id=delivery_id)
    return _sendings(session, [(row[0], row[1])])[0]


def last_changes(session: Session, client: ApiClient, limit: int = LAST_CHANGES) -> Sequence[Event]:
    """What was done to the program, newest first."""
    query = select(Event).where(Event.client_id == client.id).order_by(Event.id.desc()).limit(limit)
    return session.scalars(query).all()


def _sendings(session: Session, rows: Sequence[tuple[WebhookDelivery, OutboxItem]]) -> list[Sending]:
    attempts: dict[int, list[Attempt]] = {item.id: [] for _delivery, item in rows}
    for one in session.scalars(select(Attempt).where(Attempt.item_id.in_(attempts)).order_by(Attempt.id)):
        attempts[one.item_id].append(one)
    return [Sending(delivery, item, attempts[item.id]) for delivery, item in rows]


def _conditions(endpoint: WebhookEndpoint, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [WebhookDelivery.endpoint_id == endpoint.id]
    if wanted.state:
        found.append(OutboxItem.state.in_([kept for kept, name in _NAMES.items() if name == wanted.state]))
    if wanted.type:
        found.append(WebhookDelivery.type == wanted.type)
    first, end = wanted.window
    found += [WebhookDelivery.created_at >= first] if first else []
    return found + ([WebhookDelivery.created_at < end] if end else [])


def _day(text: str) -> str:
    try:
        return day(text.strip())
    except ValueError:
        return ""


def _midnight(on: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(on), time(), RULES.tz) if on else None
