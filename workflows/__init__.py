"""The rules of each record's life, as data: states, transitions, what blocks them, and the pictures drawn from both."""

from workflows.diagram import as_mermaid, describe, draw
from workflows.engine import Move, Refused, Workflow
from workflows.quote import QUOTE, QuoteFacts, QuoteState
from workflows.subticket import SUBTICKET, Connectivity, SubticketFacts, SubticketState
from workflows.ticket import TICKET, TicketFacts, TicketState

__all__ = [
    "QUOTE",
    "SUBTICKET",
    "TICKET",
    "Connectivity",
    "Move",
    "QuoteFacts",
    "QuoteState",
    "Refused",
    "SubticketFacts",
    "SubticketState",
    "TicketFacts",
    "TicketState",
    "Workflow",
    "as_mermaid",
    "describe",
    "draw",
]
