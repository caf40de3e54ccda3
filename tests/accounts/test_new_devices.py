"""Who signs in on a new device is told by mail; who comes back from a known one isn't."""

from datetime import UTC, datetime, timedelta

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from mikroserwis.edge import Parts
from mikroserwis.models import Message, SignIn
from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.support.app import sqlite_only
from tests.support.cast import PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"


def came(app: APIFlask, agent: str, address: str, browser: FlaskClient | None = None) -> FlaskClient:
    """A browser that signed in from there; a new one has no cookies."""
    browser = browser or app.test_client()
    browser.environ_base |= {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": address}
    sign_in(browser, "alfa", PASSWORD)
    assert is_signed_in(browser)
    return browser


def told(parts: Parts) -> list[str]:
    with parts.database.reading() as session:
        return list(session.scalars(select(Message.body).where(Message.event == "new_device").order_by(Message.id)))


def test_the_first_sign_in_of_all_is_no_news(app: APIFlask, parts: Parts):
    came(app, FIREFOX, "203.0.113.7")
    assert told(parts) == []


def test_another_device_is_told_with_what_and_where_it_is(app: APIFlask, parts: Parts):
    came(app, FIREFOX, "203.0.113.7")
    came(app, CHROME, "198.51.100.9")
    [body] = told(parts)
    for said in ("Chrome", "Android", "198.51.100.9", "/account"):
        assert said in body


def test_the_same_device_in_the_same_place_is_no_news_without_its_cookies(app: APIFlask, parts: Parts):
    came(app, FIREFOX, "203.0.113.7")
    came(app, FIREFOX, "203.0.113.7")
    assert told(parts) == []


def test_the_same_device_elsewhere_is_told_unless_its_browser_is_known(app: APIFlask, parts: Parts):
    browser = came(app, FIREFOX, "203.0.113.7")
    browser.post("/sign-out", data={"csrf_token": token_of(browser.get("/account"))})
    came(app, FIREFOX, "198.51.100.9", browser)
    assert told(parts) == []
    came(app, FIREFOX, "192.0.2.1")
    assert len(told(parts)) == 1


@sqlite_only
def test_a_wrong_password_from_elsewhere_tells_nobody(app: APIFlask, parts: Parts):
    came(app, FIREFOX, "203.0.113.7")
    stranger = app.test_client()
    stranger.environ_base |= {"HTTP_USER_AGENT": CHROME, "REMOTE_ADDR": "198.51.100.9"}
    sign_in(stranger, "alfa", "wrong")
    assert told(parts) == []


@sqlite_only
def test_whoever_comes_to_an_account_that_slept_for_long_is_told(app: APIFlask, parts: Parts):
    came(app, FIREFOX, "203.0.113.7")
    with parts.database.transaction() as session:
        session.execute(update(SignIn).values(at=datetime.now(UTC) - timedelta(days=200)))
    came(app, FIREFOX, "203.0.113.7")
    assert len(told(parts)) == 1
