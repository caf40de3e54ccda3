"""Accounts from the command line: put out of use and back, and given a new password."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from subprocess import CompletedProcess

import pytest
from sqlalchemy import select

from config import Settings
from mikroserwis.accounts import links
from mikroserwis.accounts.operations import password_fits
from mikroserwis.edge import Parts
from mikroserwis.models import AccountLink, Event, Message, User
from tests.cli.programs import call
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE
from tests.support.people import Api, Web

EMAIL = PEOPLE["alfa"].email
NEW = "Zupełnie-nowe-hasło"

Command = Callable[..., CompletedProcess[str]]


@pytest.fixture
def command(settings: Settings) -> Command:
    """`mikroserwis user …` over the app's own database."""

    def run(*arguments: str, stdin: str = "") -> CompletedProcess[str]:
        url = settings.database
        return call("--data", str(settings.data), "user", *arguments, stdin=stdin, MIKROSERWIS_DATABASE_URL=url)

    return run


def events(parts: Parts) -> list[str]:
    """Of Alfa's account."""
    with parts.database.reading() as session:
        user_id = session.scalars(select(User.id).where(User.email == EMAIL)).one()
        found = session.scalars(select(Event).where(Event.user_id == user_id).order_by(Event.id)).all()
    assert all(one.source == "cli" and json.loads(one.data) == {} for one in found)
    return [one.verb for one in found]


def test_a_deactivated_account_is_out_at_once_and_stays_out_until_somebody_signs_in_anew(
    command: Command, api: Callable[[str], Api], web: Callable[[str], Web], parts: Parts
):
    browser, program = web("alfa"), api("alfa")
    assert (browser.get("/tickets").status_code, program.get("/tickets").status_code) == (200, 200)
    done = command("deactivate", EMAIL.upper())
    assert (done.returncode, done.stdout) == (0, f"Deactivated {EMAIL}: its sessions and tokens have ended.\n")
    assert (browser.get("/tickets").status_code, program.get("/tickets").status_code) == (302, 401)
    assert command("activate", EMAIL).stdout == f"Activated {EMAIL}.\n"
    assert (browser.get("/tickets").status_code, program.get("/tickets").status_code) == (302, 401)
    assert web("alfa").get("/tickets").status_code == 200
    assert events(parts) == ["user_deactivate", "user_activate"]
    assert api("beta").get("/tickets").status_code == 200


@sqlite_only
def test_a_new_password_ends_what_was_opened_with_the_old_one(
    command: Command, api: Callable[[str], Api], web: Callable[[str], Web], parts: Parts
):
    browser, program = web("alfa"), api("alfa")
    done = command("password", EMAIL, stdin=f"{NEW}\n")
    assert (done.returncode, done.stdout) == (0, f"{EMAIL} has a new password: its sessions and tokens have ended.\n")
    assert NEW not in done.stdout + done.stderr
    assert (browser.get("/tickets").status_code, program.get("/tickets").status_code) == (302, 401)
    with parts.database.reading() as session:
        assert password_fits(session.scalars(select(User.password_hash).where(User.email == EMAIL)).one(), NEW)
    assert events(parts) == ["user_password"]
    with parts.database.reading() as session:
        told = session.scalars(select(Message).where(Message.event == "password_changed")).one()
    assert told.recipient == EMAIL


@pytest.mark.parametrize("acts", [("password",), ("deactivate", "activate")])
def test_no_link_of_before_opens_an_account_that_the_command_line_has_closed(
    command: Command, parts: Parts, acts: tuple[str, ...]
):
    with parts.database.transaction() as session:
        links.issue(session, session.scalars(select(User).where(User.email == EMAIL)).one(), datetime.now(UTC))
    assert [command(act, EMAIL, stdin=f"{NEW}\n").returncode for act in acts] == [0] * len(acts)
    with parts.database.reading() as session:
        assert session.scalars(select(AccountLink)).one().ended_at is not None


@sqlite_only
@pytest.mark.parametrize("act", ["deactivate", "activate", "password"])
def test_an_account_that_is_not_there_is_said(command: Command, act: str):
    done = command(act, "nobody@office.example", stdin=f"{NEW}\n")
    assert (done.returncode, done.stderr) == (1, "Error: There is no account nobody@office.example.\n")


@sqlite_only
@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("krótkie", "A password needs at least 10 characters."),
        ("password123", "stands in lists that thieves try first"),
        (EMAIL, "is made of your own data"),
    ],
)
def test_a_new_password_that_the_page_would_refuse_changes_nothing(
    command: Command, api: Callable[[str], Api], bad: str, why: str
):
    done = command("password", EMAIL, stdin=f"{bad}\n")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert why in done.stderr
    assert api("alfa").get("/tickets").status_code == 200


@sqlite_only
def test_what_is_so_already_is_no_act(command: Command, parts: Parts):
    assert command("activate", EMAIL).stdout == f"{EMAIL} is active already.\n"
    assert events(parts) == []


@sqlite_only
def test_the_last_master_is_not_put_out_of_use_from_the_command_line_either(
    command: Command, api: Callable[[str], Api]
):
    done = command("deactivate", PEOPLE["master"].email)
    assert done.returncode == 1
    assert done.stderr == "Error: It is the last account that may make accounts. Make another master first.\n"
    assert api("master").get("/tickets").status_code == 200
