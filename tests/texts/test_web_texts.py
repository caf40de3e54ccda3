"""The pages of texts: staff see what is sent, admins write it; nothing typed is lost, a stale form shows both."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.models import Message
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, SAM
from tests.texts.conftest import OWN, Pen

PAGE, SMS = "/texts/offered/email/pl", "/texts/offered/sms/pl"


@pytest.fixture
def admin(web: Any) -> Any:
    return web("admin")


def labels(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def look(page: str) -> str:
    """The preview alone."""
    return page[page.index('id="preview"') : page.index("</aside>")]


@sqlite_only
def test_texts_are_listed_by_channel_language_and_whose_they_are_and_found_without_accents(admin: Any, pen: Pen):
    assert len(labels(admin.get("/texts").text)) > 25
    assert "Nowe zgłoszenie" in labels(admin.get("/texts?channel=sms").text)
    assert labels(admin.get("/texts?channel=pdf").text) == ["Uwagi na wycenie"]
    assert labels(admin.get("/texts?q=PROSBA+haslo").text) == ["Prośba o nowe hasło"]
    assert "New ticket 115: PPHU SAM" in admin.get("/texts?language=en").text
    assert "Nie ma jeszcze własnych tekstów" in admin.get("/texts?view=own").text
    pen.save()
    own = admin.get("/texts?view=own").text
    assert (labels(own), "Nowość: 115" in own, "Adam Administrator" in own) == (
        ["Nowe zgłoszenie"],
        True,
        True,
    )
    assert "Nowe zgłoszenie" not in labels(admin.get("/texts?view=shipped").text)
    assert "Brak wyników" in admin.get("/texts?q=%00xyzzy").text
    assert labels(admin.get("/texts?channel=fax&view=x&language=xx").text) == labels(admin.get("/texts").text)


def test_a_text_is_written_by_form_and_is_sent_from_then_on(admin: Any, pen: Pen):
    page = admin.get(PAGE).text
    for said in ("{{ facts }}", "wymagane", "Numer zgłoszenia", "{% if new %} {% endif %}", "Masz nowe zgłoszenie"):
        assert said in page
    done = admin.post(PAGE, {**OWN, "version": version(page)})
    assert (done.status_code, done.headers["Location"]) == (303, PAGE)
    assert "Od teraz jest wysyłany" in admin.get(PAGE).text
    assert pen.told().subject == "Nowość: 115"


@sqlite_only
def test_what_is_wrong_is_said_with_its_place_and_keeps_what_was_typed(admin: Any):
    answer = admin.post(
        PAGE, {"subject": "<b>{{ compny }}", "body": "{{ news }}{{ facts }}\n{% for a in b %}", "version": 0}
    )
    assert answer.status_code == 422
    for said in (
        "Wiersz 1, znak 7: nie ma zmiennej „compny”. Czy chodziło o „company”?",
        "Wiersza 2 nie można odczytać: „{% for a in b %}”",
        "&lt;b&gt;{{ compny }}",
        'aria-invalid="true"',
    ):
        assert said in answer.text
    missing = admin.post(PAGE, {"subject": "X", "body": "{{ facts }}", "version": 0}).text
    assert "{{ news }} musi być w tekście" in missing


@sqlite_only
def test_a_preview_shows_the_text_with_samples_or_with_a_real_ticket_and_saves_nothing(admin: Any, pen: Pen):
    given = {**OWN, "preview": "1", "version": 0}
    page = admin.post(PAGE, given)
    assert page.status_code == 200
    assert "Nowość: 115" in look(page.text)
    assert "PPHU SAM, NIP 7974569439" in look(page.text)
    real = look(admin.post(PAGE, {**given, "ticket": "80"}).text)
    assert "Nowość: 80" in real
    assert "PPHU Spożywcza Arklity, NIP 8213457130" in real
    assert "Nie ma zgłoszenia o tym numerze." in look(admin.post(PAGE, {**given, "ticket": "4711"}).text)
    wrong = admin.post(PAGE, {**given, "body": "{{ facts }}{{ news }}{{ x() }}"})
    assert (wrong.status_code, "jest niedozwolone" in look(wrong.text)) == (200, True)
    assert "<script>" not in look(admin.post(PAGE, {**given, "subject": "<script>"}).text)
    assert pen.versions() == []


@sqlite_only
def test_the_same_preview_may_be_asked_for_twice(admin: Any):
    given = {**OWN, "preview": "1", "once": "a" * 32}
    first, second = (admin.post(PAGE, given).text for _time in range(2))
    assert look(first) == look(second)


@sqlite_only
def test_an_sms_counts_its_parts_and_names_the_sign_that_costs(admin: Any):
    def counted(body: str) -> str:
        return look(admin.post(SMS, {"body": body, "preview": "1"}).text)

    plain = counted("Zgloszenie {{ ticket }}.")
    assert "1 część" in plain
    assert "15 z 160 znaków" in plain
    assert "20 z 160 znaków" in counted("{{ ticket }} € [1] ab.cdef")
    assert "2 części" in counted("{{ ticket }}" + "x" * 158)
    polish = counted("Zgłoszenie {{ ticket }}")
    assert "14 z 70 znaków" in polish
    assert "Znaku „ł” nie ma w podstawowym alfabecie" in polish


def test_a_stale_text_shows_theirs_and_yours_and_is_saved_on_the_second_press(admin: Any, web: Any, pen: Pen):
    stale = version(admin.get(PAGE).text)
    web("master").post(PAGE, {**OWN, "version": stale})
    answer = admin.post(PAGE, {**OWN, "subject": "Moje {{ ticket }}", "version": stale})
    assert answer.status_code == 409
    for said in ("Maria Master", "Nowość: {{ ticket }}", 'value="Moje {{ ticket }}"'):
        assert said in answer.text
    again = admin.post(PAGE, {**OWN, "subject": "Moje {{ ticket }}", "version": version(answer.text)})
    assert again.status_code == 303
    assert pen.told().subject == "Moje 115"


@sqlite_only
def test_versions_show_their_differences_and_come_back(admin: Any, pen: Pen):
    pen.save()
    pen.save(body="{{ news }}\n\n{{ facts }}\n\nPozdrawiamy")
    page = admin.get(PAGE).text
    assert "<ins>Pozdrawiamy</ins>" in page
    assert "<del>Dzień dobry!</del>" in page
    back = admin.post(f"{PAGE}/versions/1/in-force", {"version": version(page)})
    assert back.status_code == 303
    assert "Dzień dobry!" in pen.told().body
    assert admin.post(f"{PAGE}/versions/99/in-force", {"version": 3}).status_code == 404


@sqlite_only
def test_the_predefined_text_is_restored_after_a_question(admin: Any, pen: Pen):
    pen.save()
    page = admin.get(PAGE).text
    assert "Przywróć predefiniowany tekst" in page
    assert admin.post(f"{PAGE}/shipped", {"version": 0}).status_code == 409
    assert admin.post(f"{PAGE}/shipped", {"version": version(page)}).status_code == 303
    assert "przywrócono predefiniowany" in admin.get(PAGE).text
    assert pen.told().subject == "Nowe zgłoszenie 115: PPHU SAM"


@sqlite_only
def test_a_broken_text_is_told_on_its_page_and_in_the_list(admin: Any, pen: Pen):
    pen.plant("{{ news }}{{ facts }}{{ gone }}")
    page = admin.get(PAGE).text
    assert "Tego tekstu nie można wysłać" in page
    assert "nie ma zmiennej „gone”" in page
    assert "uszkodzony" in admin.get("/texts").text


@sqlite_only
def test_a_trial_goes_to_whoever_asks_and_not_more_than_twenty_times_an_hour(admin: Any, pen: Pen):
    sent = admin.post(f"{PAGE}/test", {**OWN, "ticket": str(SAM), "version": 0})
    assert sent.status_code == 200
    assert f"Próba została wysłana na adres {PEOPLE['admin'].email}" in sent.text
    assert 'value="Nowość: {{ ticket }}"' in sent.text, "what was typed is still there"
    with pen.database.reading() as session:
        mail = session.scalars(select(Message).where(Message.event == "text_test")).one()
    assert (mail.recipient, mail.subject) == (PEOPLE["admin"].email, "Próba: Nowość: 115")
    assert "PPHU SAM Bożena Ślązak" in mail.body
    assert admin.post(f"{PAGE}/test", {**OWN, "body": "x"}).status_code == 422
    statuses = [admin.post(f"{SMS}/test", {"body": "{{ ticket }}"}).status_code for _time in range(20)]
    assert statuses == [*[200] * 19, 429]
    assert pen.versions() == []


@sqlite_only
def test_an_operator_reads_the_texts_and_writes_none(web: Any, pen: Pen):
    page = web("operator").get(PAGE)
    assert (page.status_code, "<textarea" in page.text) == (200, False)
    assert "Masz nowe zgłoszenie" in page.text
    for path in (PAGE, f"{PAGE}/test", f"{PAGE}/shipped"):
        assert web("operator").post(path, OWN).status_code == 403
    for who in ("alfa", "seller", "sam", "technician"):
        assert web(who).get("/texts").status_code == 403
    assert pen.versions() == []


@sqlite_only
def test_a_text_that_there_is_not_is_not_found(admin: Any):
    for path in ("x/email/pl", "offered/fax/pl", "offered/email/xx", "closed/sms/pl", "quote_remark/pdf/en"):
        assert admin.get(f"/texts/{path}").status_code == 404
        assert admin.post(f"/texts/{path}", OWN).status_code == 404


@sqlite_only
def test_the_audit_tells_who_wrote_what(admin: Any, pen: Pen):
    pen.save()
    pen.restore()
    page = admin.get("/supervision/audit?kind=text").text
    assert "Zmieniono tekst „Nowe zgłoszenie” (E-mail, Polski), wersja 1" in page
    assert "Przywrócono predefiniowany tekst „Nowe zgłoszenie” (E-mail, Polski)" in page
    assert "Nowość: {{ ticket }}" in page
