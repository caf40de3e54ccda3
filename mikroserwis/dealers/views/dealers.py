"""The list of dealers, one of them, and what staff do to it."""

from typing import Any

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.dealers import forms, listing, operations, queries
from mikroserwis.dealers import sheet as sheets
from mikroserwis.dealers.presenting import dealer_page, list_page
from mikroserwis.dealers.presenting.common import again
from mikroserwis.dealers.views.blueprint import DEALER, blueprint, page, sent_version
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.refused_forms import told


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The list, as the address asks for it."""
    relations = access.role_relations(edge.actor())
    access.require("dealers.see", relations)
    may_edit = access.may("dealers.edit", relations)
    shown = list_page.list_page(edge.session(), listing.read(request.args), edge.now(), may_edit=may_edit)
    return render_template("dealers/list.html", **shown)


@blueprint.get("/list.xlsx")
def sheet() -> ResponseReturnValue:
    """The list as a file, all of its pages."""
    edge.require("dealers.see")
    return sheets.answer(edge.session(), listing.read(request.args), edge.now())


@blueprint.get("/areas")
def areas() -> ResponseReturnValue:
    """Which beginnings of postal codes are covered by nobody."""
    edge.require("dealers.see")
    return render_template("dealers/areas.html", **list_page.areas_page(edge.session()))


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """An empty form."""
    edge.require("dealers.edit")
    return render_template("dealers/form.html", **dealer_page.new_page())


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """A new dealer, or the form again with what is wrong."""
    edge.require("dealers.edit")
    edge.stay(_new_again)
    made = operations.add_dealer(edge.session(), _typed(), actor=edge.actor(), now=edge.now())
    flash(_("“%(name)s” is entered. New tickets are offered to it from now on.", name=made.name), "success")
    return redirect(url_for("dealers.show", dealer_id=made.id), 303)


@blueprint.get(DEALER)
def show(dealer_id: int) -> ResponseReturnValue:
    """All that is known of it."""
    actor = edge.actor()
    found = queries.load(edge.session(), actor, dealer_id, "dealers.see")
    return render_template("dealers/dealer.html", **dealer_page.dealer_page(edge.session(), found, actor, edge.now()))


@blueprint.get(f"{DEALER}/edit")
def edit(dealer_id: int) -> ResponseReturnValue:
    """Its form."""
    found = queries.load(edge.session(), edge.actor(), dealer_id, "dealers.edit")
    return render_template("dealers/form.html", **dealer_page.form_page(found))


@blueprint.post(f"{DEALER}/edit")
def save(dealer_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    session, actor = edge.session(), edge.actor()
    found = queries.load(session, actor, dealer_id, "dealers.edit")
    edge.stay(lambda answer, error: _again(dealer_id, answer, error))
    operations.change_dealer(session, found, _typed(), version=sent_version(), actor=actor, now=edge.now())
    return _back(dealer_id, _("The dealer is saved."))


@blueprint.post(f"{DEALER}/<any(activation, deactivation):noun>")
def switch(dealer_id: int, noun: str) -> ResponseReturnValue:
    """Out of use, and back."""
    found, active = queries.load(edge.session(), edge.actor(), dealer_id, "dealers.edit"), noun == "activation"
    operations.switch_dealer(edge.session(), found, active=active, actor=edge.actor(), now=edge.now())
    if active:
        return _back(dealer_id, _("“%(name)s” is offered new tickets again.", name=found.name))
    return _back(dealer_id, _("“%(name)s” is out of use: it is offered nothing new.", name=found.name))


@blueprint.post(f"{DEALER}/deletion")
def remove(dealer_id: int) -> ResponseReturnValue:
    """Gone for good, if nothing names it; else its page says what does."""
    found = queries.load(edge.session(), edge.actor(), dealer_id, "dealers.delete")
    edge.stay(lambda answer, _error: _shown_again(dealer_id, answer))
    operations.delete_dealer(edge.session(), found, actor=edge.actor(), now=edge.now())
    flash(_("“%(name)s” is deleted.", name=found.name), "success")
    return redirect(url_for("dealers.index"), 303)


def _typed() -> dict[str, str]:
    """The form's own fields as they were sent; types are ticked one by one, if they were asked for."""
    values = {name: request.form[name] for name in forms.LENGTHS if name in request.form and name != "types"}
    return {**values, "types": " ".join(_chosen())} if "types_asked" in request.form else values


def _chosen() -> list[str]:
    return request.form.getlist("types")


def _back(dealer_id: int, text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("dealers.show", dealer_id=dealer_id), 303)


def _new_again(answer: Answer, _error: Exception) -> flask.Response:
    shown = dealer_page.new_page()
    typed: dict[str, Any] = {"values": shown["values"] | _typed(), "chosen": _chosen()}
    return page("dealers/form.html", answer.status, {**shown, **told(answer), **typed})


def _again(dealer_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = queries.load(session, edge.actor(), dealer_id, "dealers.edit")
        shown, newest = dealer_page.form_page(found), queries.last_changes(session, found, 1)
    typed: dict[str, Any] = {"values": shown["values"] | _typed()}
    if "types_asked" in request.form:
        typed["chosen"] = _chosen()
    wrong = again(answer, error, newest, found.version, sent_version())
    return page("dealers/form.html", answer.status, {**shown, **typed, **wrong})


def _shown_again(dealer_id: int, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = queries.load(session, edge.actor(), dealer_id, "dealers.see")
        shown = dealer_page.dealer_page(session, found, edge.actor(), edge.now())
    return page("dealers/dealer.html", answer.status, {**shown, "problems": [answer.title, *answer.sentences]})
