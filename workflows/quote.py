"""A quote's life, one row per version: issued, accepted or declined by the retailer, superseded by a newer version."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.engine import Move, Workflow
from workflows.guards import note_is_given


class QuoteState(StrEnum):
    ISSUED = "issued"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, kw_only=True)
class QuoteFacts:
    """All that a quote's guards may look at; `decided_on` is the day on which the retailer said yes or no."""

    state: QuoteState
    made_on: date
    valid_until: date
    decided_on: date
    today: date
    ticket_is_taken: bool = True
    ticket_is_open: bool = True
    has_note: bool = False


def ticket_is_taken(facts: QuoteFacts) -> bool:
    return facts.ticket_is_taken


def ticket_is_open(facts: QuoteFacts) -> bool:
    return facts.ticket_is_open


def decision_is_not_in_the_future(facts: QuoteFacts) -> bool:
    return facts.decided_on <= facts.today


def decision_is_not_before_the_quote(facts: QuoteFacts) -> bool:
    return facts.decided_on >= facts.made_on


def quote_was_valid_that_day(facts: QuoteFacts) -> bool:
    """Whoever accepts after the last day needs a new version, with the prices of that day."""
    return facts.decided_on <= facts.valid_until


_S = QuoteState
_WHO = ("caretaker", "staff")
_AT_WORK = (ticket_is_taken, ticket_is_open)
_DAY = (decision_is_not_in_the_future, decision_is_not_before_the_quote)

QUOTE: Workflow[QuoteFacts] = Workflow(
    "quote",
    QuoteState,
    (
        Move("accept", (_S.ISSUED,), _S.ACCEPTED, (*_WHO, "system"), (*_AT_WORK, *_DAY, quote_was_valid_that_day)),
        Move("decline", (_S.ISSUED,), _S.DECLINED, _WHO, (*_AT_WORK, *_DAY, note_is_given)),
        Move(
            "supersede",
            (_S.ISSUED, _S.ACCEPTED, _S.DECLINED),
            _S.SUPERSEDED,
            ("system",),
            _AT_WORK,
            automatic=True,
        ),
    ),
    aside=(_S.DECLINED,),
)
