"""The ticket's papers, made on demand from the newest data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from flask import Response, send_file

from exports import papers
from exports.papers import PaperData, Party, PointLine
from mikroserwis.errors import NotFound, Refused
from mikroserwis.models import Customer, Dealer, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.scans import DOCX, PDF
from mikroserwis.tickets.queries import papers_blockers
from mikroserwis.tickets.wording import address

ZIP = "application/zip"
_MAKERS: dict[str, tuple[Callable[[PaperData], bytes], str, str]] = {
    "contract.docx": (papers.contract_docx, "umowa.docx", DOCX),
    "contract.pdf": (papers.contract_pdf, "umowa.pdf", PDF),
    "power-of-attorney.docx": (papers.power_of_attorney_docx, "pelnomocnictwo.docx", DOCX),
    "power-of-attorney.pdf": (papers.power_of_attorney_pdf, "pelnomocnictwo.pdf", PDF),
    "papers.zip": (papers.papers_zip, "dokumenty.zip", ZIP),
}
NAMES = tuple(_MAKERS)


@dataclass(frozen=True)
class Made:
    """A finished paper and the name to save it under."""

    content: bytes
    content_type: str
    name: str

    def answer(self) -> Response:
        """As a download."""
        return send_file(
            BytesIO(self.content), mimetype=self.content_type, as_attachment=True, download_name=self.name, max_age=0
        )


def make(ticket: Ticket, name: str, today: date) -> Made:
    """One of NAMES. Raises NotFound for another, Refused with what is still missing."""
    if name not in _MAKERS:
        raise NotFound(record="document", id=name)
    blockers = papers_blockers(ticket)
    if blockers:
        raise Refused("documents", blockers)
    maker, ending, content_type = _MAKERS[name]
    return Made(maker(paper_data(ticket, today)), content_type, f"{ticket.number}-{ending}")


def paper_data(ticket: Ticket, today: date) -> PaperData:
    """What the papers are filled from; their version is that of the confirmed company data."""
    type_ = RULES.ticket_types[ticket.type]
    return PaperData(
        ticket=ticket.number,
        ticket_type_label=type_.label["pl"],
        version=ticket.confirmed_version or ticket.customer.version,
        made_on=today,
        company=party(ticket.customer),
        dealer=party(ticket.dealer) if ticket.dealer else Party(name=""),
        points=tuple(
            PointLine(one.point_id, one.point.name, address(one.point), one.stations_buy, one.stations_exchange)
            for one in ticket.subtickets
            if one.outcome != "withdrawn"
        ),
        place=ticket.customer.city,
        completion_days=type_.sla.completion,
        by_quote=type_.quote,
    )


def party(of: Customer | Dealer) -> Party:
    """A company as it signs; a dealer's records hold neither REGON, account nor representative."""
    common = {name: getattr(of, name) for name in ("name", "tax_id", "street", "postal_code", "city", "phone", "email")}
    if isinstance(of, Customer):
        return Party(**common, regon=of.regon, iban=of.iban, representative=of.representative)
    return Party(**common)
