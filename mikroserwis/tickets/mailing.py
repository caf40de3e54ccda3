"""To whom mails about a ticket go, and how they come into the outbox: rendered at once, sent later."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import say_date, speaking
from mikroserwis.models import Dealer, Ticket, User
from mikroserwis.posting import Recipient, post
from mikroserwis.rulebook import RULES, type_label
from mikroserwis.tickets.clock import last_day


def operations() -> list[Recipient]:
    """The back office's own mailbox."""
    return [Recipient(RULES.contacts.operations_mailbox)]


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
        return [Recipient(user.email, user.language) for user in users]
    dealer = session.get_one(Dealer, dealer_id)
    return [Recipient(dealer.email)] if dealer.email else []


def mail(
    session: Session,
    ticket: Ticket,
    event: str,
    recipients: Iterable[Recipient],
    body: Callable[[], tuple[str, str]],
    *,
    now: datetime,
    files: Iterable[int] = (),
) -> None:
    """One message per recipient, rendered now in that person's language: what was sent is evidence."""
    session.flush()
    for recipient in recipients:
        with speaking(recipient.language):
            subject, text = body()
        key = f"mail:{event}:{ticket.number}:{uuid4().hex}"
        post(session, recipient, event, subject, text, key=key, now=now, ticket_id=ticket.id, files=files)


def facts(session: Session, ticket: Ticket) -> str:
    company = {name: getattr(ticket.customer, name) for name in ("name", "tax_id", "city")}
    lines = [
        _("Ticket: %(number)s (%(type)s)", number=ticket.number, type=type_label(ticket.type)),
        _("Company: %(name)s, NIP %(tax_id)s, %(city)s", **company),
    ]
    if ticket.due_at is not None:
        lines.append(_("To be done by the end of %(day)s", day=say_date(last_day(ticket.due_at))))
    base_url = session.info.get("base_url")
    return "\n".join([*lines, f"{base_url}/tickets/{ticket.number}"] if base_url else lines)
