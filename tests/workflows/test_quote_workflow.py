"""The quote's table, row by row; the expectations are written by hand."""

from datetime import date
from typing import Any

import pytest

from workflows import QUOTE, QuoteFacts, QuoteState, Refused

ISSUED, ACCEPTED, DECLINED, SUPERSEDED = QuoteState
MADE, LAST, TODAY = date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 15)
GOOD: dict[str, Any] = {
    "made_on": MADE,
    "valid_until": LAST,
    "decided_on": date(2026, 5, 20),
    "today": TODAY,
    "has_note": True,
}


def facts(state: QuoteState, **changes: Any) -> QuoteFacts:
    return QuoteFacts(**{"state": state, **GOOD, **changes})


ALLOWED = {
    ("accept", ISSUED): ACCEPTED,
    ("decline", ISSUED): DECLINED,
    ("supersede", ISSUED): SUPERSEDED,
    ("supersede", ACCEPTED): SUPERSEDED,
    ("supersede", DECLINED): SUPERSEDED,
}
TRIGGERS = ("accept", "decline", "supersede")
BLOCKED = [
    *[
        (trigger, {"ticket_is_taken": False, "ticket_is_open": False}, ("ticket_is_taken", "ticket_is_open"))
        for trigger in TRIGGERS
    ],
    *[
        (
            trigger,
            {"decided_on": date(2026, 6, 16), "valid_until": date(2026, 7, 1)},
            ("decision_is_not_in_the_future",),
        )
        for trigger in ("accept", "decline")
    ],
    *[
        (trigger, {"decided_on": date(2026, 4, 30)}, ("decision_is_not_before_the_quote",))
        for trigger in ("accept", "decline")
    ],
    ("accept", {"decided_on": date(2026, 6, 1)}, ("quote_was_valid_that_day",)),
    ("decline", {"has_note": False}, ("note_is_given",)),
]


@pytest.mark.parametrize(("trigger", "source", "dest"), [(*key, dest) for key, dest in ALLOWED.items()])
def test_a_quote_moves_as_the_table_says(trigger: str, source: QuoteState, dest: QuoteState) -> None:
    assert QUOTE.blockers(trigger, facts(source)) == ()
    assert QUOTE.fire(trigger, facts(source)) is dest


@pytest.mark.parametrize(
    ("trigger", "source"),
    [(name, state) for name in TRIGGERS for state in QuoteState if (name, state) not in ALLOWED],
)
def test_every_other_state_of_a_quote_refuses_the_trigger(trigger: str, source: QuoteState) -> None:
    with pytest.raises(Refused) as refused:
        QUOTE.fire(trigger, facts(source))
    assert refused.value.codes == ("wrong_state",)


@pytest.mark.parametrize(("trigger", "changes", "codes"), BLOCKED)
def test_a_quote_is_blocked_as_the_table_says(trigger: str, changes: dict[str, Any], codes: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        QUOTE.fire(trigger, facts(ISSUED, **changes))
    assert refused.value.codes == codes


@pytest.mark.parametrize("day", [MADE, LAST])
def test_a_quote_may_be_accepted_on_its_first_and_on_its_last_day(day: date) -> None:
    assert QUOTE.fire("accept", facts(ISSUED, decided_on=day, has_note=False)) is ACCEPTED


def test_a_quote_may_be_declined_after_its_last_day() -> None:
    assert QUOTE.fire("decline", facts(ISSUED, decided_on=TODAY)) is DECLINED


def test_only_a_new_version_takes_a_quotes_place_by_itself() -> None:
    assert [move.trigger for move in QUOTE.moves if move.automatic] == ["supersede"]


def test_every_condition_of_the_quote_is_seen_to_block() -> None:
    guards = {guard.__name__ for move in QUOTE.moves for guard in move.guards}
    assert guards == {code for *_, codes in BLOCKED for code in codes}
