"""How everything stands, and dealers side by side, over the API, for staff."""

from datetime import date
from typing import Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Moment
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.pricing import today
from mikroserwis.supervision.comparison import period as periods
from mikroserwis.supervision.comparison import queries, table
from mikroserwis.supervision.comparison.queries import Figures, Timely
from mikroserwis.supervision.comparison.views import sorting
from mikroserwis.supervision.dashboard.tickets import BANDS, Lying
from mikroserwis.supervision.dashboard.views import gather
from mikroserwis.supervision.ledger.api import JobOut, job_out

blueprint = APIBlueprint("supervision_api", __name__, url_prefix="/api/v1", tag="Supervision")


class Band(BaseModel):
    """Open tickets of so many days, both ends included; the last band has no end."""

    first: int
    last: int | None
    count: int


class DayDue(BaseModel):
    """Deadlines that end with this day, by stage."""

    day: date
    take: int
    contract: int
    completion: int


class LyingOut(BaseModel):
    """A ticket that nothing happens to, since when."""

    ticket: int
    company: str
    city: str
    dealer: str | None
    since: Moment


class LyingPart(BaseModel):
    count: int
    longest: list[LyingOut]


class FailedOut(BaseModel):
    ticket: int
    state: Literal["stuck", "rejected"]
    purpose: str
    since: Moment
    error: str


class LoadOut(BaseModel):
    dealer_id: int
    name: str
    open: int
    capacity: int


class AwayOut(BaseModel):
    dealer_id: int
    name: str
    last_day: date
    reason: str


class Supervision(BaseModel):
    """`breaches_ahead`: what the sweep at `next_sweep` will take away as things stand."""

    as_of: Moment
    states: dict[str, int] = Field(examples=[{"new": 4, "taken": 7, "contract": 9, "suspended": 1, "closed": 120}])
    closed_last_30_days: int
    ages: list[Band]
    overdue: dict[str, int] = Field(description="By stage: take, contract, completion.")
    due: list[DayDue]
    next_sweep: Moment
    breaches_ahead: int
    pool: LyingPart
    suspended: LyingPart
    extension_requests: int
    failed_deliveries: int
    newest_failed_deliveries: list[FailedOut]
    failed_mails: int
    nearly_full: list[LoadOut] = Field(description="Dealers at 80 % of their capacity or above.")
    absent: list[AwayOut]
    jobs: list[JobOut]


class TimelyOut(BaseModel):
    """Deadlines that were decided in the period."""

    met: int
    missed: int


class DealerFigures(BaseModel):
    """`days_…` are medians since it got the ticket; `share_of_age`: of `aged` closed tickets' age, what it used."""

    dealer_id: int
    name: str
    active: bool
    open: int
    capacity: int
    given: int
    take: TimelyOut
    contract: TimelyOut
    completion: TimelyOut
    lost: int
    resigned: int
    days_to_take: float | None
    days_to_contract: float | None
    days_to_close: float | None
    share_of_age: float | None
    aged: int


class Comparison(BaseModel):
    """Days in Warsaw, both included."""

    first: date
    last: date
    items: list[DealerFigures]


class ComparisonQuery(BaseModel):
    """`days` up to today, or `from` and `to`; without any the last 90 days."""

    days: str = Field("", description="30, 90 or 365.")
    first: date | None = Field(None, alias="from", examples=["2026-09-01"])
    to: date | None = Field(None, examples=["2026-09-30"], description="Left out: today.")
    sort: str = Field("", description="name, open, given, take, contract, completion, lost …; with - the other way.")


@blueprint.get("/supervision")
@blueprint.output(Supervision)
@blueprint.doc(summary="How everything stands now: states, ages, deadlines, what waits for a person (staff)")
def supervision() -> Supervision:
    """As on the dashboard."""
    edge.require("supervision.see")
    found = gather(edge.session(), edge.now())
    tickets, waits = found.tickets, found.waiting
    return Supervision(
        as_of=found.now,
        states=tickets.states,
        closed_last_30_days=tickets.closed_lately,
        ages=[Band(first=first, last=last, count=n) for (first, last), n in zip(BANDS, tickets.ages, strict=True)],
        overdue=tickets.dues.overdue,
        due=[DayDue(day=day, **counts) for day, counts in tickets.dues.days],
        next_sweep=tickets.tonight,
        breaches_ahead=tickets.breaches,
        pool=LyingPart(count=tickets.pool, longest=_lying(tickets.longest_in_pool)),
        suspended=LyingPart(count=tickets.states["suspended"], longest=_lying(tickets.longest_suspended)),
        extension_requests=waits.requests,
        failed_deliveries=waits.deliveries,
        newest_failed_deliveries=[
            FailedOut.model_validate({**vars(one), "ticket": one.number}) for one in waits.failed
        ],
        failed_mails=waits.mails,
        nearly_full=[
            LoadOut(dealer_id=one.id, name=one.name, open=one.open, capacity=one.capacity) for one in found.full
        ],
        absent=[AwayOut.model_validate(vars(one)) for one in found.away],
        jobs=[job_out(one) for one in found.jobs],
    )


@blueprint.get("/supervision/dealers")
@blueprint.input(ComparisonQuery, location="query")
@blueprint.output(Comparison)
@blueprint.doc(summary="Dealers side by side over a period: in time, lost, how many days (staff)")
def compare_dealers(query_data: ComparisonQuery) -> Comparison:
    """Every dealer that is active or has any figure. 422 if the last day comes before the first."""
    edge.require("supervision.see")
    period = periods.read(request.args, today(edge.now()))
    if period is None:
        raise Invalid([FieldError("to", "too_small", {"limit": query_data.first or periods.EARLIEST})])
    rows = table.in_order(queries.figures(edge.session(), period, edge.now()), sorting())
    return Comparison(first=period.first, last=period.last, items=[_figures(one) for one in rows])


def _lying(found: list[Lying]) -> list[LyingOut]:
    return [LyingOut.model_validate({**vars(one), "ticket": one.number}) for one in found]


def _figures(one: Figures) -> DealerFigures:
    return DealerFigures(
        dealer_id=one.dealer_id,
        name=one.name,
        active=one.active,
        open=one.open,
        capacity=one.capacity,
        given=one.given,
        take=_timely(one.take),
        contract=_timely(one.contract),
        completion=_timely(one.completion),
        lost=one.lost,
        resigned=one.resigned,
        days_to_take=one.to_take,
        days_to_contract=one.to_contract,
        days_to_close=one.to_close,
        share_of_age=one.used,
        aged=one.aged,
    )


def _timely(of: Timely) -> TimelyOut:
    return TimelyOut(met=of.met, missed=of.missed)
