"""Which version a paper on file was printed from, and whether the company's data has changed since."""

import json

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis.models import Event, File, Ticket
from mikroserwis.tickets.facts import Papers, company_is_confirmed

# What is filled from the company's data.
OF_THE_COMPANY = frozenset({"contract", "power_of_attorney"})


def printed_version(file: File) -> int | None:
    """Which version our code on its pages names: a quote's number, else that of the company's data; None without."""
    marks = [one for one in json.loads(file.marks or "[]") if one]
    return marks[0][3] if marks else None


def outdated(session: Session, ticket: Ticket, held: Papers) -> list[File]:
    """Valid papers from before the company's data was changed and confirmed anew.

    Whether what changed makes a signed paper void is for people to say, so they still count; whoever sends or reads
    them is told.
    """
    version = ticket.confirmed_version
    if version is None or not company_is_confirmed(ticket):
        return []
    query = select(func.max(Event.at)).where(Event.customer_id == ticket.customer_id, Event.verb == "company")
    changed_at = session.scalar(query)

    def is_old(file: File) -> bool:
        printed = printed_version(file)
        if printed is None:
            return changed_at is not None and file.uploaded_at < changed_at
        return printed < version

    return [file for file in held.valid if file.kind in OF_THE_COMPANY and is_old(file)]
