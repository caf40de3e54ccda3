"""Guessing on a large scale: from several processes, from many addresses, and at codes after a stolen password."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from config import Settings
from mikroserwis.accounts import abuse
from mikroserwis.accounts.operations import Source
from mikroserwis.edge import Parts
from mikroserwis.errors import TooMany
from mikroserwis.models import Message, SignIn
from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.accounts.second_steps import later, send_code, set_up
from tests.support.app import sqlite_only
from tests.support.cast import PASSWORD
from tests.support.sources import ROOT

GUESSING = """
import sys
from config import Settings
from mikroserwis.app import create_app
from tests.accounts.browser_client import sign_in
app = create_app(Settings(data=sys.argv[1], database_url=sys.argv[2], base_url="http://localhost"))
print([sign_in(app.test_client(), "alfa", f"guess {number}").status_code for number in range(7)].count(401))
"""


def test_processes_share_the_count(settings: Settings, parts: Parts):
    guessing = [sys.executable, "-c", GUESSING, str(settings.data), settings.database]
    started = [subprocess.Popen(guessing, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answered = [int(one.communicate(timeout=60)[0]) for one in started]
    assert sum(answered) == settings.sign_in_failures
    with parts.database.reading() as session:
        assert len(session.scalars(select(SignIn.id)).all()) == settings.sign_in_failures


def test_forty_codes_sent_at_once_are_counted_before_any_is_answered(client: FlaskClient, app: APIFlask):
    set_up(client, "alfa")
    client.delete_cookie("mikroserwis")
    client.delete_cookie("mikroserwis_known")
    sign_in(client, "alfa", PASSWORD)
    token = token_of(client.get("/sign-in/code"))
    cookie = client.get_cookie("mikroserwis")
    assert cookie

    def guess(number: int) -> int:
        browser = app.test_client()
        browser.set_cookie("mikroserwis", cookie.value)
        return browser.post("/sign-in/code", data={"csrf_token": token, "code": f"{number:06}"}).status_code

    with ThreadPoolExecutor(8) as guessers:
        answers = list(guessers.map(guess, range(40)))
    assert sorted(answers) == [401] * 8 + [429] * 32
    assert not is_signed_in(client)


def test_wrong_codes_after_a_right_password_are_told_to_its_owner_once(client: FlaskClient, parts: Parts):
    set_up(client, "alfa")
    client.delete_cookie("mikroserwis")
    sign_in(client, "alfa", PASSWORD)
    for _ in range(5):
        assert send_code(client, "000000").status_code == 401
    with parts.database.reading() as session:
        told = session.scalars(select(Message.event).where(Message.event.like("second_factor_guessed"))).all()
    assert len(told) == 1


def spread(parts: Parts, client: FlaskClient, name: str, addresses: list[str]) -> None:
    """Failed sign-ins of one name, one from each address."""
    now, key = datetime.now(UTC), abuse.name_key(name, str(client.application.secret_key))
    with parts.database.transaction() as session:
        session.add_all(SignIn(at=now, name_key=key, user_id=1, address=one, result="wrong") for one in addresses)


def test_guesses_from_many_addresses_end_but_never_for_who_signed_in_there_before(client: FlaskClient, parts: Parts):
    assert sign_in(client, "alfa", PASSWORD).status_code == 303
    spread(
        parts, client, "alfa", [f"198.51.100.{number}" for number in range(parts.settings.sign_in_failures_per_account)]
    )
    stranger = client.application.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    refused = sign_in(stranger, "alfa", PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900

    same_address = client.application.test_client()
    assert sign_in(same_address, "alfa", PASSWORD).status_code == 303
    client.delete_cookie("mikroserwis")
    client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    assert sign_in(client, "alfa", PASSWORD).status_code == 303


def test_a_neighbour_at_the_same_address_keeps_nobody_out_of_a_known_browser(client: FlaskClient):
    sign_in(client, "alfa", PASSWORD)
    client.delete_cookie("mikroserwis")
    neighbour = client.application.test_client()
    for _ in range(8):
        sign_in(neighbour, "alfa", "wrong")
    assert sign_in(neighbour, "alfa", PASSWORD).status_code == 429
    assert sign_in(client, "alfa", PASSWORD).status_code == 303


@sqlite_only
@pytest.mark.parametrize("forged", ["", "x", "eyIxIjoiYSJ9.AAAA", "bnVsbA.x"])
def test_a_forged_mark_of_a_known_browser_counts_for_nothing(client: FlaskClient, forged: str):
    client.set_cookie("mikroserwis_known", forged)
    for _ in range(8):
        assert sign_in(client, "alfa", "wrong").status_code == 401
    assert sign_in(client, "alfa", PASSWORD).status_code == 429


def test_a_whole_ipv6_network_is_one_guesser(client: FlaskClient):
    for number in range(8):
        client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2:{number:x}::1"
        assert sign_in(client, "alfa", "wrong").status_code == 401
    client.environ_base["REMOTE_ADDR"] = "2001:db8:1:2:ffff::1"
    assert sign_in(client, "alfa", PASSWORD).status_code == 429
    client.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert sign_in(client, "alfa", PASSWORD).status_code == 303


@sqlite_only
def test_an_unknown_name_is_asked_for_with_the_same_work_as_a_known_one(client: FlaskClient, parts: Parts):
    asked: list[str] = []
    event.listen(
        parts.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2].split(" FROM")[0])
    )
    work = []
    for name in ("alfa@dealer.example", "nobody@dealer.example"):
        asked.clear()
        assert sign_in(client, name, "wrong").status_code == 401
        work.append(list(asked))
    assert work[0] == work[1]
    assert len(work[0]) > 4


def test_requests_of_a_kind_are_limited_by_what_they_are_about_and_by_source(parts: Parts):
    now = datetime.now(UTC)

    def ask(key: str, address: str) -> None:
        with parts.database.transaction() as session:
            abuse.check(session, "recovery", key, Source(address, ""), settings=parts.settings, now=now)

    for _ in range(3):
        ask("alfa@dealer.example", "198.51.100.1")
    with pytest.raises(TooMany) as refused:
        ask("ALFA@dealer.example ", "198.51.100.1")
    assert refused.value.params["seconds"] == pytest.approx(3600)
    ask("alfa@dealer.example", "198.51.100.2")
    for number in range(17):
        ask(f"{number}@dealer.example", "198.51.100.1")
    with pytest.raises(TooMany):
        ask("another@dealer.example", "198.51.100.1")
    for number in range(6):
        ask("alfa@dealer.example", f"198.51.100.{number + 10}")
    with pytest.raises(TooMany):
        ask("alfa@dealer.example", "198.51.100.99")


@sqlite_only
def test_a_session_planted_before_the_code_is_not_the_one_after_it(client: FlaskClient):
    app, _codes = set_up(client, "alfa")
    client.delete_cookie("mikroserwis")
    sign_in(client, "alfa", PASSWORD)
    with client.session_transaction() as cookie:
        half = cookie["half"]
    planted = client.get_cookie("mikroserwis")
    with later(60):
        assert send_code(client, app.now()).status_code == 303
        with client.session_transaction() as cookie:
            assert "half" not in cookie
            assert cookie["secret"] != half
        thief = client.application.test_client()
        thief.set_cookie("mikroserwis", planted.value if planted else "")
        assert not is_signed_in(thief)
        assert thief.get("/sign-in/code").location == "/sign-in"
