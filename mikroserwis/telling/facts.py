"""What every message about a ticket may say of it."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import say_date
from mikroserwis.models import Ticket
from mikroserwis.rulebook import RULES, last_day, type_label


def of_ticket(session: Session, ticket: Ticket) -> dict[str, Any]:
    """The variables that all of a ticket's messages share; its customer is loaded."""
    base_url = session.info.get("base_url")
    link = f"{base_url}/tickets/{ticket.number}" if base_url else ""
    company = ticket.customer
    due = last_day(ticket.due_at) if ticket.due_at else None
    lines = _lines(ticket.number, ticket.type, (company.name, company.tax_id, company.city), due)
    return {
        "ticket": ticket.number,
        "company": company.name,
        "city": company.city,
        "due": say_date(due),
        "link": link,
        "facts": "\n".join([*lines, link] if link else lines),
        "hotline": RULES.contacts.hotline,
    }


def sample() -> str:
    """The same of a ticket that there isn't."""
    lines = _lines(115, next(iter(RULES.ticket_types)), ("PPHU SAM", "7974569439", "Sieciechów"), date(2026, 12, 4))
    return "\n".join([*lines, "https://mikroserwis.example/tickets/115"])


def _lines(number: int, kind: str, company: tuple[str, str, str], due: date | None) -> list[str]:
    name, tax_id, city = company
    lines = [
        _("Ticket: %(number)s (%(type)s)", number=number, type=type_label(kind)),
        _("Company: %(name)s, NIP %(tax_id)s, %(city)s", name=name, tax_id=tax_id, city=city),
    ]
    return [*lines, _("To be done by the end of %(day)s", day=say_date(due))] if due else lines
