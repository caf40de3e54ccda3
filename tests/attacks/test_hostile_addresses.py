"""Addresses made to trip the server or to lead elsewhere."""

import pytest
from flask.testing import FlaskClient

from tests.support.app import sqlite_only

pytestmark = sqlite_only

IMMENSE = "9" * 30
NOT_AN_ADDRESS = ("//[", "http://[", "//\u2100.example")


@pytest.mark.parametrize("number", [IMMENSE, "9" * 5000, str(2**63)])
@pytest.mark.parametrize(
    "page",
    [
        "/tickets/{}",
        "/tickets/{}/company",
        "/tickets/{}/suspension",
        "/tickets/{}/documents/contract.pdf",
        "/subtickets/{}/suspension",
        "/points/{}",
        "/files/{}",
        "/files/{}/pages/1",
        "/files/{}/rejection",
        "/deliveries/{}/package.zip",
    ],
)
def test_a_number_that_no_record_can_have_is_not_found(web, page: str, number: str):
    assert web("operator").get(page.format(number)).status_code == 404


def test_an_act_on_an_immense_number_is_not_found(web):
    operator = web("operator")
    acts = ("tickets/{}/taking", "tickets/{}/files", "subtickets/{}/closure", "deliveries/{}/retry")
    answers = [operator.post(f"/{act}".format(IMMENSE), {"note": "x"}).status_code for act in acts]
    assert answers == [404] * len(acts)


@pytest.mark.parametrize("wanted", NOT_AN_ADDRESS)
def test_a_way_back_that_is_no_address_leads_to_the_start_page(web, wanted: str):
    alfa = web("alfa")
    assert alfa.get("/sign-in", query_string={"next": wanted}).location == "/"
    assert alfa.post("/language", {"language": "en", "next": wanted}).location == "/"


@pytest.mark.parametrize("before", ["http://[", "http://localhost//evil.example/", "http://localhost/\\evil.example"])
def test_the_way_back_from_an_error_never_leads_to_another_site(web, before: str):
    answer = web("alfa").post("/tickets/new", {"csrf_token": "stale"}, headers={"Referer": before})
    assert answer.status_code == 400
    assert 'href="//' not in answer.text
    assert 'href="/\\' not in answer.text


def test_the_way_back_from_an_error_is_the_form_with_its_question(client: FlaskClient):
    answer = client.post("/language", data={}, headers={"Referer": "http://localhost/sign-in?next=/tickets/115"})
    assert 'href="/sign-in?next=/tickets/115"' in answer.text
