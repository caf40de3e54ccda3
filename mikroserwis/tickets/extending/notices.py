"""Who is told of a later day: staff that one is asked for, the dealer what was decided."""

from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import say_date
from mikroserwis.models import DeadlineExtension, Ticket
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.mailing import facts, mail, operations, people_of


def asked(session: Session, ticket: Ticket, request: DeadlineExtension, *, now: datetime) -> None:
    """Staff, who decide."""

    def body() -> tuple[str, str]:
        subject = _(
            "Ticket %(ticket)s: more time is asked for, until %(day)s",
            ticket=ticket.number,
            day=say_date(request.until),
        )
        said = _(
            "%(who)s asks for more time.\n\nDeadline now: the end of %(due)s\nAsked for: the end of %(day)s\n"
            "Reason: %(reason)s\n\nPlease grant or refuse it on the ticket's page, under “Deadlines”.\n\n%(facts)s",
            who=request.asked_by,
            due=say_date(last_day(ticket.due_at) if ticket.due_at else None),
            day=say_date(request.until),
            reason=request.reason,
            facts=facts(session, ticket),
        )
        return subject, said

    mail(session, ticket, "extension_asked", operations(), body, now=now)


def granted(session: Session, ticket: Ticket, extension: DeadlineExtension, *, now: datetime) -> None:
    """The dealer, of its new deadline."""

    def body() -> tuple[str, str]:
        day = say_date(extension.granted_until)
        subject = _("Ticket %(ticket)s: you have time until %(day)s", ticket=ticket.number, day=day)
        said = [_("The back office has moved this ticket's deadline to the end of %(day)s.", day=day)]
        if extension.granted_until != extension.until:
            said.append(_("You asked for %(day)s.", day=say_date(extension.until)))
        if extension.answer:
            said.append(_("Remark: %(answer)s", answer=extension.answer))
        return subject, "\n\n".join([*said, facts(session, ticket)])

    mail(session, ticket, "extension_granted", people_of(session, ticket.dealer_id), body, now=now)


def refused(session: Session, ticket: Ticket, request: DeadlineExtension, *, now: datetime) -> None:
    """The dealer, with the answer; the deadline stays as it was."""

    def body() -> tuple[str, str]:
        subject = _("Ticket %(ticket)s: the deadline stays as it is", ticket=ticket.number)
        said = _(
            "The back office has refused more time until %(day)s.\n\nAnswer: %(answer)s\n\n%(facts)s",
            day=say_date(request.until),
            answer=request.answer,
            facts=facts(session, ticket),
        )
        return subject, said

    mail(session, ticket, "extension_refused", people_of(session, ticket.dealer_id), body, now=now)
