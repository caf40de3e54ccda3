"""Scans that file themselves: several papers in one file, pages that come one by one, and what can't be told apart."""

import io
import re

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from mikroserwis.models import Event, File
from mikroserwis.storage import in_folder
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.scanner import BLANK, in_one_scan, photographed, picture_of, smudged, texts_of, whole
from tests.support.way import plain_page


@pytest.fixture
def alfa(web, way):
    way.confirmed(SAM)
    return web("alfa")


@pytest.fixture
def contract(way, alfa):
    return way.scan(SAM, "contract")


@pytest.fixture
def power(way, alfa):
    return way.scan(SAM, "power_of_attorney")


def send(person, *files, number=SAM, kind="by_code", **fields):
    given = [FileStorage(io.BytesIO(content), name) for name, content in files]
    return person.post(f"/tickets/{number}/files", {"kind": kind, "file": given, **fields})


def filed(parts):
    """Current files, oldest first."""
    with parts.database.reading() as session:
        found = session.scalars(select(File).where(File.replaced_at.is_(None)).order_by(File.id)).all()
        session.expunge_all()
        return found


def content(parts, file):
    return in_folder(parts.settings, "files").path(file.sha256).read_bytes()


def tokens(page, name):
    return re.findall(rf'name="{name}" value="([^"]+)"', page)


def test_papers_scanned_in_one_go_backwards_with_blank_backs_are_filed_each_in_page_order(alfa, parts, contract, power):
    pages = [page for sheet in reversed([*whole(contract), *whole(power)]) for page in (BLANK, sheet)]
    answer = send(alfa, ("skan.pdf", in_one_scan(*pages)))
    assert answer.status_code == 303
    files = {one.kind: one for one in filed(parts)}
    assert {"contract", "power_of_attorney"} == set(files)
    for kind, paper in (("contract", contract), ("power_of_attorney", power)):
        assert texts_of(content(parts, files[kind])) == texts_of(paper)
    said = alfa.get(f"/tickets/{SAM}").text
    assert "skan-umowa.pdf" in said
    assert "z pliku skan.pdf, strony" in said
    with parts.database.reading() as session:
        events = session.scalars(select(Event.data).where(Event.verb == "attach")).all()
    assert [event.count("skan.pdf") for event in events] == [1, 1]


def test_the_same_scan_sent_again_changes_nothing(alfa, parts, contract, power):
    scan = in_one_scan(*whole(power), *whole(contract))
    send(alfa, ("skan.pdf", scan))
    before = [one.id for one in filed(parts)]
    assert send(alfa, ("skan.pdf", scan)).status_code == 303
    assert [one.id for one in filed(parts)] == before


def test_a_newer_scan_replaces_and_keeps_the_old_one(alfa, parts, contract, power):
    send(alfa, ("skan.pdf", in_one_scan(*whole(contract), *whole(power))))
    send(alfa, ("lepszy.pdf", in_one_scan(*reversed(whole(contract)))))
    assert {(one.kind, one.version) for one in filed(parts)} == {("contract", 2), ("power_of_attorney", 1)}
    assert "1 starsza wersja" in alfa.get(f"/tickets/{SAM}").text


@sqlite_only
def test_an_unreadable_page_between_the_pages_of_its_paper_finds_its_place(alfa, parts, contract, power):
    first, *rest = whole(contract)
    scan = in_one_scan(first, (smudged(*rest[0]), 1), *rest[1:], *whole(power))
    assert send(alfa, ("skan.pdf", scan)).status_code == 303
    assert [one.pages for one in filed(parts)] == [len(rest) + 1, len(whole(power))]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda c, p: [*whole(c)[:-1], *whole(p)], r"Umowa: brakuje strony \d+ z \d+"),
        (lambda c, p: [*whole(c), *whole(p), (plain_page(), 1)], r"strona \d+ pliku „skan.pdf”"),
        (lambda c, p: [*whole(c), whole(c)[0], *whole(p)], "strona 1 występuje więcej niż raz"),
    ],
)
def test_nothing_of_a_scan_is_filed_when_one_of_its_papers_cannot_be(alfa, parts, way, make, said):
    pages = make(way.scan(SAM, "contract"), way.scan(SAM, "power_of_attorney"))
    answer = send(alfa, ("skan.pdf", in_one_scan(*pages)))
    assert answer.status_code == 422
    assert re.search(said, answer.text)
    assert "Z tego pliku niczego nie dołączono." in answer.text
    assert filed(parts) == []


@sqlite_only
def test_a_page_of_another_ticket_is_named_with_its_page_and_ticket(alfa, way, parts, contract):
    way.confirmed(ARKLITY)
    foreign = way.scan(ARKLITY, "contract")
    scan = in_one_scan(*whole(contract), whole(foreign)[0])
    answer = send(alfa, ("skan.pdf", scan))
    assert f"Strona {len(whole(contract)) + 1} pliku „skan.pdf” należy do zgłoszenia {ARKLITY}" in answer.text
    assert filed(parts) == []


def test_pictures_of_single_pages_wait_for_each_other_and_become_one_paper(alfa, parts, contract):
    [first, *rest] = [photographed(*page, orientation=6 if page[1] == 1 else 1) for page in whole(contract)]
    answer = send(alfa, ("a.jpg", first))
    assert answer.status_code == 422
    held = tokens(answer.text, "held")
    assert len(held) == 1
    names = [(f"{n}.jpg", picture) for n, picture in enumerate(rest)]
    assert send(alfa, *reversed(names), held=held).status_code == 303
    [paper] = filed(parts)
    assert (paper.kind, paper.pages, paper.content_type) == ("contract", len(rest) + 1, "application/pdf")
    assert paper.name == f"{SAM}-umowa.pdf"
    made = content(parts, paper)
    assert b"SecretPhone" not in made
    portrait = [picture_of(made, page).size for page in range(1, paper.pages + 1)]
    assert all(high > wide for wide, high in portrait)
    assert "z plików" in alfa.get(f"/tickets/{SAM}").text


def test_files_without_a_code_get_their_kind_without_being_sent_again(alfa, parts):
    answer = send(alfa, ("wycena.pdf", plain_page()), ("zły.pdf", b"hello"))
    assert answer.status_code == 422
    [token] = tokens(answer.text, "unfiled")
    again = alfa.post(f"/tickets/{SAM}/files", {"unfiled": token, "unfiled_kind": "other"})
    assert again.status_code == 303
    assert [(one.kind, one.name) for one in filed(parts)] == [("other", "wycena.pdf")]


@sqlite_only
def test_pictures_without_a_code_that_are_said_to_be_one_kind_become_one_paper(alfa, parts):
    pictures = [picture_of(plain_page(), 1) for _ in range(2)]
    files = []
    for number, picture in enumerate(pictures):
        out = io.BytesIO()
        picture.point(lambda value, number=number: max(0, value - number)).save(out, "PNG")
        files.append((f"{number}.png", out.getvalue()))
    unfiled = tokens(send(alfa, *files).text, "unfiled")
    alfa.post(f"/tickets/{SAM}/files", {"unfiled": unfiled, "unfiled_kind": ["contract", "contract"]})
    assert [(one.kind, one.pages) for one in filed(parts)] == [("contract", 2)]


@sqlite_only
@pytest.mark.parametrize("field", ["held", "unfiled"])
def test_a_token_of_another_person_or_a_made_up_one_opens_nothing(alfa, web, way, parts, field):
    [token] = tokens(send(alfa, ("wycena.pdf", plain_page())).text, "unfiled")
    way.taken(ARKLITY, "Dealer Beta")
    for person, number, given in (("beta", ARKLITY, token), ("alfa", SAM, "made.up.token")):
        fields = {field: given} | ({"unfiled_kind": "other"} if field == "unfiled" else {})
        answer = web(person).post(f"/tickets/{number}/files", fields)
        assert answer.status_code == 422
        assert "Wyślij ten plik jeszcze raz" in answer.text
    assert filed(parts) == []


@sqlite_only
def test_what_became_of_each_file_is_told_once_and_only_to_who_sent_them(alfa, web, way, contract):
    answer = send(alfa, ("umowa.pdf", contract), ("zły.pdf", b"hello"))
    page = answer.headers["Location"]
    told = alfa.get(page).text
    assert '<li class="filed"><bdi>umowa.pdf</bdi>' in told
    assert '<li class="refused"><bdi>zły.pdf</bdi>' in told
    assert '<li class="refused">' not in web("operator").get(page).text
    assert '<li class="refused">' not in alfa.get(page[:-20]).text
