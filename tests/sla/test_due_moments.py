"""Due moments by example; the days are those of the manual: 3, 7 and 30."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla import Due, Extension, Pause, Policy, Stage, Tenure, due_moments, next_due, opened_days

WARSAW = ZoneInfo("Europe/Warsaw")
POLICY = Policy(days={Stage.TAKE: 3, Stage.CONTRACT: 7, Stage.COMPLETION: 30}, zone=WARSAW)


def at(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2019) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WARSAW)


def due(
    assigned: datetime, *pauses: Pause, stage: Stage = Stage.TAKE, now: datetime | None = None, **more: object
) -> Due:
    tenure = Tenure(assigned_at=assigned, owes=stage, pauses=pauses, **more)  # type: ignore[arg-type]
    found = next_due(tenure, POLICY, now or at(12, 31))
    assert found is not None
    return found


@pytest.mark.parametrize("assigned", [at(5, 27), at(5, 27, 14), at(5, 27, 23, 59), at(5, 27, 14).astimezone(UTC)])
def test_a_ticket_of_27_may_may_be_taken_until_30_may_24_00(assigned: datetime) -> None:
    assert due(assigned).at == at(5, 31)


def test_the_local_day_counts_not_the_day_in_utc() -> None:
    assert due(datetime(2019, 5, 26, 22, 30, tzinfo=UTC)).at == at(5, 31)


def test_each_stage_is_measured_from_the_day_the_dealer_got_the_ticket() -> None:
    tenure = Tenure(assigned_at=at(5, 27, 14), owes=Stage.CONTRACT)
    assert {one.stage: one.at for one in due_moments(tenure, POLICY, at(5, 28))} == {
        Stage.TAKE: at(5, 31),
        Stage.CONTRACT: at(6, 4),
        Stage.COMPLETION: at(6, 27),
    }


def test_nothing_is_due_while_nothing_is_owed() -> None:
    assert next_due(Tenure(assigned_at=at(5, 27), owes=None), POLICY, at(5, 28)) is None


@pytest.mark.parametrize(
    ("assigned", "ends", "hours"),
    [
        (at(3, 28, year=2020), at(4, 1, year=2020), 95),
        (at(10, 24, year=2020), at(10, 28, year=2020), 97),
    ],
    ids=["spring", "autumn"],
)
def test_a_daylight_saving_day_counts_as_a_day(assigned: datetime, ends: datetime, hours: int) -> None:
    assert due(assigned).at == ends
    assert ends.astimezone(UTC) - assigned.astimezone(UTC) == timedelta(hours=hours)


def test_a_ticket_given_out_on_the_spring_day_itself_is_due_at_a_midnight() -> None:
    assert due(at(3, 29, 12, year=2020)).at == at(4, 2, year=2020)


@pytest.mark.parametrize("first", [at(10, 24, 10, year=2020), at(10, 25, year=2020), at(3, 28, 10, year=2020)])
def test_a_pause_over_a_clock_change_moves_the_deadline_by_its_days(first: datetime) -> None:
    resumed = first + timedelta(days=1)
    assert due(first - timedelta(days=1), Pause(first, resumed), stage=Stage.CONTRACT).at == datetime.combine(
        first.date() + timedelta(days=8), datetime.min.time(), WARSAW
    )


def test_a_pause_within_the_hour_that_comes_twice_takes_nothing_away() -> None:
    first, second = (datetime(2020, 10, 25, 2, 30, tzinfo=WARSAW, fold=fold) for fold in (0, 1))
    assert due(at(10, 24, year=2020), Pause(first, second)).at == at(10, 29, year=2020)
    assert due(at(10, 24, year=2020), Pause(second, second + timedelta(minutes=1))).at == at(10, 28, year=2020)


def test_what_was_left_goes_on_after_the_pause() -> None:
    assert due(at(5, 27, 14), Pause(at(5, 28, 12), at(5, 30, 12))).at == at(6, 2)


def test_a_day_once_begun_is_given_whole() -> None:
    assert due(at(5, 27, 14), Pause(at(5, 28, 12), at(5, 28, 12, 1))).at == at(6, 1)


@pytest.mark.parametrize(
    "pauses",
    [
        (Pause(at(5, 28), at(5, 30)), Pause(at(5, 29), at(5, 31))),
        (Pause(at(5, 29), at(5, 31)), Pause(at(5, 28), at(5, 30))),
        (Pause(at(5, 28), at(5, 31)), Pause(at(5, 29), at(5, 30))),
        (Pause(at(5, 28), at(5, 29)), Pause(at(5, 29), at(5, 31))),
    ],
    ids=["overlap", "out of order", "nested", "touching"],
)
def test_time_in_two_pauses_counts_once(pauses: tuple[Pause, ...]) -> None:
    assert due(at(5, 27, 14), *pauses).at == at(6, 3)


def test_a_pause_before_the_tenure_is_the_former_dealers() -> None:
    assert due(at(5, 27, 14), Pause(at(5, 1), at(5, 20))).at == at(5, 31)


def test_of_a_pause_that_reaches_into_the_tenure_only_that_part_counts() -> None:
    assert due(at(5, 27), Pause(at(5, 1), at(5, 28))).at == at(6, 1)


def test_an_open_pause_pushes_on_with_the_clock() -> None:
    open_pause = Pause(at(5, 28))
    assert due(at(5, 27), open_pause, now=at(5, 28)).at == at(5, 31)
    assert due(at(5, 27), open_pause, now=at(5, 29)).at == at(6, 1)
    assert due(at(5, 27), open_pause, now=at(6, 28)).at == at(7, 1)


def test_a_pause_that_ends_before_it_starts_counts_for_nothing() -> None:
    assert due(at(5, 27), Pause(at(5, 29), at(5, 28))).at == at(5, 31)


def test_suspending_after_the_deadline_does_not_mend_the_breach() -> None:
    assert due(at(5, 27, 14), Pause(at(5, 31, 0, 5), at(6, 20))).at == at(5, 31)


def test_a_pause_right_before_the_deadline_counts_and_so_does_one_within_what_was_left() -> None:
    pauses = Pause(at(5, 30, 12), at(6, 1, 12)), Pause(at(6, 1, 18), at(6, 2, 18))
    assert due(at(5, 27, 14), *pauses).at == at(6, 3)


def extension(until: date, granted: datetime, stage: Stage = Stage.TAKE) -> Extension:
    return Extension(stage, until, granted)


def test_an_extension_gives_the_stage_until_the_end_of_its_day() -> None:
    assert due(at(5, 27), extensions=[extension(date(2019, 6, 5), at(5, 29))]).at == at(6, 6)


def test_an_extension_never_makes_the_deadline_earlier() -> None:
    assert due(at(5, 27), extensions=[extension(date(2019, 5, 28), at(5, 27))]).at == at(5, 31)


def test_the_latest_of_several_extensions_holds() -> None:
    days = [date(2019, 6, 3), date(2019, 6, 9), date(2019, 6, 1)]
    assert due(at(5, 27), extensions=[extension(day, at(5, 28)) for day in days]).at == at(6, 10)


def test_an_extension_moves_its_own_stage_only() -> None:
    extensions = [extension(date(2019, 6, 20), at(5, 28), Stage.CONTRACT)]
    assert due(at(5, 27), extensions=extensions).at == at(5, 31)
    assert due(at(5, 27), stage=Stage.CONTRACT, extensions=extensions).at == at(6, 21)


def test_a_pause_after_an_extension_is_not_lost() -> None:
    extensions = [extension(date(2019, 6, 5), at(5, 29))]
    assert due(at(5, 27), Pause(at(6, 1), at(6, 4)), extensions=extensions).at == at(6, 9)


def test_a_pause_before_an_extension_is_part_of_what_staff_saw() -> None:
    extensions = [extension(date(2019, 6, 9), at(5, 31))]
    assert due(at(5, 27), Pause(at(5, 28), at(5, 30)), extensions=extensions).at == at(6, 10)


def test_warnings_come_at_shares_of_the_stage() -> None:
    assert due(at(5, 27)).warnings == ((50, at(5, 29)), (75, at(5, 30)), (90, at(5, 30, 14, 24)))


def test_paused_time_is_no_part_of_a_warnings_share() -> None:
    paused = due(at(5, 27), Pause(at(5, 28), at(6, 28)))
    assert (paused.at, paused.start) == (at(7, 1), at(5, 27))
    assert paused.warnings == ((50, at(6, 29)), (75, at(6, 30)), (90, at(6, 30, 14, 24)))


@pytest.mark.parametrize(
    ("opened", "today", "days"), [((5, 27), (5, 27), 0), ((5, 27), (6, 3), 7), ((6, 3), (5, 27), 0)]
)
def test_days_since_opened_are_never_negative(opened: tuple[int, int], today: tuple[int, int], days: int) -> None:
    assert opened_days(date(2019, *opened), date(2019, *today)) == days
