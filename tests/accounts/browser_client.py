"""Signing in as a browser does it: the form first, with its token."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def token_of(page: TestResponse) -> str:
    """The CSRF token of a page's first form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)[:2000]
    return found[1]


def sign_in(client: FlaskClient, identifier: str, password: str, **fields: str) -> TestResponse:
    """The answer to the filled form."""
    token = token_of(client.get("/sign-in"))
    data = {"csrf_token": token, "identifier": identifier, "password": password, **fields}
    return client.post("/sign-in", data=data)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200
