"""Long lists are made in the background: with the rights of the moment, once, and only as long as they are wanted."""

import itertools
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from mikroserwis.edge import Parts
from mikroserwis.i18n import speaking
from mikroserwis.models import Customer
from mikroserwis.storage import in_folder
from mikroserwis.sweeps import list_exports
from mikroserwis.sweeps.failures import LeaseLost
from mikroserwis.sweeps.list_exports import ATTEMPTS, LEASE
from mikroserwis.sweeps.tidy import tidy
from mikroserwis.tickets.listing import Row
from mikroserwis.tickets.operations.list_exports import KEPT
from mikroserwis.tickets.operations.list_exports import shelf as shelf_of
from tests.bad_day.test_bad_day import no_file_may_grow_past, postgresql
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, POOLED, SAM
from tests.sweeps.shelf import Shelf


@pytest.fixture
def shelf(parts: Parts) -> Shelf:
    return Shelf(parts)


def test_the_file_holds_the_list_as_it_was_filtered_and_sorted(shelf: Shelf):
    export_id = shelf.order("operator", "sort=-company")
    filtered = shelf.order("operator", "q=sieciech%C3%B3w&state=open")
    assert shelf.work()
    assert shelf.work()
    assert not shelf.work()
    assert [row[1] for row in shelf.rows(export_id)[1:]] == [POOLED, ARKLITY, SAM]
    assert [row[1] for row in shelf.rows(filtered)[1:]] == [SAM]
    export = shelf.export(export_id)
    assert (export.state, export.rows_total, export.rows_done) == ("done", 3, 3)
    assert export.expires_at is not None
    assert export.expires_at - shelf.now() > KEPT - timedelta(minutes=1)
    assert export.size == next(one.stat().st_size for one in shelf.files() if one.name == export.sha256)


@sqlite_only
@pytest.mark.parametrize("query", ["q=sieciechow", "q=Sieciechów", "company=Ślązak", "company=slazak"])
def test_names_are_found_with_their_accents_and_without(shelf: Shelf, query: str):
    export_id = shelf.order("operator", query)
    shelf.work()
    assert [row[1] for row in shelf.rows(export_id)[1:]] == [SAM]


def test_a_dealers_file_holds_nothing_of_another_dealer(shelf: Shelf):
    export_id = shelf.order("beta")
    shelf.work()
    assert {row[1] for row in shelf.rows(export_id)[1:]} == {ARKLITY, POOLED}


def test_what_changes_while_it_is_made_stands_in_it_nowhere(shelf: Shelf):
    export_id, looks = shelf.order(), itertools.count(1)

    def now() -> datetime:
        with shelf.parts.database.transaction() as session:
            session.execute(update(Customer).values(city=f"Miasto {next(looks)}"))
        return shelf.now()

    assert list_exports.work(shelf.parts, now)
    # The clock is looked at twice before the list is read, and a few times after.
    assert {row[4] for row in shelf.rows(export_id)[1:]} == {"Miasto 2"}
    assert next(looks) > 4


@sqlite_only
def test_the_headings_are_in_the_language_in_which_it_was_asked_for(shelf: Shelf):
    with speaking("en"):
        english = shelf.order()
    polish = shelf.order()
    shelf.work()
    shelf.work()
    assert shelf.rows(english)[0][0] == "Ticket type"
    assert shelf.rows(polish)[0][0] == "Typ zgłoszenia"
    assert str(shelf.export(english).name).startswith("tickets-")
    assert str(shelf.export(polish).name).startswith("zgłoszenia-")


@sqlite_only
@pytest.mark.parametrize("change", [{"active": False}, {"role": "technician"}, {"dealer_id": 2}])
def test_whoever_lost_the_rights_meanwhile_gets_no_file(shelf: Shelf, change: dict[str, object]):
    export_id = shelf.order("alfa")
    shelf.move("alfa", **change)
    assert shelf.work()
    assert (shelf.export(export_id).state, shelf.export(export_id).failure) == ("failed", "not_allowed")
    assert shelf.files() == []


def test_two_workers_at_once_make_each_file_once(shelf: Shelf):
    wanted = [shelf.order(name) for name in ("operator", "admin", "master", "alfa") for _ in range(3)]
    start, worked = threading.Barrier(4), []

    def run() -> None:
        start.wait()
        while list_exports.work(shelf.parts, shelf.now):
            worked.append(1)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    exports = [shelf.export(one) for one in wanted]
    assert {(one.state, one.attempts) for one in exports} == {("done", 1)}
    assert len(worked) == len(wanted)
    assert {path.name for path in shelf.files()} == {one.sha256 for one in exports}


def test_an_export_that_somebody_works_on_is_left_alone_until_the_lease_ends(shelf: Shelf):
    export_id = shelf.order()
    assert list_exports.claim(shelf.parts.database, shelf.now) is not None
    assert not shelf.work()
    shelf.wait(seconds=LEASE.total_seconds() + 1)
    assert shelf.work()
    assert (shelf.export(export_id).state, shelf.export(export_id).attempts) == ("done", 2)


def test_a_worker_that_comes_back_after_its_lease_leaves_no_second_file(shelf: Shelf):
    export_id = shelf.order()
    late = list_exports.claim(shelf.parts.database, shelf.now)
    assert late is not None
    shelf.wait(hours=1)
    assert shelf.work()
    made = shelf.export(export_id)
    with pytest.raises(LeaseLost):
        list_exports._make(shelf.parts, late, shelf.now)
    assert not late.end(state="failed", failure="broken")
    late.let_go(shelf_of(shelf.parts.settings))
    assert shelf.export(export_id).__dict__.items() >= {"state": "done", "sha256": made.sha256}.items()
    assert [path.name for path in shelf.files()] == [made.sha256]


@sqlite_only
def test_how_far_it_is_can_be_seen_meanwhile(shelf: Shelf):
    shelf.order()
    hold = list_exports.claim(shelf.parts.database, shelf.now)
    assert hold is not None
    shelf.tick = timedelta(seconds=2)
    row = Row(1, "insoft", "", "", "", False, "new", None, None, None, shelf.now().date(), None, None, None, None)
    done = [shelf.export(hold.export.id).rows_done for _ in list_exports._told(iter([row] * 1200), hold, shelf.now)]
    assert (done[0], done[600], done[-1]) == (0, 500, 1000)


def test_a_cancelled_export_stops_and_leaves_nothing(shelf: Shelf):
    export_id = shelf.order()
    hold = list_exports.claim(shelf.parts.database, shelf.now)
    assert hold is not None
    shelf.change(export_id, state="cancelled", expires_at=shelf.now() + KEPT)
    with pytest.raises(LeaseLost):
        hold.keep(rows_done=1)
    hold.let_go(shelf_of(shelf.parts.settings))
    assert not shelf.work()
    assert (shelf.export(export_id).state, shelf.export(export_id).lease_until) == ("cancelled", None)
    assert shelf.files() == []


@sqlite_only
@pytest.mark.parametrize("column", ["rows_total", "sha256"])
def test_cancelled_before_the_first_row_or_before_the_file_is_there_it_leaves_no_bytes(shelf: Shelf, column: str):
    export_id = shelf.order()

    def now() -> datetime:
        if getattr(shelf.export(export_id), column) is not None:
            shelf.change(export_id, state="cancelled")
        return shelf.now()

    assert list_exports.work(shelf.parts, now)
    assert (shelf.export(export_id).state, shelf.export(export_id).sha256) == ("cancelled", None)
    assert shelf.files() == []


@postgresql
@pytest.mark.parametrize("room", [1000, 4000])
def test_a_full_disk_is_a_failure_with_its_name_and_leaves_nothing(shelf: Shelf, room: int):
    """The database is another process: only our own files are held short."""
    export_id = shelf.order()
    with no_file_may_grow_past(room):
        assert shelf.work()
    assert (shelf.export(export_id).state, shelf.export(export_id).failure) == ("failed", "disk_full")
    assert shelf.files() == []
    shelf.again(export_id)
    assert shelf.work()
    assert (shelf.export(export_id).state, len(shelf.rows(export_id))) == ("done", 4)


@sqlite_only
def test_a_file_that_cannot_be_made_is_given_up_after_some_attempts(shelf: Shelf):
    export_id = shelf.order()
    (shelf.parts.settings.data / "exports").mkdir()
    (shelf.parts.settings.data / "exports" / "temporary").write_text("in the way")
    for attempt in range(1, ATTEMPTS + 1):
        assert shelf.export(export_id).state == "queued"
        assert shelf.work()
        assert shelf.export(export_id).attempts == attempt
        assert not shelf.work()
        shelf.wait(minutes=5)
    assert (shelf.export(export_id).state, shelf.export(export_id).failure) == ("failed", "broken")


@sqlite_only
def test_an_export_whose_every_worker_was_killed_is_given_up(shelf: Shelf):
    export_id = shelf.order()
    shelf.change(export_id, state="running", attempts=ATTEMPTS, lease_until=shelf.now())
    assert shelf.work()
    assert (shelf.export(export_id).state, shelf.export(export_id).failure) == ("failed", "broken")


def test_after_thirty_days_bytes_and_row_are_gone(shelf: Shelf):
    export_id, other = shelf.order(), shelf.order("admin")
    shelf.work()
    shelf.wait(days=1)
    shelf.work()
    shelf.wait(days=29, minutes=1)
    assert shelf.work()
    assert not shelf.work()
    assert [path.name for path in shelf.files()] == [shelf.export(other).sha256]
    shelf.wait(days=1)
    assert shelf.work()
    assert shelf.files() == []
    assert export_id


@sqlite_only
def test_bytes_that_another_export_has_too_stay_until_it_goes(shelf: Shelf):
    first, second = shelf.order(), shelf.order("admin")
    shelf.work()
    shelf.work()
    for path in shelf.files():
        if path.name != shelf.export(first).sha256:
            path.unlink()
    shelf.change(second, sha256=shelf.export(first).sha256)
    shelf.change(first, expires_at=shelf.now())
    assert shelf.work()
    assert [path.name for path in shelf.files()] == [shelf.export(second).sha256]
    assert len(shelf.rows(second)) == 4


@sqlite_only
def test_what_a_killed_worker_left_half_written_is_swept_away_at_night(shelf: Shelf):
    half = in_folder(shelf.parts.settings, "exports").path("0" * 64).parents[2] / "temporary" / "half"
    half.write_bytes(b"PK")
    assert tidy(shelf.parts, shelf.now())["exports"] == 0
    shelf.wait(days=2)
    assert tidy(shelf.parts, shelf.now())["exports"] == 1
    assert shelf.files() == []
