"""Papers from records: what they are filled from, and the form on which they are made."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from exports import forms, papers
from exports.archives import entry, midnight
from exports.papers import PaperData, Party, PointLine, QuoteData
from mikroserwis.db import pause
from mikroserwis.errors import Blocker, Refused
from mikroserwis.models import Customer, Dealer, PaperForm, RetailPoint, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.storage import Store
from mikroserwis.tax_ids import number_name

# Papers that staff may give another form, in the order in which a ticket needs them.
PAPERS = ("quote", "contract", "power_of_attorney")
_SHIPPED: dict[tuple[str, str], Callable[[Any], bytes]] = {
    ("contract", "docx"): papers.contract_docx,
    ("contract", "pdf"): papers.contract_pdf,
    ("power_of_attorney", "docx"): papers.power_of_attorney_docx,
    ("power_of_attorney", "pdf"): papers.power_of_attorney_pdf,
    ("quote", "docx"): papers.quote_docx,
    ("quote", "pdf"): papers.quote_pdf,
}


def form_in_force(session: Session, paper: str) -> PaperForm | None:
    """The form that staff have put in force for this paper; None: the shipped one is."""
    return session.scalars(select(PaperForm).where(PaperForm.paper == paper, PaperForm.in_force)).one_or_none()


def printed(session: Session, store: Store, paper: str, data: PaperData | QuoteData, ending: str) -> bytes:
    """One of PAPERS as `docx` or `pdf`, on the form in force.

    Raises Refused, naming paper, form and place, where that form can't be filled with these data.
    """
    return on_form(store, form_in_force(session, paper), paper, data, ending)


def on_form(store: Store, form: PaperForm | None, paper: str, data: PaperData | QuoteData, ending: str) -> bytes:
    """The same on a certain form; None is the shipped one."""
    if form is None:
        return _SHIPPED[paper, ending](data)
    try:
        made = forms.render(paper, data, content(store, form))
    except forms.UnusableForm as error:
        params = {"paper": paper, "number": form.number, "problems": error.problems}
        raise Refused("documents", [Blocker("paper_form_fails", params)]) from error
    return made.docx if ending == "docx" else made.pdf


def content(store: Store, form: PaperForm) -> bytes:
    """The form itself, as it was uploaded."""
    pause(object_session(form))
    with store.open(form.sha256) as file:
        return file.read()


def together(contents: dict[str, bytes], made_on: date) -> bytes:
    """A ZIP of these files by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in contents.items():
            archive.writestr(entry(name, midnight(made_on)), content)
    return out.getvalue()


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
        own = {name: getattr(of, name) for name in ("regon", "iban", "representative")}
        return Party(**common, **own, tax_id_name=number_name(of.country))
    return Party(**common)


def address(of: Customer | RetailPoint) -> str:
    """On one line."""
    return ", ".join(part for part in (of.street, f"{of.postal_code} {of.city}".strip()) if part)
