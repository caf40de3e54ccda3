"""Who is told of what: mails are rendered into the outbox, the CRM gets an event. Rows first; sending comes later."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import outbox
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker
from mikroserwis.i18n import gettext as _
from mikroserwis.models import File, Message, Notification, Subticket, Ticket
from mikroserwis.plaintext import plain
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.clock import present_assignment
from mikroserwis.tickets.mailing import account_manager, mail, operations, people_of
from mikroserwis.tickets.settlement import GUARD, settlement
from mikroserwis.tickets.wording import kind_label, sentence


def announce(session: Session, ticket: Ticket, event: str, *, now: datetime) -> None:
    """Tell the CRM what became of its ticket; the account manager hears of the end."""
    session.flush()
    payload = {"ticket": ticket.number, "event": event, "at": now.isoformat(), "state": ticket.state}
    outbox.enqueue(
        session, "event", f"event:{ticket.number}:{event}:{uuid4().hex}", payload, now=now, ticket_id=ticket.id
    )
    if event == "closed":
        mail(session, ticket, "closed", account_manager(ticket), dict, now=now)


def suspended(session: Session, ticket: Ticket, quote: File | None, note: str, *, actor: Actor, now: datetime) -> None:
    """With a quote: it goes to the operations mailbox under the manual's subject; the account manager is told.

    Where the company's data names no account manager, the operations mailbox hears of it in any case.
    """
    announce(session, ticket, "suspended", now=now)

    def values() -> dict[str, Any]:
        return {"who": actor.label, "note": note.strip(), "untold": untold(ticket)}

    if quote is not None:
        mail(session, ticket, "quote", operations(session), values, now=now, files=[quote.id])
    people = account_manager(ticket) or ([] if quote is not None else operations(session))
    mail(session, ticket, "suspended", people, values, now=now)


def told_on_suspension(ticket: Ticket) -> list[str]:
    """Who hears of a suspension, said before it."""
    said = []
    mailbox, manager = RULES.contacts.operations_mailbox, ticket.customer.account_manager_email
    if RULES.ticket_types[ticket.type].quote:
        said.append(_("The quote goes to %(mailbox)s under the subject “Wycena”.", mailbox=mailbox))
    if manager:
        said.append(_("The account manager is told: %(manager)s.", manager=manager))
    return [*said, *([untold(ticket)] if not manager else [])]


def untold(ticket: Ticket) -> str:
    """Where the company's data names no account manager's address: who is told instead."""
    if ticket.customer.account_manager_email:
        return ""
    return _(
        "The company's data names no account manager's e-mail: only %(mailbox)s is told. The address can be added "
        "under “Company”.",
        mailbox=RULES.contacts.operations_mailbox,
    )


def handed_over(session: Session, ticket: Ticket, former: int | None, *, reason: str, how: str, now: datetime) -> None:
    """The former dealer, the next one, and staff when nobody was eligible."""
    announce(session, ticket, "handed_over", now=now)
    if how != "resignation":

        def values() -> dict[str, Any]:
            return {"lost": True, "news": _("Reason: %(reason)s", reason=reason)}

        mail(session, ticket, "taken_away", people_of(session, former), values, now=now)
    if ticket.dealer_id is None:
        in_pool(session, ticket, now=now)
    else:
        offered(session, ticket, now=now)


def in_pool(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Nobody was eligible: staff are told."""
    mail(session, ticket, "to_pool", operations(session), lambda: {"news": ""}, now=now)


def offered(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """A dealer has a new ticket, and until when it may be taken."""
    people = people_of(session, ticket.dealer_id)
    mail(session, ticket, "offered", people, lambda: {"new": True, "news": ""}, now=now)


def subticket_handed_over(session: Session, subticket: Subticket, *, now: datetime) -> None:
    """The next dealer of a shop; staff when nobody was eligible."""
    ticket, point, dealer = subticket.ticket, subticket.point, subticket.dealer_id
    people = people_of(session, dealer) or operations(session)
    said = {"point": point.name, "yours": dealer is not None}
    mail(session, ticket, "subticket_offered", people, lambda: said, now=now)


def invoice_missing(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """The dealer reads once in a tenure that only the final invoice is missing, and which sum it has to show."""
    tenure = present_assignment(session, ticket)
    if _was_told(session, ticket, "invoice_missing", tenure.assigned_at if tenure else ticket.created_at):
        return
    found = settlement(session, ticket)

    def values() -> dict[str, Any]:
        return {"missing": sentence(Blocker(GUARD, found.params()[GUARD]))}

    mail(session, ticket, "invoice_missing", people_of(session, ticket.dealer_id), values, now=now)


def _was_told(session: Session, ticket: Ticket, event: str, since: datetime) -> bool:
    """Over whatever channel: what is told on the page alone leaves no message."""
    message = select(Message.id).where(
        Message.ticket_id == ticket.id, Message.event == event, Message.created_at >= since
    )
    shown = select(Notification.id).where(
        Notification.ticket_id == ticket.id, Notification.event == event, Notification.at >= since
    )
    return any(session.scalars(told.limit(1)).first() is not None for told in (message, shown))


def scan_rejected(session: Session, ticket: Ticket, file: File, *, now: datetime) -> None:
    """The dealer reads why the backoffice refused a paper; staff do if the ticket isn't that dealer's any more."""
    own = file.dealer_id == ticket.dealer_id

    def values() -> dict[str, Any]:
        return {"kind": kind_label(file.kind), "file": file.name, "reason": file.rejection, "own": own}

    people = people_of(session, file.dealer_id) if own else operations(session)
    mail(session, ticket, "scan_rejected", people, values, now=now)


def delivery_stuck(session: Session, ticket: Ticket, package: str, error: str, *, now: datetime) -> None:
    """Staff must look: every attempt has failed."""
    said = {"package": package, "error": plain(error)}
    mail(session, ticket, "delivery_stuck", operations(session), lambda: said, now=now)
