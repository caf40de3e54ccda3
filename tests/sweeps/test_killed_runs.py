"""A dated run whose process was killed goes on in another, once; one that fails is tried again, and given up."""

import json
import threading
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from mikroserwis.access import SYSTEM
from mikroserwis.edge import Parts
from mikroserwis.models import JobRun, Message, Notification, User
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps.failures import LeaseLost
from mikroserwis.sweeps.ledger import ATTEMPTS, LEASE, PAUSES, Daily, Run, offer
from mikroserwis.sweeps.recompute import Report
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE
from tests.sweeps.test_schedule import at, runs

NOON = datetime(2026, 10, 25, 11, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def killed(parts: Parts, lease_until: datetime | None, due: str = "2026-10-25", **values: Any) -> None:
    """A row that nobody will ever end."""
    begun = {"started_at": NOON - LEASE, "process": "gone:1", "lease_until": lease_until}
    with parts.database.transaction() as session:
        session.execute(insert(JobRun).values(job="count", due=due, **begun, **values))


def job(done: list[Run]) -> Daily:
    def work(_parts: Parts, run: Run) -> dict[str, Any]:
        done.append(run)
        return {"swept": 3}

    return Daily("count", time(3, 30), work)


def fails(_parts: Parts, _run: Run) -> dict[str, Any]:
    raise ValueError("no \x00 room")


def test_of_two_schedulers_that_find_a_killed_run_one_goes_on_with_it(parts: Parts):
    killed(parts, NOON - SECOND, result='{"swept": 2}')
    done: list[Run] = []
    start = threading.Barrier(2, timeout=60)

    def schedule() -> None:
        start.wait()
        offer(parts, job(done), at(NOON))

    threads = [threading.Thread(target=schedule) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [run] = runs(parts)
    assert [(one.attempt, one.so_far) for one in done] == [(2, {"swept": 2})]
    assert (run.started_at, run.ended_at, run.attempts) == (NOON - LEASE, NOON, 2)
    assert run.process != "gone:1"
    assert not offer(parts, job(done), at(NOON + 2 * LEASE))


@sqlite_only
def test_a_run_within_its_lease_is_left_to_whoever_does_it(parts: Parts):
    killed(parts, NOON + SECOND)
    assert not offer(parts, job([]), at(NOON))
    assert [run.process for run in runs(parts)] == ["gone:1"]


@sqlite_only
def test_a_run_of_the_release_before_that_was_killed_has_no_lease_and_goes_on(parts: Parts):
    killed(parts, None)
    assert offer(parts, job([]), at(NOON))


@sqlite_only
def test_a_run_of_yesterday_that_nobody_ended_is_replaced_by_todays(parts: Parts):
    killed(parts, NOON - SECOND, due="2026-10-24")
    assert offer(parts, job([]), at(NOON))
    yesterday, today = runs(parts)
    assert (yesterday.ended_at, yesterday.error) == (NOON, "left undone; replaced by 2026-10-25")
    assert (today.ended_at, today.error) == (NOON, None)


def test_a_run_that_failed_is_tried_again_after_pauses_and_then_given_up(parts: Parts):
    now = NOON
    for pause in PAUSES:
        with pytest.raises(ValueError):
            offer(parts, Daily("count", time(3, 30), fails), at(now))
        assert not offer(parts, job([]), at(now + pause - SECOND))
        now += pause
    with pytest.raises(ValueError):
        offer(parts, Daily("count", time(3, 30), fails), at(now))
    [run] = runs(parts)
    assert (run.failures, run.attempts, run.ended_at, run.result) == (4, 4, now, None)
    assert run.error is not None
    assert "room" in run.error
    assert not offer(parts, job([]), at(now + LEASE))
    with parts.database.reading() as session:
        [mail] = session.scalars(select(Message).where(Message.event == "job_failed")).all()
    assert mail.recipient == RULES.contacts.operations_mailbox
    assert "count" in mail.subject
    assert "room" in mail.body


@sqlite_only
def test_that_a_run_is_given_up_is_told_in_each_readers_words_for_job_and_moment(parts: Parts):
    with parts.database.transaction() as session:
        operator = session.scalars(select(User).where(User.email == PEOPLE["operator"].email)).one()
        operator.language = "en"
        ledger.ask(session, "retention", actor=SYSTEM, now=NOON)
    now, broken = NOON, {"retention": Daily("retention", time(3, 45), fails)}
    for pause in (*PAUSES, SECOND):
        with pytest.raises(ValueError):
            ledger.do_asked(parts, at(now), broken)
        now += pause
    with parts.database.reading() as session:
        mailed = session.scalars(select(Message.subject).where(Message.event == "job_failed")).one()
        told = select(Notification.subject).join(User, User.id == Notification.user_id)
        read = session.scalars(told.where(User.email == PEOPLE["operator"].email, Notification.event == "job_failed"))
        assert "„Usuwanie danych po terminie”" in mailed
        assert "25.10.2026, 12:00" in mailed
        english = read.one()
    assert "“Retention”" in english
    assert "25/10/2026, 12:00" in english


@sqlite_only
def test_a_run_that_succeeds_after_a_failure_shows_no_error(parts: Parts):
    with pytest.raises(ValueError):
        offer(parts, Daily("count", time(3, 30), fails), at(NOON))
    assert offer(parts, job([]), at(NOON + PAUSES[0]))
    [run] = runs(parts)
    assert (run.error, run.failures, run.attempts, run.result) == (None, 1, 2, '{"swept": 3}')


def test_long_work_holds_its_run_and_shows_how_far_it_is(parts: Parts):
    now = NOON
    seen: list[tuple[bool, str | None]] = []

    def slow(parts: Parts, run: Run) -> dict[str, Any]:
        nonlocal now
        for part in range(1, 4):
            now += LEASE - SECOND
            run.beat({"parts": part})
            [row] = runs(parts)
            seen.append((offer(parts, job([]), at(now)), row.result))
        return {"parts": 3}

    assert offer(parts, Daily("count", time(3, 30), slow), lambda: now)
    assert seen == [(False, json.dumps({"parts": part})) for part in (1, 2, 3)]


def test_one_that_was_only_slow_does_not_write_over_the_run_that_took_its_place(parts: Parts):
    lost: list[bool] = []

    def slow(_parts: Parts, run: Run) -> dict[str, Any]:
        assert offer(parts, job([]), at(NOON + 2 * LEASE))
        try:
            run.beat({"swept": 1})
        except LeaseLost:
            lost.append(True)
        return {"swept": 0}

    assert offer(parts, Daily("count", time(3, 30), slow), at(NOON))
    [run] = runs(parts)
    assert (run.ended_at, run.result, lost) == (NOON + 2 * LEASE, '{"swept": 3}', [True])


def test_what_kills_its_process_every_time_is_given_up_at_last(parts: Parts):
    killed(parts, NOON - SECOND, attempts=ATTEMPTS - 1)
    done: list[Run] = []
    assert offer(parts, job(done), at(NOON))
    with parts.database.transaction() as session:
        session.execute(update(JobRun).values(ended_at=None, lease_until=NOON))
    assert not offer(parts, job(done), at(NOON + LEASE))
    assert len(done) == 1
    [run] = runs(parts)
    assert (run.attempts, run.ended_at) == (ATTEMPTS, NOON + LEASE)
    assert "without a word" in (run.error or "")
    with parts.database.reading() as session:
        [mail] = session.scalars(select(Message).where(Message.event == "job_failed")).all()
    assert str(ATTEMPTS) in mail.body


def test_a_run_that_another_release_began_goes_on_without_what_only_that_one_counted(parts: Parts):
    killed(parts, NOON - SECOND, result='{"examined": 7, "counted_elsewhere": 3}')
    found: list[Any] = []

    def work(_parts: Parts, run: Run) -> dict[str, Any]:
        found.append(run.resumed(Report, last=5))
        return {}

    offer(parts, Daily("count", time(3, 30), work), at(NOON))
    assert found == [Report(examined=7, last=5)]
