"""The vendors' contacts, kept by staff."""

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.dealers import contacts as records
from mikroserwis.dealers import forms
from mikroserwis.dealers.presenting import contacts_page
from mikroserwis.dealers.presenting.common import again
from mikroserwis.dealers.views.blueprint import blueprint, page, sent_version
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.refused_forms import told

CONTACT = f"/contacts/<int(max={2**31 - 1}):contact_id>"


@blueprint.get("/contacts")
def contacts() -> ResponseReturnValue:
    """By type and role."""
    return render_template("dealers/contacts.html", **contacts_page.list_page(edge.session(), edge.actor()))


@blueprint.get("/contacts/new")
def new_contact() -> ResponseReturnValue:
    """An empty form."""
    edge.require("dealers.edit")
    return render_template("dealers/contact.html", **contacts_page.new_page())


@blueprint.post("/contacts/new")
def create_contact() -> ResponseReturnValue:
    """A new contact, or the form again with what is wrong."""
    edge.require("dealers.edit")
    edge.stay(_new_again)
    made = records.add_contact(edge.session(), _typed(), actor=edge.actor(), now=edge.now())
    return _back(_("The contact “%(name)s” is entered.", name=made.name))


@blueprint.get(CONTACT)
def contact(contact_id: int) -> ResponseReturnValue:
    """Its form and what was done to it."""
    found = records.load(edge.session(), edge.actor(), contact_id, "dealers.edit")
    return render_template("dealers/contact.html", **contacts_page.form_page(edge.session(), edge.actor(), found))


@blueprint.post(CONTACT)
def save_contact(contact_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    session, actor = edge.session(), edge.actor()
    found = records.load(session, actor, contact_id, "dealers.edit")
    edge.stay(lambda answer, error: _again(contact_id, answer, error))
    records.change_contact(session, found, _typed(), version=sent_version(), actor=actor, now=edge.now())
    return _back(_("The contact is saved."))


@blueprint.post(f"{CONTACT}/deletion")
def remove_contact(contact_id: int) -> ResponseReturnValue:
    """Its area falls to the next wider contact."""
    found = records.load(edge.session(), edge.actor(), contact_id, "dealers.delete")
    records.delete_contact(edge.session(), found, version=sent_version(), actor=edge.actor(), now=edge.now())
    return _back(_("The contact “%(name)s” is deleted.", name=found.name))


def _typed() -> dict[str, str]:
    return {name: request.form[name] for name in forms.CONTACT_LENGTHS if name in request.form}


def _back(text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("dealers.contacts"), 303)


def _new_again(answer: Answer, _error: Exception) -> flask.Response:
    shown = contacts_page.new_page()
    return page("dealers/contact.html", answer.status, {**shown, **told(answer), "values": _typed()})


def _again(contact_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = records.load(session, edge.actor(), contact_id, "dealers.edit")
        shown, newest = contacts_page.form_page(session, edge.actor(), found), records.changes_of(session, found, 1)
    wrong = again(answer, error, newest, found.version, sent_version())
    return page("dealers/contact.html", answer.status, {**shown, **wrong, "values": shown["values"] | _typed()})
