"""A program asks for a long list, watches it and fetches it."""

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from mikroserwis.edge import Parts
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, POOLED
from tests.support.people import Api
from tests.sweeps.shelf import Shelf

People = Callable[[str], Api]


@pytest.fixture
def shelf(parts: Parts) -> Shelf:
    return Shelf(parts)


def test_asked_for_watched_fetched_and_removed(api: People, shelf: Shelf):
    beta = api("beta")
    asked = beta.post("/exports", {"query": "sort=-number"}, headers={"Accept-Language": "en"})
    assert asked.status_code == 201
    assert (asked.json["state"], asked.json["query"], asked.json["rows_total"]) == ("queued", "sort=-number", None)
    path = f"/exports/{asked.json['id']}"
    assert beta.get(f"{path}/file").json["blockers"][0]["code"] == "export_is_done"
    assert shelf.work()
    done = beta.get(path).json
    assert (done["state"], done["rows_done"], done["failure"]) == ("done", 2, None)
    file = beta.get(f"{path}/file")
    sheet = list(load_workbook(io.BytesIO(file.data)).worksheets[0].iter_rows(values_only=True))
    assert sheet[0][0] == "Ticket type"
    assert [row[1] for row in sheet[1:]] == [POOLED, ARKLITY]
    assert [one["id"] for one in beta.get("/exports").json["items"]] == [done["id"]]
    assert api("operator").get("/exports").json["items"] == []
    assert beta.send("DELETE", path).status_code == 204
    assert beta.get(path).status_code == 404


@sqlite_only
def test_cancelled_and_tried_again(api: People, shelf: Shelf):
    operator = api("operator")
    path = f"/exports/{operator.post('/exports', {}).json['id']}"
    assert operator.post(f"{path}/cancellation").json["state"] == "cancelled"
    assert operator.post(f"{path}/retry").json["state"] == "queued"
    shelf.work()
    assert operator.post(f"{path}/cancellation").json["state"] == "done"


@sqlite_only
def test_one_key_asks_once(api: People):
    operator, key = api("operator"), {"Idempotency-Key": "nightly"}
    first, second = (operator.post("/exports", {}, headers=key).json["id"] for _ in range(2))
    assert first == second
    assert len(operator.get("/exports").json["items"]) == 1
