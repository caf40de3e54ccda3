"""A look over the running service finds what is wrong, names it, and changes nothing."""

import io
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from mikroserwis.carrying.check import check
from mikroserwis.edge import Parts
from mikroserwis.models import JobRun, Material, OutboxItem
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.schedule import DAILY
from tests.support.app import sqlite_only

NOW = datetime.now(UTC)
PAPER = b"a checklist"


@pytest.fixture
def healthy(parts: Parts) -> Parts:
    """With a file, and with a run of each job."""
    stored = parts.store.put(io.BytesIO(PAPER), limit=100)
    with parts.database.transaction() as session:
        session.add(
            Material(
                kind="pdf",
                title="x",
                summary="",
                position=1,
                sha256=stored.sha256,
                file_name="x.pdf",
                size=stored.size,
                pages=1,
                created_at=NOW,
                created_by="Olga",
                renewed_at=NOW,
            )
        )
        for job in DAILY:
            due = job.last_due(NOW - timedelta(hours=1), RULES.tz)
            session.add(JobRun(job=job.name, due=due.isoformat(), started_at=NOW, ended_at=NOW))
    return parts


def found(parts: Parts) -> dict[str, list[str]]:
    return {area.name: list(area.findings) for area in check(parts, NOW, every_file=False) if area.findings}


def test_a_healthy_service_gives_no_finding(healthy: Parts):
    assert found(healthy) == {}


def test_lost_and_damaged_files_are_named(healthy: Parts):
    sha = sha256(PAPER).hexdigest()
    path = healthy.settings.data / "files" / sha[:2] / sha[2:4] / sha
    for spoil in (lambda: path.write_bytes(b"rotten"), path.unlink):
        spoil()
        assert found(healthy) == {"files": [f"materials: the file {sha} is lost or damaged."]}


def test_a_deadline_that_has_drifted_is_counted(healthy: Parts):
    with healthy.database.transaction() as session:
        session.execute(text("UPDATE tickets SET due_at = NULL WHERE number = 115"))
    [finding] = found(healthy)["deadlines"]
    assert finding.startswith("1 of 3 open tickets")


def test_stuck_and_overdue_deliveries_are_counted(healthy: Parts):
    with healthy.database.transaction() as session:
        for state in ("stuck", "queued"):
            item = OutboxItem(topic="event", key=state, state=state, created_at=NOW, due_at=NOW - timedelta(hours=2))
            session.add(item)
    stuck, late = found(healthy)["outbox"]
    assert stuck.startswith("1 of event are stuck since")
    assert "does a scheduler run?" in late


def test_nights_without_a_run_and_runs_given_up_are_named(healthy: Parts):
    job = DAILY[0]
    last = job.last_due(NOW - timedelta(hours=1), RULES.tz)
    with healthy.database.transaction() as session:
        session.add(
            JobRun(job=job.name, due=(last - timedelta(days=2)).isoformat(), started_at=NOW, ended_at=NOW, error="boom")
        )
    assert found(healthy)["ledger"] == [
        f"The job {job.name} was given up for {last - timedelta(days=2)}: boom",
        f"The job {job.name} has no run for {last - timedelta(days=1)}.",
    ]


@sqlite_only
def test_rows_that_name_what_is_not_there_are_counted(healthy: Parts):
    engine = healthy.database.engine
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("DELETE FROM customers WHERE id = 1")
        raw.execute("PRAGMA foreign_keys=ON")
    assert any("customers that isn't there" in finding for finding in found(healthy)["database"])
