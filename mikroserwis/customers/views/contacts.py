"""The customer's people."""

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.customers import contacts as records
from mikroserwis.customers import forms, queries
from mikroserwis.customers.presenting.common import again
from mikroserwis.customers.presenting.form_pages import contact_page
from mikroserwis.customers.views.blueprint import CONTACT, CUSTOMER, back, blueprint, load, page, sent_version, typed
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.refused_forms import told

_AT = "#people"


@blueprint.get(f"{CUSTOMER}/contacts/new")
def new_contact(customer_id: int) -> ResponseReturnValue:
    """An empty form."""
    return render_template("customers/contact.html", **contact_page(load(customer_id, "customers.edit"), None))


@blueprint.post(f"{CUSTOMER}/contacts/new")
def create_contact(customer_id: int) -> ResponseReturnValue:
    """A new person, or the form again with what is wrong."""
    found = load(customer_id, "customers.edit")
    edge.stay(lambda answer, _error: _new_again(customer_id, answer))
    made = records.add_contact(edge.session(), found, typed(forms.CONTACT_LENGTHS), actor=edge.actor(), now=edge.now())
    return back(found, _("“%(name)s” is entered.", name=made.name), _AT)


@blueprint.get(CONTACT)
def contact(customer_id: int, contact_id: int) -> ResponseReturnValue:
    """Their form."""
    found = load(customer_id, "customers.edit")
    shown = contact_page(found, queries.contact_of(edge.session(), found, contact_id))
    return render_template("customers/contact.html", **shown)


@blueprint.post(CONTACT)
def save_contact(customer_id: int, contact_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    session, actor, version = edge.session(), edge.actor(), sent_version()
    found = load(customer_id, "customers.edit")
    person = queries.contact_of(session, found, contact_id)
    edge.stay(lambda answer, error: _again(customer_id, contact_id, answer, error))
    values = typed(forms.CONTACT_LENGTHS)
    records.change_contact(session, found, person, values, version=version, actor=actor, now=edge.now())
    return back(found, _("“%(name)s” is saved.", name=person.name), _AT)


@blueprint.post(f"{CONTACT}/deletion")
def remove_contact(customer_id: int, contact_id: int) -> ResponseReturnValue:
    """No longer one of the customer's people."""
    session, actor = edge.session(), edge.actor()
    found = load(customer_id, "customers.edit")
    person = queries.contact_of(session, found, contact_id)
    edge.stay(lambda answer, error: _again(customer_id, contact_id, answer, error))
    records.delete_contact(session, found, person, version=sent_version(), actor=actor, now=edge.now())
    return back(found, _("“%(name)s” is removed.", name=person.name), _AT)


def _new_again(customer_id: int, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown = contact_page(access.customer(session, edge.actor(), customer_id, "customers.edit"), None)
    return page(
        "customers/contact.html", answer.status, {**shown, **told(answer), "values": typed(forms.CONTACT_LENGTHS)}
    )


def _again(customer_id: int, contact_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = access.customer(session, edge.actor(), customer_id, "customers.edit")
        person = queries.contact_of(session, found, contact_id)
        shown, newest = contact_page(found, person), queries.newest_of_contact(session, person)
    wrong = again(answer, error, newest, person.version, sent_version())
    values = shown["values"] | typed(forms.CONTACT_LENGTHS)
    return page("customers/contact.html", answer.status, {**shown, **wrong, "values": values})
