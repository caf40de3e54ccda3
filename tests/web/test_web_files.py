"""Files over the form: several at once, each with its own result; shown, pictured, refused by staff; deliveries."""

import io
import zipfile

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from mikroserwis.models import Delivery, File, OutboxItem
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.way import plain_page


def upload(person, number, *files, kind="by_code"):
    return person.post(
        f"/tickets/{number}/files",
        {"kind": kind, "file": [FileStorage(io.BytesIO(content), name) for name, content in files]},
    )


@pytest.fixture
def alfa(web, way):
    way.confirmed(SAM)
    return web("alfa")


def newest(parts):
    with parts.database.reading() as session:
        found = session.scalars(select(File.id).order_by(File.id.desc())).first()
        assert found is not None
        return found


def test_scans_find_their_place_and_the_ticket_becomes_a_contract(alfa, way):
    assert upload(alfa, SAM, ("wycena.pdf", way.scan(SAM, "quote"))).status_code == 303
    answer = upload(alfa, SAM, ("a.pdf", way.scan(SAM, "contract")), ("b.pdf", way.scan(SAM, "power_of_attorney")))
    assert answer.headers["Location"] == f"/tickets/{SAM}#files"
    assert way.state(SAM) == "contract"
    page = alfa.get(f"/tickets/{SAM}").text
    assert "a.pdf – dołączono jako: Umowa." in page
    assert "b.pdf – dołączono jako: Pełnomocnictwo." in page
    assert "zgłoszenie przeszło do etapu Umowa" in page


def test_of_several_files_the_good_ones_are_kept_and_the_bad_ones_say_why(alfa):
    answer = upload(alfa, SAM, ("dobry.pdf", plain_page()), ("zły.pdf", b"hello"), ("pusty.pdf", b""), kind="other")
    assert answer.status_code == 303
    page = alfa.get(answer.headers["Location"]).text
    assert "dobry.pdf – dołączono jako: Inny plik." in page
    assert "<bdi>zły.pdf</bdi><span>Nazwa wskazuje na .pdf" in page
    assert "<bdi>pusty.pdf</bdi><span>Plik jest pusty." in page


@pytest.mark.parametrize(
    ("file", "kind", "status", "said"),
    [
        (("x.pdf", b"hello"), "other", 422, "Nazwa wskazuje na .pdf"),
        (("x.pdf", b""), "other", 422, "Ten plik jest pusty"),
        (("x.exe", b"MZ" + bytes(100)), "other", 422, "Tego pliku nie da się użyć"),
        (("x.pdf", b"%PDF-" + bytes(2_200_000)), "other", 413, "Ten plik jest za duży"),
        (("x.pdf", plain_page()), "by_code", 422, "nie ma naszego kodu"),
        (("x.pdf", plain_page()), "poem", 422, "Wybierz rodzaj pliku."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_on_the_tickets_page(alfa, file, kind, status, said):
    answer = upload(alfa, SAM, file, kind=kind)
    assert answer.status_code == status
    assert said in answer.text
    assert "PPHU SAM" in answer.text
    assert 'class="wrong"' in answer.text


def test_several_files_none_of_which_can_be_used_are_each_named(alfa):
    answer = upload(alfa, SAM, ("a.pdf", b"hello"), ("b.pdf", b"hello"), kind="other")
    assert answer.status_code == 422
    assert "a.pdf: Nazwa" in answer.text
    assert "b.pdf: Nazwa" in answer.text


def test_no_file_at_all_is_said(alfa):
    assert "Wypełnij to pole." in upload(alfa, SAM, kind="other").text


def test_a_scan_of_another_ticket_is_refused_by_its_code(alfa, way):
    way.confirmed(ARKLITY)
    answer = upload(alfa, SAM, ("obcy.pdf", way.scan(ARKLITY, "contract")))
    assert answer.status_code == 422
    assert f"należy do zgłoszenia {ARKLITY}" in answer.text


def test_a_file_sent_again_over_the_form_changes_nothing(alfa):
    upload(alfa, SAM, ("w.pdf", plain_page()), kind="other")
    upload(alfa, SAM, ("w.pdf", plain_page()), kind="other")
    assert "ten plik już tu jest" in alfa.get(f"/tickets/{SAM}").text


def test_a_new_ticket_takes_no_files_and_says_why(web):
    answer = upload(web("alfa"), SAM, ("x.pdf", plain_page()), kind="other")
    assert answer.status_code == 409
    assert "Najpierw trzeba podjąć zgłoszenie." in answer.text


def test_a_file_is_shown_downloaded_and_pictured_to_whoever_may_see_it(alfa, web, parts):
    upload(alfa, SAM, ("w.pdf", plain_page()), kind="other")
    file_id = newest(parts)
    shown = alfa.get(f"/files/{file_id}")
    assert (shown.status_code, shown.mimetype) == (200, "application/pdf")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert alfa.get(f"/files/{file_id}?download=1").headers["Content-Disposition"].startswith("attachment")
    assert alfa.get(f"/files/{file_id}/pages/1").mimetype == "image/webp"
    assert alfa.get(f"/files/{file_id}/pages/9").status_code == 404
    for part in ("", "/pages/1"):
        assert web("beta").get(f"/files/{file_id}{part}").status_code == 404


def test_staff_refuse_a_paper_with_a_reason_that_the_dealer_reads(alfa, web, parts):
    upload(alfa, SAM, ("w.pdf", plain_page()), kind="other")
    address = f"/files/{newest(parts)}/rejection"
    assert alfa.get(address).status_code == 403
    assert alfa.post(address, {"reason": "x"}).status_code == 403
    operator = web("operator")
    assert operator.get(address).status_code == 200
    empty = operator.post(address, {"reason": ""})
    assert empty.status_code == 422
    assert 'id="error-reason"' in empty.text
    assert operator.post(address, {"reason": "Nieczytelne"}).status_code == 303
    page = alfa.get(f"/tickets/{SAM}").text
    assert "Nieczytelne" in page
    assert "odrzucono" in page


def test_the_scans_go_out_and_the_package_can_be_downloaded(web, way, parts):
    way.contract(SAM)
    alfa = web("alfa")
    assert alfa.post(f"/tickets/{SAM}/export").headers["Location"] == f"/tickets/{SAM}#export"
    assert "czeka na wysłanie" in alfa.get(f"/tickets/{SAM}").text
    way.delivered()
    page = alfa.get(f"/tickets/{SAM}").text
    assert "Potwierdzenie" in page
    assert "1 próba" in page
    with parts.database.reading() as session:
        delivery = session.scalars(select(Delivery.id)).one()
    package = alfa.get(f"/deliveries/{delivery}/package.zip")
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(package.data)).namelist()
    assert web("beta").get(f"/deliveries/{delivery}/package.zip").status_code == 404


@sqlite_only
def test_only_staff_press_again_and_only_on_what_is_stuck(web, way, parts):
    way.exported(SAM)
    with parts.database.transaction() as session:
        delivery = session.scalars(select(Delivery.id)).one()
        session.execute(update(OutboxItem).values(state="stuck", last_error="nie odpowiada"))
    address = f"/deliveries/{delivery}/retry"
    assert web("alfa").post(address).status_code == 403
    operator = web("operator")
    assert "nie odpowiada" in operator.get(f"/tickets/{SAM}").text
    assert operator.post(address).status_code == 303
    again = operator.post(address)
    assert again.status_code == 409
    assert "nie ma czego ponawiać" in again.text
    assert web("beta").post(address).status_code == 404
