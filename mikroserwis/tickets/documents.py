"""The ticket's papers, made on demand from the newest data, each on the form that is in force."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from flask import Response, send_file

from exports.papers import PaperData
from mikroserwis import edge
from mikroserwis.errors import NotFound, Refused
from mikroserwis.models import Quote, Ticket
from mikroserwis.printing import paper_data as paper_data
from mikroserwis.printing import party as party
from mikroserwis.printing import printed, together
from mikroserwis.scans import DOCX, PDF
from mikroserwis.tickets.queries import papers_blockers
from mikroserwis.tickets.quoting.papers import FORMATS
from mikroserwis.tickets.quoting.papers import printed as printed_quote
from mikroserwis.tickets.quoting.queries import present

ZIP = "application/zip"
ALL = "papers.zip"
_PAPERS = {"contract": ("contract", "umowa"), "power-of-attorney": ("power_of_attorney", "pelnomocnictwo")}
_TYPES = {"docx": DOCX, "pdf": PDF}
NAMES = (*(f"{name}.{ending}" for name in _PAPERS for ending in _TYPES), ALL)


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
    """One of NAMES. Raises NotFound for another, Refused with what is still missing or where a form can't be filled."""
    if name not in NAMES:
        raise NotFound(record="document", id=name)
    blockers = papers_blockers(ticket)
    if blockers:
        raise Refused("documents", blockers)
    data = paper_data(ticket, today)
    if name == ALL:
        return Made(_all(ticket, data), ZIP, f"{ticket.number}-dokumenty.zip")
    paper, _, ending = name.partition(".")
    return Made(_one(paper, data, ending), _TYPES[ending], f"{ticket.number}-{_PAPERS[paper][1]}.{ending}")


def quote_paper(ticket: Ticket, quote: Quote, ending: str) -> Made:
    """The quote as it was issued, as docx, pdf or xlsx. Raises Refused where its form can't be filled."""
    content = printed_quote(edge.session(), edge.parts().store, ticket, quote, ending)
    return Made(content, FORMATS[ending], f"{ticket.number}-wycena-{quote.number}.{ending}")


def _all(ticket: Ticket, data: PaperData) -> bytes:
    """Each paper in both formats, or none; with the quote that counts, if there is one."""
    contents = {
        f"{ticket.number}-{saved}.{ending}": _one(name, data, ending)
        for name, (_paper, saved) in _PAPERS.items()
        for ending in _TYPES
    }
    quote = present(edge.session(), ticket)
    if quote is not None and quote.state != "declined":
        contents |= {made.name: made.content for made in (quote_paper(ticket, quote, ending) for ending in _TYPES)}
    return together(contents, data.made_on)


def _one(name: str, data: PaperData, ending: str) -> bytes:
    return printed(edge.session(), edge.parts().store, _PAPERS[name][0], data, ending)
