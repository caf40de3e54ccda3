"""The secret of a mailed link goes into that link alone, whatever was written into the text, or as a name."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from mikroserwis.edge import Parts
from mikroserwis.models import Message, OutboxItem, User
from mikroserwis.posting import HIDDEN
from mikroserwis.sweeps.deliver import deliver_due
from tests.accounts.test_links import ALFA, asked, mailed
from tests.support.app import sqlite_only
from tests.texts.conftest import Pen

TEXT = ("account_recovery", "email", "pl")
EVIL = "https://evil.example/?u="


def recovery_mail(parts: Parts) -> str:
    """The one that was sent."""
    mailed(parts)
    texts = [
        message_from_bytes(path.read_bytes(), policy=policy.default).get_content()
        for path in parts.settings.data.glob("mail/*.eml")
    ]
    [body] = [text for text in texts if "/account/links/" in text]
    return str(body)


@sqlite_only
@pytest.mark.parametrize("subject", ["Hasło", "Hasło {{ url }}"])
def test_an_own_text_that_led_the_link_elsewhere_gives_way_to_the_shipped_one(
    client: FlaskClient, parts: Parts, subject: str
):
    body = f"{EVIL}{{{{ url }}}} do {{{{ until }}}}" if subject == "Hasło" else "{{ url }}\n{{ until }}"
    Pen(parts).plant(body, subject, TEXT)
    asked(client, "alfa")
    told = recovery_mail(parts)
    assert "evil.example" not in told
    assert re.search(r"^http://localhost/account/links/\d+-[\w-]{43}\r?$", told, re.MULTILINE)
    with parts.database.reading() as session:
        assert session.scalars(select(Message.subject).where(Message.event == "account_recovery")).all() == [
            "Nowe hasło do Mikroserwisu"
        ]


@sqlite_only
def test_signs_that_were_typed_in_a_text_or_a_name_are_filled_with_no_secret(client: FlaskClient, parts: Parts):
    with parts.database.transaction() as session:
        session.execute(update(User).where(User.email == ALFA).values(name=f"{EVIL}{HIDDEN}"))
    typed = [HIDDEN, f"{EVIL}{HIDDEN}", f"https://evil.example/account/links/{HIDDEN}"]
    typed.append(f"{EVIL}http://localhost/account/links/{HIDDEN}")
    Pen(parts).plant("\n".join([*typed, "{{ name }}", "{{ url }}", "{{ until }}"]), "Hasło", TEXT)
    asked(client, "alfa")
    told = recovery_mail(parts).replace("\r\n", "\n").split("\n")
    assert told[:4] == typed
    assert told[4] == f"{EVIL}{HIDDEN}"
    assert re.fullmatch(r"http://localhost/account/links/\d+-[\w-]{43}", told[5])
    assert client.get(told[5].removeprefix("http://localhost")).status_code == 200


@sqlite_only
def test_the_link_stands_behind_the_mark_of_a_language_from_right_to_left(client: FlaskClient, parts: Parts):
    with parts.database.transaction() as session:
        session.execute(update(User).where(User.email == ALFA).values(language="fa"))
    asked(client, "alfa")
    assert re.search(r"^\u200fhttp://localhost/account/links/\d+-[\w-]{43}\r?$", recovery_mail(parts), re.MULTILINE)


@sqlite_only
def test_a_mail_whose_link_has_no_line_of_its_own_is_not_sent(client: FlaskClient, parts: Parts):
    asked(client, "alfa")
    moved = replace(parts, settings=parts.settings.model_copy(update={"base_url": "http://elsewhere.example"}))
    while deliver_due(moved, lambda: datetime.now(UTC) + timedelta(seconds=1), limit=50).tried:
        pass
    with parts.database.reading() as session:
        item = session.scalars(select(OutboxItem).where(OutboxItem.payload.contains('"link"'))).one()
    assert (item.state, item.last_error) == ("rejected", "no line of the text is the link alone")
    assert HIDDEN.encode() not in b"".join(path.read_bytes() for path in parts.settings.data.glob("mail/*.eml"))
