"""Pages of the price list: dealers read it, staff keep it."""

from collections.abc import Mapping
from typing import Any

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.prices import forms, operations, presenting, queries
from mikroserwis.refused_forms import again, told

blueprint = Blueprint("prices", __name__)

ITEM = f"/prices/<int(max={2**31 - 1}):item_id>"
OFFER = f"{ITEM}/offers/<int(max={2**31 - 1}):offer_id>"
# Item and offer stand on one page: the offer's fields have names of their own there.
OFFER_FIELDS = {
    "offer_name": "name",
    "offer_net": "net",
    "valid_from": "valid_from",
    "valid_until": "valid_until",
}


@blueprint.get("/prices")
def index() -> ResponseReturnValue:
    """The list, as the address asks for it."""
    actor = edge.actor()
    access.require("prices.see", access.role_relations(actor))
    wanted = queries.read(request.args)
    return render_template("prices/list.html", **presenting.list_page(edge.session(), wanted, actor, edge.now()))


@blueprint.get("/prices/new")
def new() -> ResponseReturnValue:
    """An empty form."""
    edge.require("prices.edit")
    return render_template("prices/item.html", **presenting.new_page())


@blueprint.post("/prices/new")
def create() -> ResponseReturnValue:
    """A new item, or the form again with what is wrong."""
    edge.require("prices.edit")
    edge.stay(_new_again)
    item = operations.add_item(edge.session(), _typed(), actor=edge.actor(), now=edge.now())
    flash(_("“%(name)s” is in the price list.", name=item.name), "success")
    return redirect(url_for("prices.item", item_id=item.id), 303)


@blueprint.get(ITEM)
def item(item_id: int) -> ResponseReturnValue:
    """One item with its offers and last changes; a form for those who may change it."""
    actor = edge.actor()
    found = queries.load(edge.session(), actor, item_id, "prices.see")
    return render_template("prices/item.html", **presenting.item_page(edge.session(), found, actor, edge.now()))


@blueprint.post(ITEM)
def save_item(item_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    session, actor = edge.session(), edge.actor()
    found = queries.load(session, actor, item_id, "prices.edit")
    edge.stay(lambda answer, error: _again(item_id, answer, error))
    # A form that names no version is as good as stale.
    version = request.form.get("version", 0, type=int)
    operations.change_item(session, found, _typed(), version=version, actor=actor, now=edge.now())
    return _back(item_id, _("The item is saved."))


@blueprint.post(f"{ITEM}/<any(activation, deactivation):noun>")
def switch_item(item_id: int, noun: str) -> ResponseReturnValue:
    """Out of use, and back."""
    found, active = queries.load(edge.session(), edge.actor(), item_id, "prices.edit"), noun == "activation"
    operations.switch_item(edge.session(), found, active=active, actor=edge.actor(), now=edge.now())
    return _back(item_id, _("The item is for sale again.") if active else _("The item is out of use."))


@blueprint.post(f"{ITEM}/offers")
def add_offer(item_id: int) -> ResponseReturnValue:
    """A special offer, or the page again with what is wrong with it."""
    session, actor = edge.session(), edge.actor()
    found = queries.load(session, actor, item_id, "prices.edit")
    edge.stay(lambda answer, _error: _offer_again(item_id, answer))
    values = {name: request.form.get(field, "") for field, name in OFFER_FIELDS.items()}
    offer = operations.add_offer(session, found, values, actor=actor, now=edge.now())
    return _back(item_id, _("The special offer “%(name)s” is entered.", name=offer.name), "offers")


@blueprint.post(f"{OFFER}/withdrawal")
def withdraw_offer(item_id: int, offer_id: int) -> ResponseReturnValue:
    """It holds no longer."""
    session, actor = edge.session(), edge.actor()
    found = queries.load(session, actor, item_id, "prices.edit")
    offer = queries.offer_of(found, offer_id)
    operations.withdraw_offer(session, found, offer, actor=actor, now=edge.now())
    return _back(item_id, _("The special offer “%(name)s” is withdrawn.", name=offer.name), "offers")


def _typed() -> dict[str, str]:
    """The form's own fields as they were sent; types are ticked one by one, if they were asked for."""
    values = {name: request.form[name] for name in forms.LENGTHS if name in request.form and name != "types"}
    return {**values, "types": " ".join(_chosen())} if "types_asked" in request.form else values


def _chosen() -> list[str]:
    return request.form.getlist("types")


def _back(item_id: int, text: str, part: str | None = None) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("prices.item", item_id=item_id, _anchor=part), 303)


def _page(status: int, values: Mapping[str, Any]) -> flask.Response:
    return flask.make_response(render_template("prices/item.html", **values), status)


def _new_again(answer: Answer, _error: Exception) -> flask.Response:
    page = presenting.new_page()
    typed = {"values": page["values"] | _typed(), "chosen": _chosen()}
    return _page(answer.status, {**page, **told(answer), **typed})


def _again(item_id: int, answer: Answer, error: Exception) -> flask.Response:
    """Measured against the newest version from here on, whose differences have been shown."""
    with edge.parts().database.reading() as session:
        found = queries.load(session, edge.actor(), item_id, "prices.see")
        page = presenting.item_page(session, found, edge.actor(), edge.now())
        overtaken = presenting.conflict(session, found, error)
    wrong = again(answer, error, overtaken, found.version, request.form.get("version", 0, type=int))
    typed: dict[str, Any] = {"values": page["values"] | _typed()}
    if "types_asked" in request.form:
        typed["chosen"] = _chosen()
    return _page(answer.status, {**page, **wrong, **typed})


def _offer_again(item_id: int, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = queries.load(session, edge.actor(), item_id, "prices.see")
        page = presenting.item_page(session, found, edge.actor(), edge.now())
    wrong = told(answer)
    fields = {name: field for field, name in OFFER_FIELDS.items()}
    errors = {fields.get(name, name): texts for name, texts in wrong["errors"].items()}
    typed = {field: request.form.get(field, "") for field in OFFER_FIELDS}
    return _page(answer.status, {**page, "offer_errors": errors, "offer_values": typed, "problems": wrong["problems"]})
