"""Papers out, files in: each refused one says why, and nothing of it is kept with the ticket."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from mikroserwis.edge import Parts
from mikroserwis.storage import in_folder
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.people import Api
from tests.support.scanner import BLANK, in_one_scan, photographed, whole
from tests.support.way import Way, plain_page

pytestmark = sqlite_only
People = Callable[[str], Api]


def test_papers_can_be_made_once_the_company_is_confirmed(api: People, way: Way) -> None:
    alfa = api("alfa")
    for step, code in ((lambda _: None, "ticket_is_taken"), (way.taken, "company_is_confirmed")):
        step(SAM)
        answer = alfa.get(f"/tickets/{SAM}/documents/contract.docx")
        assert (answer.status_code, answer.json["blockers"][0]["code"]) == (409, code)
    way.confirmed(SAM)
    answer = alfa.get(f"/tickets/{SAM}/documents/contract.docx")
    assert "115-umowa.docx" in answer.headers["Content-Disposition"]
    text = "".join(part.text or "" for part in docx.Document(io.BytesIO(answer.data)).element.body.iter("{*}t"))
    assert "7974569439" in text.replace("-", "").replace(" ", "")
    archive = zipfile.ZipFile(io.BytesIO(alfa.get(f"/tickets/{SAM}/documents/papers.zip").data))
    assert len(archive.namelist()) == 4


def test_an_uploaded_file_comes_back_as_it_was_and_harmless(api: People, way: Way) -> None:
    way.taken(SAM)
    page = plain_page()
    uploaded = upload(api("alfa"), page, "../../etc/wyc\u202eena ź.pdf", "other")
    assert (uploaded.status_code, uploaded.json["name"], uploaded.json["state"]) == (201, "wyc ena ź.pdf", "current")
    assert upload(api("alfa"), page, "again.pdf", "other").status_code == 200
    got = api("alfa").get(f"/files/{uploaded.json['id']}/content")
    assert got.data == page
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''wyc%20ena%20%C5%BA.pdf" in got.headers["Content-Disposition"]
    assert "private" in got.headers["Cache-Control"]
    known = {"If-None-Match": got.headers["ETag"]}
    assert api("alfa").get(f"/files/{uploaded.json['id']}/content", headers=known).status_code == 304
    assert api("beta").get(f"/files/{uploaded.json['id']}/content", headers=known).status_code == 404


@pytest.mark.parametrize(
    ("content", "named", "refusal"),
    [
        (b"", ("scan.pdf", "contract"), (422, "empty")),
        (b"MZ not a scan", ("scan.pdf", "contract"), (422, "not_what_its_name_says")),
        (b"<html><script>alert(1)</script>", ("page.html", "other"), (422, "unsupported_type")),
        (b"%PDF-1.7 nothing else", ("scan.pdf", "contract"), (422, "broken")),
        (plain_page()[: len(plain_page()) // 2], ("scan.pdf", "contract"), (422, "broken")),
        (plain_page(), ("scan.pdf", "by_code"), (422, "invalid")),
        (plain_page(), ("scan.pdf", "passport"), (422, "invalid")),
        (bytes(2 * 1024 * 1024 + 1), ("scan.pdf", "contract"), (413, "too_large")),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    api: People, way: Way, content: bytes, named: tuple[str, str], refusal: tuple[int, str]
) -> None:
    way.taken(SAM)
    answer = upload(api("alfa"), content, *named)
    assert (answer.status_code, answer.json["code"]) == refusal, answer.text
    assert api("alfa").get(f"/tickets/{SAM}/files").json["items"] == []


def test_a_signed_paper_of_another_ticket_is_not_filed_here(api: People, way: Way) -> None:
    way.confirmed(ARKLITY)
    way.taken(SAM)
    answer = upload(api("alfa"), way.scan(ARKLITY, "contract"), "umowa.pdf", "contract")
    assert [one["code"] for one in answer.json["errors"]] == ["belongs_to_another_ticket"]


def test_nothing_is_stored_for_somebody_who_may_not_upload(api: People, way: Way, parts: Parts) -> None:
    way.taken(ARKLITY)
    assert upload(api("alfa"), plain_page(), "scan.pdf", "other").json["code"] == "refused"
    assert upload(api("beta"), plain_page(), "scan.pdf", "other").status_code == 404
    stored = [file for file in Path(parts.settings.data / "files").rglob("*") if file.is_file()]
    assert stored == []


def test_a_rejected_paper_bears_its_reason_and_is_asked_for_anew(api: People, way: Way) -> None:
    way.contract(SAM)
    file = next(one for one in api("alfa").get(f"/tickets/{SAM}").json["files"] if one["kind"] == "contract")
    assert (
        api("operator").post(f"/files/{file['id']}/rejection", {"reason": "Brak podpisu."}).json["state"] == "rejected"
    )
    refused = api("alfa").post(f"/tickets/{SAM}/export")
    assert "no_scan_is_rejected" in {one["code"] for one in refused.json["blockers"]}
    newest = api("alfa").get(f"/tickets/{SAM}/files").json["items"]
    assert "Brak podpisu." in {one["rejection"] for one in newest}


def test_a_delivery_shows_its_attempts_and_its_package(api: People, way: Way) -> None:
    way.exported(SAM)
    way.platform.faults(error_rate=1.0)
    way.delivered()
    [delivery] = api("alfa").get(f"/tickets/{SAM}/deliveries").json["items"]
    assert (delivery["state"], [one["outcome"] for one in delivery["attempts"]]) == ("retrying", ["server_error"])
    assert delivery["next_attempt_at"] > delivery["attempts"][0]["ended_at"]
    package = zipfile.ZipFile(io.BytesIO(api("alfa").get(f"/deliveries/{delivery['id']}/package.zip").data))
    manifest = json.loads(package.read("manifest.json"))
    assert (manifest["ticket"], len(manifest["files"])) == (SAM, 3)
    assert api("operator").post(f"/deliveries/{delivery['id']}/retry").json["code"] == "refused"


def test_a_delivery_with_a_refused_scan_is_not_sent_again(api: People, way: Way) -> None:
    way.exported(SAM)
    way.platform.faults(reject_scans="Nieczytelne.")
    way.delivered()
    [delivery] = api("operator").get(f"/tickets/{SAM}/deliveries").json["items"]
    assert (delivery["state"], delivery["rejection"]) == ("rejected", "Nieczytelne.")
    refused = api("operator").post(f"/deliveries/{delivery['id']}/retry")
    assert (refused.status_code, refused.json["blockers"][0]["code"]) == (409, "no_file_is_rejected")


def test_staff_send_a_delivery_again_whose_file_had_to_be_restored(api: People, way: Way) -> None:
    way.exported(SAM)
    stored = in_folder(way.parts.settings, "files").path(
        api("operator").get(f"/tickets/{SAM}/files").json["items"][0]["sha256"]
    )
    kept = stored.read_bytes()
    stored.write_bytes(b"rotten")
    way.delivered()
    [delivery] = api("operator").get(f"/tickets/{SAM}/deliveries").json["items"]
    assert (delivery["state"], "kopii zapasowej" in delivery["rejection"]) == ("rejected", True)
    stored.write_bytes(kept)
    again = api("operator").post(f"/deliveries/{delivery['id']}/retry").json
    assert (again["state"] in {"queued", "retrying"}, again["rejection"]) == (True, None)
    way.delivered()
    assert api("operator").get(f"/tickets/{SAM}/deliveries").json["items"][0]["state"] == "acknowledged"


def test_a_file_of_tickets_is_taken_whole_or_not_at_all(api: People) -> None:
    operator = api("operator")
    template = operator.get("/tickets/import-template.xlsx").data
    headers = [cell.value for cell in next(openpyxl.load_workbook(io.BytesIO(template)).worksheets[0].iter_rows())]
    good = {"crm_id": 4001, "type": "fiscal", "tax_id": "7974569439", "company_name": "SAM", "stations_buy": 1}
    bad = {**good, "crm_id": 4002, "tax_id": "7974569438"}
    refused = operator.upload("/tickets/import", _csv(headers, good, bad), "tickets.csv")
    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
    assert [(one["line"], one["column"]) for one in refused.json["errors"]] == [(3, "tax_id")]
    tried = operator.upload("/tickets/import", _csv(headers, good), "tickets.csv", dry_run="true").json
    assert (tried["dry_run"], tried["created"]) == (True, 1)
    assert operator.get("/tickets/4001").status_code == 404
    assert operator.upload("/tickets/import", _csv(headers, good), "tickets.csv").json["created"] == 1
    assert operator.upload("/tickets/import", _csv(headers, good), "tickets.csv").json["unchanged"] == 1
    assert operator.get("/tickets/4001").json["subtickets"][0]["stations"] == {"buy": 1, "exchange": 0}


def _csv(headers: list[Any], *rows: dict[str, Any]) -> io.BytesIO:
    lines = [headers, *([row.get(name, "") for name in headers] for row in rows)]
    return io.BytesIO("\n".join(";".join(str(value) for value in line) for line in lines).encode())


def upload(who: Api, content: bytes, name: str, kind: str) -> Any:
    return who.upload(f"/tickets/{SAM}/files", io.BytesIO(content), name, kind=kind)


def send(who: Api, *files: tuple[str, bytes], kind: str = "by_code") -> Any:
    """Several files in one request."""
    parts = [FileStorage(io.BytesIO(content), name) for name, content in files]
    boundary, body = encode_multipart({"kind": kind, "file": parts})
    content_type = f"multipart/form-data; boundary={boundary}"
    return who.send("POST", f"/tickets/{SAM}/files", data=body, content_type=content_type)


def test_one_scan_of_several_papers_is_answered_with_each_of_them(api: People, way: Way) -> None:
    way.confirmed(SAM)
    contract, power = way.scan(SAM, "contract"), way.scan(SAM, "power_of_attorney")
    scan = in_one_scan(*whole(power), BLANK, *reversed(whole(contract)))
    answer = send(api("alfa"), ("skan.pdf", scan))
    assert answer.status_code == 201
    papers = {one["kind"]: one for one in answer.json["papers"]}
    assert set(papers) == {"power_of_attorney", "contract"}
    assert papers["contract"]["source_name"] == "skan.pdf"
    assert papers["contract"]["pages"] == len(whole(contract))
    assert send(api("alfa"), ("skan.pdf", scan)).status_code == 200


def test_pictures_of_the_pages_of_a_paper_sent_together_become_one_file(api: People, way: Way) -> None:
    way.confirmed(SAM)
    pictures = [(f"{number}.jpg", photographed(*page)) for number, page in enumerate(whole(way.scan(SAM, "contract")))]
    missing = send(api("alfa"), pictures[0])
    assert [one["code"] for one in missing.json["errors"]] == ["pages_missing"]
    [paper] = send(api("alfa"), *reversed(pictures)).json["papers"]
    assert (paper["kind"], paper["pages"], paper["source_pages"]) == ("contract", len(pictures), "")


def test_of_several_files_in_one_request_all_are_filed_or_none(api: People, way: Way) -> None:
    way.confirmed(SAM)
    answer = send(api("alfa"), ("umowa.pdf", way.scan(SAM, "contract")), ("a.pdf", b"hello"), ("b.pdf", plain_page()))
    assert (answer.status_code, [one["code"] for one in answer.json["errors"]]) == (
        422,
        ["file_refused", "no_code_found"],
    )
    assert api("alfa").get(f"/tickets/{SAM}/files").json["items"] == []
