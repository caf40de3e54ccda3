"""To whom mails about a ticket go, and how they come into the outbox: rendered at once, sent later."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import telling
from mikroserwis.i18n import speaking
from mikroserwis.models import Dealer, Ticket, User
from mikroserwis.posting import Recipient, office, post, to
from mikroserwis.rulebook import RULES
from mikroserwis.telling.facts import of_ticket


def operations(session: Session) -> list[Recipient]:
    """The back office's own mailbox; its people find on the page what goes there."""
    return office(session, RULES.contacts.operations_mailbox)


def account_manager(ticket: Ticket) -> list[Recipient]:
    address = ticket.customer.account_manager_email
    return [Recipient(address)] if address else []


def people_of(session: Session, dealer_id: int | None) -> list[Recipient]:
    """Every active user of a dealer, each in their language; the dealer's own address if it has none."""
    if dealer_id is None:
        return []
    users = session.scalars(
        select(User).where(User.dealer_id == dealer_id, User.active, User.role == "dealer").order_by(User.id)
    ).all()
    if users:
        return [to(user) for user in users]
    dealer = session.get_one(Dealer, dealer_id)
    return [Recipient(dealer.email)] if dealer.email else []


def mail(
    session: Session,
    ticket: Ticket,
    event: str,
    recipients: Iterable[Recipient],
    values: Callable[[], Mapping[str, Any]],
    *,
    now: datetime,
    files: Iterable[int] = (),
) -> None:
    """One message per recipient, rendered now in that person's language: what was sent is evidence.

    `values` are what the event's texts say beside the ticket's own facts.
    """
    session.flush()
    for recipient in recipients:
        with speaking(recipient.language):
            said = {**of_ticket(session, ticket), **values()}
            told = telling.render(session, event, telling.EMAIL, said)
        about: dict[str, Any] = {"ticket_id": ticket.id, "files": files, "values": said}
        key = f"mail:{event}:{ticket.number}:{uuid4().hex}"
        post(session, recipient, event, told.subject, told.body, key=key, now=now, **about)
