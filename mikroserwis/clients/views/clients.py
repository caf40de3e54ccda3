"""Programs: the list, one of them, and what is done to it."""

from typing import Any

import flask
from flask import render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.clients import forms, operations, presenting, queries
from mikroserwis.clients.views.blueprint import CLIENT, back, blueprint, page
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.models import ApiClient
from mikroserwis.refused_forms import told


@blueprint.get("")
def index() -> str:
    """All of them, those in use first."""
    edge.require("clients.manage")
    lines = queries.all_clients(edge.session(), edge.now())
    return render_template("clients/list.html", **presenting.list_page(lines))


@blueprint.get("/new")
def new() -> str:
    """An empty form."""
    edge.require("clients.manage")
    return render_template("clients/form.html", **presenting.new_page())


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """A new program, or the form again with what is wrong."""
    edge.require("clients.manage")
    edge.stay(_new_again)
    values, chosen = _typed()
    made = operations.add(edge.session(), values, chosen, actor=edge.actor(), now=edge.now())
    return back(_("“%(name)s” is entered. Make a token for it now.", name=made.name), made.id, part="tokens")


@blueprint.get(CLIENT)
def show(client_id: int) -> str:
    """All that is known of it."""
    found = load(client_id)
    return render_template("clients/client.html", **presenting.client_page(edge.session(), found, edge.now()))


@blueprint.get(f"{CLIENT}/edit")
def edit(client_id: int) -> str:
    """Its form."""
    return render_template("clients/form.html", **presenting.form_page(load(client_id)))


@blueprint.post(f"{CLIENT}/edit")
def save(client_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    session, found = edge.session(), load(client_id)
    edge.stay(lambda answer, error: _form_again(client_id, answer, error))
    values, chosen = _typed()
    version = request.form.get("version", 0, type=int)
    operations.change(session, found, values, chosen, version=version, actor=edge.actor(), now=edge.now())
    return back(_("The client is saved."), client_id)


@blueprint.post(f"{CLIENT}/<any(activation, deactivation):noun>")
def switch(client_id: int, noun: str) -> ResponseReturnValue:
    """Out of use at once, and back."""
    found, active = load(client_id), noun == "activation"
    operations.switch(edge.session(), found, active=active, actor=edge.actor(), now=edge.now())
    if active:
        return back(_("“%(name)s” is switched on.", name=found.name), client_id)
    return back(_("“%(name)s” is switched off: none of its tokens counts.", name=found.name), client_id)


def load(client_id: int) -> ApiClient:
    return queries.load(edge.session(), edge.actor(), client_id)


def shown_again(client_id: int, answer: Answer, **typed: Any) -> flask.Response:
    """The program's page with what was refused, and what was typed."""
    with edge.parts().database.reading() as session:
        found = queries.load(session, edge.actor(), client_id)
        shown = presenting.client_page(session, found, edge.now())
    return page("client.html", answer.status, {**shown, **told(answer), **typed})


def _typed() -> tuple[dict[str, str], list[str]]:
    return {name: request.form[name] for name in forms.LENGTHS if name in request.form}, request.form.getlist("scopes")


def _new_again(answer: Answer, _error: Exception) -> flask.Response:
    values, chosen = _typed()
    return page("form.html", answer.status, {**presenting.new_page(values, chosen), **told(answer)})


def _form_again(client_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = queries.load(session, edge.actor(), client_id)
        newest = queries.last_changes(session, found, 1)
    values, chosen = _typed()
    sent = request.form.get("version", 0, type=int)
    wrong = presenting.again(answer, error, newest, found.version, sent)
    return page("form.html", answer.status, {**presenting.form_page(found, values, chosen), **wrong})
