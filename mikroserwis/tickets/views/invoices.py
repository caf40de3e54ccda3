"""The final invoice: a form that keeps what was typed."""

import flask
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.errors import Answer, Refused
from mikroserwis.i18n import gettext as _
from mikroserwis.pricing import today
from mikroserwis.tickets.invoicing import forms, operations, receiving
from mikroserwis.tickets.presenting import invoices
from mikroserwis.tickets.presenting.acts import obstacles, ticket_url
from mikroserwis.tickets.views.base import blueprint, field_errors, page


@blueprint.get("/tickets/<int:number>/final-invoice")
def invoice_form(number: int) -> ResponseReturnValue:
    """The page with the form; the ticket's own page has the same one folded in."""
    session = edge.session()
    ticket = access.ticket(session, edge.actor(), number, "invoice.give")
    return render_template("tickets/invoice.html", **invoices.page(session, ticket, today(edge.now())))


@blueprint.post("/tickets/<int:number>/final-invoice")
def give_invoice(number: int) -> ResponseReturnValue:
    """Add it, or one that replaces it; where nothing else is missing the ticket closes."""
    edge.stay(lambda answer, error: _again(number, answer, error))
    receiving.require(number)
    wanted = forms.read(request.form, today(edge.now()))
    upload = receiving.receive(request.files.get("file"))
    ticket = access.ticket(edge.session(), edge.actor(), number, "invoice.give")
    _invoice, known = operations.give(edge.session(), ticket, wanted, upload, actor=edge.actor(), now=edge.now())
    if known:
        flash(_("This invoice is here already; nothing was changed."), "message")
    elif ticket.state == "closed":
        flash(_("The invoice equals the quote: the ticket is closed."), "success")
    else:
        flash(_("The invoice equals the quote."), "success")
    return redirect(ticket_url(number, "invoice"), 303)


def _again(number: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        ticket = access.ticket(session, edge.actor(), number, "invoice.give")
        shown = invoices.page(session, ticket, today(edge.now()), request.form)
        errors = field_errors(error)
        if isinstance(error, Refused):
            shown["blockers"] = obstacles(number, error.blockers)
        problems = [] if errors or shown["blockers"] else [answer.title, *answer.sentences]
        return page("tickets/invoice.html", answer.status, **shown, errors=errors, problems=problems)
