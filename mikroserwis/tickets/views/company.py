"""The company's form: saved, saved and confirmed, or sent back with what is wrong and everything that was typed."""

from typing import Any

import flask
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mikroserwis import access, edge
from mikroserwis.companies import COMPANY_LENGTHS
from mikroserwis.errors import Answer, Refused
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Ticket
from mikroserwis.tax_ids import number_name
from mikroserwis.tickets.facts import AT_WORK, COMPANY_FIELDS, company_is_confirmed
from mikroserwis.tickets.operations.company import confirm_company, save_company
from mikroserwis.tickets.presenting.acts import head
from mikroserwis.tickets.presenting.conflicts import conflict, version_now
from mikroserwis.tickets.presenting.ticket_page import changed_at, confirmed_at
from mikroserwis.tickets.views.base import back, blueprint, field_errors, form_version, page, typed


@blueprint.get("/tickets/<int:number>/company")
def company(number: int) -> ResponseReturnValue:
    """The form; read only for whoever may not edit it."""
    ticket = access.ticket(edge.session(), edge.actor(), number, "company.see")
    return render_template("tickets/company.html", **_form(edge.session(), ticket))


@blueprint.post("/tickets/<int:number>/company")
def edit_company(number: int) -> ResponseReturnValue:
    """Save, and with the second button also vouch for the data: then contract and power of attorney may be made."""
    edge.stay(lambda answer, error: _again(number, answer, error))
    session, actor, now = edge.session(), edge.actor(), edge.now()
    ticket = access.ticket(session, actor, number, "company.edit")
    save_company(session, ticket, typed(COMPANY_LENGTHS), version=form_version(), actor=actor, now=now)
    if request.form.get("then") != "confirm":
        return back(number, _("The company's data is saved."), "company")
    confirm_company(session, ticket, actor=actor, now=now)
    if ticket.state == "contract":
        return back(number, _("The company's data is confirmed, and the ticket is a contract now."))
    return back(number, _("The company's data is confirmed. The papers can be printed."), "documents")


def _form(session: Session, ticket: Ticket) -> dict[str, Any]:
    customer, confirmed = ticket.customer, company_is_confirmed(ticket)
    may_edit = access.may("company.edit", access.ticket_relations(edge.actor(), ticket))
    return {
        "ticket": head(ticket),
        "action": url_for("tickets.edit_company", number=ticket.number),
        "country": customer.country,
        "tax_id_name": number_name(customer.country),
        "values": {name: getattr(customer, name) for name in COMPANY_LENGTHS},
        "errors": {},
        "problems": [],
        "version": customer.version,
        "conflict": None,
        "confirm": ticket.state in AT_WORK,
        "confirmed": confirmed,
        "confirmed_at": confirmed_at(session, ticket) if confirmed else None,
        "changed_at": changed_at(session, ticket),
        "read_only": not may_edit or ticket.state == "closed",
        "required": COMPANY_FIELDS,
    }


def _again(number: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        ticket = access.ticket(session, edge.actor(), number, "company.see")
        form, errors = _form(session, ticket), field_errors(error)
        form["values"] |= {name: request.form.get(name, "") for name in COMPANY_LENGTHS}
        if isinstance(error, Refused) and error.trigger == "confirm":
            empty = [name for name in COMPANY_FIELDS if not form["values"][name].strip()]
            errors = {name: [_("The papers need this.")] for name in empty}
        panel = conflict(session, error, edge.actor(), verb="company", customer_id=ticket.customer_id)
        form |= {"errors": errors, "conflict": panel, "version": version_now(error, form_version())}
        form["problems"] = [] if errors or panel else [answer.title, *answer.sentences]
        return page("tickets/company.html", answer.status, **form)
