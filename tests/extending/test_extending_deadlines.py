"""A later day: asked for, granted, refused, withdrawn, given unasked; who is told, and when a request lapses."""

from datetime import date, timedelta
from typing import Any

import pytest

from mikroserwis.errors import Conflict, Invalid, Refused
from mikroserwis.models import DeadlineExtension, Event
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.extending import operations, queries
from mikroserwis.tickets.operations import handover, pausing
from tests.operations.desk import Desk
from tests.support.app import sqlite_only

ALFA, STAFF = "alfa", "operator"


def due(desk: Desk, number: int = 115) -> date:
    moment = desk.ticket(number).due_at
    assert moment is not None
    return last_day(moment)


def later(desk: Desk, days: int, number: int = 115) -> date:
    """So many days after the present deadline."""
    return due(desk, number) + timedelta(days=days)


def ask(desk: Desk, until: date, number: int = 115, reason: str = "Sklep w remoncie.") -> int:
    made: DeadlineExtension = desk.do(operations.ask, number, ALFA, "extension.ask", until=until, reason=reason)
    return made.id


def decide(desk: Desk, act: Any, request_id: int, who: str = STAFF, number: int = 115, **words: Any) -> None:
    permission = "extension.ask" if act is operations.withdraw else "extension.decide"

    def run(session: Any, ticket: Any, *, actor: Any, now: Any) -> None:
        act(session, ticket, queries.request(session, ticket, actor, request_id), actor=actor, now=now, **words)

    desk.do(run, number, who, permission)


def extensions(desk: Desk, number: int = 115) -> list[DeadlineExtension]:
    return list(desk.rows(DeadlineExtension, number))


def states(desk: Desk, number: int = 115) -> list[str]:
    return [one.state for one in extensions(desk, number)]


def waiting(desk: Desk) -> list[int]:
    with desk.database.reading() as session:
        found = [one.ticket.number for one in queries.waiting(session)]
        assert queries.count_waiting(session) == len(found)
        return found


def codes(error: Any) -> list[str]:
    return [one.code for one in getattr(error.value, "errors", None) or error.value.blockers]


def test_a_granted_request_moves_the_deadline_to_the_end_of_the_day_asked_for(desk: Desk):
    wanted = later(desk, 5)
    before = due(desk)
    request = ask(desk, wanted)
    assert waiting(desk) == [115]
    assert due(desk) == before, "asking moves nothing"
    decide(desk, operations.grant, request)
    assert due(desk) == wanted
    assert waiting(desk) == []
    [one] = extensions(desk)
    assert (one.state, one.granted_until, one.stage, one.reason) == ("granted", wanted, "take", "Sklep w remoncie.")
    [event] = [one for one in desk.rows(Event, 115) if one.verb == "extend"]
    assert before.isoformat() in event.data
    assert wanted.isoformat() in event.data


def test_staff_may_grant_another_day_and_say_why(desk: Desk):
    request = ask(desk, later(desk, 20))
    other = later(desk, 2)
    decide(desk, operations.grant, request, until=other, answer="Tyle wystarczy.")
    assert due(desk) == other
    [mail] = desk.mails(115, "extension_granted")
    assert "Tyle wystarczy." in mail.body


def test_a_refusal_needs_an_answer_and_tells_it_to_the_dealer(desk: Desk):
    before = due(desk)
    request = ask(desk, later(desk, 5))
    with pytest.raises(Invalid) as error:
        decide(desk, operations.refuse, request, answer=" ")
    assert codes(error) == ["required"]
    decide(desk, operations.refuse, request, answer="Detalista czeka.")
    assert due(desk) == before
    [mail] = desk.mails(115, "extension_refused")
    assert "Detalista czeka." in mail.body
    assert states(desk) == ["refused"]


def test_asking_tells_the_operations_mailbox_who_asks_for_what_and_why(desk: Desk):
    ask(desk, later(desk, 5))
    [mail] = desk.mails(115, "extension_asked")
    assert mail.recipient == "operacje@mplatform.com.pl"
    assert "Sklep w remoncie." in mail.body
    assert "Dealer Alfa" in mail.body


def test_one_request_at_a_time_and_a_withdrawn_one_makes_room(desk: Desk):
    request = ask(desk, later(desk, 5))
    with pytest.raises(Refused) as error:
        ask(desk, later(desk, 6))
    assert codes(error) == ["no_request_is_open"]
    decide(desk, operations.withdraw, request, who=ALFA)
    ask(desk, later(desk, 6))
    assert states(desk) == ["withdrawn", "asked"]


@pytest.mark.parametrize(
    ("days", "code"), [(0, "not_after_the_deadline"), (-2, "not_after_the_deadline"), (61, "too_far_ahead")]
)
@sqlite_only
def test_the_day_lies_after_the_deadline_and_not_too_far_ahead(desk: Desk, days: int, code: str):
    with pytest.raises(Invalid) as error:
        ask(desk, later(desk, days))
    assert codes(error) == [code]
    ask(desk, later(desk, 60))


@sqlite_only
def test_past_the_deadline_the_new_day_is_today_or_later(desk: Desk):
    missed = due(desk)
    desk.later(days=10)
    today = desk.look(lambda _session, ticket: queries.days(ticket, desk.now), 115).first
    assert today > missed + timedelta(days=1)
    with pytest.raises(Invalid) as error:
        ask(desk, today - timedelta(days=1))
    assert codes(error) == ["day_is_past"]
    decide(desk, operations.grant, ask(desk, today))
    assert due(desk) == today


@sqlite_only
def test_a_request_needs_a_reason(desk: Desk):
    with pytest.raises(Invalid) as error:
        ask(desk, later(desk, 5), reason="\u200b ")
    assert codes(error) == ["required"]


def test_of_what_owes_nothing_nothing_can_be_extended(desk: Desk):
    wanted = later(desk, 5)
    desk.contract(115, ALFA)
    desk.do(pausing.suspend, 115, ALFA, "ticket.suspend", note="Remont.")
    for act, who, permission in (
        (operations.ask, ALFA, "extension.ask"),
        (operations.extend, STAFF, "extension.decide"),
    ):
        with pytest.raises(Refused) as error:
            desk.do(act, 115, who, permission, until=wanted, reason="Bo tak.")
        assert codes(error) == ["nothing_to_extend_suspended"]


def test_staff_extend_unasked_and_the_dealer_is_told(desk: Desk):
    wanted = later(desk, 3)
    desk.do(operations.extend, 115, STAFF, "extension.decide", until=wanted, reason="Umówione z siecią.")
    assert due(desk) == wanted
    assert states(desk) == ["granted"]
    [mail] = desk.mails(115, "extension_granted")
    assert "Umówione z siecią." in mail.body


def test_an_extension_that_staff_give_unasked_answers_the_open_request(desk: Desk):
    ask(desk, later(desk, 10))
    wanted = later(desk, 3)
    desk.do(operations.extend, 115, STAFF, "extension.decide", until=wanted, reason="Tyle wystarczy.")
    [one] = extensions(desk)
    assert (one.state, one.granted_until, one.answer) == ("granted", wanted, "Tyle wystarczy.")
    assert waiting(desk) == []


def test_a_request_lapses_when_its_stage_is_done(desk: Desk):
    ask(desk, later(desk, 5))
    desk.take(115, ALFA)
    assert states(desk) == ["lapsed"]
    ask(desk, later(desk, 5))
    assert states(desk) == ["lapsed", "asked"]


def test_a_request_lapses_when_the_ticket_goes_on_to_another_dealer(desk: Desk):
    request = ask(desk, later(desk, 5))
    desk.do(handover.reassign, 115, STAFF, "ticket.reassign", reason="Na urlopie.")
    assert states(desk) == ["lapsed"]
    assert waiting(desk) == []
    with pytest.raises(Conflict) as error:
        decide(desk, operations.grant, request)
    assert error.value.code == "request_decided"


def test_a_request_lapses_when_the_ticket_goes_into_the_pool(desk: Desk):
    ask(desk, later(desk, 5))
    desk.do(handover.reassign, 115, STAFF, "ticket.reassign", reason="Na urlopie.", to="pool")
    assert states(desk) == ["lapsed"]


def test_a_request_lapses_when_the_ticket_is_suspended(desk: Desk):
    desk.contract(115, ALFA)
    ask(desk, later(desk, 5))
    desk.do(pausing.suspend, 115, ALFA, "ticket.suspend", note="Remont.")
    assert states(desk) == ["lapsed"]


def test_an_extension_of_one_stage_leaves_the_next_one_as_it_was(desk: Desk):
    usual = desk.tenures(115)[0].contract_due
    desk.do(operations.extend, 115, STAFF, "extension.decide", until=later(desk, 2), reason="Umówione.")
    desk.take(115, ALFA)
    assert desk.ticket(115).due_at == usual


def test_what_was_withdrawn_meanwhile_can_not_be_granted_and_what_was_granted_not_refused(desk: Desk):
    before = due(desk)
    first = ask(desk, later(desk, 5))
    decide(desk, operations.withdraw, first, who=ALFA)
    with pytest.raises(Conflict):
        decide(desk, operations.grant, first)
    assert due(desk) == before
    second = ask(desk, later(desk, 5))
    decide(desk, operations.grant, second)
    with pytest.raises(Conflict):
        decide(desk, operations.refuse, second, answer="Nie.")
    with pytest.raises(Conflict):
        decide(desk, operations.withdraw, second, who=ALFA)
    with pytest.raises(Conflict):
        decide(desk, operations.grant, second)
    assert states(desk) == ["withdrawn", "granted"]
