"""Signing in: by any of three names, without telling which accounts exist, and not for ever."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters
from flask.testing import FlaskClient
from freezegun import freeze_time
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from mikroserwis.accounts import operations
from mikroserwis.edge import Parts
from mikroserwis.models import SignIn, User, UserSession
from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.support.cast import PASSWORD


@pytest.mark.parametrize(
    "name", ["alfa@dealer.example", " ALFA@Dealer.Example ", "alfa", "+48 600 100 200", "600-100-200", "0048600100200"]
)
def test_one_signs_in_by_email_user_name_or_phone(client: FlaskClient, name: str):
    answer = sign_in(client, name, PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(client)


def test_looking_into_a_name_that_nobody_has_costs_what_a_password_costs():
    real = extract_parameters(operations.hash_password(PASSWORD))
    assert extract_parameters(operations.NOBODYS_HASH) == real
    assert not operations.password_fits(operations.NOBODYS_HASH, PASSWORD)


@pytest.mark.parametrize("name", ["alfa@dealer.example", "nobody@dealer.example", "' OR 1=1 --", "x" * 5000])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: FlaskClient, name: str):
    answer = sign_in(client, name, "not the password")
    assert answer.status_code == 401
    assert "Name or password is wrong" in in_english(client, name)
    assert not is_signed_in(client)


def in_english(client: FlaskClient, name: str) -> str:
    client.post("/language", data={"csrf_token": token_of(client.get("/sign-in")), "language": "en"})
    return sign_in(client, name, "not the password").get_data(as_text=True)


def test_what_was_typed_stays_in_the_form_but_not_the_password(client: FlaskClient):
    page = sign_in(client, "alfa@dealer.example", "Tajne-haslo-17").get_data(as_text=True)
    assert 'value="alfa@dealer.example"' in page
    assert "Tajne-haslo-17" not in page


def test_an_empty_form_names_each_missing_field(client: FlaskClient):
    page = sign_in(client, "", "")
    assert page.status_code == 422
    assert 'id="error-identifier"' in page.get_data(as_text=True)
    assert 'id="error-password"' in page.get_data(as_text=True)


def test_the_session_gets_a_new_secret_at_each_sign_in(client: FlaskClient, parts: Parts):
    sign_in(client, "alfa", PASSWORD)
    with client.session_transaction() as cookie:
        first = cookie["secret"]
    client.post("/sign-out", data={"csrf_token": token_of(client.get("/account"))})
    sign_in(client, "alfa", PASSWORD)
    with client.session_transaction() as cookie:
        assert cookie["secret"] != first
    with parts.database.reading() as session:
        kept = set(session.scalars(select(UserSession.token_hash)))
    assert first not in kept
    assert operations.token_hash(first) not in kept


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: FlaskClient):
    cookies = sign_in(client, "alfa", PASSWORD).headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"mikroserwis", "mikroserwis_known"}
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_only_keep_me_signed_in_outlives_the_browser(client: FlaskClient):
    assert "Expires=" not in session_cookie(sign_in(client, "alfa", PASSWORD))
    client.post("/sign-out", data={"csrf_token": token_of(client.get("/account"))})
    assert "Expires=" in session_cookie(sign_in(client, "alfa", PASSWORD, keep="1"))


def session_cookie(answer: TestResponse) -> str:
    [found] = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("mikroserwis=")]
    return found


def test_a_session_ends_by_itself(client: FlaskClient):
    sign_in(client, "alfa", PASSWORD)
    assert is_signed_in(client)
    with freeze_time(datetime.now(UTC) + timedelta(hours=13)):
        assert not is_signed_in(client)


def test_a_deactivated_account_is_out_at_once(client: FlaskClient, parts: Parts):
    sign_in(client, "alfa", PASSWORD)
    with parts.database.transaction() as session:
        session.execute(update(User).where(User.email == "alfa@dealer.example").values(active=False))
    assert not is_signed_in(client)
    assert sign_in(client, "alfa", PASSWORD).status_code == 401


def test_an_account_without_a_password_cannot_sign_in(client: FlaskClient, parts: Parts):
    with parts.database.transaction() as session:
        session.execute(update(User).where(User.email == "alfa@dealer.example").values(password_hash=""))
    assert sign_in(client, "alfa", "").status_code == 422
    assert sign_in(client, "alfa", PASSWORD).status_code == 401


def test_one_comes_back_to_the_page_that_one_asked_for(client: FlaskClient):
    asked = client.get("/account?x=1")
    assert asked.status_code == 302
    page = client.get(asked.location)
    wanted = re.search(r'name="next" value="([^"]+)"', page.get_data(as_text=True))
    assert wanted
    assert sign_in(client, "alfa", PASSWORD, next=wanted[1]).location == "/account?x=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil",
    ],
)
def test_nobody_is_sent_to_another_site(client: FlaskClient, target: str):
    assert sign_in(client, "alfa", PASSWORD, next=target).location == "/"


def test_the_ninth_wrong_password_has_to_wait_and_only_from_that_address(client: FlaskClient):
    for _ in range(8):
        assert sign_in(client, "alfa", "wrong").status_code == 401
    assert sign_in(client, "alfa", PASSWORD).status_code == 429
    assert sign_in(client, "beta@dealer.example", PASSWORD).status_code == 303
    client.post("/sign-out", data={"csrf_token": token_of(client.get("/account"))})
    client.environ_base["REMOTE_ADDR"] = "127.0.0.77"
    assert sign_in(client, "alfa", PASSWORD).status_code == 303


def test_after_a_quarter_of_an_hour_one_may_try_again(client: FlaskClient):
    for _ in range(8):
        sign_in(client, "alfa", "wrong")
    with freeze_time(datetime.now(UTC) + timedelta(minutes=16)):
        assert sign_in(client, "alfa", PASSWORD).status_code == 303


def test_an_address_that_tries_many_names_has_to_wait(client: FlaskClient, parts: Parts):
    now = datetime.now(UTC)
    with parts.database.transaction() as session:
        session.add_all(
            SignIn(at=now, name_key=f"{index:064}", address="127.0.0.1", result="wrong") for index in range(60)
        )
    assert sign_in(client, "beta@dealer.example", PASSWORD).status_code == 429


def test_what_was_typed_as_a_name_is_never_kept(client: FlaskClient, parts: Parts):
    sign_in(client, "My-Secret-Password-1", "x")
    with parts.database.reading() as session:
        row = session.scalars(select(SignIn)).one()
    assert "My-Secret" not in row.name_key
    assert (row.result, row.user_id) == ("wrong", None)


def test_a_form_without_its_token_is_refused_and_keeps_what_was_typed(client: FlaskClient):
    answer = client.post("/sign-in", data={"identifier": "alfa", "password": PASSWORD})
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert 'value="alfa"' in page
    assert PASSWORD not in page
    assert not is_signed_in(client)
