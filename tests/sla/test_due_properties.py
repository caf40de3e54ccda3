"""What holds for every deadline, whatever the zone does to its clocks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sla import Calendar, Extension, Pause, Policy, Stage, Tenure, due_moments
from sla.calendar import is_business_day

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2021, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

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
calendars = st.sampled_from(Calendar)
policies = st.builds(Policy, days=days_of_stages, zone=st.just(WARSAW), calendar=calendars)


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


@given(tenures, policies, st.integers(0, 30))
def test_a_longer_policy_is_never_due_earlier(tenure: Tenure, policy: Policy, more: int) -> None:
    longer = replace(policy, days={stage: number + more for stage, number in policy.days.items()})
    assert none_earlier(ends(tenure, longer), ends(tenure, policy))


@given(tenures, policies)
def test_business_days_are_never_due_before_days(tenure: Tenure, policy: Policy) -> None:
    in_days, in_business_days = (replace(policy, calendar=each) for each in (Calendar.DAYS, Calendar.BUSINESS))
    assert none_earlier(ends(tenure, in_business_days), ends(tenure, in_days))


@given(tenures, policies, spans)
def test_a_longer_pause_or_a_later_extension_is_never_due_earlier(
    tenure: Tenure, policy: Policy, more: timedelta
) -> None:
    longer = [replace(one, end=one.end and one.end + more) for one in tenure.pauses]
    later = [replace(one, until=one.until + more) for one in tenure.extensions]
    before = ends(tenure, policy)
    assert none_earlier(ends(replace(tenure, pauses=longer), policy), before)
    assert none_earlier(ends(replace(tenure, extensions=later), policy), before)


def worked(tenure: Tenure, policy: Policy, until: datetime) -> timedelta:
    """What the dealer has after the assigned day, of days that count and without what stood; hour by hour."""
    day = tenure.assigned_at.astimezone(WARSAW).date() + timedelta(days=1)
    hours = 0
    while (midnight := datetime.combine(day, datetime.min.time(), WARSAW)) < until:
        if policy.calendar is Calendar.DAYS or is_business_day(day, policy.country):
            for hour in range(24):
                moment = midnight.replace(hour=hour)
                hours += not any(one.start < moment + HOUR and (one.end or NOW) > moment for one in tenure.pauses)
        day += timedelta(days=1)
    return timedelta(hours=hours)


whole_hours = st.builds(lambda moment: moment.replace(minute=0, second=0, microsecond=0), moments)
hourly = st.builds(
    lambda start, hours: Pause(start, start.astimezone(UTC) + hours * HOUR), whole_hours, st.integers(1, 400)
)


@given(moments, st.lists(hourly, max_size=3), calendars, st.integers(0, 12))
def test_a_dealer_has_the_days_it_was_promised_whatever_stood(
    assigned_at: datetime, pauses: list[Pause], calendar: Calendar, days: int
) -> None:
    policy = Policy(days=dict.fromkeys(Stage, days), zone=WARSAW, calendar=calendar)
    tenure = Tenure(assigned_at=assigned_at, owes=None, pauses=pauses)
    assert worked(tenure, policy, ends(tenure, policy)[0]) >= timedelta(days=days)


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
