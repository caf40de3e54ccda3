"""Setting up a second factor and signing in with it, as a browser does."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from freezegun import freeze_time
from pyotp import TOTP
from werkzeug.test import TestResponse

from tests.accounts.browser_client import sign_in, token_of
from tests.support.cast import PASSWORD

PAGE = "/account/second-factor"


def later(seconds: int) -> Any:
    return freeze_time(datetime.now(UTC) + timedelta(seconds=seconds))


def fill(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """The answer to a form of the page."""
    return client.post(f"{PAGE}{path}", data={"csrf_token": token_of(client.get(PAGE)), **fields})


def set_up(client: FlaskClient, name: str) -> tuple[TOTP, list[str]]:
    """Signed in with a second factor switched on: the app, and the recovery codes."""
    sign_in(client, name, PASSWORD)
    fill(client, "", password=PASSWORD)
    found = re.search(r'id="key">([A-Z2-7 ]+)<', client.get(PAGE).get_data(as_text=True))
    assert found
    app = TOTP(found[1].replace(" ", ""))
    assert fill(client, "/confirmation", code=app.now()).status_code == 303
    shown = client.get(f"{PAGE}/codes").get_data(as_text=True)
    return app, re.findall(r"<code>([a-z2-7-]{19})</code>", shown)


def send_code(client: FlaskClient, code: str, **fields: str) -> TestResponse:
    token = token_of(client.get("/sign-in/code"))
    return client.post("/sign-in/code", data={"csrf_token": token, "code": code, **fields})
