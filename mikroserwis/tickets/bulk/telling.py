"""Whom an act on many tickets is told to: news, which are gathered into one mail for each dealer."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis.models import DeadlineExtension, Handover, Ticket
from mikroserwis.tickets import news
from mikroserwis.tickets.news import Fact
from mikroserwis.tickets.offer import written
from sla import Choice


def handed_over(
    session: Session, ticket: Ticket, made: Handover, chosen: Choice | None, reason: str, *, was: str | None
) -> None:
    """The former dealer, the next one, and staff where the rules found nobody."""
    how: dict[str, Any] = {"how": "staff", "stage": None, "due": None, "reason": reason}
    told = []
    if made.former_dealer_id is not None:
        told.append(Fact(f"lost:{made.id}", made.former_dealer_id, ticket.id, "lost", made.at, how))
    if made.next_dealer_id is not None:
        choice = {"choice": written(chosen) if chosen else None}
        told.append(Fact(f"got:{made.next_assignment_id}", made.next_dealer_id, ticket.id, "got", made.at, choice))
    elif chosen is not None:
        staff = {**how, "was": was, "choice": written(chosen)}
        told.append(Fact(f"pool:{made.id}", None, ticket.id, "to_pool", made.at, staff))
    news.add(session, told)


def extended(session: Session, ticket: Ticket, extension: DeadlineExtension, now: datetime) -> None:
    """The dealer, of its new deadline: anew, if a request was answered before and that was taken back."""
    key = f"extended:{extension.id}:{now.isoformat()}"
    data = {"until": str(extension.granted_until), "reason": extension.answer}
    news.add(session, [Fact(key, ticket.dealer_id, ticket.id, "extended", now, data)])


def shortened(
    session: Session, ticket: Ticket, extension: DeadlineExtension, now: datetime, *, reason: str, until: str
) -> None:
    """The dealer, that the deadline is what it was."""
    key, data = f"shortened:{extension.id}:{now.isoformat()}", {"until": until, "reason": reason}
    news.add(session, [Fact(key, ticket.dealer_id, ticket.id, "extended", now, data)])
