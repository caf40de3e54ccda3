"""Webhooks: new rows of the history become messages, once for each endpoint that wants them; then they are sent.

No act pays for it, and none is forgotten: behind the watermark no row can appear any more (`seals.sealing.settled`),
and it moves on in the transaction that puts the messages into the outbox.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mikroserwis import outbox
from mikroserwis.clients import endpoints, events, signing
from mikroserwis.clients.sending import Reply, Sender, Unsent
from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.keys import secret_key
from mikroserwis.models import (
    ApiClient,
    Assignment,
    Attempt,
    Dealer,
    Event,
    Ticket,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookProgress,
)
from mikroserwis.outbox import Claimed
from mikroserwis.seals.sealing import settled
from mikroserwis.sweeps import webhook_states
from mikroserwis.sweeps.failures import Failed
from mikroserwis.sweeps.leases import Lease
from mikroserwis.sweeps.ledger import Clock

TOPIC = endpoints.TOPIC
# Rows of the history in one transaction.
BATCH = 200
# How long transactions under way are waited for; the next round comes soon.
PATIENCE = 1.0
_GONE = 410


class _Rows(NamedTuple):
    delivery: WebhookDelivery
    endpoint: WebhookEndpoint
    client: ApiClient


def derive(parts: Parts, clock: Clock) -> bool:
    """One batch of new rows; True if there may be more. Any number of processes may try: one moves the watermark on."""
    database = parts.database
    with database.reading() as reading:
        progress = reading.get(WebhookProgress, 1)
        if progress is None:
            return False
        upto = settled(reading, PATIENCE)
    if upto <= progress.last_id:
        return False
    return _told(database, progress.last_id, upto, parts.settings.base_url, clock())


def _told(database: Database, after: int, upto: int, base_url: str, now: datetime) -> bool:
    """Begun anew, so that it sees what those who were waited for have written."""
    with database.transaction() as session:
        seen = select(Event.id).where(Event.id > after, Event.id <= upto).order_by(Event.id).limit(BATCH)
        ids = session.scalars(seen).all()
        last = ids[-1] if len(ids) == BATCH else upto
        moved = update(WebhookProgress).where(WebhookProgress.last_id == after).values(last_id=last)
        if not session.execute(moved).rowcount:  # type: ignore[attr-defined]
            return False
        wanting = _wanting(session)
        if wanting:
            rows = session.scalars(
                select(Event).where(Event.id > after, Event.id <= last, Event.verb.in_(events.VERBS)).order_by(Event.id)
            ).all()
            _put(session, rows, wanting, base_url, now)
    return last < upto


def _wanting(session: Session) -> list[tuple[WebhookEndpoint, ApiClient]]:
    query = (
        select(WebhookEndpoint, ApiClient)
        .join(ApiClient, ApiClient.id == WebhookEndpoint.client_id)
        .where(WebhookEndpoint.active, ApiClient.active)
        .order_by(WebhookEndpoint.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _put(
    session: Session,
    rows: Sequence[Event],
    wanting: Sequence[tuple[WebhookEndpoint, ApiClient]],
    base_url: str,
    now: datetime,
) -> None:
    tickets = {row.ticket_id for row in rows if row.ticket_id is not None}
    numbers = dict(session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(tickets))).all())
    for row in rows:
        given_to = _given_to(session, row) if row.verb == "create" else None
        for type_ in events.types(row, given_to):
            number = numbers.get(row.ticket_id or 0)
            told = events.told(row, type_, number=number, given_to=given_to, base_url=base_url)
            for endpoint, client in wanting:
                if type_ in endpoint.wanted and events.EVENTS[type_] in client.held:
                    endpoints.put(session, endpoint, told, now=now)


def _given_to(session: Session, row: Event) -> str | None:
    """The dealer that a new ticket was offered to as it came in."""
    query = select(Dealer.name).join(Assignment, Assignment.dealer_id == Dealer.id)
    return session.scalar(query.where(Assignment.ticket_id == row.ticket_id, Assignment.assigned_at == row.at).limit(1))


def carry(parts: Parts, lease: Lease) -> str:
    """The receipt is how the answer began."""
    rows, now = _read(parts.database, lease.claimed), lease.now()
    body, key = rows.delivery.body.encode(), secret_key(parts.settings)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Mikroserwis-Webhooks/1",
        "Idempotency-Key": rows.delivery.event_id,
        "Mikroserwis-Event": rows.delivery.type,
        signing.HEADER: signing.sign(endpoints.signing_secrets(rows.endpoint, key, now), body, now),
    }
    lease.keep()
    begun = time.monotonic()
    try:
        reply = Sender(parts.settings.webhook_networks).post(rows.endpoint.url, body, headers)
    except Unsent as error:
        webhook_states.failed(parts, rows.endpoint.id, error.code, now=now, answered=False)
        raise Failed(error.code, error.detail or error.code, permanent=False) from error
    webhook_states.answered(parts, rows.endpoint.id, timedelta(seconds=time.monotonic() - begun), now=lease.now())
    if 200 <= reply.status < 300:
        return reply.text
    raise _refused(parts, rows.endpoint.id, reply, now)


def delivered(session: Session, claimed: Claimed, receipt: str, _now: datetime) -> None:
    """The log shows how the answer began; former failures are forgotten."""
    text = outbox.storable(receipt)
    session.execute(update(Attempt).where(Attempt.id == claimed.attempt_id).values(detail=text or None))
    whose = select(WebhookDelivery.endpoint_id).where(WebhookDelivery.item_id == claimed.id).scalar_subquery()
    webhook_states.succeeded(session, whose)


def _refused(parts: Parts, endpoint_id: int, reply: Reply, now: datetime) -> Failed:
    code = "redirect" if 300 <= reply.status < 400 else f"http_{reply.status}"
    if reply.status == _GONE:
        webhook_states.gone(parts, endpoint_id, now=now)
    else:
        webhook_states.failed(parts, endpoint_id, code, now=now, answered=True)
    return Failed(code, reply.text or code, permanent=reply.status == _GONE)


def _read(database: Database, claimed: Claimed) -> _Rows:
    """Raises Failed if nothing may be sent any more; a person may have it sent again later."""
    query = (
        select(WebhookDelivery, WebhookEndpoint, ApiClient)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .join(ApiClient, ApiClient.id == WebhookEndpoint.client_id)
        .where(WebhookDelivery.item_id == claimed.id)
    )
    with database.reading() as reading:
        row = reading.execute(query).one_or_none()
        if row is None:
            raise Failed("contract_broken", "there is no such message", permanent=True)
        rows = _Rows(row[0], row[1], row[2])
    if not (rows.client.active and rows.endpoint.active):
        raise Failed("endpoint_off", "webhook or client is switched off", permanent=True)
    if events.EVENTS.get(rows.delivery.type, "") not in {"", *rows.client.held}:
        raise Failed("not_permitted", f"the client lacks {events.EVENTS[rows.delivery.type]}", permanent=True)
    return rows
