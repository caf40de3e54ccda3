"""The common part of all."""

from typing import Any

import flask
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

blueprint = Blueprint("clients", __name__, url_prefix="/clients")

CLIENT = f"/<int(max={2**31 - 1}):client_id>"
TOKEN = f"{CLIENT}/tokens/<int(max={2**31 - 1}):token_id>"
WEBHOOK = f"{CLIENT}/webhooks/<int(max={2**31 - 1}):endpoint_id>"
DELIVERY = f"{WEBHOOK}/deliveries/<int(max={2**31 - 1}):sending_id>"


def back(text: str, client_id: int, endpoint_id: int | None = None, part: str | None = None) -> ResponseReturnValue:
    """To the program's page, or its webhook's."""
    flash(text, "success")
    if endpoint_id is not None:
        return redirect(url_for("clients.webhook", client_id=client_id, endpoint_id=endpoint_id, _anchor=part), 303)
    return redirect(url_for("clients.show", client_id=client_id, _anchor=part), 303)


def page(template: str, status: int, values: dict[str, Any]) -> flask.Response:
    return flask.make_response(render_template(f"clients/{template}", **values), status)
