"""The sub-ticket's table, row by row as the specification has it; the expectations are written by hand."""

from typing import Any

import pytest

from workflows import SUBTICKET, Connectivity, Refused, SubticketFacts, SubticketState, TicketState

NEW, TAKEN, SUSPENDED, CLOSED = SubticketState

ALL_GOOD: dict[str, Any] = {
    "ticket_state": TicketState.CONTRACT,
    "scans_are_acknowledged": True,
    "point_is_complete": True,
    "point_is_saved": True,
    "connectivity": Connectivity.PROVEN,
    "other_subtickets_left": 1,
    "has_note": True,
    "has_reason": True,
}


def facts(state: SubticketState, **changes: Any) -> SubticketFacts:
    return SubticketFacts(**{"state": state, **ALL_GOOD, **changes})


ALLOWED = {
    ("take", NEW): TAKEN,
    ("suspend", TAKEN): SUSPENDED,
    ("resume", SUSPENDED): TAKEN,
    ("resign", TAKEN): NEW,
    ("resign", SUSPENDED): NEW,
    ("reassign", NEW): NEW,
    ("reassign", TAKEN): NEW,
    ("reassign", SUSPENDED): NEW,
    ("close", TAKEN): CLOSED,
    ("withdraw", NEW): CLOSED,
    ("withdraw", TAKEN): CLOSED,
    ("withdraw", SUSPENDED): CLOSED,
    ("reopen", CLOSED): TAKEN,
}
TRIGGERS = ("take", "suspend", "resume", "resign", "reassign", "close", "withdraw", "reopen")

BLOCKED = [
    ("take", NEW, {"dealer_is_active": False}, ("dealer_is_active",)),
    ("take", NEW, {"dealer_is_certified": False}, ("dealer_is_certified",)),
    ("take", NEW, {"dealer_has_given_it_up": True}, ("dealer_never_gave_it_up",)),
    *[
        ("take", NEW, {"ticket_state": state}, ("ticket_is_in_contract",))
        for state in TicketState
        if state is not TicketState.CONTRACT
    ],
    ("take", NEW, {"scans_are_acknowledged": False}, ("scans_are_acknowledged",)),
    ("suspend", TAKEN, {"has_note": False}, ("note_is_given",)),
    ("resign", TAKEN, {"has_note": False}, ("note_is_given",)),
    ("resign", SUSPENDED, {"has_note": False}, ("note_is_given",)),
    *[("reassign", state, {"has_reason": False}, ("reason_is_given",)) for state in (NEW, TAKEN, SUSPENDED)],
    ("close", TAKEN, {"ticket_state": TicketState.SUSPENDED}, ("ticket_is_in_contract",)),
    ("close", TAKEN, {"point_is_complete": False}, ("point_is_complete",)),
    ("close", TAKEN, {"point_is_saved": False}, ("point_is_saved",)),
    ("close", TAKEN, {"connectivity": Connectivity.STATIONS_SILENT}, ("every_station_reports",)),
    ("close", TAKEN, {"connectivity": Connectivity.NO_ANSWER}, ("platform_has_answered",)),
    ("close", TAKEN, {"connectivity": Connectivity.POINT_UNKNOWN}, ("platform_knows_the_point",)),
    (
        "close",
        TAKEN,
        {"point_is_complete": False, "point_is_saved": False, "connectivity": Connectivity.STATIONS_SILENT},
        ("point_is_complete", "point_is_saved", "every_station_reports"),
    ),
    *[("withdraw", state, {"has_reason": False}, ("reason_is_given",)) for state in (NEW, TAKEN, SUSPENDED)],
    ("withdraw", NEW, {"other_subtickets_left": 0}, ("another_subticket_remains",)),
    ("reopen", CLOSED, {"has_reason": False}, ("reason_is_given",)),
    ("reopen", CLOSED, {"has_reason": False, "was_withdrawn": True}, ("reason_is_given",)),
]

WHO = {
    "take": {"holder", "pool_dealer"},
    "suspend": {"holder", "staff"},
    "resume": {"holder", "staff"},
    "resign": {"holder"},
    "reassign": {"staff", "system"},
    "close": {"holder"},
    "withdraw": {"staff"},
    "reopen": {"admin"},
}


@pytest.mark.parametrize(("trigger", "source", "dest"), [(*key, dest) for key, dest in ALLOWED.items()])
def test_a_subticket_moves_as_the_table_says(trigger: str, source: SubticketState, dest: SubticketState) -> None:
    assert SUBTICKET.blockers(trigger, facts(source)) == ()
    assert SUBTICKET.fire(trigger, facts(source)) is dest


@pytest.mark.parametrize(
    ("trigger", "source"),
    [(name, state) for name in TRIGGERS for state in SubticketState if (name, state) not in ALLOWED],
)
def test_every_other_state_of_a_subticket_refuses_the_trigger(trigger: str, source: SubticketState) -> None:
    with pytest.raises(Refused) as refused:
        SUBTICKET.fire(trigger, facts(source))
    assert refused.value.codes == ("wrong_state",)


@pytest.mark.parametrize(("trigger", "source", "changes", "codes"), BLOCKED)
def test_a_subticket_is_blocked_as_the_table_says(
    trigger: str, source: SubticketState, changes: dict[str, Any], codes: tuple[str, ...]
) -> None:
    blocked = facts(source, **changes)
    assert SUBTICKET.blockers(trigger, blocked) == codes
    with pytest.raises(Refused) as refused:
        SUBTICKET.fire(trigger, blocked)
    assert refused.value.codes == codes


@pytest.mark.parametrize(
    ("was_withdrawn", "ticket", "dest"),
    [
        (False, TicketState.CONTRACT, TAKEN),
        (False, TicketState.CLOSED, TAKEN),
        (False, TicketState.NEW, NEW),
        (False, TicketState.TAKEN, NEW),
        (False, TicketState.SUSPENDED, NEW),
        *[(True, state, NEW) for state in TicketState],
    ],
)
def test_a_reopened_subticket_is_in_work_only_where_the_work_had_been_done(
    was_withdrawn: bool, ticket: TicketState, dest: SubticketState
) -> None:
    closed = facts(CLOSED, was_withdrawn=was_withdrawn, ticket_state=ticket)
    assert SUBTICKET.fire("reopen", closed) is dest


@pytest.mark.parametrize("known", [Connectivity.NOT_NEEDED, Connectivity.PROVEN])
def test_the_gate_opens_where_it_is_not_needed_or_proven(known: Connectivity) -> None:
    assert SUBTICKET.fire("close", facts(TAKEN, connectivity=known)) is CLOSED


def test_a_page_that_has_not_asked_the_platform_yet_offers_the_button() -> None:
    assert SUBTICKET.blockers("close", facts(TAKEN, connectivity=Connectivity.ASKED_ON_CLOSING)) == ()


def test_the_gate_is_shut_until_somebody_says_otherwise() -> None:
    unknown = SubticketFacts(state=TAKEN, ticket_state=TicketState.CONTRACT)
    assert "platform_has_answered" in SUBTICKET.blockers("close", unknown)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_who_may_do_it_to_a_subticket_is_as_the_table_says(trigger: str) -> None:
    assert {who for move in SUBTICKET.moves if move.trigger == trigger for who in move.who} == WHO[trigger]


def test_a_subticket_has_no_trigger_beyond_these_and_none_fires_by_itself() -> None:
    assert set(SUBTICKET.triggers) == set(TRIGGERS)
    assert not [move for move in SUBTICKET.moves if move.automatic]


def test_every_condition_of_the_subticket_is_seen_to_block() -> None:
    guards = {guard.__name__ for move in SUBTICKET.moves for guard in move.guards}
    assert guards == {code for *_, codes in BLOCKED for code in codes}
