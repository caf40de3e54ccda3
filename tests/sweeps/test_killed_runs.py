"""A dated run whose process was killed is done by another, once."""

import threading
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from mikroserwis.edge import Parts
from mikroserwis.models import JobRun
from mikroserwis.sweeps.schedule import Daily, offer
from tests.support.app import sqlite_only
from tests.sweeps.test_schedule import at, runs

NOON = datetime(2026, 10, 25, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)


def killed(parts: Parts, started_at: datetime) -> None:
    """A row that nobody will ever end."""
    with parts.database.transaction() as session:
        values = {"job": "count", "due": "2026-10-25", "started_at": started_at, "process": "gone:1"}
        session.execute(insert(JobRun).values(**values))


def job(done: list[datetime]) -> Daily:
    def work(_parts: Parts, now: datetime) -> dict[str, Any]:
        done.append(now)
        return {"swept": 3}

    return Daily("count", time(3, 30), work, allowed=HOUR)


def test_of_two_schedulers_that_find_a_killed_run_one_does_it_again(parts: Parts):
    killed(parts, NOON - HOUR - timedelta(seconds=1))
    done: list[datetime] = []
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
    assert done == [NOON]
    assert (run.started_at, run.ended_at) == (NOON, NOON)
    assert run.process != "gone:1"
    assert not offer(parts, job(done), at(NOON + 2 * HOUR))


@sqlite_only
def test_a_run_within_its_time_is_left_to_whoever_does_it(parts: Parts):
    killed(parts, NOON - HOUR)
    assert not offer(parts, job([]), at(NOON))
    assert [run.process for run in runs(parts)] == ["gone:1"]


@sqlite_only
def test_a_run_that_failed_is_not_tried_again_that_day(parts: Parts):
    def fails(_parts: Parts, _now: datetime) -> dict[str, Any]:
        raise ValueError

    with pytest.raises(ValueError):
        offer(parts, Daily("count", time(3, 30), fails, allowed=HOUR), at(NOON))
    assert not offer(parts, job([]), at(NOON + 2 * HOUR))


@sqlite_only
def test_one_that_was_only_slow_does_not_write_over_the_run_that_took_its_place(parts: Parts):
    def slow(_parts: Parts, _now: datetime) -> dict[str, Any]:
        assert offer(parts, job([]), at(NOON + 2 * HOUR))
        return {"swept": 0}

    offer(parts, Daily("count", time(3, 30), slow, allowed=HOUR), at(NOON))
    [run] = runs(parts)
    assert (run.started_at, run.result) == (NOON + 2 * HOUR, '{"swept": 3}')
