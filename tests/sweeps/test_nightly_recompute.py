"""The night's proof that no deadline has drifted: a row of the ledger."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select

from mikroserwis.models import JobRun
from mikroserwis.rulebook import POLICIES, RULES, policies
from mikroserwis.sweeps import ledger, recompute
from mikroserwis.sweeps.schedule import DAILY
from sla import Breach, Calendar, Stage
from tests.support.app import sqlite_only

JOB = next(job for job in DAILY if job.name == "recompute")


def result(parts: Any) -> dict[str, Any]:
    with parts.database.reading() as session:
        found: dict[str, Any] = json.loads(session.scalars(select(JobRun.result).where(JobRun.job == JOB.name)).one())
        return found


def test_each_night_before_the_sweep_the_ledger_says_that_nothing_moved(parts: Any):
    assert JOB.at == time(0, 5)
    assert ledger.offer(parts, JOB, lambda: datetime.now(UTC))
    assert not ledger.offer(parts, JOB, lambda: datetime.now(UTC))
    found = result(parts)
    assert (found["examined"], found["moved"], found["mended"]) == (3, 0, 0)


@sqlite_only
def test_a_run_that_died_goes_on_behind_the_last_batch_that_it_recorded(parts: Any):
    died = recompute.Report(examined=1, moved=1, later={"take": 1}, last=1)

    def begun_before(of: Any, run: ledger.Run) -> dict[str, Any]:
        return recompute.work(of, replace(run, so_far=vars(died)))

    ledger.offer(parts, replace(JOB, work=begun_before), lambda: datetime.now(UTC))
    found = result(parts)
    assert (found["examined"], found["moved"], found["later"]) == (3, 1, {"take": 1})


def test_policies_are_what_the_rules_say():
    assert policies(RULES) == POLICIES
    fiscal = RULES.ticket_types["fiscal"]
    told = fiscal.sla.on_breach.model_copy(update={"contract": "tell"})
    other = fiscal.model_copy(
        update={"sla": fiscal.sla.model_copy(update={"calendar": "business", "on_breach": told, "take": 5})}
    )
    changed = policies(RULES.model_copy(update={"ticket_types": {"fiscal": other}, "country": "DE"}))["fiscal"]
    assert (changed.calendar, changed.country, changed.days[Stage.TAKE]) == (Calendar.BUSINESS, "DE", 5)
    assert changed.on_breach == {**POLICIES["fiscal"].on_breach, Stage.CONTRACT: Breach.TELL}
