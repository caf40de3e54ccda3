"""Help: who reads which material, what is new to whom, and how staff keep it."""

import io
import json
import re

import pytest
from PIL import Image
from sqlalchemy import delete, event, select

from mikroserwis.edge import Parts
from mikroserwis.models import DealerType, Event, Material, MaterialOpening
from tests.support.app import sqlite_only
from tests.support.cast import SAM
from tests.support.way import plain_page

NEW = "/help/materials/new"
TEXT = {"kind": "text", "title": "Pierwsze kroki", "text": "Zadzwoń **najpierw**.", "published": "yes"}


def pdf(name: str = "szkolenie.pdf", content: bytes | None = None) -> tuple[io.BytesIO, str]:
    return io.BytesIO(plain_page() if content is None else content), name


def two_pages() -> bytes:
    page, out = Image.new("L", (400, 600), 255), io.BytesIO()
    page.paste(0, (50, 300, 350, 320))
    page.save(out, "PDF", save_all=True, append_images=[page])
    return out.getvalue()


def add(staff, **changed) -> int:
    """The new material's id."""
    answer = staff.post(NEW, {**TEXT, **changed})
    assert answer.status_code == 303, answer.text
    return max(int(one) for one in re.findall(r'id="material-(\d+)"', staff.get("/help/materials").text))


def new_in_menu(person) -> str:
    found = re.search(r'href="/help"[^>]*>[^<]*<b class="fresh">(\d+)', person.get("/help").text)
    return found[1] if found else ""


def titles(page: str) -> list[str]:
    return re.findall(r'<a href="/help/materials/\d+"><bdi>([^<]*)</bdi>', page)


def test_help_names_hotline_installation_page_and_quote_form(web):
    page = web("alfa").get("/help").text
    assert 'href="tel:221238409"' in page
    assert 'href="https://instalacja.mplatform.com.pl/insoft.html" target="_blank" rel="noopener noreferrer"' in page
    assert "Wycena" in page
    assert "Nie ma jeszcze materiałów" in page
    assert web("technician").get("/help").status_code == 200
    assert 'href="/help"' not in web("sam").get("/account").text


@sqlite_only
def test_the_sample_of_the_quote_form_is_a_pdf_that_is_shown(web):
    answer = web("alfa").get("/help/quote-form.pdf")
    assert answer.data.startswith(b"%PDF")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@sqlite_only
def test_the_sample_of_the_quote_form_is_no_tickets_quote(web, way):
    way.taken(SAM)
    sample = web("alfa").get("/help/quote-form.pdf").data
    answer = web("alfa").post(f"/tickets/{SAM}/files", {"kind": "quote", "file": (io.BytesIO(sample), "wycena.pdf")})
    assert answer.status_code == 422


def test_a_material_is_new_to_each_person_until_opened(web, parts):
    material = add(web("operator"))
    alfa, beta = web("alfa"), web("beta")
    assert new_in_menu(alfa) == new_in_menu(beta) == new_in_menu(web("seller")) == "1"
    assert new_in_menu(web("operator")) == ""
    page = alfa.get(f"/help/materials/{material}")
    assert "<strong>najpierw</strong>" in page.text
    assert (new_in_menu(alfa), new_in_menu(beta)) == ("", "1")
    assert alfa.get(f"/help/materials/{material}").status_code == 200
    assert beta.post("/help/opening").status_code == 303
    assert new_in_menu(beta) == ""


def test_what_really_changed_is_new_again_and_a_mended_letter_is_not(web):
    operator, alfa = web("operator"), web("alfa")
    material = add(operator)
    alfa.get(f"/help/materials/{material}")
    path = f"/help/materials/{material}/edit"
    assert operator.post(path, {**TEXT, "title": "Pierwsze trzy kroki", "version": "1"}).status_code == 303
    assert new_in_menu(alfa) == ""
    assert operator.post(path, {**TEXT, "version": "2", "renew": "yes"}).status_code == 303
    assert new_in_menu(alfa) == "1"


def test_a_dealer_reads_what_is_for_all_and_for_its_own_types(web, parts):
    operator = web("operator")
    for title, types in (
        ("Ogólne", []),
        ("O kasach", ["fiscal"]),
        ("O Insoft", ["insoft"]),
        ("Oba", ["insoft", "fiscal"]),
    ):
        add(operator, title=title, types=types)
    with parts.database.transaction() as session:
        session.execute(delete(DealerType).where(DealerType.type == "insoft"))
    page = web("alfa").get("/help").text
    assert titles(page) == ["Ogólne", "Oba", "Oba", "O kasach"]
    assert new_in_menu(web("alfa")) == "3"
    assert sorted(set(titles(web("seller").get("/help").text))) == ["O Insoft", "O kasach", "Oba", "Ogólne"]
    with parts.database.reading() as session:
        hidden = session.scalars(select(Material.id).where(Material.title == "O Insoft")).one()
    assert web("alfa").get(f"/help/materials/{hidden}").status_code == 404


def test_a_draft_is_there_for_staff_alone_and_new_when_it_is_published(web):
    operator, alfa = web("operator"), web("alfa")
    answer = operator.post(NEW, {**TEXT, "published": "yes"} | {"kind": "pdf", "file": pdf()})
    assert answer.status_code == 303
    material = int(re.findall(r'id="material-(\d+)"', operator.get("/help/materials").text)[0])
    path = f"/help/materials/{material}"
    alfa.get(path)
    operator.post(f"{path}/publication", {"published": "no"})
    assert "szkic" in operator.get("/help/materials").text
    for hidden in (path, f"{path}/file", f"{path}/pages/1"):
        assert alfa.get(hidden).status_code == 404
        assert operator.get(hidden).status_code == 200
    assert titles(alfa.get("/help").text) == titles(operator.get("/help").text) == []
    operator.post(f"{path}/publication", {"published": "yes"})
    assert new_in_menu(alfa) == "1"


def test_a_pdf_is_shown_and_replaced_and_its_first_version_is_in_the_history_alone(web, parts: Parts):
    operator = web("operator")
    material = add(operator, kind="pdf", file=pdf("Instrukcja – Ćwik.pdf"))
    path = f"/help/materials/{material}"
    assert "Instrukcja – Ćwik.pdf" in web("alfa").get(path).text
    first = web("alfa").get(f"{path}/file")
    assert (first.data, first.mimetype) == (plain_page(), "application/pdf")
    assert "default-src 'none'" in first.headers["Content-Security-Policy"]
    assert "attachment" not in first.headers["Content-Disposition"]
    assert "attachment" in web("alfa").get(f"{path}/file?download=1").headers["Content-Disposition"]
    assert web("alfa").get(f"{path}/pages/1").mimetype == "image/webp"
    assert web("alfa").get(f"{path}/pages/2").status_code == 404

    newer = two_pages()
    change = {**TEXT, "kind": "pdf", "version": "1", "file": pdf("nowa.pdf", newer)}
    assert operator.post(f"{path}/edit", change).status_code == 303
    assert web("alfa").get(f"{path}/file").data == newer
    assert operator.post(f"{path}/edit", {**TEXT, "kind": "pdf", "version": "2"}).status_code == 303
    assert web("alfa").get(f"{path}/file").data == newer
    with parts.database.reading() as session:
        changes = session.scalars(select(Event.changes).where(Event.verb == "change_material")).all()
    assert json.loads(changes[0])["file_name"] == ["Instrukcja – Ćwik.pdf", "nowa.pdf"]


@sqlite_only
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("film.pdf", b"<html><script>alert(1)</script></html>", "Nazwa wskazuje na .pdf, ale prawdziwy format"),
        ("strona.html", b"<html><script>alert(1)</script></html>", "nie przyjmujemy. Możliwe: PDF."),
        ("pusty.pdf", b"", "pusty"),
        ("uciety.pdf", b"%PDF-1.7\n", "uszkodzony"),
    ],
)
def test_another_content_under_pdf_is_refused_and_what_was_typed_stays(web, parts, name, content, said):
    answer = web("operator").post(NEW, {**TEXT, "kind": "pdf", "summary": "Zostaje.", "file": pdf(name, content)})
    assert answer.status_code == 422
    assert said in answer.text, re.findall(r'<p class="error".*', answer.text)
    assert 'value="Zostaje."' in answer.text
    assert re.search(r'value="pdf" checked', answer.text)
    with parts.database.reading() as session:
        assert session.scalars(select(Material.id)).all() == []


def test_a_form_with_wrong_values_names_them_and_keeps_the_others(web):
    answer = web("operator").post(NEW, {"kind": "link", "title": "", "url": "javascript:alert(1)", "types": "insoft"})
    assert answer.status_code == 422
    assert "https://" in answer.text
    assert 'value="javascript:alert(1)"' in answer.text
    assert 'href="javascript' not in answer.text
    assert re.search(r'value="insoft" checked', answer.text)
    assert web("operator").post(NEW, {**TEXT, "kind": "pdf"}).status_code == 422


def test_a_link_opens_outside_and_gives_no_hold_on_us(web):
    material = add(web("operator"), kind="link", url="https://wideo.example/kurs?v=1&t=2")
    page = web("alfa").get(f"/help/materials/{material}").text
    assert 'href="https://wideo.example/kurs?v=1&amp;t=2" target="_blank" rel="noopener noreferrer"' in page
    assert web("alfa").get(f"/help/materials/{material}/file").status_code == 404


def test_a_form_that_was_overtaken_is_not_saved_and_can_be_sent_again(web):
    operator, admin = web("operator"), web("admin")
    path = f"/help/materials/{add(operator)}/edit"
    assert admin.post(path, {**TEXT, "title": "Wcześniej", "version": "1"}).status_code == 303
    late = operator.post(path, {**TEXT, "title": "Później", "version": "1"})
    assert late.status_code == 409
    assert 'value="Później"' in late.text
    version = re.search(r'name="version" value="(\d+)"', late.text)
    assert version is not None
    assert operator.post(path, {**TEXT, "title": "Później", "version": version[1]}).status_code == 303


@sqlite_only
def test_a_material_sent_twice_is_there_once(web, parts):
    for _ in range(2):
        assert web("operator").post(NEW, {**TEXT, "once": "b" * 32}).status_code == 303
    with parts.database.reading() as session:
        assert len(session.scalars(select(Material.id)).all()) == 1


def test_staff_put_the_material_in_order(web):
    operator = web("operator")
    ids = [add(operator, title=title) for title in "abc"]
    assert titles(operator.get("/help/materials").text) == ["c", "b", "a"]
    operator.post(f"/help/materials/{ids[0]}/position", {"direction": "up"})
    operator.post(f"/help/materials/{ids[2]}/position", {"direction": "up"})
    operator.post(f"/help/materials/{ids[2]}/position", {"direction": "down"})
    assert titles(web("alfa").get("/help").text) == ["a", "c", "b"]
    edited = operator.post(f"/help/materials/{ids[0]}/edit", {**TEXT, "title": "a", "version": "1"})
    assert edited.status_code == 303


def test_what_is_removed_is_nowhere_but_in_the_history(web, parts):
    master = web("master")
    path = f"/help/materials/{add(master)}"
    for _ in range(2):
        assert master.post(f"{path}/removal").status_code == 303
    assert web("alfa").get(path).status_code == master.get(f"{path}/edit").status_code == 404
    assert titles(master.get("/help/materials").text) == []
    with parts.database.reading() as session:
        [said] = session.scalars(select(Event.data).where(Event.verb == "remove_material"))
    assert json.loads(said)["text"] == "Zadzwoń **najpierw**."


def test_the_ticket_has_a_box_with_the_newest_materials_of_its_type(web):
    operator = web("operator")
    for title, types in (("Stare", []), ("O kasach", ["fiscal"]), ("x", []), ("y", ["insoft"]), ("z", [])):
        add(operator, title=title, types=types)
    box = web("alfa").get(f"/tickets/{SAM}").text.partition('id="help"')[2].partition("</section>")[0]
    assert titles(box) == ["z", "y", "x"]
    assert "tel:221238409" in box
    assert "insoft.html" in box


@sqlite_only
def test_the_number_in_the_menu_costs_a_page_one_query(web, parts):
    add(web("operator"))
    asked: list[str] = []
    event.listen(parts.database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    web("alfa").get("/tickets")
    assert len([one for one in asked if "materials" in one]) == 1
    asked.clear()
    web("alfa").get("/nowhere")
    web("alfa").get("/static/css/base.css")
    assert [one for one in asked if "materials" in one] == []


def test_materials_are_kept_and_opened_over_the_api(api, parts):
    operator, alfa = api("operator"), api("alfa")
    form = {"kind": "pdf", "title": "Kurs", "types": "insoft fiscal", "published": "false"}
    made = operator.upload("/materials", io.BytesIO(plain_page()), "kurs.pdf", **form)
    assert made.status_code == 201, made.json
    assert (made.json["types"], made.json["file"]["pages"]) == (["insoft", "fiscal"], 1)
    path = f"/materials/{made.json['id']}"
    assert alfa.get(path).status_code == alfa.get(f"{path}/content").status_code == 404
    assert alfa.get("/materials").json["items"] == []
    assert [one["id"] for one in operator.get("/materials").json["items"]] == [made.json["id"]]
    assert operator.put(f"{path}/publication", {"published": True}).json["published"] is True
    assert alfa.get(path).json["is_new"] is True
    assert alfa.get(f"{path}/content").data == plain_page()
    for _ in range(2):
        assert alfa.post(f"{path}/opening").json["is_new"] is False
    with parts.database.reading() as session:
        assert len(session.scalars(select(MaterialOpening)).all()) == 2
    second = operator.upload("/materials", io.BytesIO(plain_page()), "x.pdf", kind="pdf", title="Drugi")
    moved = operator.put(f"{path}/position", {"direction": "up"})
    assert [one["id"] for one in moved.json["items"]] == [made.json["id"], second.json["id"]]
    assert [one.send("DELETE", path).status_code for one in (operator, api("master"))] == [403, 204]
    assert alfa.get(path).status_code == 404


def test_a_material_is_written_anew_over_the_api(api):
    operator = api("operator")
    made = operator.upload("/materials", io.BytesIO(plain_page()), "x.pdf", kind="pdf", title="Kurs").json
    path = f"/materials/{made['id']}"
    form = {"kind": "text", "title": "Kurs", "text": "Nowy", "renew": "true", "version": str(made["version"])}
    body = {"data": form, "content_type": "multipart/form-data"}
    changed = operator.send("PUT", path, **body)
    assert (changed.json["kind"], changed.json["file"], changed.json["text"]) == ("text", None, "Nowy")
    assert operator.send("PUT", path, **body).json["code"] == "changed_meanwhile"
    wrong = {
        "data": {**form, "kind": "link", "url": "http://x.example", "types": "scales"},
        "content_type": "multipart/form-data",
    }
    assert {one["code"] for one in operator.send("PUT", path, **wrong).json["errors"]} == {"https_only", "unknown_type"}
    assert operator.get(f"{path}/content").status_code == 404
