"""Requests for more time that several people act on at the same moment."""

from datetime import timedelta

from mikroserwis.errors import Conflict, Refused
from mikroserwis.models import DeadlineExtension, Event
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.extending import operations
from tests.extending.test_extending_deadlines import ALFA, ask, decide, due, later, states
from tests.operations.desk import Desk
from tests.operations.racing import at_once


def test_of_eight_of_staff_who_decide_at_once_one_does(desk: Desk):
    before, request = due(desk), ask(desk, later(desk, 5))

    def answer(index: int) -> bool:
        try:
            if index % 2:
                decide(desk, operations.refuse, request, answer=f"Nie {index}.")
            else:
                decide(desk, operations.grant, request, until=before + timedelta(days=5 + index))
        except Conflict:
            return False
        return True

    assert at_once(answer, 8).count(True) == 1
    verbs = [one.verb for one in desk.rows(Event, 115) if "extension" in one.verb or one.verb == "extend"]
    assert len(verbs) == 2
    told = desk.mails(115, "extension_granted") + desk.mails(115, "extension_refused")
    assert len(told) == len({mail.recipient for mail in told})
    [one] = desk.rows(DeadlineExtension, 115)
    assert due(desk) == (one.granted_until if one.state == "granted" else before)


def test_a_grant_and_a_withdrawal_at_once_leave_one_of_them(desk: Desk):
    before, request = due(desk), ask(desk, later(desk, 5))

    def act(index: int) -> bool:
        try:
            if index % 2:
                decide(desk, operations.withdraw, request, who=ALFA)
            else:
                decide(desk, operations.grant, request)
        except Conflict:
            return False
        return True

    assert at_once(act, 6).count(True) == 1
    assert (due(desk) == before) == (states(desk) == ["withdrawn"])


def test_two_of_a_dealer_who_ask_at_once_make_one_request(desk: Desk):
    wanted = later(desk, 5)

    def try_to_ask(_index: int) -> bool:
        try:
            ask(desk, wanted)
        except Refused:
            return False
        return True

    assert at_once(try_to_ask, 6).count(True) == 1
    assert states(desk) == ["asked"]


def test_a_grant_and_the_taking_at_once_leave_the_deadline_of_the_stage_that_is_owed(desk: Desk):
    request = ask(desk, later(desk, 5))

    def act(index: int) -> None:
        if index:
            desk.take(115, ALFA)
        else:
            try:
                decide(desk, operations.grant, request)
            except Conflict:
                return

    at_once(act, 2)
    ticket, [tenure] = desk.ticket(115), desk.tenures(115)
    assert (ticket.stage, ticket.due_at) == ("contract", tenure.contract_due)
    [one] = desk.rows(DeadlineExtension, 115)
    assert tenure.take_due is not None
    assert one.state == ("granted" if last_day(tenure.take_due) == one.granted_until else "lapsed")
