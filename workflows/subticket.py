"""The sub-ticket's life, one per retail point: new, taken, suspended, closed."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.engine import Move, Workflow
from workflows.guards import (
    dealer_is_active,
    dealer_is_certified,
    dealer_never_gave_it_up,
    note_is_given,
    reason_is_given,
)
from workflows.ticket import TicketState


class SubticketState(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Connectivity(StrEnum):
    """What is known of the point's stations. A page shows `ASKED_ON_CLOSING`; the closing operation never does."""

    NOT_NEEDED = "not_needed"
    ASKED_ON_CLOSING = "asked_on_closing"
    PROVEN = "proven"
    STATIONS_SILENT = "stations_silent"
    POINT_UNKNOWN = "point_unknown"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, kw_only=True)
class SubticketFacts:
    """All that the sub-ticket's guards may look at."""

    state: SubticketState
    ticket_state: TicketState
    scans_are_acknowledged: bool = False
    dealer_is_active: bool = True
    dealer_is_certified: bool = True
    dealer_has_given_it_up: bool = False
    point_is_complete: bool = False
    point_is_saved: bool = False
    connectivity: Connectivity = Connectivity.NO_ANSWER
    other_subtickets_left: int = 0
    was_withdrawn: bool = False
    has_note: bool = False
    has_reason: bool = False


def ticket_is_in_contract(facts: SubticketFacts) -> bool:
    return facts.ticket_state is TicketState.CONTRACT


def scans_are_acknowledged(facts: SubticketFacts) -> bool:
    return facts.scans_are_acknowledged


def point_is_complete(facts: SubticketFacts) -> bool:
    return facts.point_is_complete


def point_is_saved(facts: SubticketFacts) -> bool:
    return facts.point_is_saved


def platform_has_answered(facts: SubticketFacts) -> bool:
    return facts.connectivity is not Connectivity.NO_ANSWER


def platform_knows_the_point(facts: SubticketFacts) -> bool:
    return facts.connectivity is not Connectivity.POINT_UNKNOWN


def every_station_reports(facts: SubticketFacts) -> bool:
    return facts.connectivity is not Connectivity.STATIONS_SILENT


def another_subticket_remains(facts: SubticketFacts) -> bool:
    """A ticket needs at least one sub-ticket closed for real; withdrawing the last one is cancelling the ticket."""
    return facts.other_subtickets_left > 0


def its_work_was_done(facts: SubticketFacts) -> bool:
    """Closed for real, under a ticket that still is a contract or becomes one again with it."""
    return not facts.was_withdrawn and facts.ticket_state in {TicketState.CONTRACT, TicketState.CLOSED}


def it_has_to_be_taken_anew(facts: SubticketFacts) -> bool:
    return not its_work_was_done(facts)


_S = SubticketState
_OPEN = (_S.NEW, _S.TAKEN, _S.SUSPENDED)
_HOLDER = ("holder", "staff")

SUBTICKET: Workflow[SubticketFacts] = Workflow(
    "subticket",
    SubticketState,
    (
        Move(
            "take",
            (_S.NEW,),
            _S.TAKEN,
            ("holder", "pool_dealer"),
            (
                dealer_is_active,
                dealer_is_certified,
                dealer_never_gave_it_up,
                ticket_is_in_contract,
                scans_are_acknowledged,
            ),
        ),
        Move("suspend", (_S.TAKEN,), _S.SUSPENDED, _HOLDER, (note_is_given,)),
        Move("resume", (_S.SUSPENDED,), _S.TAKEN, _HOLDER),
        Move("resign", (_S.TAKEN, _S.SUSPENDED), _S.NEW, ("holder",), (note_is_given,)),
        Move("reassign", _OPEN, _S.NEW, ("staff", "system"), (reason_is_given,)),
        Move(
            "close",
            (_S.TAKEN,),
            _S.CLOSED,
            ("holder",),
            (
                ticket_is_in_contract,
                point_is_complete,
                point_is_saved,
                platform_has_answered,
                platform_knows_the_point,
                every_station_reports,
            ),
        ),
        Move("withdraw", _OPEN, _S.CLOSED, ("staff",), (reason_is_given, another_subticket_remains)),
        Move("reopen", (_S.CLOSED,), _S.TAKEN, ("admin",), (reason_is_given,), when=its_work_was_done),
        Move("reopen", (_S.CLOSED,), _S.NEW, ("admin",), (reason_is_given,), when=it_has_to_be_taken_anew),
    ),
    aside=(_S.SUSPENDED,),
)
