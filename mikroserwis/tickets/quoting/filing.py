"""Whether a file that is to be filed as a quote is our form of the version that counts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from exports.marks import Mark
from exports.quotes import Difference, check_quote_docx, check_quote_xlsx, read_quote_mark
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.models import File, Quote, Ticket
from mikroserwis.scans import XLSX
from mikroserwis.storage import Store
from mikroserwis.tickets.quoting import queries
from mikroserwis.tickets.quoting.papers import printed, quote_data

MOST_TOLD = 5


def mark_of(content: bytes) -> Mark | None:
    """The mark of our form in a DOCX or XLSX, which has no pages: as of a paper of one page."""
    found = read_quote_mark(content)
    return Mark(found.ticket, found.paper, found.version, 1, 1) if found else None


def refuse_changed(
    session: Session, store: Store, ticket: Ticket, *, name: str, content: bytes, content_type: str
) -> None:
    """A DOCX or XLSX must say what was issued. Raises Invalid naming each place with ours and theirs."""
    mark = mark_of(content)
    quote = _version(session, ticket, mark.version) if mark and mark.ticket == ticket.number else None
    if quote is None:
        return
    data = quote_data(ticket, quote)
    if content_type == XLSX:
        differences = check_quote_xlsx(content, data)
    else:
        differences = check_quote_docx(content, data, printed(session, store, ticket, quote, "docx"))
    label = queries.label(ticket.number, quote.number)
    told = [
        FieldError("file", f"quote_{one.code}", {"name": name, "label": label, **_particulars(one)})
        for one in differences[:MOST_TOLD]
    ]
    if len(differences) > MOST_TOLD:
        told.append(FieldError("file", "quote_more_changes", {"n": len(differences) - MOST_TOLD}))
    if told:
        raise Invalid(told)


def check(session: Session, ticket: Ticket, name: str, marks: Sequence[Mark]) -> None:
    """Raises Invalid unless the marks are of the version that counts."""
    if not marks:
        raise Invalid([FieldError("file", "not_our_quote", {"name": name, "ticket": ticket.number})])
    version = marks[0].version
    label = queries.label(ticket.number, version)
    quote = _version(session, ticket, version)
    if quote is None:
        raise Invalid([FieldError("file", "no_such_quote", {"name": name, "label": label})])
    present = queries.present(session, ticket)
    if quote.state == "superseded" and present is not None:
        current = queries.label(ticket.number, present.number)
        raise Invalid([FieldError("file", "superseded_quote", {"name": name, "label": label, "current": current})])


def keep(session: Session, ticket: Ticket, file: File, marks: Sequence[Mark | None]) -> None:
    """The version that the marks name knows its file."""
    version = next(mark.version for mark in marks if mark is not None)
    quote = _version(session, ticket, version)
    if quote is not None:
        quote.file_id = file.id


def _version(session: Session, ticket: Ticket, number: int) -> Quote | None:
    """Of the dealer who has the ticket."""
    of = (Quote.ticket_id == ticket.id, Quote.dealer_id == ticket.dealer_id, Quote.number == number)
    return session.scalars(select(Quote).where(*of).options(selectinload(Quote.lines))).one_or_none()


def _particulars(of: Difference) -> dict[str, str]:
    """What the sentence needs; a line's own name must not take the file's place."""
    return {"of" if key == "name" else key: str(value) for key, value in of.params.items()}
