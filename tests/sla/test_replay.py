"""Tenures replayed under another policy: what it would have taken away, and what nobody can know."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import Breach, Calendar, Extension, Pause, Policy, Stage, Tenure, next_due
from sla.replay import Compared, Replay, TakeAway, TenureRecord, compare, next_sweep

WARSAW = ZoneInfo("Europe/Warsaw")
SWEEP = time(0, 15)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PRESENT = Policy(days={Stage.TAKE: 3, Stage.CONTRACT: 7, Stage.COMPLETION: 30}, zone=WARSAW)


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WARSAW)


def record(assigned_at: datetime, **moments: Any) -> TenureRecord:
    return TenureRecord(key=1, type="insoft", dealer_id=7, assigned_at=assigned_at, since=assigned_at, **moments)


def taken_away(of: TenureRecord, policy: Policy = PRESENT, until: datetime = NOW) -> TakeAway | None:
    return Replay(policy, sweep=SWEEP, until=until).taken_away(of)


def more_days(of: TenureRecord, policy: Policy) -> int | None:
    return Replay(policy, sweep=SWEEP, until=NOW).more_days(of)


def with_days(take: int = 3, contract: int = 7, completion: int = 30, **changed: Any) -> Policy:
    days = {Stage.TAKE: take, Stage.CONTRACT: contract, Stage.COMPLETION: completion}
    return replace(PRESENT, days=days, **changed)


def compared(of: TenureRecord, other: Policy) -> Compared:
    one, two = (Replay(policy, sweep=SWEEP, until=NOW) for policy in (PRESENT, other))
    [result] = compare([of], {"insoft": one}, {"insoft": two})
    return result


def test_a_ticket_that_nobody_takes_is_taken_away_in_the_night_after_its_last_day():
    assert taken_away(record(at(11))) == TakeAway(Stage.TAKE, at(15, 0, 15))


def test_taken_a_minute_before_the_sweep_is_taken_and_a_minute_after_is_too_late():
    assert taken_away(record(at(11), taken_at=at(15, 0, 14), ended_at=at(16))) is None
    assert taken_away(record(at(11), taken_at=at(15, 0, 16))) == TakeAway(Stage.TAKE, at(15, 0, 15))


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ({"taken_at": at(12)}, TakeAway(Stage.CONTRACT, at(19, 0, 15))),
        ({"taken_at": at(12), "contract_at": at(13)}, TakeAway(Stage.COMPLETION, at(11, 0, 15, month=6))),
        ({"taken_at": at(12), "contract_at": at(13), "ended_at": at(10, month=6)}, None),
    ],
)
def test_each_stage_has_its_own_days_from_the_day_of_the_assignment(moments: Any, expected: TakeAway | None):
    assert taken_away(record(at(11), **moments)) == expected


def test_what_has_not_come_yet_is_no_take_away():
    assert taken_away(record(at(11)), until=at(15, 0, 14)) is None
    assert taken_away(record(at(11)), until=at(15, 0, 15)) is not None


def test_suspended_tickets_are_not_taken_away_and_get_what_was_left_afterwards():
    suspended = record(at(11), taken_at=at(11), pauses=(Pause(at(14)),))
    assert taken_away(suspended) is None
    resumed = replace(suspended, pauses=(Pause(at(14), at(24)),))
    assert taken_away(resumed) == TakeAway(Stage.CONTRACT, at(29, 0, 15))


def test_suspended_between_midnight_and_the_sweep_waits_for_the_night_after_it_is_resumed():
    late = record(at(11), taken_at=at(11), pauses=(Pause(at(19, 0, 5), at(21)),))
    assert taken_away(late) == TakeAway(Stage.CONTRACT, at(22, 0, 15))


def test_an_extension_counts_for_its_stage_if_it_was_granted_before_the_sweep_came():
    until = date(2026, 5, 20)
    timely = record(at(11), extensions=(Extension(Stage.TAKE, until, at(14)),))
    assert taken_away(timely) == TakeAway(Stage.TAKE, at(21, 0, 15))
    assert taken_away(replace(timely, extensions=(Extension(Stage.TAKE, until, at(16)),))) == TakeAway(
        Stage.TAKE, at(15, 0, 15)
    )
    assert taken_away(replace(timely, extensions=(Extension(Stage.CONTRACT, until, at(14)),))) == TakeAway(
        Stage.TAKE, at(15, 0, 15)
    )


def test_a_second_extension_in_the_time_that_the_first_gave_counts_too():
    first = Extension(Stage.TAKE, date(2026, 5, 18), at(14))
    second = Extension(Stage.TAKE, date(2026, 5, 25), at(18))
    assert taken_away(record(at(11), extensions=(second, first))) == TakeAway(Stage.TAKE, at(26, 0, 15))


def test_a_ticket_that_came_in_with_a_date_of_the_past_is_found_by_the_first_sweep_after_it_came():
    late = replace(record(at(1)), since=at(11))
    assert taken_away(late) == TakeAway(Stage.TAKE, at(12, 0, 15))


def test_a_stage_whose_days_are_over_when_it_begins_is_taken_away_the_next_night():
    slow = record(at(11), taken_at=at(14, 12))
    assert taken_away(slow, with_days(take=3, contract=1)) == TakeAway(Stage.CONTRACT, at(15, 0, 15))


def test_a_stage_that_is_only_told_of_takes_nothing_away():
    tell = replace(PRESENT, on_breach={**PRESENT.on_breach, Stage.TAKE: Breach.TELL, Stage.CONTRACT: Breach.POOL})
    assert taken_away(record(at(11)), tell) is None
    assert taken_away(record(at(11), taken_at=at(12)), tell) == TakeAway(Stage.CONTRACT, at(19, 0, 15))


def test_business_days_skip_the_weekend():
    friday = record(at(8))
    assert taken_away(friday) == TakeAway(Stage.TAKE, at(12, 0, 15))
    assert taken_away(friday, replace(PRESENT, calendar=Calendar.BUSINESS)) == TakeAway(Stage.TAKE, at(14, 0, 15))


def test_the_sweep_that_really_came_counts_whatever_its_hour():
    noon = record(at(11), ended_at=at(15, 11), swept=True)
    assert taken_away(noon) == TakeAway(Stage.TAKE, at(15, 0, 15))
    by_hand = replace(noon, since=at(15, 9))
    assert taken_away(by_hand) == TakeAway(Stage.TAKE, at(15, 11))


def test_a_shorter_policy_takes_earlier_and_says_when():
    result = compared(record(at(11), ended_at=at(15, 0, 15), swept=True), with_days(take=1))
    assert (result.present, result.other) == (TakeAway(Stage.TAKE, at(15, 0, 15)), TakeAway(Stage.TAKE, at(13, 0, 15)))
    assert (result.differs, result.spared) == (True, False)


def test_what_would_have_happened_after_a_real_take_away_is_not_guessed():
    result = compared(record(at(11), ended_at=at(15, 0, 15), swept=True), with_days(take=10))
    assert result.present == result.record.really == TakeAway(Stage.TAKE, at(15, 0, 15))
    assert (result.other, result.spared, more_days(result.record, with_days(take=10))) == (None, True, 7)


def test_a_policy_that_takes_nothing_away_in_that_stage_has_no_number_of_days():
    never = with_days(on_breach={**PRESENT.on_breach, Stage.TAKE: Breach.TELL})
    result = compared(record(at(11), ended_at=at(15, 0, 15), swept=True), never)
    assert (result.spared, more_days(result.record, never)) == (True, None)


def test_a_tenure_that_ended_otherwise_is_spared_by_nobody():
    result = compared(record(at(11), ended_at=at(13)), with_days(take=10))
    assert (result.present, result.other, result.spared, result.differs) == (None, None, False, False)


def test_the_next_sweep_is_tonights_or_tomorrows_also_where_the_clocks_change():
    assert next_sweep(at(15, 0, 15), SWEEP, WARSAW) == at(15, 0, 15)
    assert next_sweep(at(15, 0, 16), SWEEP, WARSAW) == at(16, 0, 15)
    spring = datetime(2026, 3, 29, 0, 16, tzinfo=WARSAW)
    assert next_sweep(spring, SWEEP, WARSAW) == datetime(2026, 3, 30, 0, 15, tzinfo=WARSAW)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 7, 1), timezones=st.just(WARSAW))  # noqa: DTZ001
spans = st.timedeltas(timedelta(0), timedelta(days=50))
number_of_days = st.fixed_dictionaries({stage: st.integers(0, 60) for stage in Stage})
policies = st.builds(
    Policy,
    days=number_of_days,
    zone=st.just(WARSAW),
    calendar=st.sampled_from(Calendar),
    on_breach=st.fixed_dictionaries({stage: st.sampled_from(Breach) for stage in Stage}),
)


@st.composite
def records(draw: Any) -> TenureRecord:
    """A tenure that may have been suspended, extended and ended by anything."""
    start = draw(moments).astimezone(UTC)
    came = start + draw(st.one_of(st.just(timedelta(0)), spans))
    reached, stages = came, []
    for _stage in range(draw(st.integers(0, 2))):
        reached += draw(spans)
        stages.append(reached)
    ended = draw(st.one_of(st.none(), spans.map(lambda span: reached + span)))
    pauses = tuple(
        Pause(came + begin, came + begin + draw(spans)) for begin in sorted(draw(st.lists(spans, max_size=3)))
    )
    # No sweep ends what is suspended.
    held = ended is not None and any(one.start <= ended < (one.end or ended) for one in pauses)
    return TenureRecord(
        key=1,
        type="insoft",
        dealer_id=7,
        assigned_at=start,
        since=came,
        taken_at=stages[0] if stages else None,
        contract_at=stages[1] if len(stages) > 1 else None,
        ended_at=ended,
        swept=ended is not None and not held and draw(st.booleans()),
        pauses=pauses,
        extensions=tuple(
            Extension(draw(st.sampled_from(Stage)), (came + draw(spans)).date(), came + draw(spans))
            for _each in range(draw(st.integers(0, 2)))
        ),
    )


@given(records(), policies, number_of_days)
def test_longer_days_never_take_more_away_nor_sooner(of: TenureRecord, policy: Policy, more: dict[Stage, int]):
    longer = replace(policy, days={stage: policy.days[stage] + more[stage] for stage in Stage})
    then, now = taken_away(of, longer), taken_away(of, policy)
    if then is not None:
        assert now is not None
        assert now.at <= then.at


@given(records(), policies)
def test_a_policy_of_the_same_days_differs_in_nothing(of: TenureRecord, policy: Policy):
    one, same = (Replay(each, sweep=SWEEP, until=NOW) for each in (policy, replace(policy, days=dict(policy.days))))
    [result] = compare([of], {"insoft": one}, {"insoft": same})
    assert not result.differs


@given(records(), policies)
def test_nothing_is_taken_away_early_after_the_end_or_while_it_is_suspended(of: TenureRecord, policy: Policy):
    found = taken_away(of, policy)
    if found is None:
        return
    assert of.since <= found.at <= min(NOW, of.ended_at or NOW)
    assert policy.on_breach[found.stage] is not Breach.TELL
    if found.at != of.ended_at:
        local = found.at.astimezone(WARSAW)
        assert (local.hour, local.minute) == (0, 15)
        assert not any(pause.start <= found.at and (pause.end is None or found.at < pause.end) for pause in of.pauses)


@given(records(), policies)
def test_a_tenure_without_pauses_comes_out_the_same_by_the_quick_way(of: TenureRecord, policy: Policy):
    plain = replace(of, pauses=(), extensions=())
    # An empty pause counts for nothing, and keeps the quick way from being taken.
    slow = replace(plain, pauses=(Pause(plain.since, plain.since),))
    assert taken_away(plain, policy) == taken_away(slow, policy)


def night_by_night(of: TenureRecord, policy: Policy) -> TakeAway | None:
    """As the sweep itself goes: each night by what was known then."""
    nights, last = [], min(NOW, of.ended_at or NOW)
    moment = next_sweep(of.since, SWEEP, WARSAW)
    while moment <= last:
        nights.append(moment)
        moment = next_sweep(moment + timedelta(minutes=1), SWEEP, WARSAW)
    if of.swept and of.ended_at is not None and of.ended_at <= NOW:
        nights.append(of.ended_at)
    for night in sorted(set(nights)):
        if night == of.ended_at and not of.swept:
            continue
        stage = owed(of, night)
        known = tuple(Pause(one.start, one.end) for one in of.pauses if one.start <= night)
        if policy.on_breach[stage] is Breach.TELL or any(one.end is None or night < one.end for one in known):
            continue
        told = tuple(one for one in of.extensions if one.granted_at <= night)
        tenure = Tenure(assigned_at=of.assigned_at, owes=stage, pauses=known, extensions=told)
        found = next_due(tenure, policy, night)
        if found is not None and found.at <= night:
            return TakeAway(stage, night)
    return None


def owed(of: TenureRecord, moment: datetime) -> Stage:
    if of.taken_at is None or moment < of.taken_at:
        return Stage.TAKE
    return Stage.CONTRACT if of.contract_at is None or moment < of.contract_at else Stage.COMPLETION


@given(records(), policies)
def test_a_replay_finds_what_the_sweep_would_have_found_night_by_night(of: TenureRecord, policy: Policy):
    assert taken_away(of, policy) == night_by_night(of, policy)
