"""One person's data as a file: all of it, nobody else's, and that it was made is on record."""

import io
import json
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from sqlalchemy import select

from mikroserwis.models import Event, Submission, UserPicture
from tests.consents.conftest import Desk
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, SAM
from tests.support.way import Way

MAIL = "krystyna@sieciechow.example"


def opened(answer: Any) -> dict[str, Any]:
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["data.json", "data.xlsx"]
        found: dict[str, Any] = json.loads(archive.read("data.json"))
        sheet = load_workbook(io.BytesIO(archive.read("data.xlsx"))).active
        assert sheet is not None
        rows = sum(len(value) for value in found.values() if isinstance(value, list))
        assert sheet.max_row == rows + 1
    return found


def test_a_contacts_file_holds_all_in_which_it_occurs(desk: Desk, web: Any):
    krystyna, staff = desk.contact(), web("admin")
    desk.decide(krystyna, "marketing", note="telefonicznie")
    desk.post(MAIL)
    desk.post("alfa@dealer.example")
    desk.deliver()
    found = opened(staff.post(f"/personal-data/{krystyna.code}/export"))
    assert found["record"][0]["name"] == "Krystyna Zięba"
    assert found["consents"][0]["wording"].startswith("Wyrażam zgodę")
    assert [one["recipient"] for one in found["messages"]] == [MAIL]
    assert [(one["act"], one["by"]) for one in found["history"]] == [("consent_give", "")]
    assert "Olga" not in json.dumps(found)
    with desk.database.reading() as session:
        made = session.scalars(select(Event).where(Event.verb == "person_export")).one()
        assert (made.actor, json.loads(made.data)["contact"]) == ("Adam Administrator", krystyna.contact_id)


def test_everybody_gets_its_own_data_and_nobody_elses(desk: Desk, web: Any, api: Any, way: Way):
    way.contract(SAM)
    found = opened(web("alfa").post("/account/data-export"))
    assert found["record"][0]["email"] == PEOPLE["alfa"].email
    assert {(one["by"], json.dumps(one["data"])) for one in found["history"]} == {("Łukasz Gąska (Dealer Alfa)", "{}")}
    text = json.dumps(found, ensure_ascii=False)
    for other in ("beta", "operator", "sam"):
        assert PEOPLE[other].email not in text
    assert "password_hash" not in text
    assert "token_hash" not in text
    assert opened(api("sam").post("/me/data-export"))["record"][0]["name"] == "Bożena Ślązak"
    for who in ("operator", "alfa", "seller", "sam"):
        assert web(who).post(f"/personal-data/u{desk.user_id('beta')}/export").status_code == 403


@sqlite_only
def test_a_person_that_is_not_there_has_no_file(web: Any):
    for code in ("u999", "c999", "u0", "x1", "u99999999999", "c1"):
        assert web("admin").get(f"/personal-data/{code}").status_code == 404, code
        assert web("admin").post(f"/personal-data/{code}/export").status_code == 404, code


@sqlite_only
def test_a_file_that_is_asked_for_twice_with_one_form_or_key_is_made_twice_and_kept_nowhere(
    desk: Desk, web: Any, api: Any
):
    alfa, sam = web("alfa"), api("sam")
    for _ in range(2):
        assert "record" in opened(alfa.post("/account/data-export", {"once": "a" * 32}))
        assert "record" in opened(sam.post("/me/data-export", headers={"Idempotency-Key": "one"}))
    with desk.parts.database.reading() as session:
        assert session.scalars(select(Submission)).all() == []


@sqlite_only
def test_the_picture_lies_in_the_file_and_one_that_the_store_has_lost_stops_nothing(desk: Desk, api: Any):
    kept = desk.parts.store.put(io.BytesIO(b"a picture"), limit=100).sha256
    for sha256, names in ((kept, True), ("0" * 64, False)):
        with desk.database.transaction() as session:
            session.merge(UserPicture(user_id=desk.user_id("alfa"), sha256=sha256))
        archive = ZipFile(io.BytesIO(api("alfa").post("/me/data-export").data))
        assert ("picture.webp" in archive.namelist()) is names
        assert not names or archive.read("picture.webp") == b"a picture"
