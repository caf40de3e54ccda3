"""The simulator over the API, for staff."""

from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field, create_model
from sqlalchemy.orm import Session

from mikroserwis import edge
from mikroserwis.bodies import Moment
from mikroserwis.rulebook import POLICIES
from mikroserwis.supervision.simulator import forms, presenting, queries, replaying
from mikroserwis.supervision.simulator.forms import Wanted
from mikroserwis.supervision.simulator.replaying import Result
from sla import Policy, Stage
from sla.replay import Compared, TakeAway, Tally

blueprint = APIBlueprint("simulator_api", __name__, url_prefix="/api/v1", tag="Supervision")

_DAYS = {
    forms.name_of(type_, stage): (str, Field(str(policy.days[stage]), description="Days; left out: as now."))
    for type_, policy in POLICIES.items()
    for stage in Stage
}
_CALENDARS = {
    forms.name_of(type_, forms.CALENDAR): (str, Field(policy.calendar.value, description="days or business."))
    for type_, policy in POLICIES.items()
}
_WINDOW = {forms.WINDOW: (str, Field(str(forms.USUAL_WINDOW), description="Days of history: 30, 90 or 180."))}
_FIELDS: dict[str, Any] = {**_WINDOW, **_DAYS, **_CALENDARS}
SimulatorQuery = create_model("SimulatorQuery", **_FIELDS)


class PolicyOut(BaseModel):
    take: int
    contract: int
    completion: int
    calendar: str = Field(description="days or business.")


class ByStage(BaseModel):
    take: int
    contract: int
    completion: int


class TallyOut(BaseModel):
    """Tenures, and take-aways by stage. `spared`: really taken away, and not by the other policy; what then is unknown.

    `before`: the other policy's that lie before the window.
    """

    tenures: int
    real: ByStage
    present: ByStage
    other: ByStage
    spared: int
    before: int
    differing: int


class DealerTally(TallyOut):
    dealer_id: int
    name: str


class TakeAwayOut(BaseModel):
    stage: str
    at: Moment


class Difference(BaseModel):
    """A tenure in which the policies differ; `more_days`: of one that is spared, what it would have had at least."""

    ticket: int
    company: str
    dealer: str
    real: TakeAwayOut | None
    present: TakeAwayOut | None
    other: TakeAwayOut | None
    spared: bool
    more_days: int | None


class Simulation(BaseModel):
    """`differing` are the newest 200; `left_out` older tenures were too many to replay."""

    since: Moment
    until: Moment
    present: dict[str, PolicyOut] = Field(description="By type of ticket.")
    other: dict[str, PolicyOut]
    total: TallyOut
    dealers: list[DealerTally]
    differing: list[Difference]
    left_out: int


@blueprint.get("/supervision/simulator")
@blueprint.input(SimulatorQuery, location="query")
@blueprint.output(Simulation)
@blueprint.doc(summary="What another policy would have taken away over the last days (staff)")
def simulator(query_data: BaseModel) -> Simulation:  # noqa: ARG001 - documents what `forms.read` reads
    """Each tenure is replayed as it really went, against a sweep at 0:15 every night, and counts once at most."""
    edge.require("supervision.see")
    wanted, session = forms.read(request.args), edge.session()
    result = replaying.simulate(session, wanted, edge.now(), shown=presenting.SHOWN)
    names = queries.dealer_names(session)
    return Simulation(
        since=result.since,
        until=result.until,
        present={name: _policy(policy) for name, policy in POLICIES.items()},
        other={name: _policy(policy) for name, policy in wanted.policies.items()},
        total=TallyOut(**_tally(result.total)),
        dealers=[
            DealerTally(dealer_id=id_, name=names[id_], **_tally(one)) for id_, one in sorted(result.dealers.items())
        ],
        differing=_differences(session, wanted, result),
        left_out=result.left_out,
    )


def _policy(policy: Policy) -> PolicyOut:
    return PolicyOut(calendar=policy.calendar.value, **{stage.value: policy.days[stage] for stage in Stage})


def _tally(tally: Tally) -> dict[str, Any]:
    counted = {"real": tally.real, "present": tally.present, "other": tally.other}
    stages = {name: {stage.value: one[stage] for stage in Stage} for name, one in counted.items()}
    plain = {name: getattr(tally, name) for name in ("tenures", "spared", "before", "differing")}
    return {**stages, **plain}


def _differences(session: Session, wanted: Wanted, result: Result) -> list[Difference]:
    about = queries.about(session, [one.record.key for one in result.differing])
    names, days = queries.dealer_names(session), replaying.more_days(wanted, result.until)

    def out(one: Compared) -> Difference:
        ticket = about[one.record.key]
        return Difference(
            ticket=ticket.number,
            company=ticket.company,
            dealer=names[one.record.dealer_id],
            real=_take_away(one.record.really),
            present=_take_away(one.present),
            other=_take_away(one.other),
            spared=one.spared,
            more_days=days(one.record) if one.spared else None,
        )

    return [out(one) for one in result.differing]


def _take_away(found: TakeAway | None) -> TakeAwayOut | None:
    return TakeAwayOut(stage=found.stage.value, at=found.at) if found else None
