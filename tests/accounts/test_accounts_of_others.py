"""Accounts in the hands of staff: made, changed, put out of use and back, removed; who may, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import AccountLink, Event, Message, User
from tests.accounts.browser_client import is_signed_in, sign_in
from tests.support.app import sqlite_only
from tests.support.cast import PASSWORD, PEOPLE
from tests.support.people import Api, Web

People = Callable[[str], Web]
NEW = {"name": "Jan Nowy", "email": "Jan@Nowy.example", "phone": "600 700 800", "language": "en"}


def account_of(parts: Parts, email: str) -> User:
    with parts.database.reading() as session:
        return session.scalars(select(User).where(User.email == email)).one()


def id_of(parts: Parts, name: str) -> int:
    return account_of(parts, PEOPLE[name].email).id


def text(answer) -> str:
    return str(answer.get_data(as_text=True))


def test_a_dealers_person_is_entered_on_its_dealer_and_gets_a_link(web: People, parts: Parts):
    operator = web("operator")
    page = text(operator.get("/dealers/1"))
    assert "/people/new?dealer=1" in page
    answer = operator.post("/people/new?dealer=1", NEW)
    made = account_of(parts, "jan@nowy.example")
    assert answer.location == f"/people/{made.id}"
    assert (made.role, made.dealer_id, made.phone, made.state) == ("dealer", 1, "+48600700800", "invited")
    assert "jan@nowy.example" in text(operator.get(answer.location))
    with parts.database.reading() as session:
        [mail] = session.scalars(select(Message).where(Message.recipient == "jan@nowy.example")).all()
    assert mail.subject == "Your account in Mikroserwis"
    assert "••••••••" in mail.body


def test_a_customers_person_belongs_to_its_customer(web: People, parts: Parts):
    operator, tab = web("operator"), "/customers/1?tab=account"
    assert "/people/new?customer=1" in text(operator.get(tab))
    page = operator.post("/people/new?customer=1", NEW, follow_redirects=True)
    assert account_of(parts, "jan@nowy.example").role == "customer"
    assert f'href="{tab}"' in text(page)
    assert "jan@nowy.example" in text(operator.get(tab))
    assert "/people/new" not in text(web("seller").get(tab))


def test_only_the_master_makes_accounts_of_the_office(web: People, parts: Parts):
    assert web("admin").post("/people/new", NEW | {"role": "operator"}).status_code == 403
    assert web("master").post("/people/new", NEW | {"role": "operator"}).status_code == 303
    assert account_of(parts, "jan@nowy.example").role == "operator"


def test_a_role_that_is_typed_into_a_dealers_form_counts_for_nothing(web: People, parts: Parts):
    web("operator").post("/people/new?dealer=1", NEW | {"role": "master"})
    assert account_of(parts, "jan@nowy.example").role == "dealer"


@sqlite_only
def test_every_wrong_field_is_named_at_once_and_what_was_typed_stays(web: People):
    typed = {"name": " ", "email": "nobody", "phone": "12", "user_name": "600700800", "language": "tlh"}
    answer = web("operator").post("/people/new?dealer=1", typed)
    page = text(answer)
    assert answer.status_code == 422
    assert [f'id="error-{name}"' in page for name in typed] == [True] * 5
    assert 'value="600700800"' in page


def test_an_address_of_somebody_else_is_refused(web: People):
    answer = web("operator").post("/people/new?dealer=1", NEW | {"email": "ALFA@dealer.example", "user_name": "Alfa"})
    assert answer.status_code == 422
    assert 'id="error-email"' in text(answer)
    assert 'id="error-user_name"' in text(answer)


def test_a_blocked_account_is_out_at_once_and_can_be_let_in_again(
    web: People, parts: Parts, client: FlaskClient, api: Callable[[str], Api]
):
    sign_in(client, "alfa", PASSWORD)
    operator, number = web("operator"), id_of(parts, "alfa")
    assert api("alfa").get("/me").status_code == 200
    operator.post(f"/people/{number}/deactivation")
    assert not is_signed_in(client)
    assert api("alfa").get("/me").status_code == 401
    operator.post(f"/people/{number}/activation")
    sign_in(client, "alfa", PASSWORD)
    assert is_signed_in(client)
    assert api("alfa").get("/me").status_code == 401


def test_a_removed_account_frees_its_names_and_keeps_its_history(web: People, parts: Parts, client: FlaskClient):
    operator, number = web("operator"), id_of(parts, "alfa")
    operator.post(f"/people/{number}/removal")
    sign_in(client, "alfa", PASSWORD)
    assert not is_signed_in(client)
    assert operator.post("/people/new?dealer=1", NEW | {"email": "alfa@dealer.example"}).status_code == 303
    with parts.database.reading() as session:
        removed = session.get_one(User, number)
        event = session.scalars(select(Event).where(Event.verb == "user_remove")).one()
    assert (removed.name, removed.state) == ("Łukasz Gąska", "removed")
    assert "alfa@dealer.example" in event.changes
    assert operator.post(f"/people/{number}/activation").status_code == 404


def test_nobody_removes_or_blocks_the_own_account(web: People, parts: Parts):
    master, number = web("master"), id_of(parts, "master")
    for act in ("removal", "deactivation"):
        answer = master.post(f"/people/{number}/{act}")
        assert answer.status_code == 409
        assert "Somebody else" in text(answer) or "ktoś inny" in text(answer)


def test_the_last_master_keeps_its_role(web: People, parts: Parts):
    master, found = web("master"), account_of(parts, PEOPLE["master"].email)
    form = {"name": found.name, "email": found.email, "role": "operator", "version": found.version}
    assert master.post(f"/people/{found.id}/edit", form).status_code == 409
    assert account_of(parts, PEOPLE["master"].email).role == "master"


def test_staff_below_the_master_change_no_accounts_of_the_office(web: People, parts: Parts):
    number = id_of(parts, "technician")
    for act in ("removal", "deactivation", "link", "sessions/end", "edit"):
        assert web("admin").post(f"/people/{number}/{act}").status_code == 403


def test_a_new_address_is_told_to_the_former_one_and_ends_open_links(web: People, parts: Parts):
    operator, found = web("operator"), account_of(parts, PEOPLE["alfa"].email)
    operator.post(f"/people/{found.id}/link")
    form = {"name": found.name, "email": "new@dealer.example", "version": found.version}
    assert operator.post(f"/people/{found.id}/edit", form).status_code == 303
    with parts.database.reading() as session:
        told = session.scalars(select(Message).where(Message.event == "address_changed")).one()
        link = session.scalars(select(AccountLink)).one()
    assert told.recipient == "alfa@dealer.example"
    assert link.ended_at is not None


def test_a_form_that_was_overtaken_shows_both_and_saves_nothing(web: People, parts: Parts):
    operator, found = web("operator"), account_of(parts, PEOPLE["alfa"].email)
    first = {"name": "Anna Pierwsza", "version": found.version}
    assert operator.post(f"/people/{found.id}/edit", first).status_code == 303
    answer = operator.post(f"/people/{found.id}/edit", {"name": "Zofia Druga", "version": found.version})
    assert answer.status_code == 409
    assert 'id="conflict"' in text(answer)
    assert account_of(parts, PEOPLE["alfa"].email).name == "Anna Pierwsza"


def test_the_list_of_accounts_is_filtered_sorted_and_paged_by_its_address(web: People, parts: Parts):
    operator = web("operator")
    page = text(operator.get("/people?q=ŁUKASZ&role=dealer"))
    assert "alfa@dealer.example" in page
    assert "beta@dealer.example" not in page
    with parts.database.transaction() as session:
        session.add_all(
            User(email=f"u{n}@x.example", name=f"U{n}", role="dealer", dealer_id=1, created_at=datetime.now(UTC))
            for n in range(30)
        )
    assert "26–39" in text(operator.get("/people?page=99"))
    assert "u7@x.example" in text(operator.get("/people?state=invited&q=u7"))
    assert operator.get("/people?page=x&size=-1&sort=;&state=?").status_code == 200


def test_over_the_api_the_same_is_done(api: Callable[[str], Api], app: APIFlask):
    operator = api("operator")
    made = operator.post("/accounts?dealer=1", {"name": "Jan Nowy", "email": "jan@nowy.example"})
    assert (made.status_code, made.json["state"], made.json["company"]) == (201, "invited", "Dealer Alfa")
    path = f"/accounts/{made.json['id']}"
    assert operator.put(path, {"phone": "600 700 800", "version": made.json["version"]}).json["phone"] == "+48600700800"
    assert operator.put(path, {"name": "X", "version": made.json["version"]}).status_code == 409
    assert operator.post(f"{path}/link").status_code == 200
    assert operator.post(f"{path}/deactivation").json["state"] == "off"
    assert operator.post(f"{path}/link").status_code == 409
    assert operator.send("DELETE", path).status_code == 204
    assert operator.get(path).json["state"] == "removed"
    assert operator.get("/accounts?q=jan").json["total"] == 0
