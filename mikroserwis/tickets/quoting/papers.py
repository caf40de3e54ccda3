"""What a quote is printed from: parties and points as they were when it was issued, the same for ever."""

import json
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.papers import Party, PointLine, QuoteData, quote_xlsx
from exports.papers import QuoteLine as PrintedLine
from mikroserwis import telling
from mikroserwis.i18n import say_date, speaking
from mikroserwis.models import PaperForm, Quote, Subticket, Ticket
from mikroserwis.printing import form_in_force, on_form, paper_data
from mikroserwis.scans import DOCX, PDF, XLSX
from mikroserwis.storage import Store
from mikroserwis.telling.facts import of_ticket
from mikroserwis.tickets.quoting.forms import LENGTHS, VALID_DAYS
from mikroserwis.tickets.quoting.sums import sums

FORMATS = {"docx": DOCX, "pdf": PDF, "xlsx": XLSX}
PAPER = "quote"
_PAPERS_SPEAK = "pl"


def parties(ticket: Ticket, today: date) -> str:
    """The JSON that a quote keeps: who makes it, for whom, for which shops."""
    data = paper_data(ticket, today)
    shops = {one.point_id for one in quoted(ticket)}
    kept = {
        "type_label": data.ticket_type_label,
        "company": asdict(data.company),
        "dealer": asdict(data.dealer),
        "points": [asdict(one) for one in data.points if one.point_id in shops],
        "place": data.place,
    }
    return json.dumps(kept, ensure_ascii=False)


def quoted(ticket: Ticket) -> list[Subticket]:
    """The shops that are quoted: open ones, and what this ticket's dealer has installed already."""
    return [
        one
        for one in ticket.subtickets
        if one.state != "closed" or (one.outcome == "done" and one.dealer_id == ticket.dealer_id)
    ]


def counts(ticket: Ticket) -> dict[str, int]:
    """Stations of the quoted shops: buy, exchange, all."""
    shops = quoted(ticket)
    buy, exchange = sum(one.stations_buy for one in shops), sum(one.stations_exchange for one in shops)
    return {"buy": buy, "exchange": exchange, "all": buy + exchange}


def quote_data(ticket: Ticket, quote: Quote) -> QuoteData:
    """The version as it was issued; its lines must be loaded. Raises ValueError if its sums are not right."""
    kept = json.loads(quote.parties)
    lines = tuple(
        PrintedLine(
            position=one.position,
            name=one.name,
            unit=one.unit,
            quantity=one.quantity,
            unit_net=one.unit_net,
            net=one.net,
            vat_rate=one.vat_rate,
            list_net=one.list_net,
            offer=one.offer,
        )
        for one in quote.lines
    )
    return QuoteData(
        ticket=ticket.number,
        number=quote.number,
        ticket_type_label=kept["type_label"],
        made_on=quote.made_on,
        valid_until=quote.valid_until,
        company=Party(**kept["company"]),
        dealer=Party(**kept["dealer"]),
        points=tuple(PointLine(**one) for one in kept["points"]),
        lines=lines,
        vat_totals=sums((one.vat_rate, one.net) for one in lines).vat_totals,
        net=quote.net,
        vat=quote.vat,
        gross=quote.gross,
        place=kept["place"],
        remark=quote.remark,
    )


def usual_remark(session: Session, ticket: Ticket, today: date) -> str:
    """The office's text that a new quote begins with; none as it is shipped. What has been issued keeps its own."""
    with speaking(_PAPERS_SPEAK):
        values = {
            **of_ticket(session, ticket),
            "dealer": ticket.dealer.name if ticket.dealer else "",
            "valid_until": say_date(today + timedelta(days=VALID_DAYS)),
        }
        return telling.render(session, "quote_remark", telling.PDF, values).body[: LENGTHS["remark"]]


def printed(session: Session, store: Store, ticket: Ticket, quote: Quote, ending: str) -> bytes:
    """On the form that was in force when it was issued; `ending` is one of FORMATS. Raises Refused."""
    data = quote_data(ticket, quote)
    return quote_xlsx(data) if ending == "xlsx" else on_form(store, _form(session, quote), PAPER, data, ending)


def _form(session: Session, quote: Quote) -> PaperForm | None:
    if quote.form is None:
        return None
    of = (PaperForm.paper == PAPER, PaperForm.number == quote.form)
    return session.scalars(select(PaperForm).where(*of)).one()


def form_now(session: Session) -> int | None:
    """The number of the form that is in force, none for the shipped one."""
    form = form_in_force(session, PAPER)
    return form.number if form else None
