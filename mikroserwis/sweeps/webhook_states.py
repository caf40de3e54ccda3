"""How a webhook fares: failures in a row are counted, and what nobody answers for days is switched off, and told."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from config import Settings
from mikroserwis import history, outbox, telling
from mikroserwis.access import SYSTEM
from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.models import ApiClient, Attempt, OutboxItem, WebhookDelivery, WebhookEndpoint
from mikroserwis.posting import post
from mikroserwis.tickets.mailing import operations

# Even of a receiver that has been away for long something is tried so often.
LONGEST = timedelta(minutes=15)
# Whoever takes longer to answer is left alone for as long as that, so that quicker ones have their turn.
SLOW = timedelta(seconds=1)
# Whoever wasn't tried, or didn't fail, for so long begins anew with the next failure.
BREAK = timedelta(days=1)
# What our side found out before anything was sent.
_OWN = ("delivered", "endpoint_off", "not_permitted", "contract_broken")
# The log, and how much of it goes in one transaction.
KEPT = timedelta(days=90)
BATCH = 500


def attempts(settings: Settings) -> int:
    """So many that a message is tried for as long as its receiver may fail."""
    number, waited = 1, timedelta(0)
    while waited < timedelta(days=settings.webhook_failing_days):
        waited += outbox.pause(number)
        number += 1
    return max(number, settings.delivery_attempts)


def succeeded(session: Session, endpoint_id: Any) -> None:
    """Former failures don't count any more."""
    failing = update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.failures > 0)
    session.execute(failing.values(failures=0, failing_since=None), execution_options={"synchronize_session": False})


def answered(parts: Parts, endpoint_id: int, took: timedelta, *, now: datetime) -> None:
    """Whatever it said. Of one that is slow the workers hold as many messages as they are, and no more in a row."""
    if took < SLOW:
        return
    with parts.database.transaction() as session:
        # Workers who come back together take turns at its messages.
        session.scalars(select(WebhookEndpoint.id).where(WebhookEndpoint.id == endpoint_id).with_for_update()).one()
        _rest(session, endpoint_id, now, took)


def failed(parts: Parts, endpoint_id: int, code: str, *, now: datetime, answered: bool) -> None:
    """Counted; where nobody answers, whatever else is due for it waits too, so that it holds up no other receiver."""
    with parts.database.transaction() as session:
        if _has_rested(session, endpoint_id, now):
            succeeded(session, endpoint_id)
        counted = update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id)
        counted = counted.values(
            failures=WebhookEndpoint.failures + 1, failing_since=func.coalesce(WebhookEndpoint.failing_since, now)
        )
        session.execute(counted, execution_options={"synchronize_session": False})
        endpoint = session.get_one(WebhookEndpoint, endpoint_id, populate_existing=True)
        if not answered:
            _rest(session, endpoint_id, now, min(outbox.pause(endpoint.failures), LONGEST))
        days = timedelta(days=parts.settings.webhook_failing_days)
        if endpoint.failing_since is not None and now - endpoint.failing_since >= days:
            _switch_off(session, endpoint, "failing", code, now)


def gone(parts: Parts, endpoint_id: int, *, now: datetime) -> None:
    """It said so itself."""
    with parts.database.transaction() as session:
        _switch_off(session, session.get_one(WebhookEndpoint, endpoint_id), "gone", "http_410", now)


def forget_old(database: Database, now: datetime) -> int:
    """How many messages that are settled were kept long enough."""
    removed = 0
    while True:
        with database.transaction() as session:
            old = (
                select(WebhookDelivery.item_id)
                .join(OutboxItem, OutboxItem.id == WebhookDelivery.item_id)
                .where(WebhookDelivery.created_at < now - KEPT, OutboxItem.state != "queued")
            )
            # Whoever is just sending one again holds it; it is looked at another day.
            kept = old.order_by(WebhookDelivery.id).limit(BATCH).with_for_update(skip_locked=True)
            items = session.scalars(kept).all()
            for its in (WebhookDelivery.item_id, Attempt.item_id, OutboxItem.id):
                session.execute(delete(its.class_).where(its.in_(items)))
        removed += len(items)
        if len(items) < BATCH:
            return removed


def _has_rested(session: Session, endpoint_id: int, now: datetime) -> bool:
    """Its last failure lies so far back that it says nothing of the time since."""
    endpoint = session.get_one(WebhookEndpoint, endpoint_id)
    if endpoint.failing_since is None or now - endpoint.failing_since <= BREAK:
        return False
    last = (
        select(Attempt.ended_at)
        .join(WebhookDelivery, WebhookDelivery.item_id == Attempt.item_id)
        .where(WebhookDelivery.endpoint_id == endpoint_id, Attempt.ended_at.is_not(None), Attempt.outcome.not_in(_OWN))
        .order_by(Attempt.id.desc())
    )
    failed_at = session.scalars(last.limit(1)).first()
    return failed_at is None or now - failed_at > BREAK


def _rest(session: Session, endpoint_id: int, now: datetime, pause: timedelta) -> None:
    """What is held by a worker now has its lease's end as its due moment, and isn't touched."""
    its = select(WebhookDelivery.item_id).where(WebhookDelivery.endpoint_id == endpoint_id)
    waiting: tuple[ColumnElement[bool], ...] = outbox.due(now, only="webhook")
    session.execute(
        update(OutboxItem).where(*waiting, OutboxItem.id.in_(its)).values(due_at=now + pause),
        execution_options={"synchronize_session": False},
    )


def _switch_off(session: Session, endpoint: WebhookEndpoint, why: str, code: str, now: datetime) -> None:
    """Once, however many workers find out."""
    on = update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint.id, WebhookEndpoint.active)
    values = {"active": False, "off_because": why, "version": WebhookEndpoint.version + 1}
    if not session.execute(on.values(**values), execution_options={"synchronize_session": False}).rowcount:  # type: ignore[attr-defined]
        return
    client = session.get_one(ApiClient, endpoint.client_id)
    history.record(
        session, "webhook_off", actor=SYSTEM, now=now, client=client, webhook=endpoint.id, url=endpoint.url, why=why
    )
    # What stands behind the question mark may be a key of the receiver's.
    said = {"client": client.name, "url": endpoint.url.partition("?")[0], "error": code}
    said["page"] = f"{session.info['base_url']}/clients/{client.id}/webhooks/{endpoint.id}"
    for index, one in enumerate(operations(session)):
        told = telling.render(session, "webhook_off", telling.EMAIL, said, one.language)
        key = f"mail:webhook_off:{endpoint.id}:{now.timestamp()}:{index}"
        post(session, one, "webhook_off", told.subject, told.body, key=key, now=now, values=said)
