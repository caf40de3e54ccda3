"""A key stands for one request: another address under it is another request, also if only what follows ? differs."""

from tests.support.app import sqlite_only


@sqlite_only
def test_another_query_under_the_same_key_is_told(api):
    person = {"name": "Nowa Osoba", "email": "nowa@dealer.example"}
    key = {"Idempotency-Key": "one"}
    first = api("operator").post("/accounts?dealer=1", person, headers=key)
    assert first.status_code == 201
    again = api("operator").post("/accounts?dealer=1", person, headers=key)
    assert (again.status_code, again.json) == (201, first.json)
    other = api("operator").post("/accounts?dealer=2", person, headers=key)
    assert (other.status_code, other.json["type"]) == (409, "urn:mikroserwis:key_used_for_something_else")


@sqlite_only
def test_a_page_that_answers_a_form_is_shown_again_when_it_is_loaded_anew(web):
    sent = {"subject": "{{ ticket }} {{ company }}", "body": "{{ news }}\n\n{{ facts }}", "once": "x", "version": "0"}
    first, again = (web("admin").post("/texts/offered/email/pl/test", sent) for _time in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert "Próba została wysłana" in again.text
