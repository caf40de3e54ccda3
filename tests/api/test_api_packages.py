"""A package's ZIP, checked as its reader would: by other means than those that made it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl

from tests.support.app import sqlite_only
from tests.support.cast import SAM
from tests.support.other_side import Platform
from tests.support.people import Api
from tests.support.way import Way

People = Callable[[str], Api]
INDEX = ["Plik", "Rodzaj", "Numer", "Nazwa", "Wersja pliku", "Wersja wydruku", "Strony", "Rozmiar (B)"]


def download(api: Api, purpose: str = "scans") -> bytes:
    """The newest package of this purpose."""
    found = [one for one in api.get(f"/tickets/{SAM}/deliveries").json["items"] if one["purpose"] == purpose]
    answer = api.get(f"/deliveries/{found[0]['id']}/package.zip")
    assert answer.status_code == 200
    content: bytes = answer.data
    return content


def checked(content: bytes) -> dict[str, Any]:
    """The manifest, once every file that it lists is there and is what it says, and nothing else is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
        listed = {one["path"]: one for one in manifest["files"]}
        assert set(archive.namelist()) == {"manifest.json", "index.xlsx", *listed}
        for path, one in listed.items():
            held = archive.read(path)
            assert (len(held), hashlib.sha256(held).hexdigest()) == (one["size"], one["sha256"])
        sheet: Any = openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx"))).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:8] == INDEX
    columns = [(row[0], row[2], row[4], row[7], row[9]) for row in rows[1:]]
    assert columns == [
        (path, one["number"], one["version"], one["size"], one["sha256"]) for path, one in listed.items()
    ]
    return manifest


def test_whoever_opens_a_package_can_check_every_paper_in_it(api: People, way: Way):
    way.confirmed(SAM)
    for kind in ("quote", "contract", "power_of_attorney"):
        scan = io.BytesIO(way.scan(SAM, kind))
        assert api("alfa").upload(f"/tickets/{SAM}/files", scan, f"{kind}.pdf", kind="by_code").status_code == 201
    way.acknowledged(SAM)
    manifest = checked(download(api("alfa")))
    assert (manifest["ticket"], manifest["purpose"], manifest["package_id"]) == (SAM, "scans", "115-scans-1")
    assert manifest["details"]["dealer"]["crm_id"] == 1001
    assert manifest["details"]["company"]["tax_id"] == "7974569439"
    quote, contract, power = manifest["files"]
    assert [one["path"] for one in manifest["files"]] == [
        "1-wycena-W-115-1.pdf",
        "2-umowa.pdf",
        "3-pelnomocnictwo.pdf",
    ]
    assert quote["number"] == "W/115/1"
    assert contract["printed_version"] == power["printed_version"] == manifest["details"]["confirmed_version"]


def test_a_package_stays_byte_for_byte_what_was_sent_whatever_changes_later(api: People, way: Way, platform: Platform):
    way.acknowledged(SAM)
    before = download(api("alfa"))
    company = api("alfa").get(f"/tickets/{SAM}/company").json
    changed = api("alfa").put(f"/tickets/{SAM}/company", {"city": "Radom", "version": company["version"]})
    assert changed.status_code == 200
    for file in api("operator").get(f"/tickets/{SAM}/files").json["items"]:
        api("operator").post(f"/files/{file['id']}/rejection", {"reason": "Nieczytelne"})
    assert download(api("operator")) == before
    [sent] = [one for one in platform.received()["packages"] if one["ticket"] == SAM]
    assert sent["details"] == checked(before)["details"]


@sqlite_only
def test_a_package_that_was_refused_still_shows_what_was_refused(api: People, way: Way, platform: Platform):
    way.exported(SAM)
    platform.faults(reject_scans="Brak podpisu.")
    way.delivered()
    kinds = [one["kind"] for one in checked(download(api("operator")))["files"]]
    assert kinds == ["quote", "contract", "power_of_attorney"]


@sqlite_only
def test_the_closing_package_holds_every_paper_and_the_proof_of_each_shop(api: People, way: Way):
    way.closed(SAM)
    way.delivered()
    manifest = checked(download(api("alfa"), "closing"))
    [shop] = manifest["details"]["subtickets"]
    assert shop["connectivity"]["stations"][0]["online"] is True
    assert [one["package_id"] for one in manifest["details"]["supplements"]] == ["115-scans-1"]
    assert manifest["details"]["replaces"] == []
