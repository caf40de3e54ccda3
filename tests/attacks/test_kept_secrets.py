"""Passwords and links: what is kept, shown again or logged gives none of them away."""

import hashlib
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from mikroserwis.accounts import links, operations
from mikroserwis.edge import Parts
from mikroserwis.models import Submission, User
from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.accounts.second_steps import PAGE, set_up
from tests.support.app import sqlite_only
from tests.support.cast import PASSWORD, PEOPLE

OPERATOR = PEOPLE["operator"].email


def once(client: FlaskClient, path: str, **fields: str) -> Any:
    return client.post(path, data={"csrf_token": token_of(client.get(PAGE)), "once": "x", **fields})


@sqlite_only
def test_nobody_can_try_passwords_on_what_is_kept_of_an_answered_form(client: FlaskClient, parts: Parts):
    sign_in(client, OPERATOR, PASSWORD)
    assert once(client, PAGE, password=PASSWORD).status_code == 303
    with parts.database.reading() as session:
        kept = session.scalars(select(Submission.fingerprint)).one()
    told = [f"POST {PAGE}{mark}\npassword={PASSWORD}\n" for mark in ("", "?")]
    assert kept not in {hashlib.sha256(one.encode()).hexdigest() for one in told}
    assert len(kept) == 64


@sqlite_only
@pytest.mark.parametrize(("path", "field"), [("/end", "end_password"), ("/codes", "codes_password")])
def test_a_form_that_came_too_late_shows_no_password_again(client: FlaskClient, path: str, field: str):
    set_up(client, OPERATOR)
    late = client.post(f"{PAGE}{path}", data={"csrf_token": "old", field: "MojeTajneHaslo"})
    assert late.status_code == 400
    assert "MojeTajneHaslo" not in late.text


@sqlite_only
@pytest.mark.parametrize(("path", "field"), [("/codes", "codes_password"), ("/end", "end_password")])
def test_a_password_of_persian_figures_is_taken_as_it_was_typed(
    client: FlaskClient, parts: Parts, path: str, field: str
):
    own = "kobalt-tratwa-۴۷۱۱۲"
    set_up(client, OPERATOR)
    with parts.database.transaction() as session:
        session.execute(update(User).where(User.email == OPERATOR).values(password_hash=operations.hash_password(own)))
    assert once(client, f"{PAGE}{path}", **{field: own}).status_code == 303


@sqlite_only
def test_a_link_that_could_not_be_used_just_now_is_not_logged(
    client: FlaskClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
):
    def busy(*_given: Any, **_named: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    monkeypatch.setattr(links, "load", busy)
    with capture_logs() as logs:
        assert client.get("/account/links/1-verysecret").status_code in {500, 503}
    assert logs
    assert "verysecret" not in re.sub(r"\s", "", str(logs))


@sqlite_only
@pytest.mark.parametrize("change", [{"password_hash": "another"}, {"active": False}])
def test_who_signs_in_while_the_password_changes_or_the_account_is_blocked_stays_out(
    client: FlaskClient, parts: Parts, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
):
    fits = operations.password_fits

    def meanwhile(password_hash: str, password: str) -> bool:
        found = fits(password_hash, password)
        with parts.database.transaction() as session:
            session.connection().execute(update(User).where(User.email == OPERATOR).values(**change))
        return found

    monkeypatch.setattr(operations, "password_fits", meanwhile)
    assert sign_in(client, OPERATOR, PASSWORD).status_code == 401
    assert not is_signed_in(client)
