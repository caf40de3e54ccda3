"""What the views of tickets share."""

from collections.abc import Mapping
from typing import Any

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis.errors import Answer, Invalid
from mikroserwis.tickets.presenting.acts import ticket_url
from mikroserwis.tickets.wording import field_sentence

blueprint = Blueprint("tickets", __name__)


def back(number: int, text: str, part: str = "") -> ResponseReturnValue:
    """To the ticket, with a word on what was done."""
    flash(text, "success")
    return redirect(ticket_url(number, part), 303)


def page(template: str, status: int, **values: Any) -> flask.Response:
    """A page that answers an error."""
    return flask.make_response(render_template(template, **values), status)


def field_errors(error: Exception) -> dict[str, list[str]]:
    """What is wrong with each field of a form."""
    found: dict[str, list[str]] = {}
    for one in error.errors if isinstance(error, Invalid) else ():
        found.setdefault(one.field, []).append(field_sentence(one))
    return found


def typed(names: Mapping[str, Any]) -> dict[str, str]:
    """The form's own fields as they were sent."""
    return {name: request.form[name] for name in names if name in request.form}


def taken_by_another(answer: Answer) -> flask.Response:
    """The ticket is gone; the list isn't."""
    return page(
        "tickets/taken.html", answer.status, title=answer.title, text=answer.detail, list_url=url_for("tickets.index")
    )


def form_version() -> int | None:
    """The version that the form was made from; a form that names none is as good as stale."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
