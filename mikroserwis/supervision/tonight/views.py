"""What the next sweep, or one at another moment, would take away."""

import flask
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.errors import Answer
from mikroserwis.supervision.tonight import moments, presenting, queries

blueprint = Blueprint("tonight", __name__, url_prefix="/supervision")


@blueprint.get("/tonight")
def show() -> ResponseReturnValue:
    """As the address asks for; tonight's without a moment."""
    edge.require("supervision.see")
    edge.stay(_again)
    return render_template("supervision/tonight.html", **_page(request.args), errors=[])


def _again(answer: Answer, _error: Exception) -> flask.Response:
    """Tonight's, with what was typed and what is wrong with it."""
    with edge.parts().database.reading() as session:
        wanted = moments.read({}, edge.now())
        shown = presenting.page(wanted, queries.preview(session, wanted))
    shown["typed"] = request.args.get("at", "")[:40]
    return flask.make_response(
        render_template("supervision/tonight.html", **shown, errors=answer.sentences), answer.status
    )


def _page(arguments: dict[str, str]) -> dict[str, object]:
    wanted = moments.read(arguments, edge.now())
    return presenting.page(wanted, queries.preview(edge.session(), wanted))
