"""Quotes issued, accepted, declined; the ticket's row is locked, so that numbers and states follow one another."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import Conflict, Refused
from mikroserwis.models import File, Quote, Ticket
from mikroserwis.pricing import offered, today
from mikroserwis.tickets.facts import AT_WORK, decide
from mikroserwis.tickets.quoting import queries
from mikroserwis.tickets.quoting.forms import QuoteIn, words
from mikroserwis.tickets.quoting.lines import price
from mikroserwis.tickets.quoting.papers import form_now, parties, usual_remark
from mikroserwis.tickets.quoting.sums import sums
from workflows import QUOTE, QuoteFacts, QuoteState


def issue(session: Session, ticket: Ticket, wanted: QuoteIn, *, actor: Actor, now: datetime) -> Quote:
    """A new version, at the list's prices of today; it takes the place of the dealer's former ones.

    Raises Refused, Conflict if somebody issued one meanwhile, Invalid for items that aren't sold and for prices that
    are others than the ones seen.
    """
    blockers = queries.blockers(ticket)
    if blockers:
        raise Refused("quote", blockers)
    day = today(now)
    newest = queries.newest_number(session, ticket)
    if wanted.based_on is not None and wanted.based_on != newest:
        raise Conflict("quote_issued_meanwhile", label=queries.label(ticket.number, newest))
    lines = price(wanted.lines, offered(session, ticket.type, day))
    former = _supersede(session, ticket, actor=actor, now=now)
    total = sums((one.vat_rate, one.net) for one in lines)
    quote = Quote(
        ticket_id=ticket.id,
        dealer_id=ticket.dealer_id,
        number=newest + 1,
        state=QuoteState.ISSUED.value,
        made_on=day,
        valid_until=wanted.valid_until,
        currency="PLN",
        net=total.net,
        vat=total.vat,
        gross=total.gross,
        remark=usual_remark(session, ticket, day) if wanted.remark is None else wanted.remark,
        parties=parties(ticket, day),
        form=form_now(session),
        created_at=now,
        created_by=actor.label,
        lines=lines,
    )
    session.add(quote)
    session.flush()
    _record(session, "quote_issue", ticket, quote, actor=actor, now=now, gross=str(quote.gross), former=former)
    return quote


def accept(session: Session, ticket: Ticket, quote: Quote, *, on: date, note: str, actor: Actor, now: datetime) -> None:
    """issued → accepted: the retailer said yes on this day. Raises Refused."""
    _decide(session, ticket, quote, "accept", on=on, note=note, actor=actor, now=now)


def decline(
    session: Session, ticket: Ticket, quote: Quote, *, on: date, note: str, actor: Actor, now: datetime
) -> None:
    """issued → declined, with the reason. Raises Refused."""
    _decide(session, ticket, quote, "decline", on=on, note=note, actor=actor, now=now)


def accept_with_contract(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    """The signed contract refers to the quote on file: one that is still valid is accepted with it."""
    quote = queries.present(session, ticket)
    day = today(now)
    if quote is None or not on_file(session, quote) or QUOTE.blockers("accept", facts(ticket, quote, day, day)):
        return
    accept(session, ticket, quote, on=day, note="", actor=actor, now=now)


def on_file(session: Session, quote: Quote) -> bool:
    """Whether this version lies among the ticket's current files and the backoffice hasn't rejected it."""
    if quote.file_id is None:
        return False
    file = session.get_one(File, quote.file_id)
    return file.replaced_at is None and file.rejected_at is None


def facts(ticket: Ticket, quote: Quote, on: date, today: date, note: str = "") -> QuoteFacts:
    """What the guards look at, for a decision of this day."""
    return QuoteFacts(
        state=QuoteState(quote.state),
        made_on=quote.made_on,
        valid_until=quote.valid_until,
        decided_on=on,
        today=today,
        ticket_is_taken=ticket.state in AT_WORK or ticket.state == "closed",
        ticket_is_open=ticket.state != "closed",
        has_note=bool(note),
    )


def _supersede(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> list[str]:
    """The dealer's former version gives way, and its paper no longer counts among the files."""
    former = queries.present(session, ticket)
    if former is None:
        return []
    day = today(now)
    former.state = decide(QUOTE, "supersede", facts(ticket, former, day, day)).value
    if former.file_id is not None:
        file = session.get_one(File, former.file_id)
        file.replaced_at = file.replaced_at or now
    session.flush()
    _record(session, "quote_supersede", ticket, former, actor=actor, now=now)
    return [queries.label(ticket.number, former.number)]


def _decide(
    session: Session, ticket: Ticket, quote: Quote, trigger: str, *, on: date, note: str, actor: Actor, now: datetime
) -> None:
    said = words(note)
    day = today(now)
    params = {code: {"made_on": quote.made_on, "valid_until": quote.valid_until} for code in _DAYS}
    quote.state = decide(QUOTE, trigger, facts(ticket, quote, on, day, said), params).value
    quote.decided_at, quote.decided_by, quote.decided_on, quote.decision_note = now, actor.label, on, said
    session.flush()
    _record(session, f"quote_{trigger}", ticket, quote, actor=actor, now=now, on=on.isoformat(), note=said)


_DAYS = ("decision_is_not_before_the_quote", "quote_was_valid_that_day")


def _record(
    session: Session, verb: str, ticket: Ticket, quote: Quote, *, actor: Actor, now: datetime, **data: Any
) -> None:
    label = queries.label(ticket.number, quote.number)
    about = quote.dealer_id
    history.record(session, verb, actor=actor, now=now, ticket=ticket, about_dealer=about, label=label, **data)
