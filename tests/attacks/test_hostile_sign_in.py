"""Guessing passwords faster than the limit allows."""

from concurrent.futures import ThreadPoolExecutor

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mikroserwis.edge import Parts
from mikroserwis.models import SignIn
from tests.accounts.browser_client import is_signed_in, sign_in
from tests.support.app import sqlite_only
from tests.support.cast import PASSWORD

AT_ONCE = 24


def test_guesses_sent_at_the_same_moment_are_counted_before_any_is_answered(app: APIFlask, parts: Parts):
    def guess(number: int) -> int:
        return sign_in(app.test_client(), "nobody@dealer.example", f"guess {number}").status_code

    with ThreadPoolExecutor(AT_ONCE) as guessers:
        answers = list(guessers.map(guess, range(AT_ONCE)))
    assert sorted(answers) == [401] * 8 + [429] * (AT_ONCE - 8)
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 8


@sqlite_only
def test_a_right_password_is_no_failed_attempt(client: FlaskClient, parts: Parts):
    for _ in range(10):
        assert sign_in(client, "alfa", PASSWORD).status_code == 303
        client.delete_cookie("mikroserwis")
    with parts.database.reading() as session:
        assert set(session.scalars(select(SignIn.result))) == {"ok"}
    sign_in(client, "alfa", PASSWORD)
    assert is_signed_in(client)
