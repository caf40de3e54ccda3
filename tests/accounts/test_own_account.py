"""One's own account: where it is signed in, and how to end that."""

import re
from collections.abc import Callable
from dataclasses import replace

from flask.testing import FlaskClient

from config import Settings
from mikroserwis.app import create_app
from mikroserwis.edge import Parts
from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.support.app import sqlite_only
from tests.support.cast import PASSWORD, PEOPLE
from tests.support.people import Api, Web


def test_signing_out_everywhere_ends_every_session_at_once(app, client: FlaskClient):
    other = app.test_client()
    sign_in(client, "alfa", PASSWORD)
    sign_in(other, "alfa", PASSWORD)
    client.post("/account/sessions/end", data={"csrf_token": token_of(client.get("/account"))})
    assert not is_signed_in(client)
    assert not is_signed_in(other)


def test_one_session_can_be_ended_and_the_others_stay(app, client: FlaskClient):
    other = app.test_client()
    sign_in(client, "alfa", PASSWORD)
    sign_in(other, "alfa", PASSWORD)
    page = client.get("/account")
    ends = re.findall(r'action="(/account/sessions/\w{64}/end)"', page.get_data(as_text=True))
    assert len(ends) == 1
    assert client.post(ends[0], data={"csrf_token": token_of(page)}).status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_somebody_elses_session_is_not_found(app, client: FlaskClient):
    other = app.test_client()
    sign_in(client, "alfa", PASSWORD)
    sign_in(other, "alfa", PASSWORD)
    ends = re.findall(r"/account/sessions/\w{64}/end", client.get("/account").get_data(as_text=True))
    beta = app.test_client()
    sign_in(beta, "beta@dealer.example", PASSWORD)
    answer = beta.post(ends[0], data={"csrf_token": token_of(beta.get("/account"))})
    assert answer.status_code == 404
    assert is_signed_in(other)


def test_failed_attempts_are_shown_to_the_owner(client: FlaskClient):
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/144.0"
    sign_in(client, "alfa", "wrong")
    sign_in(client, "alfa", PASSWORD)
    page = client.get("/account").get_data(as_text=True)
    assert page.count("Firefox, Windows") == 3


def test_the_chosen_language_stays_with_the_account(web: Callable[[str], Web]):
    alfa = web("alfa")
    alfa.post("/language", {"language": "en", "next": "/account"})
    assert 'lang="en"' in alfa.get("/account").get_data(as_text=True)
    assert 'lang="en"' in web("alfa").get("/account").get_data(as_text=True)


def test_after_signing_in_the_accounts_language_counts_and_can_be_set_on_its_page(client: FlaskClient):
    token = token_of(client.get("/sign-in"))
    client.post("/language", data={"csrf_token": token, "language": "en"})
    assert 'lang="en"' in client.get("/sign-in").text
    sign_in(client, "alfa", PASSWORD)
    page = client.get("/account")
    assert 'lang="pl"' in page.text
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version
    form = {"csrf_token": token_of(page), "name": "Łukasz Gąska", "version": version[1]}
    for language in ("pl", "es"):
        client.post("/account/data", data={**form, "language": language})
        assert f'lang="{language}"' in client.get("/account").text


@sqlite_only
def test_who_has_chosen_no_language_reads_the_services_own(settings: Settings, parts: Parts):
    romanian = settings.model_copy(update={"default_language": "ro"})
    app = create_app(romanian, replace(parts, settings=romanian))
    assert 'lang="ro"' in app.test_client().get("/sign-in").text
    office = Web.signed_in(app, PEOPLE["master"])
    assert 'value="ro" selected' in office.get("/people/new?dealer=1").text
    made = Api(app.test_client(), PEOPLE["operator"].token).post(
        "/accounts?dealer=1", {"name": "Ion Nou", "email": "ion@dealer.example"}
    )
    assert made.json["language"] == "ro"


def test_an_unknown_language_changes_nothing(web: Callable[[str], Web]):
    alfa = web("alfa")
    assert alfa.post("/language", {"language": "tlh"}).status_code == 303
    assert 'lang="pl"' in alfa.get("/account").get_data(as_text=True)
