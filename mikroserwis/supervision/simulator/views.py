"""The simulator's page. All of it lives in the address, so that it can be passed on."""

import flask
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.errors import Answer
from mikroserwis.supervision.simulator import forms, presenting, replaying, sheet

blueprint = Blueprint("simulator", __name__, url_prefix="/supervision")


@blueprint.get("/simulator")
def show() -> ResponseReturnValue:
    """The other policy's form, and what it would have done; with wrong values the form again."""
    edge.require("supervision.see")
    edge.stay(_again)
    wanted, session = forms.read(request.args), edge.session()
    result = replaying.simulate(session, wanted, edge.now(), shown=presenting.SHOWN)
    return render_template(
        "supervision/simulator.html",
        form=presenting.form(forms.typed(request.args), {}),
        out=presenting.outcome(session, wanted, result),
    )


@blueprint.get("/simulator.xlsx")
def sheet_of_differences() -> ResponseReturnValue:
    """Every ticket in which the two policies differ."""
    edge.require("supervision.see")
    wanted = forms.read(request.args)
    return sheet.answer(edge.session(), wanted, edge.now())


def _again(answer: Answer, _error: Exception) -> flask.Response:
    errors: dict[str, list[str]] = {}
    for one in answer.extra.get("errors", ()):
        errors.setdefault(one["field"], []).append(one["message"])
    page = render_template(
        "supervision/simulator.html", form=presenting.form(forms.typed(request.args), errors), out=None
    )
    return flask.make_response(page, answer.status)
