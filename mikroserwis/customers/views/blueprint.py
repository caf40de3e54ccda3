"""The pages of customers, and what their views share."""

from collections.abc import Iterable, Mapping
from typing import Any

import flask
from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.customers.presenting.customer_page import tab_url
from mikroserwis.models import Customer

blueprint = Blueprint("customers", __name__, url_prefix="/customers")

CUSTOMER = f"/<int(max={2**31 - 1}):customer_id>"
CONTACT = f"{CUSTOMER}/contacts/<int(max={2**31 - 1}):contact_id>"
POINT = f"{CUSTOMER}/points/<int:point_id>"


def load(customer_id: int, permission: str) -> Customer:
    """Of this request's transaction. Raises NotFound, Forbidden."""
    return access.customer(edge.session(), edge.actor(), customer_id, permission)


def sent_version() -> int:
    """A form that names no version is as good as stale."""
    return request.form.get("version", 0, type=int)


def typed(names: Iterable[str]) -> dict[str, str]:
    """The form's own fields as they were sent."""
    return {name: request.form[name] for name in names if name in request.form}


def page(template: str, status: int, values: Mapping[str, Any]) -> flask.Response:
    return flask.make_response(render_template(template, **values), status)


def back(customer: Customer, text: str, anchor: str = "") -> ResponseReturnValue:
    """To the customer's page, with what was done."""
    flash(text, "success")
    return redirect(f"{tab_url(customer, 'details')}{anchor}", 303)
