"""What a person keeps of the own account: data and password."""

from collections.abc import Callable

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import Message, User
from tests.accounts.browser_client import is_signed_in, sign_in, token_of
from tests.support.cast import PASSWORD, PEOPLE
from tests.support.people import Api, Web

ALFA = PEOPLE["alfa"].email
GOOD = "ząb kalafior Tytikaka"


def alfa(parts: Parts) -> User:
    with parts.database.reading() as session:
        return session.scalars(select(User).where(User.email == ALFA)).one()


def changed(client: FlaskClient, present: str = PASSWORD, password: str = GOOD, repeated: str = GOOD):
    token = token_of(client.get("/account"))
    form = {"csrf_token": token, "present": present, "password": password, "repeated": repeated}
    return client.post("/account/password", data=form)


def test_the_own_data_are_saved_and_the_language_at_once(web: Callable[[str], Web], parts: Parts):
    browser, version = web("alfa"), alfa(parts).version
    form = {"name": "Łucja Gąska", "phone": "", "user_name": "Lucja", "language": "en", "version": version}
    page = browser.post("/account/data", form, follow_redirects=True).get_data(as_text=True)
    assert 'lang="en"' in page
    found = alfa(parts)
    assert (found.name, found.phone, found.user_name, found.language) == ("Łucja Gąska", None, "lucja", "en")


def test_nobody_gives_oneself_a_role_or_another_address(web: Callable[[str], Web], parts: Parts):
    form = {"name": "Łucja", "email": "new@x.example", "role": "master", "version": alfa(parts).version}
    web("alfa").post("/account/data", form)
    assert (alfa(parts).role, alfa(parts).name) == ("dealer", "Łucja")


def test_wrong_data_are_named_and_what_was_typed_stays(web: Callable[[str], Web], parts: Parts):
    form = {"name": "", "phone": "+48 600 900 900", "user_name": "a b", "version": alfa(parts).version}
    answer = web("alfa").post("/account/data", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="error-name"' in page
    assert 'id="error-user_name"' in page
    assert 'value="+48 600 900 900"' in page


def test_a_new_password_needs_the_present_one_and_ends_every_other_session(
    client: FlaskClient, app: APIFlask, parts: Parts
):
    other = app.test_client()
    sign_in(client, "alfa", PASSWORD)
    sign_in(other, "alfa", PASSWORD)
    wrong = changed(client, present="not mine at all")
    assert wrong.status_code == 422
    assert 'id="error-present"' in wrong.get_data(as_text=True)
    assert changed(client).status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(other)
    sign_in(other, "alfa", GOOD)
    assert is_signed_in(other)
    with parts.database.reading() as session:
        assert session.scalars(select(Message.recipient).where(Message.event == "password_changed")).all() == [ALFA]


def test_the_present_password_cant_be_guessed_without_end(client: FlaskClient):
    sign_in(client, "alfa", PASSWORD)
    answers = [changed(client, present=f"guess number {number}").status_code for number in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_a_password_that_was_changed_often_locks_nobody_out(client: FlaskClient):
    sign_in(client, "alfa", PASSWORD)
    for number in range(12):
        before, after = (f"{GOOD} {one}" if one else PASSWORD for one in (number, number + 1))
        assert changed(client, before, after, after).status_code == 303
    assert is_signed_in(client)


def test_a_program_keeps_its_persons_data_too(api: Callable[[str], Api], parts: Parts):
    answer = api("alfa").put("/me", {"name": "Łucja Gąska", "language": "en"})
    assert (answer.status_code, answer.json["name"]) == (200, "Łucja Gąska")
    assert api("alfa").put("/me", {"email": "new@x.example"}).status_code == 422
    assert alfa(parts).email == ALFA
