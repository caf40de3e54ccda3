"""Periodic work over the API, for staff."""

from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Moment
from mikroserwis.models import JobRun
from mikroserwis.supervision.ledger import queries, reports
from mikroserwis.supervision.ledger.queries import Job, State
from mikroserwis.sweeps import ledger

blueprint = APIBlueprint("ledger_api", __name__, url_prefix="/api/v1", tag="Supervision")


class RunLine(BaseModel):
    """`due` is the local day, or for a run that a person asked for when that was. `result` is what it recorded so far.

    retrying: it failed and begins again at `again_at`; interrupted: its process is gone, another goes on with it.
    """

    id: int
    job: str
    due: str
    state: State
    asked_by: str | None
    asked_at: Moment | None
    started_at: Moment | None
    ended_at: Moment | None
    again_at: Moment | None
    process: str
    attempts: int
    result: dict[str, Any]
    error: str | None


class HandoverOut(BaseModel):
    """A ticket that the run took away; no `next_dealer`: into the pool. `choice` is why it was chosen, as codes."""

    ticket: int
    stage: str | None
    due_at: Moment | None
    former_dealer: str | None
    next_dealer: str | None
    choice: dict[str, Any]
    undone_at: Moment | None


class RunOut(RunLine):
    """`handovers` by pages of 100."""

    handovers: list[HandoverOut]
    handovers_total: int
    page: int
    pages: int


class JobOut(BaseModel):
    """`at` is its hour in Warsaw, each day; `last` the run that ended last, `present` one asked for or under way."""

    name: str = Field(examples=["sweep"])
    at: str = Field(examples=["00:15"])
    next_due: Moment
    last: RunLine | None
    present: RunLine | None


class Jobs(BaseModel):
    items: list[JobOut]


class Runs(BaseModel):
    """`total` is exact up to a bound; past it `total_is_bounded` is true."""

    items: list[RunLine]
    total: int
    total_is_bounded: bool
    page: int
    pages: int


class RunsQuery(BaseModel):
    """What can't be read in it is as if it weren't there."""

    job: str = ""
    state: str = Field("", description="waiting, running, retrying, interrupted, done or failed.")
    size: str = Field("25", description="25, 50 or 100.")
    page: str = "1"


class PageQuery(BaseModel):
    page: str = "1"


@blueprint.get("/jobs")
@blueprint.output(Jobs)
@blueprint.doc(summary="Periodic work: when each job is due, what it did last (staff)")
def jobs() -> Jobs:
    """In the order of the schedule."""
    edge.require("jobs.see")
    now = edge.now()
    return Jobs(items=[job_out(one) for one in queries.jobs(edge.session(), now)])


@blueprint.get("/jobs/runs")
@blueprint.input(RunsQuery, location="query")
@blueprint.output(Runs)
@blueprint.doc(summary="The ledger of runs, the newest first (staff)")
def job_runs(query_data: RunsQuery) -> Runs:  # noqa: ARG001 - documents what `queries.read` reads
    """Filtered as the address asks for."""
    edge.require("jobs.see")
    page = queries.fetch(edge.session(), queries.read(request.args), edge.now())
    items = [line(one) for one in page.items]
    return Runs(items=items, total=page.total, total_is_bounded=page.bounded, page=page.page, pages=page.pages)


@blueprint.get(f"/jobs/runs/<int(max={2**31 - 1}):run_id>")
@blueprint.input(PageQuery, location="query")
@blueprint.output(RunOut)
@blueprint.doc(summary="One run with all that it did, a sweep's with its tickets (staff)")
def job_run(run_id: int, query_data: PageQuery) -> RunOut:
    """What it recorded, and each ticket that changed hands in it."""
    edge.require("jobs.see")
    run = queries.run(edge.session(), run_id)
    page = int(query_data.page) if query_data.page.isascii() and query_data.page.isdigit() else 1
    part = reports.handovers(edge.session(), run, page)
    moved = [
        HandoverOut(
            ticket=one.number,
            stage=one.stage,
            due_at=one.due_at,
            former_dealer=one.former,
            next_dealer=one.next,
            choice=one.choice,
            undone_at=one.undone_at,
        )
        for one in part.items
    ]
    told = line(run).model_dump()
    return RunOut(**told, handovers=moved, handovers_total=part.total, page=part.page, pages=part.pages)


@blueprint.post("/jobs/<job>/runs")
@blueprint.output(RunLine, 201)
@blueprint.doc(summary="Run a job now; 409 if a run that was asked for waits already (staff)")
def run_job(job: str) -> RunLine:
    """Whichever scheduler looks next begins it."""
    edge.require("jobs.run")
    daily = queries.job(job)
    asked = ledger.ask(edge.session(), daily.name, actor=edge.actor(), now=edge.now())
    edge.session().flush()
    return line(asked)


def job_out(job: Job) -> JobOut:
    return JobOut(
        name=job.daily.name,
        at=f"{job.daily.at:%H:%M}",
        next_due=job.next_due,
        last=line(job.last) if job.last else None,
        present=line(job.present) if job.present else None,
    )


def line(run: JobRun) -> RunLine:
    state = queries.state(run, edge.now())
    return RunLine(
        id=run.id,
        job=run.job,
        due=run.due,
        state=state,
        asked_by=run.asked_by,
        asked_at=run.asked_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        again_at=run.lease_until if state == "retrying" else None,
        process=run.process,
        attempts=run.attempts,
        result=queries.result(run),
        error=run.error,
    )
