"""Figures typed on a Persian or an Arabic keyboard are read like others, and words stay as they are typed."""

from collections.abc import Callable

from apiflask import APIFlask
from sqlalchemy import select

from mikroserwis.accounts import operations
from mikroserwis.edge import Parts
from mikroserwis.models import Message, Note, User
from tests.accounts.browser_client import is_signed_in, sign_in
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, SAM
from tests.support.people import Web
from tests.support.way import Way

pytestmark = sqlite_only


def test_a_list_is_searched_and_filtered_with_persian_figures(web: Callable[[str], Web]):
    operator = web("operator")
    for asked in ("q=۷۹۷۴۵۶۹۴۳۹", "tax_id=۷۹۷۴۵۶۹۴۳۹", "q=۱۱۵", "opened_from=۲۰۲۰-۰۱-۰۱&q=115"):
        page = operator.get(f"/tickets?{asked}").text
        assert "Sieciechów" in page
        assert "Arklity" not in page


def test_a_phone_typed_in_persian_figures_is_kept_as_others_are_and_signs_in(parts: Parts, web: Callable[[str], Web]):
    person = web("alfa")
    data = {"name": "Łukasz", "phone": "۶۰۰ ۱۰۰ ۳۰۰", "user_name": "alfa", "language": "pl"}
    answer = person.post("/account/data", {**data, "version": _user(parts, "alfa").version})
    assert answer.status_code == 303
    assert _user(parts, "alfa").phone == "+48600100300"


def test_a_note_keeps_the_figures_that_were_typed(parts: Parts, way: Way, web: Callable[[str], Web]):
    way.taken(SAM)
    web("alfa").post(f"/tickets/{SAM}/notes", {"note": "۵ دستگاه"})
    with parts.database.reading() as session:
        assert "۵ دستگاه" in session.scalars(select(Note.text)).all()


def test_calendar_and_digits_are_chosen_per_person_and_kept(parts: Parts, web: Callable[[str], Web]):
    person = web("alfa")
    version = _user(parts, "alfa").version
    data = {"name": "Łukasz", "language": "pl", "calendar": "persian", "digits": "arabext", "version": version}
    assert person.post("/account/data", data).status_code == 303
    assert _user(parts, "alfa").reading == "pl-u-ca-persian-nu-arabext"
    assert "۱۴۰" in person.get("/tickets").text
    assert "۱۴۰" not in web("beta").get("/tickets").text
    wrong = person.post("/account/data", {**data, "calendar": "mayan", "version": version + 1})
    assert wrong.status_code == 422


def test_a_mail_is_written_as_its_reader_reads(parts: Parts, web: Callable[[str], Web]):
    with parts.database.transaction() as session:
        user = session.scalars(select(User).where(User.email == PEOPLE["beta"].email)).one()
        user.language, user.calendar, user.digits = "fa", "persian", "arabext"
        user_id = user.id
    assert web("master").post(f"/people/{user_id}/link", {}).status_code == 303
    body = _to(parts, PEOPLE["beta"].email)[-1]
    assert "۱۴۰" in body
    assert all(line.startswith("\u200f") for line in body.split("\n") if line)
    assert "\u2068beta@dealer.example\u2069" in body
    assert "\u200fhttp://localhost/account/links/" in body


def _user(parts: Parts, who: str) -> User:
    with parts.database.reading() as session:
        return session.scalars(select(User).where(User.email == PEOPLE[who].email)).one()


def _to(parts: Parts, address: str) -> list[str]:
    with parts.database.reading() as session:
        return list(session.scalars(select(Message.body).where(Message.recipient == address).order_by(Message.id)))


def test_a_password_is_what_was_typed_sign_by_sign(app: APIFlask, parts: Parts):
    secret = "kalafior ۱۲۳ Tytikaka٬"
    with parts.database.transaction() as session:
        alfa = session.scalars(select(User).where(User.email == PEOPLE["alfa"].email)).one()
        alfa.password_hash = operations.hash_password(secret)
    client = app.test_client()
    sign_in(client, "alfa", secret)
    assert is_signed_in(client)
