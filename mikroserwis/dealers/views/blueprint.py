"""The staff's pages, and what their views share."""

from collections.abc import Mapping
from typing import Any

import flask
from flask import Blueprint, render_template, request

blueprint = Blueprint("dealers", __name__, url_prefix="/dealers")

DEALER = f"/<int(max={2**31 - 1}):dealer_id>"
ABSENCE = f"/absences/<int(max={2**31 - 1}):absence_id>"


def sent_version() -> int:
    """A form that names no version is as good as stale."""
    return request.form.get("version", 0, type=int)


def page(template: str, status: int, values: Mapping[str, Any]) -> flask.Response:
    return flask.make_response(render_template(template, **values), status)
