"""Administrators keep programs on screen: entered, given a token that is shown once, told, switched off."""

import re
from collections.abc import Callable
from typing import Any

from apiflask import APIFlask

from mikroserwis.edge import Parts
from mikroserwis.sweeps import webhooks
from mikroserwis.sweeps.deliver import deliver_due
from tests.clients.desk import enter
from tests.clients.receiver import Receiver, status
from tests.support.app import clock, sqlite_only
from tests.support.people import Api, Web

People = Callable[[str], Web]


def entered(admin: Web, **changed: Any) -> str:
    """The path of a new program's page."""
    form = {"name": "CRM", "purpose": "Zgłoszenia", "contact": "Ewa", "scopes": "tickets:read", **changed}
    answer = admin.post("/clients/new", form)
    assert answer.status_code == 303, answer.text
    path: str = answer.location.partition("#")[0]
    return path


def test_a_program_is_entered_and_its_token_shown_once_and_kept_nowhere(app: APIFlask, web: People):
    admin = web("admin")
    path = entered(admin)
    made = admin.post(f"{path}/tokens", {"token_name": "produkcja", "scopes": "tickets:read"})
    assert made.location == f"{path}/secret"
    shown = admin.get(made.location).text
    [secret] = set(re.findall(r"mkc_[\w-]{43}", shown))
    assert Api(app.test_client(), secret).get("/tickets").status_code == 200
    assert secret not in admin.get(path).text
    assert f"…{secret[-4:]}" in admin.get(path).text
    assert web("admin").get(made.location).status_code == 302
    admin.post(f"{path}/secret/kept")
    assert admin.get(made.location).status_code == 302


@sqlite_only
def test_the_same_form_sent_twice_makes_one_token(web: People):
    admin = web("admin")
    path = entered(admin)
    form = {"token_name": "produkcja", "scopes": "tickets:read", "once": "x"}
    first, second = (admin.post(f"{path}/tokens", form) for _ in range(2))
    assert first.location == second.location
    assert admin.get(path).text.count("/revocation") == 1


@sqlite_only
def test_wrong_values_are_told_and_nothing_typed_is_lost(web: People):
    admin = web("admin")
    wrong = admin.post("/clients/new", {"name": "", "purpose": "Zgłoszenia"})
    assert wrong.status_code == 422
    assert "Zgłoszenia" in wrong.text
    path = entered(admin)
    token = admin.post(f"{path}/tokens", {"token_name": "kasa", "expires_on": "2020-01-01", "scopes": "tickets:read"})
    assert token.status_code == 422
    assert 'value="kasa"' in token.text
    hook = admin.post(f"{path}/webhooks/new", {"url": "http://10.0.0.1/x", "events": "ticket.taken"})
    assert hook.status_code == 422
    assert "http://10.0.0.1/x" in hook.text
    assert re.search(r'value="ticket.taken" checked', hook.text)


@sqlite_only
def test_of_two_who_edit_a_program_the_second_sees_both_and_saves_on_the_second_press(web: People):
    admin, master = web("admin"), web("master")
    path = entered(admin)
    version = re.search(r'name="version" value="(\d+)"', admin.get(f"{path}/edit").text)
    assert version
    form = {"name": "CRM", "purpose": "A", "contact": "Ewa", "scopes": "tickets:read", "version": version[1]}
    assert admin.post(f"{path}/edit", form).status_code == 303
    late = master.post(f"{path}/edit", {**form, "purpose": "B"})
    assert late.status_code == 409
    assert "Adam Administrator" in late.text
    newer = re.search(r'name="version" value="(\d+)"', late.text)
    assert newer
    assert master.post(f"{path}/edit", {**form, "purpose": "B", "version": newer[1]}).status_code == 303


@sqlite_only
def test_the_log_shows_each_message_with_its_attempts_and_how_the_answers_began(
    web: People, parts: Parts, receiver: Receiver
):
    admin = web("admin")
    path = entered(admin)
    made = admin.post(f"{path}/webhooks/new", {"url": receiver.url, "events": "ticket.taken"})
    assert "whsec_" in admin.get(made.location).text
    receiver.answers[:] = [status(500, "<b>baza</b> zajęta")]
    sent = admin.post(f"{path}/webhooks/1/ping")
    while deliver_due(parts, clock, limit=1, only=webhooks.TOPIC).tried:
        pass
    shown = admin.get(sent.location).text
    assert "&lt;b&gt;baza&lt;/b&gt; zajęta" in shown
    assert "500" in shown
    log = admin.get(f"{path}/webhooks/1").text
    assert sent.location in log
    assert admin.get(f"{path}/webhooks/1?state=delivered").text.count(sent.location) == 0
    again = admin.post(f"{path}/webhooks/1/replays", {"from": "gestern", "to": ""})
    assert again.status_code == 422
    assert admin.get(f"{path}/webhooks/1?from=9999-12-31&to=0001-01-01&page=99999999999").status_code == 200


@sqlite_only
def test_another_programs_records_are_not_found_under_this_one(app: APIFlask, web: People):
    admin, other = web("admin"), enter(app, "other")
    path = entered(admin)
    for act in ("rotation", "revocation"):
        assert admin.post(f"{path}/tokens/{other.token_id}/{act}", {"grace": "0"}).status_code == 404
    assert admin.get(f"{path}/webhooks/7").status_code == 404


@sqlite_only
def test_operators_neither_see_programs_nor_are_led_to_them(web: People):
    operator = web("operator")
    assert operator.get("/clients").status_code == 403
    assert 'href="/clients"' not in operator.get("/tickets").text
    assert 'href="/clients"' in web("admin").get("/tickets").text


@sqlite_only
def test_ten_webhooks_may_be_in_use_and_one_that_is_off_makes_room(web: People):
    admin = web("admin")
    path = entered(admin)

    def add(number: int) -> Any:
        form = {"url": f"https://crm.example.com/{number}", "events": "ticket.taken"}
        return admin.post(f"{path}/webhooks/new", form)

    assert {add(number).status_code for number in range(10)} == {303}
    full = add(10)
    assert (full.status_code, "https://crm.example.com/10" in full.text) == (409, True)
    assert "Działa już 10 webhooków. Najpierw wyłącz jeden z nich." in full.text
    assert admin.post(f"{path}/webhooks/1/deactivation").status_code == 303
    assert add(10).status_code == 303
    again = admin.post(f"{path}/webhooks/1/activation")
    assert (again.status_code, "Najpierw wyłącz jeden z nich." in again.text) == (409, True)
