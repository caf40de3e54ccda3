"""News told by mail: one mail for a reader's news of the same while, in the transaction that notes them as told.

So nothing is told twice and nothing left out, whoever is killed and however many tell at once. A reader's news are
waited for until it has been quiet for a few seconds: a sweep that is still writing ends up in one mail.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session

from mikroserwis import telling
from mikroserwis.edge import Parts
from mikroserwis.i18n import speaking
from mikroserwis.models import Dealer, News
from mikroserwis.posting import Recipient, post
from mikroserwis.sweeps.failures import LeaseLost
from mikroserwis.sweeps.ledger import Clock, Run
from mikroserwis.tickets.mailing import operations, people_of
from mikroserwis.tickets.news import DEADLINES
from mikroserwis.tickets.news_mails import event_of, text_of, values
from mikroserwis.tickets.news_truth import Told, still_true

log = structlog.get_logger()


class Untold(Exception):
    """Readers whose news could not be told, and why."""


QUIET = timedelta(seconds=5)
LONGEST = timedelta(minutes=1)
_BATCH = 5000
_UNTOLD = News.told_at.is_(None)
# All but what waits for its dealer's digest.
_NOT_KEPT = ~(News.kind.in_(DEADLINES) & exists().where(Dealer.id == News.dealer_id, Dealer.digest))


def work(parts: Parts, now: Clock) -> bool:
    """Every reader whose news are ready, each in a transaction of its own; one who can't be told keeps none waiting."""
    moment = now()
    with parts.database.reading() as session:
        readers = ready(session, moment)
    told = 0
    for reader in readers:
        try:
            with parts.database.transaction() as session:
                told += tell(session, reader, _NOT_KEPT, now=moment)
        except Exception:
            log.exception("a reader could not be told", dealer=reader)
    return told > 0


def digest(parts: Parts, run: Run) -> dict[str, Any]:
    """The day's mail about deadlines, for dealers who have chosen it."""
    waiting = select(News.dealer_id).join(Dealer).where(Dealer.digest, _UNTOLD, News.kind.in_(DEADLINES)).distinct()
    with parts.database.reading() as session:
        readers = session.scalars(waiting.order_by(News.dealer_id)).all()
    told, failed = 0, list[str]()
    for reader in readers:
        try:
            with parts.database.transaction() as session:
                told += tell(session, reader, News.kind.in_(DEADLINES), now=run.started_at)
                run.note(session)
        except LeaseLost:
            raise
        except Exception as error:
            log.exception("a reader could not be told", dealer=reader)
            failed.append(f"dealer {reader}: {error!r}")
    if failed:
        # All others have been told; the run is tried again for these, and staff hear of it in the end.
        raise Untold("; ".join(failed))
    return {"dealers": len(readers), "news": told}


def ready(session: Session, now: datetime) -> Sequence[int | None]:
    """Dealers, None for staff, with news that nothing is being added to."""
    query = (
        select(News.dealer_id)
        .where(_UNTOLD, _NOT_KEPT)
        .group_by(News.dealer_id)
        .having(or_(func.max(News.at) <= now - QUIET, func.min(News.at) <= now - LONGEST))
    )
    return session.scalars(query).all()


def tell(session: Session, reader: int | None, which: ColumnElement[bool], *, now: datetime) -> int:
    """How many rows were noted as told. Those that another process is telling are left to it."""
    own = News.dealer_id.is_(None) if reader is None else News.dealer_id == reader
    theirs = (_UNTOLD, own, which)
    # Whoever holds the oldest has them all, so that two processes don't divide them between two mails.
    oldest = session.scalar(select(func.min(News.id)).where(*theirs))
    first = select(News.id).where(News.id == oldest, _UNTOLD).with_for_update(skip_locked=True)
    if session.scalars(first).one_or_none() is None:
        return 0
    rows = session.scalars(select(News).where(*theirs).order_by(News.id).with_for_update(of=News)).all()
    told = still_true(session, rows, now)
    sent = _send(session, reader, told, now) if told else []
    _note(session, [one.row.id for one in told], sent, now)
    _note(session, {row.id for row in rows} - {one.row.id for one in told}, [], now)
    return len(rows)


def _send(session: Session, reader: int | None, told: Sequence[Told], now: datetime) -> list[int]:
    """The mails' ids; none where the reader has no address, or is told over other channels."""
    people = operations(session) if reader is None else people_of(session, reader)
    said = {language: _values(session, told, language, now) for language in {one.language for one in people}}
    tickets = {one.ticket.id for one in told}
    about: dict[str, Any] = {"ticket_id": tickets.pop() if len(tickets) == 1 else None, "told_as": text_of(told)}

    def put(recipient: Recipient, index: int) -> int | None:
        key, known = f"news:{told[0].row.id}:{index}", said[recipient.language]
        text = telling.render(session, text_of(told), telling.EMAIL, known, recipient.language)
        return post(
            session, recipient, event_of(told), text.subject, text.body, key=key, now=now, values=known, **about
        )

    return [id_ for index, recipient in enumerate(people) if (id_ := put(recipient, index)) is not None]


def _values(session: Session, told: Sequence[Told], language: str, now: datetime) -> dict[str, Any]:
    with speaking(language):
        return values(session, told, now)


def _note(session: Session, ids: Collection[int], sent: Sequence[int], now: datetime) -> None:
    every, noted = sorted(ids), {"told_at": now, "message_ids": json.dumps(list(sent))}
    for first in range(0, len(every), _BATCH):
        these = News.id.in_(every[first : first + _BATCH])
        session.execute(update(News).where(these).values(noted), execution_options={"synchronize_session": False})
