"""Who is told of a later day: staff that one is asked for, the dealer what was decided."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import say_date
from mikroserwis.models import DeadlineExtension, Ticket
from mikroserwis.tickets.mailing import mail, operations, people_of


def asked(session: Session, ticket: Ticket, request: DeadlineExtension, *, now: datetime) -> None:
    """Staff, who decide."""

    def values() -> dict[str, Any]:
        return {"who": request.asked_by, "day": say_date(request.until), "reason": request.reason}

    mail(session, ticket, "extension_asked", operations(session), values, now=now)


def granted(session: Session, ticket: Ticket, extension: DeadlineExtension, *, now: datetime) -> None:
    """The dealer, of its new deadline."""

    def values() -> dict[str, Any]:
        said = []
        if extension.granted_until != extension.until:
            said.append(_("You asked for %(day)s.", day=say_date(extension.until)))
        if extension.answer:
            said.append(_("Remark: %(answer)s", answer=extension.answer))
        return {"answered": True, "day": say_date(extension.granted_until), "news": "\n\n".join(said)}

    mail(session, ticket, "extension_granted", people_of(session, ticket.dealer_id), values, now=now)


def refused(session: Session, ticket: Ticket, request: DeadlineExtension, *, now: datetime) -> None:
    """The dealer, with the answer; the deadline stays as it was."""

    def values() -> dict[str, Any]:
        return {"day": say_date(request.until), "answer": request.answer}

    mail(session, ticket, "extension_refused", people_of(session, ticket.dealer_id), values, now=now)
