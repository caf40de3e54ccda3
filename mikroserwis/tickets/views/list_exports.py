"""The page *Exports*: lists made in the background for the person who asked for them."""

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.models import ListExport
from mikroserwis.tickets import sheet
from mikroserwis.tickets.operations import list_exports
from mikroserwis.tickets.presenting import list_exports as presenting
from mikroserwis.tickets.views.base import page
from mikroserwis.tickets.wanted import from_query

blueprint = Blueprint("exports", __name__, url_prefix="/exports")


@blueprint.get("")
def index() -> str:
    """One's own, newest first."""
    session = edge.session()
    found = list_exports.own(session, edge.actor(), edge.now())
    return render_template("tickets/exports.html", **presenting.context(session, found))


@blueprint.post("")
def start() -> ResponseReturnValue:
    """Ask for the list that the form stood on."""
    edge.stay(_say_why)
    wanted = from_query(request.form.get("query", ""))
    list_exports.order(edge.session(), wanted, actor=edge.actor(), now=edge.now())
    return _back(_("The list is being made. You may go on working: it will wait for you here."))


@blueprint.get("/<int:export_id>/file")
def download(export_id: int) -> ResponseReturnValue:
    """The finished file."""
    return sheet.stored(_load(export_id))


@blueprint.post("/<int:export_id>/cancellation")
def cancel(export_id: int) -> ResponseReturnValue:
    """Stop making it."""
    list_exports.cancel(_load(export_id), now=edge.now())
    return _back(_("The export is cancelled."))


@blueprint.post("/<int:export_id>/retry")
def again(export_id: int) -> ResponseReturnValue:
    """Make anew what failed or was cancelled."""
    export = _load(export_id)
    edge.stay(_say_why)
    list_exports.again(edge.session(), export, actor=edge.actor(), now=edge.now())
    return _back(_("The list is being made. You may go on working: it will wait for you here."))


@blueprint.post("/<int:export_id>/removal")
def remove(export_id: int) -> ResponseReturnValue:
    """Away with it before its time."""
    list_exports.remove(_load(export_id), now=edge.now())
    return _back(_("The export is removed."))


def _load(export_id: int) -> ListExport:
    return list_exports.load(edge.session(), edge.actor(), export_id, edge.now())


def _back(text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("exports.index"), 303)


def _say_why(answer: Answer, _error: Exception) -> flask.Response:
    """The page with what stands in the way."""
    with edge.parts().database.reading() as session:
        found = presenting.context(session, list_exports.own(session, edge.actor(), edge.now()))
        return page("tickets/exports.html", answer.status, **found, problems=[answer.title, *answer.sentences])
