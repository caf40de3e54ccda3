"""The second step of signing in: an app's code or a recovery code after the password, each once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from freezegun import freeze_time
from pyotp import TOTP
from sqlalchemy import func, select, update

from mikroserwis.access import SYSTEM
from mikroserwis.accounts import operations, second_factor
from mikroserwis.edge import Parts
from mikroserwis.models import Event, HalfSignIn, Message, RecoveryCode, SecondFactor, SignIn, User, UserSession
from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.accounts.second_steps import fill, later, send_code, set_up
from tests.support.app import sqlite_only
from tests.support.cast import PASSWORD


def test_an_app_is_set_up_by_the_key_and_counts_only_when_it_showed_a_code(client: FlaskClient, parts: Parts):
    sign_in(client, "alfa", PASSWORD)
    assert fill(client, "", password="not the password").status_code == 422
    assert fill(client, "", password=PASSWORD).location == "/account/second-factor"
    page = client.get("/account/second-factor").get_data(as_text=True)
    key = re.search(r'id="key">([A-Z2-7 ]+)<', page)
    assert key
    assert "data:image/svg+xml" in page
    assert fill(client, "/confirmation", code="000000").status_code == 422
    with parts.database.reading() as session:
        assert not second_factor.is_on(session, 1)
    answer = fill(client, "/confirmation", code=TOTP(key[1].replace(" ", "")).now())
    assert answer.location == "/account/second-factor/codes"
    assert key[1] not in client.get("/account/second-factor").get_data(as_text=True)
    with parts.database.reading() as session:
        assert session.scalars(select(Event.verb).order_by(Event.id.desc())).first() == "second_factor_on"
        assert session.scalars(select(Message.event).order_by(Message.id.desc())).first() == "second_factor_on"


def test_recovery_codes_are_shown_until_put_away_and_are_kept_as_hashes(client: FlaskClient, parts: Parts):
    _app, codes = set_up(client, "alfa")
    assert len(set(codes)) == 10
    text = client.get("/account/second-factor/codes.txt")
    assert text.headers["Content-Disposition"].startswith("attachment")
    assert all(code in text.get_data(as_text=True) for code in codes)
    with parts.database.reading() as session:
        kept = " ".join(session.scalars(select(RecoveryCode.code_hash)))
    assert not any(code in kept for code in codes)
    token = token_of(client.get("/account/second-factor/codes"))
    client.post("/account/second-factor/codes/kept", data={"csrf_token": token})
    for path in ("/codes", "/codes.txt"):
        assert client.get(f"/account/second-factor{path}").location == "/account/second-factor"


def test_after_the_password_nothing_is_open_until_the_code(client: FlaskClient, parts: Parts):
    app, _codes = set_up(client, "alfa")
    client.post("/sign-out", data={"csrf_token": token_of(client.get("/account"))})
    asked = sign_in(client, "alfa", PASSWORD, keep="1", next="/account?x=1")
    assert (asked.status_code, asked.location) == (303, "/sign-in/code?next=/account?x%3D1")
    assert not is_signed_in(client)
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(UserSession)) == 0
        assert session.scalars(select(SignIn.result).order_by(SignIn.id.desc())).first() == "half"
    assert send_code(client, "000000").status_code == 401
    assert not is_signed_in(client)
    with later(30):
        answer = send_code(client, app.now(), next="/account?x=1")
        assert (answer.status_code, answer.location) == (303, "/account?x=1")
        assert any("Expires=" in one for one in answer.headers.getlist("Set-Cookie") if one.startswith("mikroserwis="))
        assert is_signed_in(client)
    with parts.database.reading() as session:
        assert session.scalars(select(SignIn.result).order_by(SignIn.id)).all()[-2:] == ["ok", "code"]
        assert session.scalar(select(func.count()).select_from(HalfSignIn)) == 0


@sqlite_only
@pytest.mark.parametrize(("seconds", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_of_the_step_before_or_after_is_taken_and_no_older_one(
    client: FlaskClient, parts: Parts, seconds: int, opens: bool
):
    app, _codes = set_up(client, "alfa")
    with later(600):
        moment = datetime.now(UTC)
        with parts.database.transaction() as session:
            user, key = session.get_one(User, 1), parts_key(client)
            code = app.at(moment + timedelta(seconds=seconds))
            assert second_factor.take(session, user, code, key, actor=SYSTEM, now=moment) is opens


def parts_key(client: FlaskClient) -> str:
    return str(client.application.secret_key)


def test_a_code_that_was_used_opens_nothing_again(client: FlaskClient):
    app, _codes = set_up(client, "alfa")
    with later(60):
        code = app.now()
        for opens in (True, False):
            client.delete_cookie("mikroserwis")
            sign_in(client, "alfa", PASSWORD)
            assert send_code(client, code).status_code == (303 if opens else 401)
            assert is_signed_in(client) is opens


def test_a_recovery_code_opens_once_however_it_is_typed(client: FlaskClient, parts: Parts):
    _app, codes = set_up(client, "alfa")
    for opens in (True, False):
        client.delete_cookie("mikroserwis")
        sign_in(client, "alfa", PASSWORD)
        assert send_code(client, codes[0].upper().replace("-", " ")).status_code == (303 if opens else 401)
    with parts.database.reading() as session:
        assert second_factor.state(session, session.get_one(User, 1)).codes == 9
        assert session.scalars(select(Message.event).order_by(Message.id.desc())).first() == "second_factor_recovery"


def test_new_codes_void_the_old_ones(client: FlaskClient):
    _app, codes = set_up(client, "alfa")
    assert fill(client, "/codes", codes_password=PASSWORD).location == "/account/second-factor/codes"
    client.delete_cookie("mikroserwis")
    sign_in(client, "alfa", PASSWORD)
    assert send_code(client, codes[0]).status_code == 401


def test_the_half_way_is_open_for_five_minutes_and_in_this_browser_only(client: FlaskClient):
    app, _codes = set_up(client, "alfa")
    client.delete_cookie("mikroserwis")
    sign_in(client, "alfa", PASSWORD)
    other = client.application.test_client()
    assert other.get("/sign-in/code").location == "/sign-in"
    token = token_of(other.get("/sign-in"))
    assert other.post("/sign-in/code", data={"csrf_token": token, "code": app.now()}).status_code == 401
    assert not is_signed_in(other)
    with later(301):
        assert client.get("/sign-in/code").location == "/sign-in"


def test_a_new_password_ends_the_half_way(client: FlaskClient, parts: Parts):
    set_up(client, "alfa")
    client.delete_cookie("mikroserwis")
    sign_in(client, "alfa", PASSWORD)
    with parts.database.transaction() as session:
        operations.close_all_sessions(session, 1)
    assert client.get("/sign-in/code").location == "/sign-in"


def test_switching_off_asks_for_the_password(client: FlaskClient, parts: Parts):
    set_up(client, "alfa")
    assert fill(client, "/end", end_password="not the password").status_code == 422
    assert fill(client, "/end", end_password=PASSWORD).status_code == 303
    client.delete_cookie("mikroserwis")
    assert sign_in(client, "alfa", PASSWORD).location == "/"
    with parts.database.reading() as session:
        assert session.scalars(select(Event.verb).order_by(Event.id.desc())).first() == "second_factor_off"


def test_a_reset_ends_every_session_and_tells_the_person(client: FlaskClient, parts: Parts):
    set_up(client, "alfa")
    with parts.database.transaction() as session:
        for _twice in range(2):
            second_factor.reset(session, session.get_one(User, 1), actor=SYSTEM, now=datetime.now(UTC))
    assert not is_signed_in(client)
    assert sign_in(client, "alfa", PASSWORD).location == "/"
    with parts.database.reading() as session:
        told = session.scalars(select(Message.event).where(Message.event.like("%reset"))).all()
        assert told == ["second_factor_reset"]
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0


@sqlite_only
def test_a_copy_of_the_database_gives_no_codes(client: FlaskClient, parts: Parts):
    app, _codes = set_up(client, "alfa")
    with parts.database.reading() as session:
        factor = session.scalars(select(SecondFactor)).one()
        assert second_factor.app(factor, parts_key(client)).secret == app.secret
        assert second_factor.app(factor, "another key").secret != app.secret
        assert app.secret not in str({name: getattr(factor, name) for name in ("nonce", "last_step", "user_id")})


def test_an_account_that_was_blocked_in_between_stays_out(client: FlaskClient, parts: Parts):
    app, _codes = set_up(client, "alfa")
    client.delete_cookie("mikroserwis")
    sign_in(client, "alfa", PASSWORD)
    with parts.database.transaction() as session:
        session.execute(update(User).where(User.id == 1).values(active=False))
    token = token_of(client.get("/sign-in"))
    with freeze_time(datetime.now(UTC) + timedelta(seconds=60)):
        assert client.post("/sign-in/code", data={"csrf_token": token, "code": app.now()}).status_code == 401
