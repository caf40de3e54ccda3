"""The ledger of dated runs, the daily sweep, and the clock that offers them."""

import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from mikroserwis import scheduler
from mikroserwis.edge import Parts
from mikroserwis.models import CountedRequest, HalfSignIn, JobRun, SignIn, Submission, User, UserSession
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.ledger import Daily, Run, offer
from mikroserwis.sweeps.schedule import DAILY
from mikroserwis.sweeps.tidy import BATCH, tidy
from tests.support.app import sqlite_only
from tests.support.other_side import Platform
from tests.sweeps.desk import Desk

NOON = datetime(2026, 10, 25, 11, tzinfo=UTC)


class Broken(Exception):
    pass


def runs(parts: Parts) -> list[JobRun]:
    with parts.database.reading() as session:
        found = list(session.scalars(select(JobRun).order_by(JobRun.id)))
        session.expunge_all()
        return found


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: moment


def test_of_many_schedulers_that_offer_a_run_one_does_it(parts: Parts):
    done: list[datetime] = []
    start = threading.Barrier(8)

    def work(_parts: Parts, run: Run) -> dict[str, Any]:
        done.append(run.started_at)
        return {"swept": 3}

    def schedule() -> None:
        start.wait()
        offer(parts, Daily("count", time(3, 30), work), at(NOON))

    threads = [threading.Thread(target=schedule) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [run] = runs(parts)
    assert done == [NOON]
    assert (run.job, run.due, json.loads(run.result or "")) == ("count", "2026-10-25", {"swept": 3})
    assert run.ended_at is not None


@sqlite_only
def test_the_next_day_is_another_run_and_a_missed_one_is_made_up(parts: Parts):
    job = Daily("count", time(3, 30), lambda _parts, _run: {})
    moments = [NOON, NOON + timedelta(hours=12), NOON + timedelta(days=1, hours=-9), NOON + timedelta(days=1)]
    assert [offer(parts, job, at(moment)) for moment in moments] == [True, False, False, True]
    assert [run.due for run in runs(parts)] == ["2026-10-25", "2026-10-26"]


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 3, 29, 1, 29, tzinfo=UTC), "2026-03-28"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "2026-03-29"),
        (datetime(2026, 10, 25, 2, 29, tzinfo=UTC), "2026-10-24"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "2026-10-25"),
    ],
)
def test_a_run_is_due_at_its_local_hour_also_on_the_days_when_the_clocks_change(moment: datetime, due: str):
    job = Daily("count", time(3, 30), lambda _parts, _run: {})
    assert job.last_due(moment, RULES.tz).isoformat() == due


@sqlite_only
def test_a_run_that_fails_is_on_record(parts: Parts):
    def work(_parts: Parts, _run: Run) -> dict[str, Any]:
        raise Broken("no room")

    with pytest.raises(Broken):
        offer(parts, Daily("count", time(3, 30), work), at(NOON))
    assert "no room" in (runs(parts)[0].error or "")


def test_what_is_stale_is_swept_and_what_is_not_stays(parts: Parts):
    now = datetime.now(UTC)
    old, fresh = now - timedelta(days=400), now - timedelta(hours=1)
    with parts.database.transaction() as session:
        user_id = session.scalars(select(User.id).limit(1)).one()
        for index, at in enumerate([old] * (BATCH + 1) + [fresh]):
            session.add(Submission(key=f"{index}", fingerprint="", at=at, status=303))
        for index, at in enumerate([old, fresh]):
            session.add(SignIn(at=at, name_key="", address="127.0.0.1", result="ok"))
            ends = at + timedelta(hours=12)
            session.add(UserSession(token_hash=f"{index}", user_id=user_id, created_at=at, seen_at=at, expires_at=ends))
            session.add(CountedRequest(at=at, kind="recovery", key="", network="127.0.0.1"))
        session.flush()
        attempt = session.scalars(select(SignIn.id).order_by(SignIn.at).limit(1)).one()
        session.add(HalfSignIn(token_hash="", user_id=user_id, attempt_id=attempt, expires_at=old))
    stray = parts.settings.data / "files/temporary/stray"
    stray.write_bytes(b"half an upload")
    os.utime(stray, (old.timestamp(), old.timestamp()))
    removed = {"sessions": 2, "submissions": BATCH + 1, "sign_ins": 1, "uploads": 1}
    assert tidy(parts, now) == {**removed, "webhooks": 0, "imports": 0, "exports": 0}
    with parts.database.reading() as session:
        left = [session.scalar(select(func.count()).select_from(kind)) for kind in (UserSession, Submission, SignIn)]
    # Old sign-ins are the retention's: see tests/consents.
    assert left == [1, 1, 2]


def wait_until(condition: Any) -> bool:
    """Within 20 seconds."""
    tick = threading.Event()
    return any(condition() or tick.wait(0.1) for _ in range(200))


@sqlite_only
def test_an_embedded_scheduler_delivers_soon_after_the_commit_and_makes_up_the_nightly_runs(
    desk: Desk, platform: Platform
):
    handle = scheduler.start(desk.parts)
    try:
        desk.queue_events(3)
        assert wait_until(lambda: len(platform.received()["events"]) == 3)
        assert wait_until(lambda: {run.job for run in runs(desk.parts) if run.ended_at} == {job.name for job in DAILY})
    finally:
        assert handle.stop()
    assert not any(worker.is_alive() for worker in handle.workers)


@sqlite_only
def test_a_stop_waits_for_the_delivery_under_way_and_begins_no_other(desk: Desk, platform: Platform):
    desk.deliver()
    platform.faults(delay_ms=500)
    desk.queue_events(100)
    handle = scheduler.start(desk.parts)
    assert wait_until(lambda: any(item.attempts for item in desk.items("event")))
    assert handle.stop(60)
    begun = [item for item in desk.items("event") if item.attempts]
    assert 0 < len(begun) < 100
    assert all(item.state == "delivered" for item in begun)


def test_a_clock_that_is_hours_off_is_known_where_processes_share_a_server(parts: Parts):
    now, shared = scheduler.utc_now(), parts.database.engine.dialect.name == "postgresql"
    assert not scheduler.is_off(parts.database, now)
    assert not scheduler.is_off(parts.database, now + timedelta(minutes=3))
    assert scheduler.is_off(parts.database, now + timedelta(days=1)) is shared
    assert scheduler.is_off(parts.database, now - timedelta(hours=1)) is shared
