"""What is kept between requests: nobody gets another's tokens, and nobody fills the memory."""

import gc
import re
import tracemalloc
import urllib.parse
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mikroserwis import fragments
from tests.support.app import sqlite_only

pytestmark = sqlite_only


def _forms(page: str) -> tuple[set[str], list[str]]:
    tokens = set(re.findall(r'name="csrf_token" value="([^"]*)"', page))
    return tokens, re.findall(r'name="once" value="([^"]*)"', page)


@pytest.mark.parametrize("address", ["/tickets/999999", "/no/such/page", "/tickets/115"])
def test_the_forms_of_every_page_work_also_on_one_that_tells_of_an_error(web, app, address: str):
    alfa = web("alfa")
    [token], keys = _forms(alfa.get(address).text)
    assert len(set(keys)) == len(keys) > 1
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    alfa.csrf_token = token
    assert alfa.post("/language", {"language": "en", "once": keys[0]}).status_code == 303


def test_the_form_that_keeps_what_was_typed_can_be_sent_again(web):
    alfa = web("alfa")
    failed = alfa.post("/tickets/new", {"csrf_token": "stale", "note": "kept"})
    assert failed.status_code == 400
    [token], _keys = _forms(failed.text)
    assert alfa.client.post("/language", data={"csrf_token": token, "language": "en"}).status_code == 303


def _grown(work: Callable[[int], object], times: int = 30) -> int:
    """Bytes that stay."""
    work(0)
    tracemalloc.start()
    try:
        for number in range(1, times + 1):
            work(number)
        # The library keeps the last hundred that it took apart.
        urllib.parse.clear_cache()  # type: ignore[attr-defined]
        gc.collect()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def test_long_addresses_of_strangers_do_not_stay_in_memory(client: FlaskClient):
    def ask(number: int) -> None:
        assert client.get(f"/tickets?q={number}-{'x' * 100_000}").status_code == 302

    assert _grown(ask) < 2_000_000


def test_long_parts_of_pages_do_not_stay_in_memory(app):
    def draw(number: int) -> None:
        note = {"text": f"{number} {'x' * 200_000}"}
        with app.test_request_context("/"):
            assert "xxx" in fragments.part("tickets/_company.html", company={"name": note["text"], "rows": []})

    assert _grown(draw) < 2_000_000
