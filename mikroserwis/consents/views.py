"""Consents on pages: one's own, the wordings, and the link by which anybody withdraws."""

from typing import Any

import flask
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.consenting import Person, of_token
from mikroserwis.consents import limits, operations, presenting
from mikroserwis.consents.forms import read_given, read_kind
from mikroserwis.consents.wording import KINDS as LABELS
from mikroserwis.edge import public
from mikroserwis.errors import Answer, Conflict, NotFound, TooMany
from mikroserwis.i18n import gettext as _
from mikroserwis.refused_forms import told

blueprint = Blueprint("consents", __name__)

LINK = "/unsubscribe/<string(maxlength=80):token>"


@blueprint.post("/account/consents")
def decide_own() -> ResponseReturnValue:
    """One's own."""
    session, actor = edge.session(), edge.actor()
    kind, given = read_kind(request.form.get("kind", "")), read_given(request.form.get("given", ""))
    person, number = Person(user_id=actor.user_id), request.form.get("text", type=int)
    seen = None if number is None else (request.form.get("language", ""), number)
    try:
        operations.decide(session, person, kind, given=given, source="account", actor=actor, now=edge.now(), seen=seen)
    except Conflict:
        session.rollback()
        flash(_("The wording has been changed since. Read it and decide again."), "warn")
        return redirect(url_for("account.show", _anchor="consents"), 303)
    flash(_("You have given the consent.") if given else _("You have withdrawn the consent."), "success")
    return redirect(url_for("account.show", _anchor="consents"), 303)


@blueprint.get("/consents/texts")
def texts() -> str:
    """The wordings in force, and those that were."""
    edge.require("consent_texts.see")
    return render_template("consents/texts.html", **presenting.texts_page(edge.session(), edge.actor()))


@blueprint.post("/consents/texts")
def publish() -> ResponseReturnValue:
    """Another wording from now on."""
    edge.require("consent_texts.publish")
    edge.stay(_texts_again)
    form, was = request.form, request.form.get("was", 0, type=int)
    kind, code, body = (form.get(name, "") for name in ("kind", "language", "body"))
    operations.publish(edge.session(), kind, code, body, was=was, actor=edge.actor(), now=edge.now())
    flash(_("The wording is in force. What was agreed to before keeps its own."), "success")
    return redirect(url_for("consents.texts", _anchor=f"{kind}-{code}"), 303)


@blueprint.get(LINK)
@public
def ask(token: str) -> ResponseReturnValue:
    """A button: looking at the address changes nothing, as mail filters look too."""
    found = of_token(token, _key())
    if found is None:
        return render_template("consents/unsubscribe.html", state="dead", kind=""), 404
    return render_template("consents/unsubscribe.html", state="ask", kind=LABELS[found[1]])


@blueprint.post(LINK)
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Withdrawn, whoever asks: a person by the button, a mail program with one click (RFC 8058)."""
    session, address, now = edge.session(), request.remote_addr or "", edge.now()
    try:
        limits.check(session, address, now)
        kind = operations.withdraw_by_link(session, token, _key(), address=address, now=now)
    except TooMany as error:
        wait = {"Retry-After": str(int(error.params["seconds"]))}
        return render_template("consents/unsubscribe.html", state="busy", kind=""), 429, wait
    except NotFound:
        return render_template("consents/unsubscribe.html", state="dead", kind=""), 404
    return render_template("consents/unsubscribe.html", state="done", kind=LABELS[kind])


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _texts_again(answer: Answer, _error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown: dict[str, Any] = presenting.texts_page(session, edge.actor())
    shown |= told(answer) | {"typed": {name: request.form.get(name, "") for name in ("kind", "language", "body")}}
    return flask.make_response(render_template("consents/texts.html", **shown), answer.status)
