"""Roles that must have a second factor: led to set one up, and to nothing else before."""

import pytest
from apiflask import APIFlask

from config import Settings
from mikroserwis.app import create_app
from mikroserwis.edge import Parts
from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.accounts.second_steps import set_up
from tests.cli.programs import call
from tests.support.app import sqlite_only
from tests.support.cast import PASSWORD, PEOPLE
from tests.support.people import Api

pytestmark = sqlite_only


@pytest.fixture
def app(settings: Settings, parts: Parts) -> APIFlask:
    strict = settings.model_copy(update={"second_factor_roles": "dealer, master"})
    return create_app(strict, Parts(strict, parts.database, parts.store, parts.backoffice))


def test_who_must_have_one_gets_to_nothing_else_before(app: APIFlask):
    client = app.test_client()
    sign_in(client, "alfa", PASSWORD)
    for path in ("/", "/tickets", "/account", "/tickets/115", "/account/second-factor/codes"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, "/account/second-factor"), path
    token = token_of(client.get("/account/second-factor"))
    assert client.post("/tickets/80/taking", data={"csrf_token": token}).location == "/account/second-factor"
    assert client.post("/language", data={"csrf_token": token, "language": "en"}).location == "/"
    page = client.get("/account/second-factor").get_data(as_text=True)
    assert "Your role signs in with a second step" in page


def test_once_set_up_everything_opens(app: APIFlask):
    client = app.test_client()
    set_up(client, "alfa")
    assert is_signed_in(client)
    assert client.get("/tickets").status_code == 200


def test_who_is_led_there_may_sign_out_instead(app: APIFlask):
    client = app.test_client()
    sign_in(client, "alfa", PASSWORD)
    token = token_of(client.get("/account/second-factor"))
    assert client.post("/sign-out", data={"csrf_token": token}).location == "/sign-in"


def test_other_roles_and_programs_go_on_as_before(app: APIFlask):
    client = app.test_client()
    sign_in(client, PEOPLE["operator"].email, PASSWORD)
    assert is_signed_in(client)
    assert Api(app.test_client(), PEOPLE["alfa"].token).get("/tickets").status_code == 200


def test_a_lost_phone_is_helped_from_the_command_line(app: APIFlask, settings: Settings):
    client = app.test_client()
    set_up(client, "alfa")
    command = ("--data", str(settings.data), "user", "reset-second-factor", PEOPLE["alfa"].email)
    for said in ("its sessions have ended", "already"):
        done = call(*command, MIKROSERWIS_DATABASE_URL=settings.database)
        assert (done.returncode, said in done.stdout) == (0, True), done.stderr
    assert sign_in(app.test_client(), "alfa", PASSWORD).location == "/"
    assert not is_signed_in(client)
