"""The link by which a password is set: as the mail brings it, once, until it expires; and asking for one."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from mikroserwis.edge import Parts
from mikroserwis.models import AccountLink, CountedRequest, Event, Message, OutboxItem, User
from mikroserwis.sweeps.deliver import deliver_due
from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.support.cast import PASSWORD, PEOPLE
from tests.support.people import Web

People = Callable[[str], Web]
ALFA = PEOPLE["alfa"].email
GOOD = "ząb kalafior Tytikaka"


def mailed(parts: Parts) -> list[str]:
    """The links in the mails that were sent, the newest last."""
    while deliver_due(parts, lambda: datetime.now(UTC), limit=50).delivered:
        pass
    files: list[Path] = sorted(
        (parts.settings.data / "mail").glob("*.eml"), key=lambda file: int(file.stem.split("-")[-1])
    )
    bodies = [message_from_bytes(file.read_bytes(), policy=policy.default).get_content() for file in files]
    return [found[0] for body in bodies if (found := re.search(r"/account/links/\S+", body))]


def asked(client: FlaskClient, name: str):
    token = token_of(client.get("/account/forgotten"))
    return client.post("/account/forgotten", data={"csrf_token": token, "identifier": name})


def chosen(client: FlaskClient, link: str, password: str = GOOD, repeated: str | None = None):
    token = token_of(client.get("/account/forgotten"))
    form = {"csrf_token": token, "password": password, "repeated": password if repeated is None else repeated}
    return client.post(link, data=form)


def test_from_the_invitation_to_the_first_sign_in(web: People, client: FlaskClient, parts: Parts):
    web("operator").post("/people/new?dealer=1", {"name": "Jan Nowy", "email": "jan@nowy.example"})
    [link] = mailed(parts)
    assert "jan@nowy.example" in client.get(link).get_data(as_text=True)
    assert chosen(client, link).location == "/sign-in"
    sign_in(client, "jan@nowy.example", GOOD)
    assert is_signed_in(client)


def test_a_link_is_used_once_and_looking_at_it_uses_nothing_up(client: FlaskClient, parts: Parts):
    asked(client, "alfa")
    [link] = mailed(parts)
    assert [client.get(link).status_code for _ in range(3)] == [200, 200, 200]
    assert chosen(client, link).status_code == 303
    assert chosen(client, link, "inny kalafior Tytikaka").status_code == 410
    assert client.get(link).status_code == 410
    sign_in(client, "alfa", GOOD)
    assert is_signed_in(client)


def test_a_new_password_ends_every_session_and_its_owner_is_told(client: FlaskClient, app: APIFlask, parts: Parts):
    other = app.test_client()
    sign_in(other, "alfa", PASSWORD)
    asked(client, "alfa")
    chosen(client, mailed(parts)[0])
    assert not is_signed_in(other)
    with parts.database.reading() as session:
        assert session.scalars(select(Message.recipient).where(Message.event == "password_changed")).all() == [ALFA]


def test_an_expired_link_opens_nothing(client: FlaskClient, parts: Parts):
    asked(client, "alfa")
    [link] = mailed(parts)
    with parts.database.transaction() as session:
        session.execute(update(AccountLink).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert client.get(link).status_code == chosen(client, link).status_code == 410


def test_a_newer_link_ends_the_older_one(client: FlaskClient, parts: Parts):
    asked(client, "alfa")
    asked(client, "alfa")
    older, newer = mailed(parts)
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_a_link_of_a_blocked_account_opens_nothing(web: People, client: FlaskClient, parts: Parts):
    asked(client, "alfa")
    [link] = mailed(parts)
    with parts.database.transaction() as session:
        session.execute(update(User).where(User.email == ALFA).values(active=False))
    assert client.get(link).status_code == 410


def test_forged_and_foreign_secrets_open_nothing(client: FlaskClient, parts: Parts):
    asked(client, "alfa")
    asked(client, PEOPLE["beta"].email)
    first, second = mailed(parts)
    number, _, secret = second.rpartition("/")[2].partition("-")
    for forged in (f"{number}-{'A' * 43}", f"1-{secret}", f"0{number}-{secret}", "1", "x" * 80, f"{number}-{secret}x"):
        assert client.get(f"/account/links/{forged}").status_code == 410, forged
    assert client.get(first).status_code == 200


def test_neither_the_database_nor_the_kept_mail_gives_the_secret_away(web: People, client: FlaskClient, parts: Parts):
    asked(client, "alfa")
    secret = mailed(parts)[0].partition("-")[2]
    with parts.database.reading() as session:
        mail = session.scalars(select(Message).where(Message.event == "account_recovery")).one()
        kept = [session.scalars(select(AccountLink.nonce)).one(), mail.body]
        kept += session.scalars(select(OutboxItem.payload)).all()
    kept.append(web("operator").get(f"/messages/{mail.id}").get_data(as_text=True))
    assert not [text for text in kept if secret in text]


def test_every_name_gets_the_same_answer_after_the_same_writes(client: FlaskClient, parts: Parts):
    def written() -> list[int]:
        with parts.database.reading() as session:
            tables = (CountedRequest, OutboxItem, Event)
            return [session.scalar(select(func.count()).select_from(one)) or 0 for one in tables]

    told = []
    for name in ("alfa", "nobody@nowhere.example"):
        before = written()
        answer = asked(client, name)
        told.append((answer.status_code, answer.get_data(), [b - a for a, b in zip(before, written(), strict=True)]))
    strip = re.compile(rb'value="[^"]*"')
    (status, page, rows), (other_status, other_page, other_rows) = told
    assert (status, rows) == (other_status, other_rows) == (200, [1, 1, 0])
    assert strip.sub(b"", page) == strip.sub(b"", other_page)
    assert len(mailed(parts)) == 1


def test_a_mailbox_isnt_flooded_and_signing_in_isnt_locked_by_asking(client: FlaskClient, parts: Parts):
    answers = [asked(client, "alfa").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert len(mailed(parts)) == 3
    sign_in(client, "alfa", PASSWORD)
    assert is_signed_in(client)


def test_from_many_addresses_a_mailbox_gets_a_few_links_an_hour(client: FlaskClient, parts: Parts):
    for number in range(8):
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        assert asked(client, "alfa").status_code == 200
    assert len(mailed(parts)) == 5


def test_a_password_that_is_easily_guessed_is_refused_with_the_reason(client: FlaskClient, parts: Parts):
    asked(client, "alfa")
    [link] = mailed(parts)
    for password in ("short", "qwertyuiop123", "Łukasz Gąska 1", "x" * 1001):
        answer = chosen(client, link, password)
        assert answer.status_code == 422
        assert 'id="error-password"' in answer.get_data(as_text=True)
    unequal = chosen(client, link, GOOD, "something else")
    assert 'id="error-repeated"' in unequal.get_data(as_text=True)
    assert chosen(client, link).status_code == 303
