"""Pages of texts: staff see what is sent, admins write it."""

from typing import Any

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.errors import Answer, Invalid
from mikroserwis.i18n import gettext as _
from mikroserwis.refused_forms import again, told
from mikroserwis.texts import operations, presenting, previewing, queries
from mikroserwis.texts.previewing import Preview
from mikroserwis.texts.slots import Slot, slot

blueprint = Blueprint("texts", __name__)

TEXT = "/texts/<event>/<channel>/<language>"
VERSION = f"{TEXT}/versions/<int(max={2**31 - 1}):text_number>"


@blueprint.get("/texts")
def index() -> ResponseReturnValue:
    """The list, as the address asks for it."""
    edge.require("texts.see")
    wanted = queries.read(request.args)
    return render_template("texts/list.html", **presenting.list_page(edge.session(), wanted, edge.actor()))


@blueprint.get(TEXT)
def text(event: str, channel: str, language: str) -> ResponseReturnValue:
    """One text with its variables, a preview and its versions; a form for those who may write it."""
    edge.require("texts.see")
    of = slot(event, channel, language)
    return render_template("texts/text.html", **_shown(of))


@blueprint.post(TEXT)
def save(event: str, channel: str, language: str) -> ResponseReturnValue:
    """Save, or show it as it will be read; or what is wrong, or what somebody else saved meanwhile."""
    edge.require("texts.edit")
    of = slot(event, channel, language)
    if "preview" in request.form:
        return _previewed(of)
    edge.stay(lambda answer, error: _again(of, answer, error))
    operations.save(edge.session(), of, _typed(), version=_version(), actor=edge.actor(), now=edge.now())
    return _back(of, _("The text is saved. It is sent from now on."))


@blueprint.post(f"{TEXT}/test")
def send_trial(event: str, channel: str, language: str) -> ResponseReturnValue:
    """What is typed, by mail to oneself; nothing is saved."""
    edge.require("texts.edit")
    of = slot(event, channel, language)
    edge.stay(lambda answer, error: _again(of, answer, error))
    session, actor = edge.session(), edge.actor()
    message = previewing.made(session, of, _typed(), _ticket(), actor=actor)
    address = operations.send_trial(session, of, message, actor=actor, now=edge.now())
    said = _("The trial is on its way to %(address)s. Nothing was saved.", address=address)
    return _page(200, {**_shown(of), "sent": said, **_kept(), "preview": presenting.preview_part(_look(of))})


@blueprint.post(f"{TEXT}/shipped")
def restore(event: str, channel: str, language: str) -> ResponseReturnValue:
    """The shipped text again."""
    edge.require("texts.edit")
    of = slot(event, channel, language)
    edge.stay(lambda answer, error: _again(of, answer, error))
    operations.restore(edge.session(), of, version=_version(), actor=edge.actor(), now=edge.now())
    return _back(of, _("The predefined text is sent again."))


@blueprint.post(f"{VERSION}/in-force")
def bring_back(event: str, channel: str, language: str, text_number: int) -> ResponseReturnValue:
    """An older version again, as a new one."""
    edge.require("texts.edit")
    of, session = slot(event, channel, language), edge.session()
    edge.stay(lambda answer, error: _again(of, answer, error))
    former = queries.version(session, of, text_number)
    operations.bring_back(session, of, former, version=_version(), actor=edge.actor(), now=edge.now())
    return _back(of, _("Version %(number)s is sent again.", number=text_number))


def _typed() -> dict[str, str]:
    return {name: request.form[name] for name in ("subject", "body") if name in request.form}


def _ticket() -> str:
    return request.form.get("ticket", "")


def _kept() -> dict[str, Any]:
    """What the form shows again."""
    typed = {**_typed(), "ticket": _ticket()}
    return {"values": {"subject": "", "body": "", **typed}, "version": _version()}


def _version() -> int:
    """A form that names no version is as good as stale."""
    return request.form.get("version", -1, type=int)


def _back(of: Slot, text: str) -> ResponseReturnValue:
    flash(text, "success")
    event, channel, language = of.key
    return redirect(url_for("texts.text", event=event, channel=channel, language=language), 303)


def _page(status: int, values: dict[str, Any]) -> flask.Response:
    return flask.make_response(render_template("texts/text.html", **values), status)


def _look(of: Slot) -> Preview | None:
    """What is typed as it will be read; None where it can't be sent."""
    with edge.parts().database.reading() as session:
        try:
            return previewing.preview(session, of, _typed(), _ticket(), actor=edge.actor())
        except Invalid:
            return None


def _shown(of: Slot) -> dict[str, Any]:
    with edge.parts().database.reading() as session:
        page = presenting.text_page(session, of, None, edge.actor())
    return {**page, "preview": presenting.preview_part(_look(of))}


def _previewed(of: Slot) -> flask.Response:
    """Nothing is stored; what can't be sent says why."""
    edge.stay(lambda answer, _error: _page(200, {**_shown(of), **_kept(), **told(answer), "preview": None}))
    with edge.parts().database.reading() as session:
        found = previewing.preview(session, of, _typed(), _ticket(), actor=edge.actor())
    return _page(200, {**_shown(of), **_kept(), "preview": presenting.preview_part(found)})


def _again(of: Slot, answer: Answer, error: Exception) -> flask.Response:
    """Measured against the newest version from here on, whose differences have been shown."""
    with edge.parts().database.reading() as session:
        page = presenting.text_page(session, of, None, edge.actor())
        overtaken = presenting.conflict(session, of, error)
    wrong = again(answer, error, overtaken, page["version"], _version())
    typed = _kept() if _typed() else {}
    return _page(answer.status, {**page, **typed, **wrong, "preview": presenting.preview_part(_look(of))})
