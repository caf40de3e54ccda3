"""The ticket's table, row by row as the specification has it; the expectations are written by hand."""

from typing import Any

import pytest

from workflows import TICKET, Refused, TicketFacts, TicketState

NEW, TAKEN, CONTRACT, SUSPENDED, CLOSED = TicketState
QUOTE_TYPE = frozenset({"quote", "contract", "power_of_attorney"})
PLAIN_TYPE = QUOTE_TYPE - {"quote"}

ALL_GOOD: dict[str, Any] = {
    "has_a_caretaker": True,
    "company_is_confirmed": True,
    "needs": QUOTE_TYPE,
    "on_file": QUOTE_TYPE,
    "has_something_to_export": True,
    "subtickets": 2,
    "open_subtickets": 0,
    "really_closed_subtickets": 2,
    "has_note": True,
    "has_reason": True,
}


def facts(state: TicketState, **changes: Any) -> TicketFacts:
    return TicketFacts(**{"state": state, **ALL_GOOD, **changes})


ALLOWED = {
    ("take", NEW): TAKEN,
    ("sign", TAKEN): CONTRACT,
    ("export", CONTRACT): CONTRACT,
    ("suspend", TAKEN): SUSPENDED,
    ("suspend", CONTRACT): SUSPENDED,
    ("resign", NEW): NEW,
    ("resign", TAKEN): NEW,
    ("resign", CONTRACT): NEW,
    ("resign", SUSPENDED): NEW,
    ("reassign", NEW): NEW,
    ("reassign", TAKEN): NEW,
    ("reassign", CONTRACT): NEW,
    ("reassign", SUSPENDED): NEW,
    ("close", CONTRACT): CLOSED,
    ("cancel", NEW): CLOSED,
    ("cancel", TAKEN): CLOSED,
    ("cancel", CONTRACT): CLOSED,
    ("cancel", SUSPENDED): CLOSED,
    ("reopen", CLOSED): CONTRACT,
}
TRIGGERS = ("take", "sign", "export", "suspend", "resume", "resign", "reassign", "close", "cancel", "reopen")

BLOCKED = [
    ("take", NEW, {"dealer_is_active": False}, ("dealer_is_active",)),
    ("take", NEW, {"dealer_is_certified": False}, ("dealer_is_certified",)),
    ("take", NEW, {"dealer_has_given_it_up": True}, ("dealer_never_gave_it_up",)),
    ("sign", TAKEN, {"company_is_confirmed": False}, ("company_is_confirmed",)),
    ("sign", TAKEN, {"on_file": PLAIN_TYPE}, ("quote_is_uploaded",)),
    ("sign", TAKEN, {"on_file": QUOTE_TYPE - {"contract"}}, ("contract_is_uploaded",)),
    ("sign", TAKEN, {"on_file": QUOTE_TYPE - {"power_of_attorney"}}, ("power_of_attorney_is_uploaded",)),
    (
        "sign",
        TAKEN,
        {"company_is_confirmed": False, "on_file": frozenset({"other"})},
        ("company_is_confirmed", "quote_is_uploaded", "contract_is_uploaded", "power_of_attorney_is_uploaded"),
    ),
    ("export", CONTRACT, {"on_file": PLAIN_TYPE}, ("quote_is_uploaded",)),
    ("export", CONTRACT, {"on_file": QUOTE_TYPE - {"contract"}}, ("contract_is_uploaded",)),
    ("export", CONTRACT, {"on_file": QUOTE_TYPE - {"power_of_attorney"}}, ("power_of_attorney_is_uploaded",)),
    ("export", CONTRACT, {"rejected": frozenset({"contract"})}, ("no_scan_is_rejected",)),
    ("export", CONTRACT, {"has_something_to_export": False}, ("something_is_new_to_export",)),
    ("suspend", TAKEN, {"has_note": False}, ("note_is_given",)),
    ("suspend", CONTRACT, {"on_file": PLAIN_TYPE}, ("quote_is_uploaded",)),
    ("suspend", TAKEN, {"has_note": False, "on_file": frozenset()}, ("quote_is_uploaded", "note_is_given")),
    *[("resign", state, {"has_note": False}, ("note_is_given",)) for state in (NEW, TAKEN, CONTRACT, SUSPENDED)],
    *[("reassign", state, {"has_reason": False}, ("reason_is_given",)) for state in (NEW, TAKEN, CONTRACT, SUSPENDED)],
    ("close", CONTRACT, {"open_subtickets": 1}, ("subtickets_are_closed",)),
    ("close", CONTRACT, {"really_closed_subtickets": 0}, ("one_subticket_is_really_closed",)),
    ("close", CONTRACT, {"final_invoice_is_settled": False}, ("final_invoice_is_settled",)),
    (
        "close",
        CONTRACT,
        {"subtickets": 0, "really_closed_subtickets": 0},
        ("subtickets_are_closed", "one_subticket_is_really_closed"),
    ),
    *[("cancel", state, {"has_reason": False}, ("reason_is_given",)) for state in (NEW, TAKEN, CONTRACT, SUSPENDED)],
    ("reopen", CLOSED, {"has_reason": False}, ("reason_is_given",)),
    ("reopen", CLOSED, {"has_a_caretaker": False}, ("has_a_caretaker",)),
]

WHO = {
    "take": {"caretaker", "pool_dealer"},
    "sign": {"system"},
    "export": {"caretaker"},
    "suspend": {"caretaker", "staff"},
    "resume": {"caretaker", "staff"},
    "resign": {"caretaker"},
    "reassign": {"system", "staff"},
    "close": {"system"},
    "cancel": {"staff"},
    "reopen": {"admin"},
}


@pytest.mark.parametrize(("trigger", "source", "dest"), [(*key, dest) for key, dest in ALLOWED.items()])
def test_a_ticket_moves_as_the_table_says(trigger: str, source: TicketState, dest: TicketState) -> None:
    assert TICKET.blockers(trigger, facts(source)) == ()
    assert TICKET.fire(trigger, facts(source)) is dest


@pytest.mark.parametrize("was", [TAKEN, CONTRACT])
def test_resuming_goes_back_to_where_it_was_without_asking_for_anything(was: TicketState) -> None:
    assert TICKET.fire("resume", TicketFacts(state=SUSPENDED, suspended_from=was)) is was


@pytest.mark.parametrize(
    ("trigger", "source"),
    [(name, state) for name in TRIGGERS for state in TicketState if (name, state) not in ALLOWED],
)
def test_every_other_state_refuses_the_trigger_as_wrong_state(trigger: str, source: TicketState) -> None:
    with pytest.raises(Refused) as refused:
        TICKET.fire(trigger, facts(source))
    assert refused.value.codes == ("wrong_state",)


@pytest.mark.parametrize(("trigger", "source", "changes", "codes"), BLOCKED)
def test_a_ticket_is_blocked_as_the_table_says(
    trigger: str, source: TicketState, changes: dict[str, Any], codes: tuple[str, ...]
) -> None:
    blocked = facts(source, **changes)
    assert TICKET.blockers(trigger, blocked) == codes
    with pytest.raises(Refused) as refused:
        TICKET.fire(trigger, blocked)
    assert refused.value.codes == codes


@pytest.mark.parametrize(("trigger", "source"), [("sign", TAKEN), ("export", CONTRACT), ("suspend", TAKEN)])
def test_a_type_without_quote_never_asks_for_one(trigger: str, source: TicketState) -> None:
    assert TICKET.blockers(trigger, facts(source, needs=PLAIN_TYPE, on_file=PLAIN_TYPE)) == ()


def test_a_rejected_file_that_nobody_needs_does_not_hold_the_export_up() -> None:
    assert TICKET.blockers("export", facts(CONTRACT, rejected=frozenset({"other"}))) == ()


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_who_may_is_as_the_table_says(trigger: str) -> None:
    assert {who for move in TICKET.moves if move.trigger == trigger for who in move.who} == WHO[trigger]


def test_the_table_has_no_trigger_beyond_these_and_two_fire_by_themselves() -> None:
    assert set(TICKET.triggers) == set(TRIGGERS)
    assert {move.trigger for move in TICKET.moves if move.automatic} == {"sign", "close"}


def test_every_condition_of_the_table_is_seen_to_block() -> None:
    guards = {guard.__name__ for move in TICKET.moves for guard in move.guards}
    assert guards == {code for *_, codes in BLOCKED for code in codes}


def test_facts_that_nobody_filled_in_let_no_document_pass() -> None:
    assert set(TICKET.blockers("close", TicketFacts(state=CONTRACT))) >= {"subtickets_are_closed"}
    assert "company_is_confirmed" in TICKET.blockers("sign", TicketFacts(state=TAKEN))
