"""Taking a ticket: by its caretaker, out of the pool, and by nobody else."""

from collections import Counter

import pytest

from mikroserwis import access
from mikroserwis.errors import Conflict, NotFound, Problem, Refused
from mikroserwis.models import Event
from mikroserwis.tickets.operations import handover, taking
from tests.operations.desk import Desk
from tests.operations.racing import at_once
from tests.support.cast import ARKLITY, POOLED, SAM

RACERS = 50


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.blockers]


def test_the_caretaker_takes_its_ticket_and_owes_the_papers_next(desk: Desk):
    before = desk.ticket(SAM)
    desk.later(hours=5)
    desk.take(SAM, "alfa")
    ticket, tenure = desk.ticket(SAM), desk.tenures(SAM)[0]
    assert (before.stage, ticket.state, ticket.stage) == ("take", "taken", "contract")
    assert before.due_at is not None
    assert ticket.due_at is not None
    assert (ticket.due_at - before.due_at).days == 4
    assert tenure.taken_at == desk.now
    assert desk.verbs(SAM) == ["create", "take"]


def test_a_ticket_is_taken_once(desk: Desk):
    desk.take(SAM, "alfa")
    with pytest.raises(Refused) as refused:
        desk.take(SAM, "alfa")
    assert codes(refused) == ["wrong_state"]


def test_another_dealers_ticket_is_not_there(desk: Desk):
    with pytest.raises(NotFound):
        desk.take(ARKLITY, "alfa")
    assert desk.ticket(ARKLITY).state == "new"


def test_out_of_the_pool_a_dealer_gets_the_ticket_with_its_shops_and_a_clock_of_its_own(desk: Desk):
    desk.later(days=9)
    desk.take(POOLED, "alfa")
    ticket, alfa = desk.ticket(POOLED), desk.actor("alfa")
    assert (ticket.state, ticket.dealer_id) == ("taken", alfa.dealer_id)
    assert {one.dealer_id for one in ticket.subtickets} == {alfa.dealer_id}
    assert ticket.due_at is not None
    assert 7 <= (ticket.due_at - desk.now).days <= 8
    assert [(one.how, one.assigned_at) for one in desk.tenures(POOLED)] == [("pool", desk.now)]


def test_an_inactive_dealer_cannot_take_what_it_has_and_sees_no_pool(desk: Desk):
    desk.change_dealer(desk.actor("alfa"), active=False)
    with pytest.raises(Refused) as refused:
        desk.take(SAM, "alfa")
    assert codes(refused) == ["dealer_is_active"]
    with pytest.raises(NotFound):
        desk.take(POOLED, "alfa")


def test_a_dealer_without_the_certificate_neither_takes_its_ticket_nor_sees_the_pool(desk: Desk):
    desk.change_dealer(desk.actor("alfa"), types=[])
    with pytest.raises(Refused) as refused:
        desk.take(SAM, "alfa")
    assert codes(refused) == ["dealer_is_certified"]
    with pytest.raises(NotFound):
        desk.take(POOLED, "alfa")


def test_who_gave_a_ticket_up_does_not_find_it_in_the_pool(desk: Desk):
    desk.do(handover.resign, SAM, "alfa", "ticket.resign", note="Za daleko")
    assert desk.ticket(SAM).dealer_id is None
    with pytest.raises(NotFound):
        desk.take(SAM, "alfa")
    desk.take(SAM, "beta")
    assert desk.ticket(SAM).state == "taken"


def test_of_fifty_dealers_who_press_at_once_exactly_one_gets_the_ticket(desk: Desk):
    dealers = [desk.add_dealer(f"Dealer {number}", 5000 + number, "00") for number in range(RACERS)]

    def press(index: int) -> str:
        actor = dealers[index]
        try:
            desk.take(POOLED, actor)
        except NotFound:
            with desk.database.reading() as session:
                return "just_taken" if access.just_taken(session, actor, POOLED, desk.now) else "not_found"
        except Conflict as conflict:
            return conflict.code
        return "taken"

    answers = at_once(press, RACERS)
    assert Counter(answers) == {"taken": 1, "just_taken": RACERS - 1}
    ticket, winner = desk.ticket(POOLED), dealers[answers.index("taken")]
    assert (ticket.dealer_id, ticket.subtickets[0].dealer_id) == (winner.dealer_id, winner.dealer_id)
    assert [one.dealer_id for one in desk.tenures(POOLED)] == [winner.dealer_id]
    assert [one.verb for one in desk.rows(Event, POOLED)].count("take") == 1


def test_a_ticket_loaded_before_another_took_it_is_lost_not_overwritten(desk: Desk):
    alfa, beta = desk.actor("alfa"), desk.actor("beta")
    with desk.database.session(write=True) as slow:
        ticket = access.ticket(slow, alfa, POOLED, "ticket.take")
        slow.commit()
        desk.take(POOLED, beta)
        with pytest.raises(Problem) as lost:
            taking.take(slow, ticket, actor=alfa, now=desk.now)
        slow.rollback()
    assert lost.value.code == "just_taken"
    assert desk.ticket(POOLED).dealer_id == beta.dealer_id


def test_taking_and_reassigning_at_once_leave_one_dealer_with_one_tenure(desk: Desk):
    beta = desk.actor("beta")

    def press(index: int) -> str:
        try:
            if index == 0:
                desk.take(SAM, "alfa")
            else:
                desk.do(handover.reassign, SAM, "operator", "ticket.reassign", reason="Na prośbę", to=beta.dealer_id)
        except Problem as problem:
            return problem.code
        return "done"

    answers = at_once(press, 2)
    ticket = desk.ticket(SAM)
    assert answers[1] == "done"
    assert answers[0] in {"done", "not_found"}
    assert (ticket.state, ticket.dealer_id) == ("new", beta.dealer_id)
    assert [one.dealer_id for one in desk.tenures(SAM) if one.ended_at is None] == [beta.dealer_id]
