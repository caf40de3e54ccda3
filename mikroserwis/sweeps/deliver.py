"""Carry out what lies in the outbox: claimed in one short transaction, done with none open, settled in another.

Whoever is killed in between leaves a lease that ends; the next worker does it again under the same id, and the other
side takes the second time for the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice_client import BackofficeError
from config import Settings
from mikroserwis import outbox
from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.models import OutboxItem
from mikroserwis.outbox import Claimed
from mikroserwis.sweeps import events, mails, packages, recoveries, sms, webhook_states, webhooks
from mikroserwis.sweeps.failures import Failed, LeaseLost
from mikroserwis.sweeps.leases import Lease

log = structlog.get_logger()
Clock = Callable[[], datetime]


def _attempts(settings: Settings) -> int:
    return settings.delivery_attempts


class Topic(NamedTuple):
    """How items of one topic are carried out, and what follows in the transaction that settles them.

    `carry` returns the receipt; it raises Failed, BackofficeError, LeaseLost. `given_up` follows when the item was
    refused for good, or when the last of its `attempts` failed.
    """

    carry: Callable[[Parts, Lease], str]
    delivered: Callable[[Session, Claimed, str, datetime], None]
    given_up: Callable[[Session, Claimed, Failed, datetime], None]
    attempts: Callable[[Settings], int] = _attempts


def _nothing(*_: object) -> None:
    """The outbox says that it was delivered; nothing else follows."""


def _unknown(_parts: Parts, lease: Lease) -> str:
    raise Failed("unknown_topic", lease.claimed.topic, permanent=True)


TOPICS = {
    "package": Topic(packages.carry, packages.delivered, packages.given_up),
    "event": Topic(events.carry, _nothing, events.given_up),
    # A mail about a mail would not arrive either: it stands in the log and in the outbox.
    "mail": Topic(mails.carry, mails.delivered, _nothing),
    "sms": Topic(sms.carry, sms.delivered, _nothing),
    "webhook": Topic(webhooks.carry, webhooks.delivered, _nothing, webhook_states.attempts),
    "recovery": Topic(recoveries.carry, recoveries.delivered, _nothing),
}
_UNKNOWN = Topic(_unknown, _nothing, _nothing)


@dataclass(frozen=True)
class Result:
    """How many items were delivered, put off, given up (rejected or stuck), or lost to another worker."""

    delivered: int = 0
    postponed: int = 0
    given_up: int = 0
    lost: int = 0

    @property
    def tried(self) -> int:
        return self.delivered + self.postponed + self.given_up + self.lost

    def __add__(self, other: "Result") -> "Result":
        return Result(
            self.delivered + other.delivered,
            self.postponed + other.postponed,
            self.given_up + other.given_up,
            self.lost + other.lost,
        )


def deliver_due(parts: Parts, now: Clock, *, limit: int, only: str = "", but: str = "") -> Result:
    """Try at most `limit` items that are due, one after the other: of one topic alone, or of all but one.

    Any number of workers may run at once.
    """
    result = Result()
    while result.tried < limit:
        claimed = _next(parts.database, now(), only, but)
        if claimed is None:
            break
        result += _deliver(parts, Lease(parts.database, claimed, now), now)
    return result


def _next(database: Database, now: datetime, only: str, but: str) -> Claimed | None:
    """Looking costs no write lock; only where something is due one is taken."""
    with database.reading() as reading:
        due = select(OutboxItem.id).where(*outbox.due(now, only=only, but=but))
        if reading.scalars(due.limit(1)).first() is None:
            return None
    with database.transaction() as session:
        return outbox.claim(session, now, only=only, but=but)


def _deliver(parts: Parts, lease: Lease, now: Clock) -> Result:
    topic = TOPICS.get(lease.claimed.topic, _UNKNOWN)
    try:
        outcome = _carry(topic, parts, lease)
    except LeaseLost:
        return Result(lost=1)
    if isinstance(outcome, Failed):
        item, number = lease.claimed.key, lease.claimed.number
        log.warning("delivery failed", item=item, attempt=number, error=str(outcome))
        return _settle_failed(topic, parts, lease.claimed, outcome, now())
    return _settle_delivered(topic, parts, lease.claimed, outcome, now())


def _carry(topic: Topic, parts: Parts, lease: Lease) -> str | Failed:
    try:
        return topic.carry(parts, lease)
    except Failed as failure:
        return failure
    except BackofficeError as error:
        # A wrong token is nothing about this item: it may be mended before the last attempt.
        lasting = error.permanent and error.code != "unauthorised"
        return Failed(error.code, error.detail, permanent=lasting)
    except LeaseLost:
        raise
    except Exception as error:
        log.exception("delivery broke", item=lease.claimed.key)
        return Failed("internal", repr(error)[:500], permanent=False)


def _settle_delivered(topic: Topic, parts: Parts, claimed: Claimed, receipt: str, now: datetime) -> Result:
    """The item and what follows in one transaction; nothing follows if somebody else has the item now."""
    with parts.database.transaction() as session:
        if not outbox.settle(session, claimed, now=now):
            return Result(lost=1)
        topic.delivered(session, claimed, receipt, now)
    return Result(delivered=1)


def _settle_failed(topic: Topic, parts: Parts, claimed: Claimed, failure: Failed, now: datetime) -> Result:
    attempts, code = topic.attempts(parts.settings), failure.code[:30]
    with parts.database.transaction() as session:
        if not outbox.settle(
            session,
            claimed,
            now=now,
            error=failure.reason or failure.code,
            code=code,
            permanent=failure.permanent,
            attempts=attempts,
        ):
            return Result(lost=1)
        if not failure.permanent and claimed.number < attempts:
            return Result(postponed=1)
        topic.given_up(session, claimed, failure, now)
    return Result(given_up=1)
