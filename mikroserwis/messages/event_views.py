"""The table of which act is told over which channel, for staff."""

from typing import Any

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mikroserwis import access, channels, edge
from mikroserwis.channels import CHANNELS
from mikroserwis.errors import Answer, Conflict
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext
from mikroserwis.messages import operations, queries, wording
from mikroserwis.messages.wording import why_fixed
from mikroserwis.telling import EVENTS

blueprint = Blueprint("channels", __name__, url_prefix="/messages/events")


@blueprint.get("")
def index() -> str:
    """Every event with its channels; a form for those who may choose."""
    edge.require("messages.see")
    return render_template("messages/events.html", **_page(edge.session()))


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Whatever was ticked otherwise than it stood."""
    edge.require("messages.route")
    edge.stay(_again)
    changed = 0
    for event, ticked in _ticked().items():
        version = request.form.get(f"version.{event}", 0, type=int)
        changed += bool(
            operations.choose(edge.session(), event, ticked, version=version, actor=edge.actor(), now=edge.now())
        )
    said = ngettext(
        "%(n)s event is told otherwise from now on.", "%(n)s events are told otherwise from now on.", changed
    )
    flash(said if changed else _("Nothing was changed."), "success")
    return redirect(url_for("channels.index"), 303)


def _ticked() -> dict[str, dict[str, bool]]:
    """By event what the form asks for, where it isn't what it showed: somebody else may have chosen that meanwhile."""
    asked = {}
    for event in channels.told():
        free = [name for name in CHANNELS if name not in channels.fixed(event)]
        ticked = {name: f"{event}.{name}" in request.form for name in free}
        shown = request.form.get(f"shown.{event}")
        if shown is not None and ticked != {name: name in shown.split() for name in free}:
            asked[event] = ticked
    return asked


def _page(session: Session, ticked: dict[str, dict[str, bool]] | None = None) -> dict[str, Any]:
    chosen = queries.chosen(session)
    return {
        "rows": [_row(session, event, (ticked or {}).get(event), chosen.get(event)) for event in channels.told()],
        "channels": list(wording.CHANNELS.items()),
        "may": access.may("messages.route", access.role_relations(edge.actor())),
        "list_url": url_for("messages.index"),
        "sends_sms": bool(edge.parts().settings.sms_url),
    }


def _row(session: Session, event: str, ticked: dict[str, bool] | None, chosen: Any) -> dict[str, Any]:
    ways, fixed = channels.ways(session, event), channels.fixed(event)
    sent = request.form.get(f"version.{event}", type=int) if ticked is not None else ways.version
    return {
        "event": event,
        "label": EVENTS[event].label,
        "audience": EVENTS[event].audience,
        "cells": [
            {
                "name": f"{event}.{name}",
                "channel": wording.CHANNELS[name],
                "on": (ticked or {}).get(name, ways.over(name)),
                "why": why_fixed(fixed[name][1]) if name in fixed else "",
            }
            for name in CHANNELS
        ],
        "version": ways.version,
        "shown": " ".join(name for name in CHANNELS if ways.over(name)),
        "overtaken": {
            "who": chosen.changed_by,
            "at": chosen.changed_at,
            "channels": wording.channels_said([name for name in CHANNELS if ways.over(name)]),
        }
        if chosen is not None and sent != ways.version
        else None,
    }


def _again(answer: Answer, error: Exception) -> flask.Response:
    """With what was ticked, measured against what holds now and is shown beside it."""
    with edge.parts().database.reading() as session:
        page = _page(session, _ticked())
    title = _("Somebody changed this meanwhile") if isinstance(error, Conflict) else answer.title
    problems = [title, *answer.sentences]
    return flask.make_response(render_template("messages/events.html", **page, problems=problems), answer.status)
