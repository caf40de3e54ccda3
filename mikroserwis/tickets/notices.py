"""Who is told of what: mails are rendered into the outbox, the CRM gets an event. Rows first; sending comes later."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import outbox
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker
from mikroserwis.i18n import gettext as _
from mikroserwis.models import File, Message, Subticket, Ticket
from mikroserwis.plaintext import plain
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.clock import present_assignment
from mikroserwis.tickets.mailing import account_manager, facts, mail, operations, people_of
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
        mail(session, ticket, "closed", account_manager(ticket), _closed, now=now)


def suspended(session: Session, ticket: Ticket, quote: File | None, note: str, *, actor: Actor, now: datetime) -> None:
    """With a quote: it goes to the operations mailbox under the manual's subject; the account manager is told.

    Where the company's data names no account manager, the operations mailbox hears of it in any case.
    """
    announce(session, ticket, "suspended", now=now)

    def text() -> str:
        said = _(
            "Ticket %(ticket)s has been suspended by %(who)s.\n\nNote: %(note)s\n\n%(facts)s",
            ticket=ticket.number,
            who=actor.label,
            note=note.strip(),
            facts=facts(session, ticket),
        )
        alone = untold(ticket)
        return f"{said}\n\n{alone}" if alone else said

    if quote is not None:
        mail(session, ticket, "quote", operations(), lambda: (_("Quote"), text()), now=now, files=[quote.id])

    def told() -> tuple[str, str]:
        return _("Ticket %(ticket)s is suspended", ticket=ticket.number), text()

    people = account_manager(ticket) or ([] if quote is not None else operations())
    mail(session, ticket, "suspended", people, told, now=now)


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
        mail(
            session,
            ticket,
            "taken_away",
            people_of(session, former),
            lambda: _taken_away(ticket, reason),
            now=now,
        )
    if ticket.dealer_id is None:
        in_pool(session, ticket, now=now)
    else:
        offered(session, ticket, now=now)


def in_pool(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Nobody was eligible: staff are told."""
    mail(session, ticket, "to_pool", operations(), lambda: _to_pool(session, ticket), now=now)


def offered(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """A dealer has a new ticket, and until when it may be taken."""
    people = people_of(session, ticket.dealer_id)
    mail(session, ticket, "offered", people, lambda: _offered(session, ticket), now=now)


def subticket_handed_over(session: Session, subticket: Subticket, *, now: datetime) -> None:
    """The next dealer of a shop; staff when nobody was eligible."""
    ticket, point = subticket.ticket, subticket.point

    def body() -> tuple[str, str]:
        subject = _("Sub-ticket of ticket %(ticket)s: %(point)s", ticket=ticket.number, point=point.name)
        if subticket.dealer_id is None:
            return subject, _("No dealer is eligible; any certified dealer may take it.") + "\n\n" + facts(
                session, ticket
            )
        return subject, _("This retail point is yours now.") + "\n\n" + facts(session, ticket)

    people = people_of(session, subticket.dealer_id) or operations()
    mail(session, ticket, "subticket_offered", people, body, now=now)


def invoice_missing(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """The dealer reads once in a tenure that only the final invoice is missing, and which sum it has to show."""
    tenure = present_assignment(session, ticket)
    told = select(Message.id).where(
        Message.ticket_id == ticket.id,
        Message.event == "invoice_missing",
        Message.created_at >= (tenure.assigned_at if tenure else ticket.created_at),
    )
    if session.scalars(told.limit(1)).first() is not None:
        return
    found = settlement(session, ticket)

    def body() -> tuple[str, str]:
        subject = _("Ticket %(ticket)s: the final invoice is missing", ticket=ticket.number)
        why = sentence(Blocker(GUARD, found.params()[GUARD]))
        said = _("Every retail point is done. The ticket closes as soon as the final invoice is added.")
        return subject, f"{said}\n\n{why}\n\n{facts(session, ticket)}"

    mail(session, ticket, "invoice_missing", people_of(session, ticket.dealer_id), body, now=now)


def scan_rejected(session: Session, ticket: Ticket, file: File, *, now: datetime) -> None:
    """The dealer reads why the backoffice refused a paper; staff do if the ticket isn't that dealer's any more."""
    own = file.dealer_id == ticket.dealer_id

    def body() -> tuple[str, str]:
        said = {"name": file.name, "reason": file.rejection or "", "facts": facts(session, ticket)}
        subject = _("Ticket %(ticket)s: %(kind)s was rejected", ticket=ticket.number, kind=kind_label(file.kind))
        if own:
            return subject, _(
                "The backoffice rejected “%(name)s”. Reason: %(reason)s\n\nPlease upload a new scan.\n\n%(facts)s",
                **said,
            )
        return subject, _(
            "The backoffice rejected “%(name)s”. Reason: %(reason)s\n\n"
            "It is a paper of a dealer who no longer has the ticket: no dealer was told.\n\n%(facts)s",
            **said,
        )

    people = people_of(session, file.dealer_id) if own else operations()
    mail(session, ticket, "scan_rejected", people, body, now=now)


def delivery_stuck(session: Session, ticket: Ticket, package: str, error: str, *, now: datetime) -> None:
    """Staff must look: every attempt has failed."""

    def body() -> tuple[str, str]:
        return _("Delivery %(package)s is stuck", package=package), _(
            "The backoffice could not be reached or refused: %(error)s\n\n%(facts)s",
            error=plain(error),
            facts=facts(session, ticket),
        )

    mail(session, ticket, "delivery_stuck", operations(), body, now=now)


def _offered(session: Session, ticket: Ticket) -> tuple[str, str]:
    return _("New ticket %(ticket)s: %(company)s", ticket=ticket.number, company=ticket.customer.name), _(
        "You have a new installation ticket.\n\n%(facts)s", facts=facts(session, ticket)
    )


def _taken_away(ticket: Ticket, reason: str) -> tuple[str, str]:
    return _("Ticket %(ticket)s is no longer yours", ticket=ticket.number), _(
        "The ticket has been given to another dealer. Reason: %(reason)s", reason=reason
    )


def _to_pool(session: Session, ticket: Ticket) -> tuple[str, str]:
    return _("Ticket %(ticket)s lies in the open pool", ticket=ticket.number), _(
        "No dealer is eligible. Any certified dealer may take it.\n\n%(facts)s", facts=facts(session, ticket)
    )


def _closed() -> tuple[str, str]:
    return _("Installation finished"), _("Every shop of the ticket talks to M/platform; the ticket has closed.")
