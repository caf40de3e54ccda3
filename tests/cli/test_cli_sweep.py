"""`mikroserwis sweep`: what it prints for people and for programs, and how it ends."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mikroserwis.db import Database, make_engine
from tests.cli.programs import call, folder
from tests.sweeping.field import Field


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """`--data` of a database with three tickets past their deadline."""
    data = tmp_path_factory.mktemp("sweep") / "data"
    where = folder(data)
    assert call(*where, "migrate").returncode == 0
    database = Database(make_engine(f"sqlite:///{Path(data) / 'mikroserwis.sqlite3'}"))
    field = Field(database, datetime.now(UTC))
    field.add_dealers(6)
    field.add_tickets(3, 2)
    database.engine.dispose()
    return where


def test_a_dry_run_lists_each_ticket_with_the_reason_and_the_sweep_then_does_it_once(late: tuple[str, str]):
    dry = call(*late, "sweep", "--dry-run")
    assert (dry.returncode, dry.stdout.count("was due"), dry.stdout.count("Chosen by the rules")) == (0, 3, 3)
    assert "3 tickets. Nothing was written." in dry.stdout
    planned = json.loads(call(*late, "sweep", "--dry-run", "--json").stdout)["moves"]
    assert [sorted(one)[:4] for one in planned] == [["act", "choice", "days", "due"]] * 3
    done = call(*late, "sweep", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["reassigned"] == 3
    again = call(*late, "sweep")
    assert again.returncode == 0
    assert ": 0 tickets examined, 0 to the next dealer" in again.stdout


def test_a_moment_that_is_none_or_lies_ahead_is_refused_in_one_sentence(late: tuple[str, str]):
    ahead = (datetime.now(UTC) + timedelta(days=5)).isoformat()
    refused = call(*late, "sweep", "--at", ahead)
    assert refused.returncode == 2
    assert "lies ahead: only --dry-run looks there." in refused.stderr
    assert "5 tickets" not in refused.stdout
    assert "is no moment" in call(*late, "sweep", "--at", "jutro").stderr
    planned = call(*late, "sweep", "--dry-run", "--at", ahead[:16])
    assert planned.returncode == 0
    assert " CE" in planned.stdout
