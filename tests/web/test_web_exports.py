"""The page *Eksporty*: long lists are asked for there, followed, fetched and removed by whoever asked."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from mikroserwis.app import create_app
from mikroserwis.edge import Parts
from mikroserwis.tickets.operations.list_exports import MOST_KEPT, MOST_OPEN
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, POOLED, SAM
from tests.support.people import Web
from tests.sweeps.shelf import Shelf

People = Callable[[str], Web]


@pytest.fixture
def shelf(parts: Parts) -> Shelf:
    return Shelf(parts)


def page(of: Web) -> str:
    text: str = of.get("/exports").get_data(as_text=True)
    return text


@sqlite_only
def test_the_button_of_a_long_list_has_it_made_as_it_is_filtered_and_sorted(parts: Parts):
    settings = parts.settings.model_copy(update={"list_rows_at_once": 1})
    short = replace(parts, settings=settings)
    operator, shelf = Web.signed_in(create_app(settings, short), PEOPLE["operator"]), Shelf(short)
    listed = operator.get("/tickets?type=insoft&sort=-company").get_data(as_text=True)
    query = re.search(r'action="/exports">.*?name="query" value="([^"]*)"', listed, re.DOTALL)
    assert query is not None
    answer = operator.post("/exports", {"query": query[1].replace("&amp;", "&")})
    assert (answer.status_code, answer.location) == (303, "/exports")
    assert shelf.work()
    file = operator.get("/exports/1/file")
    assert file.headers["Content-Disposition"].endswith(".xlsx")
    found = load_workbook(io.BytesIO(file.data)).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert [row[1] for row in found] == [POOLED, SAM]
    one = operator.get(f"/tickets?number={SAM}").get_data(as_text=True)
    assert 'href="/tickets.xlsx?number=115"' in one


@sqlite_only
def test_the_page_says_what_each_export_holds_and_how_far_it_is(web: People, shelf: Shelf):
    operator = web("operator")
    assert "Nie ma tu eksportów" in page(operator)
    export_id = shelf.order("operator", "q=sieciech%C3%B3w&state=open&caretaker=1&sort=-closed&opened_from=2026-01-31")
    assert "Czeka" in page(operator)
    shelf.change(export_id, state="running", rows_total=100_000, rows_done=25_000, lease_until=shelf.now())
    text = page(operator)
    assert '<progress max="100000" value="25000"' in text
    assert "25 000 z 100 000 wierszy" in re.sub(r"\s", " ", text)
    for words in ("sieciechów", "wszystkie otwarte", "Dealer Alfa", "malejąco", "od 31.01.2026"):
        assert words in text
    shelf.wait(hours=1)
    shelf.work()
    text = page(operator)
    assert f"/exports/{export_id}/file" in text
    assert "kB" in text
    assert "<progress" not in text


@sqlite_only
def test_cancelled_tried_again_and_removed(web: People, shelf: Shelf):
    operator, export_id = web("operator"), shelf.order()
    operator.post(f"/exports/{export_id}/cancellation")
    assert shelf.export(export_id).state == "cancelled"
    assert operator.get(f"/exports/{export_id}/file").status_code == 409
    operator.post(f"/exports/{export_id}/retry")
    assert shelf.work()
    assert operator.get(f"/exports/{export_id}/file").status_code == 200
    operator.post(f"/exports/{export_id}/cancellation")
    operator.post(f"/exports/{export_id}/retry")
    assert shelf.export(export_id).state == "done"
    operator.post(f"/exports/{export_id}/removal")
    assert operator.get(f"/exports/{export_id}/file").status_code == 404
    assert f"export-{export_id}" not in page(operator)
    shelf.wait(seconds=1)
    assert shelf.work()
    assert shelf.files() == []


@sqlite_only
def test_what_failed_says_why_and_can_be_tried_again(web: People, shelf: Shelf):
    export_id = shelf.order()
    for failure, words in {
        "disk_full": "zabrakło miejsca",
        "too_many_rows": "1 048 575",
        "not_allowed": "nie widziało",
        "broken": "po naszej stronie",
    }.items():
        shelf.change(export_id, state="failed", failure=failure, expires_at=shelf.now() + timedelta(days=30))
        text = page(web("operator"))
        assert words in text
        assert f"/exports/{export_id}/retry" in text


@sqlite_only
def test_nobody_elses_export_is_there_for_anybody(web: People, shelf: Shelf):
    export_id = shelf.order("alfa")
    shelf.work()
    for name in ("beta", "operator", "master", "seller"):
        assert f"export-{export_id}" not in page(web(name))
        assert web(name).get(f"/exports/{export_id}/file").status_code == 404
        for act in ("cancellation", "retry", "removal"):
            assert web(name).post(f"/exports/{export_id}/{act}").status_code == 404
    assert web("technician").get("/exports").status_code == 403


@sqlite_only
def test_whoever_sees_other_tickets_now_does_not_get_the_old_file(web: People, shelf: Shelf):
    export_id = shelf.order("alfa")
    shelf.work()
    alfa = web("alfa")
    assert alfa.get(f"/exports/{export_id}/file").status_code == 200
    shelf.move("alfa", dealer_id=2)
    assert alfa.get(f"/exports/{export_id}/file").status_code == 404
    assert f"export-{export_id}" not in page(alfa)


@sqlite_only
def test_so_many_at_once_and_so_many_kept_and_the_page_says_what_to_do(web: People, shelf: Shelf):
    operator = web("operator")
    for _ in range(MOST_OPEN):
        assert operator.post("/exports").status_code == 303
    refused = operator.post("/exports")
    assert refused.status_code == 409
    assert "3 eksporty" in refused.get_data(as_text=True)
    assert "<progress" in refused.get_data(as_text=True)
    assert web("admin").post("/exports").status_code == 303
    for export_id in range(1, MOST_OPEN + 1):
        shelf.change(export_id, state="done", expires_at=shelf.now() + timedelta(days=30))
    shelf.copy(1, MOST_KEPT - MOST_OPEN)
    assert "50 eksportów" in operator.post("/exports").get_data(as_text=True)


@sqlite_only
def test_bytes_that_are_lost_are_no_error_of_ours(web: People, shelf: Shelf):
    export_id = shelf.order()
    shelf.work()
    shelf.files()[0].unlink()
    assert web("operator").get(f"/exports/{export_id}/file").status_code == 404


@sqlite_only
def test_the_menu_leads_there_for_whoever_has_lists(web: People, client: FlaskClient):
    assert 'href="/exports"' in web("alfa").get("/tickets").get_data(as_text=True)
    assert 'href="/exports"' not in web("technician").get("/").get_data(as_text=True)
    assert client.get("/exports").status_code == 302
