"""Personal data on pages: what is kept how long, one person's data as a file, and a person made anonymous."""

from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import flask
from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.access import Actor
from mikroserwis.consents import exporting, personal, subjects
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.refused_forms import told

blueprint = Blueprint("personal", __name__)

PERSON = "/personal-data/<string(maxlength=12):code>"


@blueprint.get("/personal-data")
def index() -> str:
    """What is kept how long and why, and who was made anonymous."""
    edge.require("personal.see")
    return render_template("consents/personal.html", **personal.index_page(edge.session(), edge.actor(), edge.now()))


@blueprint.get(PERSON)
def person(code: str) -> str:
    """One person: what would be exported, and what stands in the way of anonymity."""
    edge.require("personal.manage")
    return render_template("consents/person.html", **personal.person_page(edge.session(), code, edge.actor()))


@blueprint.post(f"{PERSON}/export")
def export(code: str) -> ResponseReturnValue:
    """The file; that it was made stands in the history."""
    edge.require("personal.manage")
    return exported(code, edge.actor())


@blueprint.post(f"{PERSON}/anonymisation")
def anonymise(code: str) -> ResponseReturnValue:
    """For good."""
    edge.require("personal.manage")
    edge.stay(lambda answer, _error: _again(code, answer))
    session, now = edge.session(), edge.now()
    typed = request.form.get("confirmation", "")
    made = personal.anonymise(session, subjects.load(session, code), typed, actor=edge.actor(), now=now)
    flash(_("The person is anonymous. Everywhere it is “%(label)s” now.", label=made.label), "success")
    return redirect(url_for("personal.index", _anchor="anonymous"), 303)


@blueprint.post("/account/data-export")
def export_own() -> ResponseReturnValue:
    """Whatever is kept of whoever asks."""
    edge.require("account.own")
    return exported(f"u{edge.actor().user_id}", edge.actor())


def exported(code: str, actor: Actor) -> Response:
    """Read before anything is written, so that nobody waits for it. Raises NotFound."""
    now = edge.now()
    with ExitStack() as until_answered:
        out = until_answered.enter_context(TemporaryFile())
        with edge.parts().database.snapshot() as reading:
            subject = subjects.load(reading, code)
            exporting.write(reading, subject, edge.parts().store, cast(BinaryIO, out), now)
        personal.record_export(edge.session(), code, actor=actor, now=now)
        out.seek(0)
        name = exporting.file_name(subject, now)
        answer = send_file(out, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
        until_answered.pop_all()  # The answer closes it from here on.
    return answer


def _again(code: str, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown: dict[str, Any] = personal.person_page(session, code, edge.actor())
    wrong = {**told(answer), "typed": request.form.get("confirmation", "")}
    return flask.make_response(render_template("consents/person.html", **{**shown, **wrong}), answer.status)
