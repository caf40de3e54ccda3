"""The list of customers, one of them tab by tab, and what is done to it."""

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.customers import forms, listing, operations, queries
from mikroserwis.customers import sheet as sheets
from mikroserwis.customers.presenting import customer_page, form_pages, list_page
from mikroserwis.customers.presenting.common import again
from mikroserwis.customers.views.blueprint import CUSTOMER, back, blueprint, load, page, sent_version, typed
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Event
from mikroserwis.refused_forms import told


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The list, as the address asks for it."""
    edge.require("customers.see")
    shown = list_page.list_page(edge.session(), edge.actor(), listing.read(request.args))
    return render_template("customers/list.html", **shown)


@blueprint.get("/list.xlsx")
def sheet() -> ResponseReturnValue:
    """The list as a file, all of its pages."""
    edge.require("customers.see")
    return sheets.answer(edge.session(), edge.actor(), listing.read(request.args), edge.now())


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """An empty form."""
    edge.require("customers.edit")
    return render_template("customers/form.html", **form_pages.new_page(edge.session(), edge.actor()))


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """A new customer, or the form again with what is wrong."""
    edge.require("customers.edit")
    edge.stay(_new_again)
    made = operations.add_customer(edge.session(), _typed(), actor=edge.actor(), now=edge.now())
    return back(made, _("“%(name)s” is entered.", name=made.name))


@blueprint.get(CUSTOMER)
def show(customer_id: int) -> ResponseReturnValue:
    """One tab of what is known of it."""
    found, tab = load(customer_id, "customers.see"), request.args.get("tab", "")
    before = request.args.get("before", 0, type=int)
    before = before if 0 < before < 2**31 else 0
    shown = customer_page.customer_page(edge.session(), found, edge.actor(), tab, before=before)
    return render_template("customers/customer.html", **shown)


@blueprint.get(f"{CUSTOMER}/edit")
def edit(customer_id: int) -> ResponseReturnValue:
    """Its form."""
    return render_template("customers/form.html", **form_pages.form_page(load(customer_id, "customers.edit")))


@blueprint.post(f"{CUSTOMER}/edit")
def save(customer_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    session, actor = edge.session(), edge.actor()
    found = load(customer_id, "customers.edit")
    edge.stay(lambda answer, error: _again(customer_id, answer, error))
    operations.change_customer(session, found, _typed(), version=sent_version(), actor=actor, now=edge.now())
    return back(found, _("The customer is saved."))


@blueprint.post(f"{CUSTOMER}/owner")
def set_owner(customer_id: int) -> ResponseReturnValue:
    """To another seller, or to none."""
    session, actor = edge.session(), edge.actor()
    found = load(customer_id, "customers.assign")
    edge.stay(lambda answer, _error: _shown_again(customer_id, answer))
    chosen, was = request.form.get("owner_id", ""), request.form.get("was", "")
    operations.set_owner(session, found, chosen, was=was, actor=actor, now=edge.now())
    owner = queries.owner(session, found)
    if owner is None:
        return back(found, _("The customer has no seller now."))
    return back(found, _("The seller of this customer is %(name)s now.", name=owner.name))


@blueprint.post(f"{CUSTOMER}/deletion")
def remove(customer_id: int) -> ResponseReturnValue:
    """Gone for good, if nothing names it; else its page says what does."""
    found = load(customer_id, "customers.delete")
    edge.stay(lambda answer, _error: _shown_again(customer_id, answer))
    operations.delete_customer(edge.session(), found, actor=edge.actor(), now=edge.now())
    flash(_("“%(name)s” is deleted.", name=found.name), "success")
    return redirect(url_for("customers.index"), 303)


def _typed() -> dict[str, str]:
    return typed((*forms.LENGTHS, "owner_id"))


def _new_again(answer: Answer, _error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown = form_pages.new_page(session, edge.actor())
    return page("customers/form.html", answer.status, {**shown, **told(answer), "values": shown["values"] | _typed()})


def _again(customer_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = access.customer(session, edge.actor(), customer_id, "customers.edit")
        shown, newest = form_pages.form_page(found), queries.newest(session, Event.customer_id, found.id, "company")
    wrong = again(answer, error, newest, found.version, sent_version())
    return page("customers/form.html", answer.status, {**shown, **wrong, "values": shown["values"] | _typed()})


def _shown_again(customer_id: int, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = access.customer(session, edge.actor(), customer_id, "customers.see")
        shown = customer_page.customer_page(session, found, edge.actor(), "")
        shown["problems"] = [answer.title, *answer.sentences]
        return page("customers/customer.html", answer.status, shown)
