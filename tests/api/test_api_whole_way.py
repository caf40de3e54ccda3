"""Item 5 of the main job, by a program with dealer Alfa's token and nothing else."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from mikroserwis.pricing import today
from tests.support.cast import POINT, SAM
from tests.support.other_side import Platform
from tests.support.people import Api
from tests.support.way import Way, plain_page


def test_a_dealers_program_takes_a_ticket_from_the_list_to_closed(
    api: Callable[[str], Api], platform: Platform, way: Way
) -> None:
    alfa = api("alfa")
    assert SAM in {line["number"] for line in ok(alfa.get("/tickets", query_string={"view": "to_take"}))["items"]}
    assert ok(alfa.post(f"/tickets/{SAM}/taking"))["state"] == "taken"

    company = ok(alfa.get(f"/tickets/{SAM}/company"))
    changed = {"phone": "600 100 200", "version": company["version"]}
    assert ok(alfa.put(f"/tickets/{SAM}/company", changed))["phone"] == "+48 600 100 200"
    assert ok(alfa.post(f"/tickets/{SAM}/company/confirmation"))["confirmed"]

    for name in ("contract.docx", "power-of-attorney.docx", "papers.zip"):
        assert alfa.get(f"/tickets/{SAM}/documents/{name}").data.startswith(b"PK")
    upload(alfa, alfa.get(f"/tickets/{SAM}/documents/contract.pdf").data, "by_code")
    upload(alfa, alfa.get(f"/tickets/{SAM}/documents/power-of-attorney.pdf").data, "power_of_attorney")
    assert ok(alfa.get(f"/tickets/{SAM}"))["state"] == "taken"
    upload(alfa, way.scan(SAM, "quote"), "quote")
    assert ok(alfa.get(f"/tickets/{SAM}"))["state"] == "contract"

    queued = alfa.post(f"/tickets/{SAM}/export")
    assert (queued.status_code, queued.json["state"]) == (202, "queued")
    way.delivered()
    assert [one["state"] for one in ok(alfa.get(f"/tickets/{SAM}/deliveries"))["items"]] == ["acknowledged"]

    [subticket] = ok(alfa.get(f"/tickets/{SAM}"))["subtickets"]
    here = f"/subtickets/{subticket['id']}"
    assert ok(alfa.post(f"{here}/taking"))["state"] == "taken"
    assert blockers(alfa.post(f"{here}/closure")) == ["point_is_saved"]
    point = ok(alfa.get(f"/points/{POINT}"))
    assert ok(alfa.put(f"/points/{POINT}", {"contact": "pani Bożena", "version": point["version"]}))["saved_at"]

    platform.switch(POINT, 1, online=True)
    platform.switch(POINT, 2, online=False)
    assert blockers(alfa.post(f"{here}/closure")) == ["every_station_reports"]
    assert "2" in ok(alfa.get(here))["last_check"]["message"]
    platform.switch(POINT, 2, online=True)
    assert ok(alfa.post(f"{here}/closure"))["outcome"] == "done"

    give_the_invoice(alfa, today(way.clock()).isoformat())
    closed = ok(alfa.get(f"/tickets/{SAM}"))
    assert (closed["state"], closed["outcome"]) == ("closed", "done")
    way.delivered()
    packages = {package["package_id"] for package in platform.received()["packages"]}
    assert packages == {f"{SAM}-scans-1", f"{SAM}-closing-2"}
    assert "close" in verbs(alfa)


def upload(who: Api, content: bytes, kind: str) -> None:
    answer = who.upload(f"/tickets/{SAM}/files", io.BytesIO(content), f"{kind}.pdf", kind=kind)
    assert answer.status_code == 201, answer.text


def give_the_invoice(who: Api, day: str) -> None:
    assert ok(who.get(f"/tickets/{SAM}"))["state"] == "contract"
    path = f"/tickets/{SAM}/final-invoice"
    wanted = ok(who.get(path))
    assert (wanted["why_not"], wanted["quote"]) == ("missing", "W/115/1")
    invoice = {"number": "FV/7", "issued_on": day, "gross": wanted["expected_gross"]}
    assert who.upload(path, io.BytesIO(plain_page()), "faktura.pdf", **invoice).status_code == 201


def verbs(who: Api) -> Iterator[str]:
    return (event["verb"] for event in ok(who.get(f"/tickets/{SAM}/history"))["items"])


def blockers(answer: Any) -> list[str]:
    assert answer.status_code == 409, answer.text
    assert all(one["message"] for one in answer.json["blockers"])
    return [one["code"] for one in answer.json["blockers"]]


def ok(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json
    return content
