"""The link of a mail: anybody who has it withdraws, by a button or with one click; nobody else can make one."""

import re

from flask.testing import FlaskClient

from mikroserwis.consents import limits
from tests.consents.conftest import Desk
from tests.support.app import sqlite_only
from tests.sweeps.mail_servers import listening

MAIL = "krystyna@sieciechow.example"


def sent(desk: Desk) -> str:
    """The path in a mail that has gone to Krystyna."""
    krystyna = desk.contact()
    for kind in ("email", "marketing"):
        desk.decide(krystyna, kind, note="na piśmie")
    desk.post(MAIL)
    desk.deliver()
    [mail] = desk.mails(MAIL)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://localhost(/unsubscribe/\S+)>", str(mail["List-Unsubscribe"]))
    assert found is not None
    assert f"http://localhost{found[1]}" in mail.get_content()
    return found[1]


def test_a_mail_that_rests_on_a_consent_bears_a_way_to_withdraw_it_by_one_click(desk: Desk, client: FlaskClient):
    path = sent(desk)
    assert client.get(path).status_code == 200
    assert desk.known(desk.first_contact)["marketing"] is True
    for _time in range(2):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Zgoda została wycofana" in answer.text
    assert desk.known(desk.first_contact) == {"email": True, "marketing": False}
    message = desk.post(MAIL)
    desk.deliver()
    assert desk.sending(message).state == "withheld"


@sqlite_only
def test_the_server_gets_the_header_for_one_click_as_programs_read_it(desk: Desk, client: FlaskClient):
    path = sent(desk)
    desk.post(MAIL)
    with listening() as mailbox:
        desk.deliver_to(mailbox.url)
    [raw] = mailbox.raw
    head, _, _body = raw.partition(b"\r\n\r\n")
    assert f"List-Unsubscribe: <http://localhost{path}>" in head.decode("ascii").split("\r\n")
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200


@sqlite_only
def test_a_link_withdraws_for_everybody_whose_mailbox_it_is(desk: Desk, client: FlaskClient):
    path, ewa = sent(desk), desk.contact(name="Ewa Lis", email=MAIL.upper(), phone="")
    nameless = desk.contact(name="Bez Poczty", email="", phone="")
    desk.decide(desk.first_contact, "marketing", given=False, note="telefonicznie")
    for person in (ewa, nameless):
        desk.decide(person, "marketing", note="na piśmie")
    assert client.post(path).status_code == 200
    assert desk.known(ewa) == {"marketing": False}
    assert desk.known(nameless) == {"marketing": True}
    message = desk.post(MAIL)
    desk.deliver()
    assert desk.sending(message).state == "withheld"


@sqlite_only
def test_a_mail_that_needs_no_consent_bears_no_such_link(desk: Desk):
    desk.post(MAIL, "account_recovery")
    desk.deliver()
    [mail] = desk.mails(MAIL)
    assert mail["List-Unsubscribe"] is None
    assert "unsubscribe" not in mail.get_content()


@sqlite_only
def test_a_forged_link_tells_nothing_and_changes_nothing(desk: Desk, client: FlaskClient):
    path = sent(desk)
    forged = [path[:-1] + ("A" if path[-1] != "A" else "B"), path.replace("-c1-", "-c2-"), "/unsubscribe/x"]
    forged += [path.replace("marketing", "sms"), path.replace("-c1-", "-u1-"), path + "A"]
    answers = {(client.get(one).status_code, client.post(one).status_code) for one in forged}
    assert answers == {(404, 404)}
    assert desk.known(desk.first_contact) == {"email": True, "marketing": True}


@sqlite_only
def test_an_old_mails_link_withdraws_for_whoever_has_the_mailbox_now(desk: Desk, client: FlaskClient):
    path = sent(desk)
    desk.remove_contact(desk.first_contact)
    again = desk.contact()
    for kind in ("email", "marketing"):
        desk.decide(again, kind, note="telefonicznie")
    assert client.post(path).status_code == 200
    assert desk.known(again) == {"email": True, "marketing": False}


@sqlite_only
def test_a_link_of_somebody_who_is_gone_is_answered_alike(desk: Desk, client: FlaskClient):
    path = sent(desk)
    asked = "Nie chcesz otrzymywać takich wiadomości?"
    assert asked in client.get(path).text
    desk.remove_contact(desk.first_contact)
    assert asked in client.get(path).text
    assert client.post(path).status_code == 200


@sqlite_only
def test_one_network_may_press_only_so_often(desk: Desk, client: FlaskClient):
    path = sent(desk)
    answers = [client.post(path).status_code for _time in range(limits.MOST + 1)]
    assert answers == [200] * limits.MOST + [429]
    assert client.post(path).headers["Retry-After"]
