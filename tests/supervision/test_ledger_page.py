"""The ledger as staff see it: jobs, runs, one run with all it did, and running one now."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from mikroserwis.edge import Parts
from mikroserwis.errors import NotFound
from mikroserwis.models import JobRun, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.supervision.ledger import queries, wording
from mikroserwis.sweeps import job_words, ledger
from mikroserwis.sweeps.schedule import DAILY
from tests.support.app import clock, sqlite_only
from tests.support.cast import SAM
from tests.support.people import Api, Web

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def work_off(parts: Parts) -> bool:
    """As a scheduler that looks for what was asked."""
    return ledger.do_asked(parts, clock, {job.name: job for job in DAILY})


def add(parts: Parts, **values: Any) -> int:
    with parts.database.transaction() as session:
        run = JobRun(**{"job": "tidy", "due": f"2026-11-{len(session.scalars(select(JobRun)).all()) + 1:02}", **values})
        session.add(run)
        session.flush()
        return run.id


def test_a_run_that_was_asked_for_waits_runs_and_says_what_it_did(parts: Parts, web: Callable[[str], Web]) -> None:
    operator = web("operator")
    answer = operator.post("/supervision/jobs/recompute/runs", follow_redirects=True)
    assert "Zamówiono zadanie „Przeliczenie terminów”" in answer.text
    assert "zamówione, czeka" in answer.text
    assert "data-await" in answer.text
    assert work_off(parts)
    page = operator.get("/supervision/jobs?job=recompute").text
    assert "data-await" not in page
    assert "na prośbę:" in page
    assert "sprawdzono" in page
    assert not work_off(parts)


def test_one_run_of_a_job_waits_at_most_and_the_second_asking_is_told_so(
    parts: Parts, web: Callable[[str], Web], api: Callable[[str], Api]
) -> None:
    assert api("operator").post("/jobs/tidy/runs").status_code == 201
    refused = web("master").post("/supervision/jobs/tidy/runs")
    assert refused.status_code == 409
    assert "To zadanie już czeka na uruchomienie" in refused.text
    again = api("master").post("/jobs/tidy/runs")
    assert (again.status_code, again.get_json()["code"]) == (409, "run_asked_already")
    with parts.database.reading() as session:
        assert len(session.scalars(select(JobRun)).all()) == 1
    assert api("operator").post("/jobs/digest/runs").status_code == 201


def test_a_sweeps_run_names_each_ticket_from_whom_to_whom_and_why(
    parts: Parts, web: Callable[[str], Web], api: Callable[[str], Api]
) -> None:
    with parts.database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.number == SAM).values(due_at=clock() - HOUR, stage="take"))
    api("operator").post("/jobs/sweep/runs")
    assert work_off(parts)
    told = api("operator").get("/jobs").get_json()["items"]
    run = next(one["last"] for one in told if one["name"] == "sweep")
    assert run["state"] == "done"
    whole = api("operator").get(f"/jobs/runs/{run['id']}").get_json()
    assert [one["ticket"] for one in whole["handovers"]] == [SAM]
    assert whole["handovers"][0]["former_dealer"] == "Dealer Alfa"
    page = web("operator").get(f"/supervision/jobs/runs/{run['id']}").text
    for words in (f'href="/tickets/{SAM}"', "Dealer Alfa", "niepodjęte w terminie"):
        assert words in page


CASES: list[tuple[str, dict[str, Any]]] = [
    ("waiting", {"asked_at": NOW, "attempts": 0}),
    ("running", {"started_at": NOW - HOUR, "lease_until": NOW + HOUR}),
    ("interrupted", {"started_at": NOW - HOUR, "lease_until": NOW - HOUR}),
    ("retrying", {"started_at": NOW - HOUR, "lease_until": NOW + HOUR, "error": "x"}),
    ("failed", {"started_at": NOW - HOUR, "ended_at": NOW, "error": "x"}),
    ("done", {"started_at": NOW - HOUR, "ended_at": NOW}),
]


def test_each_state_of_a_run_is_told_and_found_by_its_filter(parts: Parts) -> None:
    ids = {state: add(parts, **values) for state, values in CASES}
    with parts.database.reading() as session:
        for state, run_id in ids.items():
            assert queries.state(queries.run(session, run_id), NOW) == state
            page = queries.fetch(session, queries.read({"state": state}), NOW)
            assert [one.id for one in page.items] == [run_id], state


@sqlite_only
def test_runs_go_on_page_by_page_and_an_address_that_makes_no_sense_shows_them_all(
    parts: Parts, web: Callable[[str], Web]
) -> None:
    with parts.database.transaction() as session:
        for number in range(60):
            session.add(JobRun(job="tidy", due=f"{2000 + number}-01-01", started_at=NOW, ended_at=NOW))
    with parts.database.reading() as session:
        pages = [queries.fetch(session, queries.read({"page": str(page)}), NOW) for page in (1, 2, 3, 99)]
    assert [len(page.items) for page in pages] == [25, 25, 10, 10]
    assert len({run.id for page in pages for run in page.items}) == 60
    for query in ("?page=-1", "?page=9999999999999", "?size=7&job=x&state=x", "?page=x%00"):
        assert web("operator").get(f"/supervision/jobs{query}").status_code == 200
    for path in ("/supervision/jobs/runs/999", "/supervision/jobs/runs/99999999999999999999"):
        assert web("operator").get(path).status_code == 404
    assert web("operator").post("/supervision/jobs/unknown/runs").status_code == 404


def test_the_next_due_moment_is_the_coming_hour_in_warsaw_on_both_changes_of_the_clock() -> None:
    tidy = queries.job("tidy")
    for day in (28, 29, 30):
        before = datetime(2026, 3, day, 3, 29, tzinfo=RULES.tz)
        assert queries.next_due(tidy, before) == datetime(2026, 3, day, 3, 30, tzinfo=RULES.tz)
        assert queries.next_due(tidy, before + timedelta(minutes=1)).day == day + 1
    autumn = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert queries.next_due(tidy, autumn) == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    with pytest.raises(NotFound):
        queries.job("unknown")


def test_every_job_of_the_schedule_has_a_name_and_says_what_it_is_for() -> None:
    assert {job.name for job in DAILY} == set(job_words.JOBS)


@pytest.mark.parametrize(
    ("span", "said"), [(0.44, "0,4 s"), (9.96, "10,0 s"), (12.2, "12 s"), (185, "3 min 5 s"), (59.7, "1 min 0 s")]
)
def test_durations_are_told_in_seconds_and_minutes(span: float, said: str) -> None:
    assert wording.seconds(timedelta(seconds=span)) in {said, said.replace(",0", "")}
