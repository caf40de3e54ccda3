"""Dealers are entered, changed, switched off and deleted; each act is kept with old and new values."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from mikroserwis.dealers import absences, operations, queries
from mikroserwis.errors import Conflict, Invalid, Refused
from mikroserwis.models import Dealer, DealerArea, DealerType, Event, Ticket
from mikroserwis.tickets.offer import next_for_ticket
from tests.dealers.conftest import ALFA, RADOM, Desk
from tests.support.app import sqlite_only
from tests.support.cast import SAM


def wrong(act: Any, *given: Any, **named: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        act(*given, **named)
    return {one.field: one.code for one in caught.value.errors}


def test_a_dealer_is_entered_with_everything_clean(desk: Desk):
    desk.add(tax_id="PL 526-025-02-74", phone="48 100 20 30", postal_code="26600", types="insoft fiscal", name="Żak ")
    kept = operations.texts(desk.dealer("Żak"))
    assert (kept["tax_id"], kept["phone"], kept["postal_code"]) == ("5260250274", "+48 48 100 20 30", "26-600")
    assert (kept["areas"], kept["types"], kept["capacity"]) == ("05-0, 27", "insoft fiscal", "5")
    [(verb, said)] = desk.told("Żak")
    assert (verb, said["changes"]["areas"]) == ("dealer_add", ["", "05-0, 27"])


@sqlite_only
def test_every_wrong_value_of_a_dealer_is_named_at_once(desk: Desk):
    given = {
        "crm_id": "0",
        "name": " ",
        "tax_id": "5260250275",
        "postal_code": "1",
        "phone": "x",
        "email": "x",
        "areas": "x",
        "types": "washing",
        "capacity": "9" * 400,
    }
    assert wrong(desk.add, **given) == {
        "crm_id": "number_out_of_range",
        "name": "required",
        "tax_id": "nip_check_digit",
        "postal_code": "postal_code",
        "phone": "phone",
        "email": "email",
        "areas": "bad_prefixes",
        "types": "unknown_type",
        "capacity": "too_long",
    }
    for capacity in ("-1", "10001", "1.5", "٣", "", "\x00"):
        assert wrong(desk.add, capacity=capacity).keys() == {"capacity"}
    assert wrong(desk.add, crm_id="1001") == {"crm_id": "crm_id_taken"}
    assert wrong(desk.add, name="x" * 201) == {"name": "too_long"}


def test_renaming_moves_the_dealer_in_the_polish_order(desk: Desk):
    desk.add()
    for old, new in (("Kasy Radom", "Zebra"), ("Zebra", "Żaba"), ("Żaba", "Łódź")):
        desk.do(operations.change_dealer, old, {"name": new}, version=None)
    with desk.database.reading() as session:
        names = list(session.scalars(select(Dealer.name).order_by(Dealer.name_key)))
    assert names == ["Dealer Alfa", "Dealer Beta", "Łódź"]
    assert desk.told("Łódź")[0][1]["changes"] == {"name": ["Żaba", "Łódź"]}


def test_changing_only_the_areas_makes_a_stale_form_stale(desk: Desk):
    stale = desk.dealer(ALFA).version
    desk.do(operations.change_dealer, ALFA, {"areas": "26, 27", "types": "insoft"}, version=stale)
    with pytest.raises(Conflict) as caught:
        desk.do(operations.change_dealer, ALFA, {"areas": "26, 28"}, version=stale)
    assert caught.value.params["fields"] == {"areas": ("26, 27", "26, 28")}
    unchanged = desk.do(operations.change_dealer, ALFA, {"areas": "27,26", "types": "insoft"}, version=stale)
    assert unchanged == {}
    assert [verb for verb, _said in desk.told(ALFA)] == ["dealer_change"]


def next_dealer(desk: Desk) -> int | None:
    """Who would get ticket SAM, which Alfa has."""
    with desk.database.reading() as session:
        query = select(Ticket).where(Ticket.number == SAM).options(joinedload(Ticket.customer))
        return next_for_ticket(session, session.scalars(query).one(), desk.now).dealer_id


def test_a_dealer_that_is_switched_off_is_offered_nothing_until_it_is_back(desk: Desk):
    radom = desk.add(areas="26")
    desk.do(operations.switch_dealer, "Kasy Radom", active=False)
    desk.do(operations.switch_dealer, "Kasy Radom", active=False)
    assert next_dealer(desk) is None
    desk.do(operations.switch_dealer, "Kasy Radom", active=True)
    assert next_dealer(desk) == radom
    assert [verb for verb, _said in desk.told("Kasy Radom")] == ["dealer_activate", "dealer_deactivate", "dealer_add"]


def test_a_dealer_that_is_away_is_offered_nothing_on_those_days(desk: Desk):
    radom = desk.add(areas="26")
    days = {"first_day": desk.day(1), "last_day": desk.day(2)}
    desk.do(absences.add_absence, "Kasy Radom", days, who="master")
    chosen = []
    for _day in range(4):
        chosen.append(next_dealer(desk))
        desk.now += timedelta(days=1)
    assert chosen == [radom, None, None, radom]


def test_only_a_dealer_that_nothing_names_is_deleted(desk: Desk):
    with pytest.raises(Refused) as caught:
        desk.do(operations.delete_dealer, ALFA)
    [blocker] = caught.value.blockers
    assert blocker.code == "dealer_is_unused"
    assert {"tickets", "assignments", "users"} <= blocker.params["tables"].keys()
    new = desk.add()
    desk.do(operations.delete_dealer, "Kasy Radom")
    with desk.database.reading() as session:
        for model in (DealerArea, DealerType):
            assert session.scalar(select(func.count()).where(model.dealer_id == new)) == 0
        verbs = session.scalars(select(Event.verb).where(Event.about_dealer_id == new).order_by(Event.id))
        assert list(verbs) == ["dealer_add", "dealer_delete"]


def test_who_gets_the_number_of_a_deleted_dealer_does_not_get_its_history(desk: Desk):
    desk.add()
    desk.do(operations.delete_dealer, "Kasy Radom")
    desk.add(name="Inny")
    assert [verb for verb, _said in desk.told("Inny")] == ["dealer_add"]


def test_of_two_who_enter_the_same_crm_id_at_once_one_is_told(desk: Desk):
    desk.actor("operator")
    barrier, results = threading.Barrier(2), []

    def enter(name: str) -> None:
        barrier.wait()
        try:
            desk.add(name=name)
            results.append("entered")
        except (Invalid, IntegrityError):
            results.append("told")

    threads = [threading.Thread(target=enter, args=(name,)) for name in ("Raz", "Dwa")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["entered", "told"]


def test_the_digest_is_chosen_without_making_the_staffs_form_stale(desk: Desk):
    before = desk.dealer(ALFA).version
    desk.do(operations.choose_digest, ALFA, digest=True, who="alfa")
    desk.do(operations.choose_digest, ALFA, digest=True, who="alfa")
    assert (desk.dealer(ALFA).digest, desk.dealer(ALFA).version) == (True, before)
    assert desk.told(ALFA) == [("dealer_digest", {"changes": {"digest": ["no", "yes"]}})]


def test_the_load_counts_open_tickets_by_state_and_none_that_is_closed(desk: Desk, way: Any):
    with desk.database.reading() as session:
        assert queries.load_of(session, desk.dealer(ALFA), desk.now).by_state == {"new": 1}
    way.taken(SAM)
    with desk.database.reading() as session:
        assert queries.load_of(session, desk.dealer(ALFA), desk.now).by_state == {"taken": 1}
    way.closed(SAM)
    with desk.database.reading() as session:
        load = queries.load_of(session, desk.dealer(ALFA), desk.now)
    assert (load.open, load.lost, load.subtickets) == (0, 0, 0)


@sqlite_only
def test_a_new_dealer_needs_number_name_and_capacity(desk: Desk):
    def empty() -> None:
        desk.add(**dict.fromkeys(RADOM, ""))

    assert wrong(empty) == {"name": "required", "crm_id": "required", "capacity": "required"}
