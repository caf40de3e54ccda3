"""What holds for every deadline, whatever the zone does to its clocks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sla import Extension, Pause, Policy, Stage, Tenure, due_moments

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2021, 7, 1, tzinfo=UTC)

moments = st.datetimes(datetime(2020, 1, 1), datetime(2021, 6, 1), timezones=st.sampled_from([UTC, WARSAW]))  # noqa: DTZ001
spans = st.timedeltas(timedelta(0), timedelta(days=40))
days_of_stages = st.fixed_dictionaries({stage: st.integers(0, 60) for stage in Stage})


@st.composite
def pauses(draw: Any) -> Pause:
    start = draw(moments).astimezone(UTC)
    return Pause(start, draw(st.one_of(st.none(), spans.map(lambda span: start + span))))


extensions = st.builds(Extension, st.sampled_from(Stage), st.dates(date(2020, 1, 1), date(2021, 12, 1)), moments)
tenures = st.builds(
    Tenure,
    assigned_at=moments,
    owes=st.none(),
    pauses=st.lists(pauses(), max_size=6),
    extensions=st.lists(extensions, max_size=3),
)
policies = st.builds(Policy, days=days_of_stages, zone=st.just(WARSAW))


def ends(tenure: Tenure, policy: Policy, now: datetime = NOW) -> list[datetime]:
    return [due.at for due in due_moments(tenure, policy, now)]


def with_more(tenure: Tenure, *, pause: Pause | None = None, extension: Extension | None = None) -> Tenure:
    return Tenure(
        assigned_at=tenure.assigned_at,
        owes=tenure.owes,
        pauses=[*tenure.pauses, *([pause] if pause else [])],
        extensions=[*tenure.extensions, *([extension] if extension else [])],
    )


def none_earlier(later: list[datetime], sooner: list[datetime]) -> bool:
    return all(one >= other for one, other in zip(later, sooner, strict=True))


@given(tenures, policies, pauses())
def test_a_pause_never_makes_a_deadline_earlier(tenure: Tenure, policy: Policy, pause: Pause) -> None:
    assert none_earlier(ends(with_more(tenure, pause=pause), policy), ends(tenure, policy))


@given(tenures, policies, extensions)
def test_no_extension_makes_any_deadline_earlier(tenure: Tenure, policy: Policy, extension: Extension) -> None:
    assert none_earlier(ends(with_more(tenure, extension=extension), policy), ends(tenure, policy))


@given(tenures, days_of_stages, st.integers(0, 30))
def test_a_longer_policy_is_never_due_earlier(tenure: Tenure, days: dict[Stage, int], more: int) -> None:
    longer = {stage: number + more for stage, number in days.items()}
    assert none_earlier(ends(tenure, Policy(days=longer, zone=WARSAW)), ends(tenure, Policy(days=days, zone=WARSAW)))


@given(tenures, policies, spans)
def test_waiting_never_brings_a_deadline_nearer(tenure: Tenure, policy: Policy, later: timedelta) -> None:
    assert none_earlier(ends(tenure, policy, NOW + later), ends(tenure, policy, NOW))


@given(tenures, policies)
def test_a_deadline_is_a_local_midnight_after_the_dealer_got_the_ticket(tenure: Tenure, policy: Policy) -> None:
    for due in due_moments(tenure, policy, NOW):
        local = due.at.astimezone(WARSAW)
        assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
        assert due.at > tenure.assigned_at
        assert due.start == tenure.assigned_at


@given(tenures, policies)
def test_warnings_stand_in_order_between_start_and_deadline(tenure: Tenure, policy: Policy) -> None:
    for due in due_moments(tenure, policy, NOW):
        when = [moment for _, moment in due.warnings]
        assert [share for share, _ in due.warnings] == [50, 75, 90]
        assert when == sorted(when)
        assert tenure.assigned_at <= when[0]


@given(tenures, policies, st.randoms())
def test_the_order_in_which_history_is_read_changes_nothing(tenure: Tenure, policy: Policy, random: Any) -> None:
    shuffled = Tenure(
        assigned_at=tenure.assigned_at,
        owes=tenure.owes,
        pauses=random.sample(list(tenure.pauses), len(tenure.pauses)),
        extensions=random.sample(list(tenure.extensions), len(tenure.extensions)),
    )
    assert due_moments(tenure, policy, NOW) == due_moments(shuffled, policy, NOW) == due_moments(tenure, policy, NOW)
