"""Whatever is written to a record on a ticket's whole way is written with a row of the history, in one transaction."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from mikroserwis.db import Base
from mikroserwis.models import Event
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.way import Way

# What is no record of its own: caches, queues and what machines note for themselves.
NOT_RECORDS = {
    "Attempt": "an attempt to deliver",
    "Counter": "numbers that are given out",
    "Delivery": "moves on with the outbox, which writes an act when it is answered",
    "JobRun": "the ledger of runs is a history itself",
    "Message": "a mail as it was sent is evidence itself",
    "News": "what somebody is told of an act",
    "OutboxItem": "side effects on their way",
    "Submission": "forms that were sent, so that none counts twice",
}


@pytest.fixture
def silent() -> Iterator[list[set[str]]]:
    """Kinds of records, for each transaction that wrote some and no row of the history."""
    found: list[set[str]] = []

    def note(session: Session, _context: UOWTransaction) -> None:
        changed: list[Base] = [
            *session.new,
            *session.deleted,
            *(one for one in session.dirty if session.is_modified(one)),
        ]
        session.info.setdefault("written", set()).update(type(one).__name__ for one in changed)

    def judge(session: Session) -> None:
        if session.in_nested_transaction():
            return
        written: set[str] = session.info.pop("written", set())
        if Event.__name__ not in written and written - NOT_RECORDS.keys():
            found.append(written - NOT_RECORDS.keys())

    event.listen(Session, "after_flush", note)
    event.listen(Session, "after_commit", judge)
    yield found
    event.remove(Session, "after_flush", note)
    event.remove(Session, "after_commit", judge)


@sqlite_only
def test_no_step_of_a_tickets_way_changes_a_record_in_silence(way: Way, silent: list[set[str]]) -> None:
    way.closed(SAM)
    way.exported(ARKLITY)
    assert silent == []
