"""One's own account: where it is signed in, and how to end that."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.support.cast import PASSWORD
from tests.support.people import Web


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


def test_an_unknown_language_changes_nothing(web: Callable[[str], Web]):
    alfa = web("alfa")
    assert alfa.post("/language", {"language": "tlh"}).status_code == 303
    assert 'lang="pl"' in alfa.get("/account").get_data(as_text=True)
