"""The customer's shops."""

import flask
from flask import render_template
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.companies import POINT_LENGTHS
from mikroserwis.customers import forms, queries
from mikroserwis.customers import points as records
from mikroserwis.customers.presenting.common import again
from mikroserwis.customers.presenting.form_pages import point_page
from mikroserwis.customers.views.blueprint import CUSTOMER, POINT, back, blueprint, load, page, sent_version, typed
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Event
from mikroserwis.refused_forms import told

_AT = "#points"


@blueprint.get(f"{CUSTOMER}/points/new")
def new_point(customer_id: int) -> ResponseReturnValue:
    """A form with the customer's own address."""
    found = load(customer_id, "customers.edit")
    return render_template("customers/point.html", **point_page(found, None, edge.actor()))


@blueprint.post(f"{CUSTOMER}/points/new")
def create_point(customer_id: int) -> ResponseReturnValue:
    """A new shop, or the form again with what is wrong."""
    found = load(customer_id, "customers.edit")
    edge.stay(lambda answer, _error: _new_again(customer_id, answer))
    values = typed(forms.NEW_POINT_LENGTHS)
    made = records.add_point(edge.session(), found, values, actor=edge.actor(), now=edge.now())
    return back(found, _("Retail point %(number)s is entered.", number=made.id), _AT)


@blueprint.get(POINT)
def point(customer_id: int, point_id: int) -> ResponseReturnValue:
    """Its form."""
    found = load(customer_id, "customers.edit")
    shop = queries.point_of(edge.session(), found, point_id)
    return render_template("customers/point.html", **point_page(found, shop, edge.actor()))


@blueprint.post(POINT)
def save_point(customer_id: int, point_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    session, actor, version = edge.session(), edge.actor(), sent_version()
    found = load(customer_id, "customers.edit")
    shop = queries.point_of(session, found, point_id)
    edge.stay(lambda answer, error: _again(customer_id, point_id, answer, error))
    values = typed(POINT_LENGTHS)
    records.change_point(session, found, shop, values, version=version, actor=actor, now=edge.now())
    return back(found, _("Retail point %(number)s is saved.", number=shop.id), _AT)


@blueprint.post(f"{POINT}/deletion")
def remove_point(customer_id: int, point_id: int) -> ResponseReturnValue:
    """One where no ticket ever worked."""
    session, actor = edge.session(), edge.actor()
    found = load(customer_id, "customers.delete")
    shop = queries.point_of(session, found, point_id)
    edge.stay(lambda answer, error: _again(customer_id, point_id, answer, error))
    records.delete_point(session, found, shop, version=sent_version(), actor=actor, now=edge.now())
    return back(found, _("Retail point %(number)s is deleted.", number=point_id), _AT)


def _new_again(customer_id: int, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = access.customer(session, edge.actor(), customer_id, "customers.edit")
        shown = point_page(found, None, edge.actor())
    values = typed(forms.NEW_POINT_LENGTHS)
    return page("customers/point.html", answer.status, {**shown, **told(answer), "values": values})


def _again(customer_id: int, point_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = access.customer(session, edge.actor(), customer_id, "customers.edit")
        shop = queries.point_of(session, found, point_id)
        shown = point_page(found, shop, edge.actor())
        newest = queries.newest(session, Event.point_id, point_id, "point")
    wrong = again(answer, error, newest, shop.version, sent_version())
    values = shown["values"] | typed(POINT_LENGTHS)
    return page("customers/point.html", answer.status, {**shown, **wrong, "values": values})
