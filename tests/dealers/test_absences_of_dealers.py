"""Days without new tickets: entered, joined to none, moved and ended, by staff and by the dealer itself."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest

from mikroserwis.errors import Conflict, Invalid, Refused
from tests.dealers.conftest import ALFA, Desk
from tests.support.app import sqlite_only


def wrong(act: Any, *given: Any, **named: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        act(*given, **named)
    return [(one.field, one.code) for one in caught.value.errors]


def test_an_absence_is_entered_and_told_in_the_dealers_history(desk: Desk):
    desk.away(0, 5, reason="Urlop \x00zespołu")
    [(verb, said)] = desk.told(ALFA)
    assert (verb, said["first_day"], said["last_day"], said["reason"]) == (
        "absence_add",
        desk.day(),
        desk.day(5),
        "Urlop zespołu",
    )


@pytest.mark.parametrize(("first", "last"), [(5, 5), (0, 10), (7, 8), (10, 20), (0, 30)])
@sqlite_only
def test_absences_that_share_a_day_are_refused_naming_the_other(desk: Desk, first: int, last: int):
    desk.away(5, 10)
    assert wrong(desk.away, first, last) == [("first_day", "absences_overlap")]
    assert len(desk.spans()) == 1


@sqlite_only
def test_a_dealer_may_be_away_for_sixty_days_on_end_and_staff_enter_a_year(desk: Desk):
    desk.away(2, 40)
    desk.away(42, 62)
    assert wrong(desk.away, 41, 41) == [("last_day", "absence_too_long")]
    assert wrong(desk.away, 100, 160) == [("last_day", "absence_too_long")]
    desk.away(41, 41, who="operator")
    desk.away(100, 159)
    assert wrong(desk.away, 200, 566, who="operator") == [("last_day", "absence_too_long")]
    desk.away(200, 565, who="operator")


@sqlite_only
def test_days_that_have_passed_are_too_far_or_turned_round_are_refused(desk: Desk):
    assert wrong(desk.away, -1, 3) == [("first_day", "day_has_passed")]
    assert wrong(desk.away, 3, 2) == [("last_day", "ends_before_it_starts")]
    assert wrong(desk.away, 367, 368) == [("first_day", "day_too_far")]
    for text in ("", "wtorek", "2026-02-30", "0001-01-01", "9999-12-31", "1" * 400, "\x00"):
        assert wrong(desk.away, 1, 2, first_day=text)[0][0] == "first_day"
    assert wrong(desk.away, 1, 2, reason="x" * 201) == [("reason", "too_long")]


def test_of_an_absence_that_has_begun_only_the_end_moves(desk: Desk):
    desk.away(0, 10)
    start = date.fromisoformat(desk.day())
    desk.now += timedelta(days=4)
    assert wrong(desk.move, first_day=desk.day(1)) == [("first_day", "absence_has_begun")]
    assert wrong(desk.move, last_day=desk.day(-2)) == [("last_day", "day_has_passed")]
    desk.move(last_day=desk.day(2))
    assert desk.spans() == [(start, start + timedelta(days=6))]
    assert desk.told(ALFA)[0][1]["changes"] == {"last_day": [str(start + timedelta(days=10)), desk.day(2)]}
    desk.move(last_day=desk.day(-1))
    with pytest.raises(Refused) as caught:
        desk.move(last_day=desk.day(3))
    assert caught.value.blockers[0].code == "absence_goes_on"


def test_ending_one_that_runs_keeps_its_days_and_one_to_come_leaves_none(desk: Desk):
    desk.away(0, 10)
    start = date.fromisoformat(desk.day())
    desk.now += timedelta(days=3)
    desk.end()
    assert desk.spans() == [(start, start + timedelta(days=2))]
    with pytest.raises(Refused):
        desk.end()


@sqlite_only
def test_one_to_come_or_of_today_is_as_if_it_had_never_been(desk: Desk):
    for first in (0, 5):
        desk.away(first, 10)
        desk.end(who="operator")
        assert desk.spans() == []
    assert [verb for verb, _said in desk.told(ALFA)] == ["absence_end", "absence_add"] * 2


@sqlite_only
def test_a_dealer_may_shorten_what_staff_entered_but_not_lengthen_it(desk: Desk):
    desk.away(0, 200, who="operator")
    desk.move(last_day=desk.day(150))
    assert wrong(desk.move, last_day=desk.day(151)) == [("last_day", "absence_too_long")]
    desk.move(who="operator", last_day=desk.day(151))


def test_a_stale_form_of_an_absence_is_told_what_differs(desk: Desk):
    stale = desk.away(1, 10).version
    desk.move(who="operator", last_day=desk.day(12))
    with pytest.raises(Conflict) as caught:
        desk.move(version=stale, last_day=desk.day(14))
    assert caught.value.params["fields"] == {"last_day": (desk.day(12), desk.day(14))}
    assert desk.move(version=stale, last_day=desk.day(12)) == {}


def test_of_two_who_enter_overlapping_absences_at_once_one_is_told(desk: Desk):
    barrier, results = threading.Barrier(2), []

    def enter(first: int) -> None:
        barrier.wait()
        try:
            desk.away(first, 10)
            results.append("entered")
        except Invalid:
            results.append("told")

    threads = [threading.Thread(target=enter, args=(first,)) for first in (1, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["entered", "told"]
    assert len(desk.spans()) == 1
