"""The ticket's life: new, taken, contract, suspended, closed."""

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


class TicketState(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    CONTRACT = "contract"
    SUSPENDED = "suspended"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class TicketFacts:
    """All that the ticket's guards may look at; kinds of documents are the words used for files."""

    state: TicketState
    suspended_from: TicketState | None = None
    dealer_is_active: bool = True
    dealer_is_certified: bool = True
    dealer_has_given_it_up: bool = False
    has_a_caretaker: bool = False
    company_is_confirmed: bool = False
    needs: frozenset[str] = frozenset()
    on_file: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    has_something_to_export: bool = False
    subtickets: int = 0
    open_subtickets: int = 0
    really_closed_subtickets: int = 0
    final_invoice_is_settled: bool = True
    has_note: bool = False
    has_reason: bool = False


def has_a_caretaker(facts: TicketFacts) -> bool:
    """A ticket that nobody had when it was closed has no one to go on with it."""
    return facts.has_a_caretaker


def company_is_confirmed(facts: TicketFacts) -> bool:
    return facts.company_is_confirmed


def quote_is_uploaded(facts: TicketFacts) -> bool:
    return "quote" not in facts.needs or "quote" in facts.on_file


def contract_is_uploaded(facts: TicketFacts) -> bool:
    return "contract" not in facts.needs or "contract" in facts.on_file


def power_of_attorney_is_uploaded(facts: TicketFacts) -> bool:
    return "power_of_attorney" not in facts.needs or "power_of_attorney" in facts.on_file


def no_scan_is_rejected(facts: TicketFacts) -> bool:
    return not facts.rejected & facts.needs


def something_is_new_to_export(facts: TicketFacts) -> bool:
    return facts.has_something_to_export


def subtickets_are_closed(facts: TicketFacts) -> bool:
    return facts.subtickets > 0 and facts.open_subtickets == 0


def one_subticket_is_really_closed(facts: TicketFacts) -> bool:
    return facts.really_closed_subtickets > 0


def final_invoice_is_settled(facts: TicketFacts) -> bool:
    return facts.final_invoice_is_settled


def was_taken(facts: TicketFacts) -> bool:
    return facts.suspended_from is TicketState.TAKEN


def was_in_contract(facts: TicketFacts) -> bool:
    return facts.suspended_from is TicketState.CONTRACT


_S = TicketState
_OPEN = (_S.NEW, _S.TAKEN, _S.CONTRACT, _S.SUSPENDED)
_DOCUMENTS = (quote_is_uploaded, contract_is_uploaded, power_of_attorney_is_uploaded)

TICKET: Workflow[TicketFacts] = Workflow(
    "ticket",
    TicketState,
    (
        Move(
            "take",
            (_S.NEW,),
            _S.TAKEN,
            ("caretaker", "pool_dealer"),
            (dealer_is_active, dealer_is_certified, dealer_never_gave_it_up),
        ),
        Move("sign", (_S.TAKEN,), _S.CONTRACT, ("system",), (company_is_confirmed, *_DOCUMENTS), automatic=True),
        Move(
            "export",
            (_S.CONTRACT,),
            None,
            ("caretaker",),
            (*_DOCUMENTS, no_scan_is_rejected, something_is_new_to_export),
        ),
        Move(
            "suspend",
            (_S.TAKEN, _S.CONTRACT),
            _S.SUSPENDED,
            ("caretaker", "staff"),
            (quote_is_uploaded, note_is_given),
        ),
        Move("resume", (_S.SUSPENDED,), _S.TAKEN, ("caretaker", "staff"), when=was_taken),
        Move("resume", (_S.SUSPENDED,), _S.CONTRACT, ("caretaker", "staff"), when=was_in_contract),
        Move("resign", _OPEN, _S.NEW, ("caretaker",), (note_is_given,)),
        Move("reassign", _OPEN, _S.NEW, ("staff", "system"), (reason_is_given,)),
        Move(
            "close",
            (_S.CONTRACT,),
            _S.CLOSED,
            ("system",),
            (subtickets_are_closed, one_subticket_is_really_closed, final_invoice_is_settled),
            automatic=True,
        ),
        Move("cancel", _OPEN, _S.CLOSED, ("staff",), (reason_is_given,)),
        Move("reopen", (_S.CLOSED,), _S.CONTRACT, ("admin",), (has_a_caretaker, reason_is_given)),
    ),
    aside=(_S.SUSPENDED,),
)
