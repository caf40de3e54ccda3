"""A new password is weighed while it is typed, by what will judge it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from mikroserwis.accounts import passwords
from mikroserwis.edge import Parts
from tests.accounts.browser_client import token_of
from tests.accounts.test_links import asked, chosen, mailed
from tests.support.app import sqlite_only
from tests.support.people import Web


def said(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@sqlite_only
@pytest.mark.parametrize(
    ("typed", "level", "why"),
    [
        ("Gąska", "Bardzo łatwe do odgadnięcia", "co najmniej 10 znaków"),
        ("Łukasz Gąska", "Bardzo łatwe do odgadnięcia", "z własnych danych"),
        ("qwertyuiop12", "Łatwe do odgadnięcia", "od których zaczynają złodzieje"),
        ("ząb kalafior Tytikaka", "Bardzo trudne do odgadnięcia", ""),
    ],
)
def test_who_types_a_new_password_reads_how_good_it_is_and_why(web: Callable[[str], Web], typed, level, why):
    answer = web("alfa").post("/account/strength", {"password": typed})
    assert level in said(answer.text)
    assert why in said(answer.text)
    assert typed not in answer.text


@sqlite_only
def test_nothing_typed_is_said_nothing_about(web: Callable[[str], Web]):
    assert said(web("alfa").post("/account/strength", {"password": ""}).text) == ""


@sqlite_only
def test_what_would_be_refused_is_never_called_good(web: Callable[[str], Web]):
    for typed in ("x7!Kq9#pZ", "Mikroserwis!2026", "ąę" * 600):
        page = said(web("alfa").post("/account/strength", {"password": typed}).text).casefold()
        assert "odgadnięcia" in page
        assert "trudne do" not in page


def test_of_signs_that_may_stand_for_many_letters_few_are_weighed_and_a_password_once(monkeypatch: pytest.MonkeyPatch):
    asked_for: list[str] = []
    library = passwords._library()

    def weighing(password: str, **more: Any) -> Any:
        asked_for.append(password)
        return library(password, **more)

    monkeypatch.setattr(passwords, "_library", lambda: weighing)
    for typed, weighed in (("4@8({[<369&#!1|0$5+7%2z4@8({[<36", 16), ("ząb kalafior Tytikaka i coś jeszcze", 32)):
        assert passwords.judge(typed) == ([], 4)
        assert [len(one) for one in asked_for] == [weighed]
        asked_for.clear()


@sqlite_only
def test_a_link_weighs_as_long_as_it_opens_something(client: FlaskClient, parts: Parts):
    asked(client, "alfa")
    [link] = mailed(parts)
    form = {"csrf_token": token_of(client.get("/account/forgotten")), "password": "Łukasz Gąska"}
    assert "danych" in client.post(f"{link}/strength", data=form).text
    chosen(client, link)
    assert client.post(f"{link}/strength", data=form).status_code == 404
