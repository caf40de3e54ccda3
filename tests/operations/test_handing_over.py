"""From one dealer to the next: who gets it and why, who never again, and what the former one still sees."""

import json
from datetime import timedelta

import pytest

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.errors import FieldError, Forbidden, Invalid, NotFound, Refused
from mikroserwis.models import Delivery, File, SubticketTenure
from mikroserwis.tickets import queries
from mikroserwis.tickets.operations import closing, export, handover, papers, pausing, taking
from mikroserwis.tickets.operations.notes import add_note
from tests.operations.desk import Desk
from tests.support.cast import POOLED, SAM

PLACE = {"name": "Sklep", "street": "ul. Leśna 1", "postal_code": "26-800", "city": "Białobrzegi"}
SHOPS = [{"point": {"id": 741 + each, **PLACE}, "stations_buy": 1} for each in range(2)]


@pytest.fixture
def gamma(desk: Desk) -> Actor:
    """A second dealer for Alfa's area, with a little on its hands already."""
    actor = desk.add_dealer("Dealer Gamma", 1003, "26-9", "26-8", capacity=4)
    desk.intake(400, dealer_crm_id=1003)
    return actor


def resign(desk: Desk, number: int = SAM, who: str | Actor = "alfa") -> None:
    desk.later(seconds=1)
    desk.do(handover.resign, number, who, "ticket.resign", note="Nie zdążymy")


def reassign(desk: Desk, number: int = SAM, to: str | int | None = "next", reason: str = "Na prośbę") -> None:
    desk.later(seconds=1)
    desk.do(handover.reassign, number, "operator", "ticket.reassign", reason=reason, to=to)


def errors_of(raised: pytest.ExceptionInfo[Invalid]) -> list[FieldError]:
    return list(raised.value.errors)


def test_a_resigned_ticket_goes_to_the_next_dealer_at_once_with_the_reason_of_the_choice(desk: Desk, gamma: Actor):
    desk.take(SAM, "alfa")
    desk.later(days=2)
    resign(desk)
    ticket, (former, present) = desk.ticket(SAM), desk.tenures(SAM)
    assert (ticket.state, ticket.dealer_id, ticket.stage) == ("new", gamma.dealer_id, "take")
    assert (former.ended_at, former.ended_by) == (desk.now, "resignation")
    assert (present.assigned_at, present.how) == (desk.now, "resignation")
    choice = json.loads(present.choice or "")
    assert (choice["area"], choice["open_tickets"], choice["capacity"]) == ("26-9", 1, 4)
    alfa = desk.actor("alfa")
    assert [alfa.dealer_id, "had_it_before"] in choice["passed_over"]
    assert [one.recipient for one in desk.mails(SAM, "offered")][-1] == "1003@dealer.example"


def test_resigning_needs_a_note_that_says_something(desk: Desk):
    for note in ("", "  \n\t", "\x00", "\u200f\u200b", "\ufeff"):
        with pytest.raises(Refused) as refused:
            desk.do(handover.resign, SAM, "alfa", "ticket.resign", note=note)
        assert [one.code for one in refused.value.blockers] == ["note_is_given"]
    assert desk.verbs(SAM) == ["create"]


def test_without_an_eligible_dealer_the_ticket_lies_in_the_pool_and_staff_are_told(desk: Desk):
    resign(desk)
    ticket = desk.ticket(SAM)
    assert (ticket.state, ticket.dealer_id, ticket.stage, ticket.due_at) == ("new", None, None, None)
    assert {one.dealer_id for one in ticket.subtickets} == {None}
    assert len(desk.mails(SAM, "to_pool")) == 1


def test_who_resigned_is_never_chosen_again(desk: Desk, gamma: Actor):
    resign(desk)
    desk.take(SAM, gamma)
    resign(desk, who=gamma)
    assert desk.ticket(SAM).dealer_id is None
    reassign(desk)
    assert desk.ticket(SAM).dealer_id is None
    for former in (desk.actor("alfa"), gamma):
        with pytest.raises(NotFound):
            desk.take(SAM, former)


def test_staff_may_ask_for_the_next_dealer_of_what_lies_in_the_pool_again_and_again(desk: Desk):
    for _ in range(2):
        reassign(desk, POOLED)
    assert desk.ticket(POOLED).dealer_id is None
    assert desk.verbs(POOLED).count("reassign") == 2


def test_staff_name_a_dealer_even_outside_its_area_and_past_its_capacity(desk: Desk):
    far = desk.add_dealer("Dealer Daleki", 1009, "99", capacity=0)
    reassign(desk, to=far.dealer_id)
    assert desk.ticket(SAM).dealer_id == far.dealer_id
    assert "Na prośbę" in desk.mails(SAM, "taken_away")[0].body


def test_staff_cannot_name_a_dealer_who_could_not_take_it(desk: Desk):
    idle = desk.add_dealer("Dealer Śpiący", 1010, active=False)
    other = desk.add_dealer("Dealer Bez Uprawnień", 1011, types=["fiscal"])
    alfa = desk.actor("alfa")
    wrong = [
        (idle.dealer_id, "dealer_is_inactive"),
        (other.dealer_id, "dealer_is_not_certified"),
        (alfa.dealer_id, "dealer_has_it"),
        (999_999, "no_such_dealer"),
    ]
    for to, code in wrong:
        with pytest.raises(Invalid) as invalid:
            reassign(desk, to=to)
        assert [(one.field, one.code) for one in errors_of(invalid)] == [("to", code)]
    assert desk.ticket(SAM).dealer_id == alfa.dealer_id


def test_reassigning_is_the_staffs_and_needs_a_reason(desk: Desk):
    with pytest.raises(Forbidden):
        desk.do(handover.reassign, SAM, "alfa", "ticket.reassign", reason="Bo tak")
    with pytest.raises(Refused) as refused:
        reassign(desk, reason=" \x00 ")
    assert [one.code for one in refused.value.blockers] == ["reason_is_given"]
    with pytest.raises(Invalid) as invalid:
        reassign(desk, reason="x" * 4001)
    assert [(one.field, one.code) for one in errors_of(invalid)] == [("reason", "too_long")]


def test_a_suspended_ticket_passed_on_is_no_longer_suspended_and_must_be_confirmed_anew(desk: Desk, gamma: Actor):
    desk.contract(SAM, "alfa")
    desk.do(pausing.suspend, SAM, "alfa", "ticket.suspend", note="Remont")
    reassign(desk, to=gamma.dealer_id)
    ticket = desk.ticket(SAM)
    assert (ticket.state, ticket.suspended_from, ticket.confirmed_version) == ("new", None, None)
    assert ticket.due_at is not None
    assert ticket.due_at > desk.now + timedelta(days=3)


def test_what_is_not_closed_goes_along_and_what_another_dealer_works_on_stays(desk: Desk, gamma: Actor):
    desk.intake(501, subtickets=[*SHOPS, {"point": {"id": 743}, "stations_buy": 1}])
    first, second, third = desk.ready(501, "alfa")
    desk.close(first, "alfa")
    desk.do_sub(
        handover.reassign_subticket, third, "operator", "subticket.reassign", reason="Bliżej", to=gamma.dealer_id
    )
    delta = desk.add_dealer("Dealer Delta", 1004, "99")
    reassign(desk, 501, delta.dealer_id)
    held = [(one.id, one.state, one.dealer_id) for one in desk.ticket(501).subtickets]
    alfa = desk.actor("alfa")
    assert held == [
        (first, "closed", alfa.dealer_id),
        (second, "new", delta.dealer_id),
        (third, "new", gamma.dealer_id),
    ]


def test_a_shop_of_a_ticket_that_was_given_up_is_not_offered_to_who_gave_it_up(desk: Desk, gamma: Actor):
    desk.intake(501, subtickets=SHOPS)
    resign(desk, 501)
    shops = desk.ready(501, gamma)
    desk.do_sub(handover.resign_subticket, shops[0], gamma, "subticket.resign", note="Za dużo")
    assert desk.ticket(501).subtickets[0].dealer_id is None
    with pytest.raises(NotFound):
        desk.do_sub(taking.take_subticket, shops[0], "alfa", "subticket.take")
    desk.do_sub(taking.take_subticket, shops[0], "beta", "subticket.take")
    assert desk.ticket(501).subtickets[0].dealer_id == desk.actor("beta").dealer_id


def test_a_resigned_sub_ticket_goes_to_the_next_dealer_of_the_shops_own_place(desk: Desk, gamma: Actor):
    desk.intake(501, subtickets=SHOPS)
    shops = desk.ready(501, "alfa")
    desk.do_sub(handover.resign_subticket, shops[0], "alfa", "subticket.resign", note="Za daleko")
    one, other = desk.ticket(501).subtickets
    assert (one.state, one.dealer_id, other.dealer_id) == ("new", gamma.dealer_id, desk.actor("alfa").dealer_id)
    assert [mail.recipient for mail in desk.mails(501, "subticket_offered")] == ["1003@dealer.example"]
    with desk.database.reading() as session:
        assert session.get(SubticketTenure, (one.id, desk.actor("alfa").dealer_id)) is not None


def test_staff_give_a_sub_ticket_back_to_the_caretaker(desk: Desk, gamma: Actor):
    (shop,) = desk.ready(SAM, "alfa")
    alfa = desk.actor("alfa")
    for to in (gamma.dealer_id, alfa.dealer_id):
        desk.do_sub(handover.reassign_subticket, shop, "operator", "subticket.reassign", reason="Bliżej", to=to)
    assert desk.ticket(SAM).subtickets[0].dealer_id == alfa.dealer_id
    with pytest.raises(Invalid) as invalid:
        desk.do_sub(
            handover.reassign_subticket, shop, "operator", "subticket.reassign", reason="Znów", to=alfa.dealer_id
        )
    assert [one.code for one in errors_of(invalid)] == ["dealer_has_it"]
    desk.do_sub(taking.take_subticket, shop, alfa, "subticket.take")


def test_the_former_dealers_papers_are_the_staffs_to_see_and_count_for_nothing(desk: Desk, gamma: Actor):
    desk.contract(SAM, "alfa")
    desk.acknowledged(SAM, "alfa")
    (old, *_rest) = desk.rows(File, SAM)
    reassign(desk, to=gamma.dealer_id)
    desk.take(SAM, gamma)
    desk.confirm(SAM, gamma)
    assert desk.ticket(SAM).state == "taken"
    assert desk.look(lambda session, ticket: queries.files(session, ticket, gamma), SAM, gamma) == []
    operator = desk.actor("operator")
    assert len(desk.look(lambda session, ticket: queries.files(session, ticket, operator), SAM, operator)) == 3
    for reader, found in ((operator, True), (gamma, False), (desk.actor("alfa"), False)):
        with desk.database.reading() as session:
            if found:
                assert access.file(session, reader, old.id, "files.see")[0].id == old.id
            else:
                with pytest.raises(NotFound):
                    access.file(session, reader, old.id, "files.see")
    assert {one.dealer_id for one in desk.rows(Delivery, SAM)} == {desk.actor("alfa").dealer_id}


def test_a_former_dealers_rejected_scan_stands_in_nobodys_way(desk: Desk, gamma: Actor):
    desk.contract(SAM, "alfa")
    (file_id,) = [one.id for one in desk.rows(File, SAM) if one.kind == "contract"]
    reassign(desk, to=gamma.dealer_id)
    desk.contract(SAM, gamma)
    with desk.database.transaction() as session:
        file, ticket = access.file(session, desk.actor("operator"), file_id, "files.reject")
        papers.reject(session, ticket, file, "Nieczytelne", actor=desk.actor("operator"), now=desk.now)
    assert desk.ticket(SAM).state == "contract"
    desk.do(export.export_scans, SAM, gamma, "ticket.export")


def test_the_next_dealer_reads_nothing_of_the_formers_words(desk: Desk, gamma: Actor):
    desk.take(SAM, "alfa")
    desk.do(add_note, SAM, "alfa", "notes.add", text="Tajemnica Alfy")
    desk.do(add_note, SAM, "operator", "notes.add", text="Proszę o pośpiech")
    resign(desk)
    desk.take(SAM, gamma)
    desk.do(add_note, SAM, gamma, "notes.add", text="Dzień dobry")
    found = desk.look(lambda session, ticket: queries.notes(session, ticket, gamma).items, SAM, gamma)
    seen = [one.text for one in found]
    assert seen == ["Dzień dobry", "Proszę o pośpiech"]
    events = desk.look(lambda session, ticket: queries.history(session, ticket, gamma).items, SAM, gamma)
    assert [one.verb for one in events] == ["note", "take"]


def test_a_former_dealer_who_finished_a_shop_sees_that_shop_and_its_own_words_only(desk: Desk, gamma: Actor):
    desk.intake(501, subtickets=SHOPS)
    shops = desk.ready(501, "alfa")
    desk.do(add_note, 501, "alfa", "notes.add", text="Od Alfy")
    desk.close(shops[0], "alfa")
    reassign(desk, 501, gamma.dealer_id)
    desk.do(add_note, 501, gamma, "notes.add", text="Od Gammy")
    alfa = desk.actor("alfa")
    [note] = desk.look(lambda session, ticket: queries.notes(session, ticket, alfa).items, 501, alfa)
    assert note.text == "Od Alfy"
    with desk.database.reading() as session:
        visible = set(session.scalars(access.visible_subtickets(alfa)).all())
        assert shops[0] in {one.id for one in visible}
        assert shops[1] not in {one.id for one in visible}
        for permission in ("history.see", "deliveries.see", "files.see", "documents.make", "company.see"):
            with pytest.raises(Forbidden):
                access.ticket(session, alfa, 501, permission)


def test_a_former_dealer_finds_nothing_of_the_ticket_any_more(desk: Desk, gamma: Actor):
    (shop,) = desk.ready(SAM, "alfa")
    point = desk.ticket(SAM).subtickets[0].point_id
    reassign(desk, to=gamma.dealer_id)
    alfa = desk.actor("alfa")
    with desk.database.reading() as session:
        for look in (
            lambda: access.ticket(session, alfa, SAM, "ticket.see"),
            lambda: access.subticket(session, alfa, shop, "subticket.see"),
            lambda: access.point(session, alfa, point, "point.see"),
        ):
            with pytest.raises(NotFound):
                look()
    with pytest.raises(NotFound):
        desk.do(closing.cancel, SAM, alfa, "ticket.cancel", reason="Bo tak")
