"""Closing by itself, cancelling, withdrawing, reopening."""

import json
from datetime import timedelta

import pytest

from mikroserwis.errors import Forbidden, Refused
from mikroserwis.models import Delivery, Note, OutboxItem
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import queries
from mikroserwis.tickets.clock import present_assignment
from mikroserwis.tickets.operations import closing, handover, taking
from mikroserwis.tickets.operations.closing import NOT_NEEDED, Check
from tests.operations.desk import PROVEN, Desk
from tests.support.cast import ARKLITY, POOLED, SAM
from workflows import Connectivity

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACE = {"name": "Sklep", "street": "ul. Leśna 1", "postal_code": "26-800", "city": "Białobrzegi"}
SHOPS = [{"point": {"id": 741 + each, **PLACE}, "stations_buy": 1} for each in range(2)]
SILENT = Check(Connectivity.STATIONS_SILENT, silent=({"station": 2, "last_contact": None},))
NO_ANSWER = Check(Connectivity.NO_ANSWER, failure="timeout")


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.blockers]


def withdraw(desk: Desk, shop: int, reason: str = "Nie powstanie") -> None:
    desk.do_sub(closing.withdraw_subticket, shop, "operator", "subticket.withdraw", reason=reason)


def cancel(desk: Desk, number: int) -> None:
    desk.do(closing.cancel, number, "operator", "ticket.cancel", reason="Sklep zamknięty")


def reopen(desk: Desk, number: int) -> None:
    desk.do(closing.reopen, number, "admin", "ticket.reopen", reason="Kasa nie drukuje")


def reopen_shop(desk: Desk, shop: int) -> None:
    desk.do_sub(closing.reopen_subticket, shop, "admin", "subticket.reopen", reason="Kasa nie drukuje")


def packages(desk: Desk, number: int, purpose: str = "closing") -> list[Delivery]:
    return [one for one in desk.rows(Delivery, number) if one.purpose == purpose]


def test_the_ticket_closes_with_its_last_shop_and_only_then_the_package_goes_out(desk: Desk):
    desk.intake(501, subtickets=SHOPS)
    first, last = desk.ready(501, "alfa")
    desk.close(first, "alfa")
    assert (desk.ticket(501).state, packages(desk, 501)) == ("contract", [])
    desk.close(last, "alfa")
    ticket = desk.ticket(501)
    assert (ticket.state, ticket.outcome, ticket.due_at, ticket.stage) == ("closed", "done", None, None)
    assert ticket.closed_on == desk.now.astimezone(RULES.tz).date()
    assert len(packages(desk, 501)) == 1
    assert [(one.ended_at, one.ended_by) for one in desk.tenures(501)] == [(desk.now, "close")]
    events = [json.loads(one.payload)["event"] for one in desk.rows(OutboxItem, 501) if one.topic == "event"]
    assert events[-1] == "closed"


def test_the_passed_check_is_kept_as_evidence(desk: Desk):
    (shop,) = desk.ready(SAM, "alfa")
    desk.close(shop, "alfa")
    assert json.loads(desk.ticket(SAM).subtickets[0].evidence or "") == {"check_id": "c-1"}


@pytest.mark.parametrize(("check", "code"), [(SILENT, "every_station_reports"), (NO_ANSWER, "platform_has_answered")])
def test_the_gate_refuses_and_nothing_changes(desk: Desk, check: Check, code: str):
    (shop,) = desk.ready(SAM, "alfa")
    before = desk.ticket(SAM)
    with pytest.raises(Refused) as refused:
        desk.close(shop, "alfa", check)
    assert codes(refused) == [code]
    after = desk.ticket(SAM)
    assert (after.version, after.subtickets[0].version) == (before.version, before.subtickets[0].version)


def test_no_shop_of_a_gated_type_closes_unasked(desk: Desk):
    (shop,) = desk.ready(SAM, "alfa")
    with pytest.raises(ValueError, match="needs the platform's answer"):
        desk.close(shop, "alfa", NOT_NEEDED)
    assert desk.ticket(SAM).state == "contract"


def test_a_type_without_the_gate_closes_without_a_question(desk: Desk):
    desk.close_all(ARKLITY, "beta")
    assert desk.ticket(ARKLITY).state == "closed"


def test_what_still_stands_in_the_way_is_named_all_at_once(desk: Desk):
    desk.intake(501, subtickets=[{"point": {"id": 741, "name": "Sklep", "city": "Radom"}, "stations_buy": 2}])
    desk.contract(501, "alfa")
    desk.acknowledged(501, "alfa")
    (shop,) = desk.subticket_ids(501)
    desk.do_sub(taking.take_subticket, shop, "alfa", "subticket.take")
    with pytest.raises(Refused) as refused:
        desk.close(shop, "alfa", SILENT)
    assert codes(refused) == ["point_is_complete", "point_is_saved", "every_station_reports"]
    assert refused.value.blockers[0].params["fields"] == ["street", "postal_code"]


def test_a_shop_whose_data_was_never_saved_is_not_closed(desk: Desk):
    desk.contract(SAM, "alfa")
    desk.acknowledged(SAM, "alfa")
    (shop,) = desk.subticket_ids(SAM)
    desk.do_sub(taking.take_subticket, shop, "alfa", "subticket.take")
    with pytest.raises(Refused) as refused:
        desk.close(shop, "alfa")
    assert codes(refused) == ["point_is_saved"]


def test_only_its_dealer_closes_a_shop(desk: Desk):
    (shop,) = desk.ready(SAM, "alfa")
    with pytest.raises(Forbidden):
        desk.close(shop, "operator")


def test_the_last_shop_withdrawn_closes_a_ticket_with_real_work(desk: Desk):
    desk.intake(501, subtickets=SHOPS)
    first, last = desk.ready(501, "alfa")
    desk.close(first, "alfa")
    withdraw(desk, last)
    assert (desk.ticket(501).state, desk.ticket(501).outcome) == ("closed", "done")
    assert [one.outcome for one in desk.ticket(501).subtickets] == ["done", "withdrawn"]


def test_the_only_shop_left_cannot_be_withdrawn(desk: Desk):
    desk.intake(501, subtickets=SHOPS)
    first, last = desk.subticket_ids(501)
    withdraw(desk, first)
    with pytest.raises(Refused) as refused:
        withdraw(desk, last, reason="")
    assert codes(refused) == ["reason_is_given", "another_subticket_remains"]


def test_a_shop_finished_by_a_former_dealer_counts_when_the_next_ones_papers_are_complete(desk: Desk):
    desk.intake(501, subtickets=SHOPS)
    first, last = desk.ready(501, "alfa")
    desk.close(first, "alfa")
    beta = desk.actor("beta")
    desk.do(handover.reassign, 501, "operator", "ticket.reassign", reason="Urlop", to=beta.dealer_id)
    withdraw(desk, last)
    assert desk.ticket(501).state == "new"
    desk.contract(501, beta)
    assert desk.ticket(501).state == "contract"
    desk.invoice(501, beta)
    assert (desk.ticket(501).state, desk.ticket(501).outcome) == ("closed", "done")
    assert len(packages(desk, 501)) == 1


def test_cancelling_withdraws_what_is_open_and_sends_no_package(desk: Desk):
    desk.take(SAM, "alfa")
    cancel(desk, SAM)
    ticket = desk.ticket(SAM)
    assert (ticket.state, ticket.outcome, ticket.due_at) == ("closed", "withdrawn", None)
    assert [one.outcome for one in ticket.subtickets] == ["withdrawn"]
    assert desk.rows(Delivery, SAM) == []
    assert [(one.act, one.text) for one in desk.rows(Note, SAM)] == [("cancel", "Sklep zamknięty")]


def test_cancelling_is_the_staffs_and_needs_a_reason(desk: Desk):
    with pytest.raises(Forbidden):
        desk.do(closing.cancel, SAM, "alfa", "ticket.cancel", reason="Bo tak")
    with pytest.raises(Refused) as refused:
        desk.do(closing.cancel, SAM, "operator", "ticket.cancel", reason="\u200e ")
    assert codes(refused) == ["reason_is_given"]


def test_reopening_is_the_administrators(desk: Desk):
    desk.close_all(SAM, "alfa")
    for who in ("operator", "alfa"):
        with pytest.raises(Forbidden):
            desk.do(closing.reopen, SAM, who, "ticket.reopen", reason="Proszę")
    desk.do(closing.reopen, SAM, "master", "ticket.reopen", reason="Proszę")
    assert desk.ticket(SAM).state == "contract"


def test_a_reopened_ticket_has_its_completion_due_anew(desk: Desk):
    desk.close_all(SAM, "alfa")
    desk.later(days=60)
    reopen(desk, SAM)
    ticket = desk.ticket(SAM)
    assert (ticket.state, ticket.outcome, ticket.closed_on, ticket.stage) == ("contract", None, None, "completion")
    assert ticket.due_at is not None
    assert timedelta(days=30) <= ticket.due_at - desk.now <= timedelta(days=31)
    assert [one.how for one in desk.tenures(SAM)] == ["intake", "reopened"]


def test_reopening_takes_up_what_was_withdrawn_or_else_everything(desk: Desk):
    desk.intake(501, subtickets=SHOPS)
    first, last = desk.ready(501, "alfa")
    desk.close(first, "alfa")
    withdraw(desk, last)
    reopen(desk, 501)
    assert [one.state for one in desk.ticket(501).subtickets] == ["closed", "new"]
    desk.do_sub(taking.take_subticket, last, "alfa", "subticket.take")
    desk.save_point(last, "alfa")
    desk.close(last, "alfa", PROVEN)
    reopen(desk, 501)
    assert [one.state for one in desk.ticket(501).subtickets] == ["taken", "taken"]
    assert [one.evidence for one in desk.ticket(501).subtickets] == [None, None]


def test_a_reopened_shop_reopens_its_ticket_and_not_its_sisters(desk: Desk):
    desk.intake(501, subtickets=SHOPS)
    shops = desk.ready(501, "alfa")
    for one in shops:
        desk.close(one, "alfa")
    reopen_shop(desk, shops[1])
    ticket = desk.ticket(501)
    assert (ticket.state, [one.state for one in ticket.subtickets]) == ("contract", ["closed", "taken"])
    desk.close(shops[1], "alfa")
    assert desk.ticket(501).state == "closed"
    assert [one.package_id for one in packages(desk, 501)] == ["501-closing-2", "501-closing-3"]


def test_a_ticket_that_nobody_had_when_it_was_cancelled_is_not_reopened(desk: Desk):
    cancel(desk, POOLED)
    with pytest.raises(Refused) as refused:
        reopen(desk, POOLED)
    assert codes(refused) == ["has_a_caretaker"]
    (shop,) = desk.subticket_ids(POOLED)
    with pytest.raises(Refused) as refused:
        reopen_shop(desk, shop)
    assert codes(refused) == ["has_a_caretaker"]
    ticket = desk.ticket(POOLED)
    assert (ticket.state, ticket.outcome, ticket.subtickets[0].state) == ("closed", "withdrawn", "closed")


def test_a_reopened_tickets_earlier_deadlines_are_met_already(desk: Desk):
    desk.close_all(SAM, "alfa")
    desk.later(days=60)
    reopen(desk, SAM)
    dues = desk.look(
        lambda session, ticket: queries.deadlines(session, ticket, present_assignment(session, ticket), desk.now), SAM
    )
    assert [(one.stage.value, one.state) for one in dues] == [
        ("take", "met"),
        ("contract", "met"),
        ("completion", "due"),
    ]
    assert [one.contract_at for one in desk.tenures(SAM)][-1] == desk.now


def test_a_shop_that_was_withdrawn_before_anybody_took_it_reopens_as_new(desk: Desk):
    desk.intake(501, subtickets=SHOPS)
    first, last = desk.subticket_ids(501)
    desk.contract(501, "alfa")
    withdraw(desk, last)
    reopen_shop(desk, last)
    desk.acknowledged(501, "alfa")
    assert [one.state for one in desk.ticket(501).subtickets] == ["new", "new"]
    for one in (first, last):
        desk.do_sub(taking.take_subticket, one, "alfa", "subticket.take")


def test_a_finished_shop_of_a_ticket_that_is_no_contract_any_more_reopens_as_new(desk: Desk):
    desk.intake(501, subtickets=SHOPS)
    first, _last = desk.ready(501, "alfa")
    desk.close(first, "alfa")
    beta = desk.actor("beta")
    desk.do(handover.reassign, 501, "operator", "ticket.reassign", reason="Urlop", to=beta.dealer_id)
    reopen_shop(desk, first)
    assert (desk.ticket(501).state, desk.ticket(501).subtickets[0].state) == ("new", "new")
