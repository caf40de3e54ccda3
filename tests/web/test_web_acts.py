"""Acts on tickets and sub-tickets by their forms: done, refused where the person is, kept, sent twice."""

import re

import pytest
from sqlalchemy import func, select

from mikroserwis.models import Event, Note, Ticket
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, POINT, POOLED, SAM


def act(person, number, noun, **fields):
    return person.post(f"/tickets/{number}/{noun}", fields)


def sub_act(person, subticket_id, noun, **fields):
    return person.post(f"/subtickets/{subticket_id}/{noun}", fields)


def test_a_ticket_is_taken_and_the_page_says_what_comes_next(web, way):
    answer = act(web("alfa"), SAM, "taking")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/tickets/{SAM}")
    assert way.state(SAM) == "taken"
    page = web("alfa").get(f"/tickets/{SAM}").text
    assert "Następny krok: umowa i pełnomocnictwo" in page
    assert "Sprawdź dane firmy" in page


def test_whoever_comes_second_reads_that_it_has_just_been_taken(web, way):
    way.taken(POOLED, dealer="Dealer Alfa")
    answer = act(web("beta"), POOLED, "taking")
    assert answer.status_code == 409
    assert "Właśnie zostało podjęte" in answer.text
    assert 'href="/tickets"' in answer.text
    assert f"/tickets/{POOLED}" not in web("beta").get("/tickets").text


def test_a_note_sent_twice_with_one_form_is_kept_once(web, parts):
    person = web("alfa")
    person.post(f"/tickets/{SAM}/taking", {})
    sent = {"note": "Detalista prosi o czas.", "once": "one-and-the-same"}
    answers = [person.post(f"/tickets/{SAM}/notes", sent) for _turn in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Note)) == 1


def test_taking_twice_with_the_same_form_answers_the_same(web):
    person = web("alfa")
    answers = [person.post(f"/tickets/{SAM}/taking", {"once": "pressed-twice"}) for _turn in range(2)]
    assert [(one.status_code, one.headers.get("Location")) for one in answers] == [(303, f"/tickets/{SAM}")] * 2


def test_a_refusal_is_told_on_the_tickets_page_with_links_to_clear_it(web, way):
    way.taken(SAM)
    answer = act(web("alfa"), SAM, "export")
    assert answer.status_code == 409
    assert "Teraz nie jest to możliwe" in answer.text
    assert "PPHU SAM" in answer.text
    assert way.state(SAM) == "taken"


@pytest.mark.parametrize(
    ("noun", "field", "who"),
    [("suspension", "note", "alfa"), ("resignation", "note", "alfa"), ("cancellation", "reason", "operator")],
)
def test_an_act_without_its_words_comes_back_with_its_field_marked(web, way, noun, field, who):
    way.contract(SAM)
    answer = act(web(who), SAM, noun, **{field: "  "})
    assert answer.status_code == 409
    assert f'aria-describedby="hint-{field} error-{field}" aria-invalid="true"' in answer.text
    assert way.state(SAM) == "contract"


def test_what_was_typed_stays_when_the_act_is_refused(web, way):
    way.taken(SAM)
    answer = act(web("alfa"), SAM, "suspension", note="Detalista <b>odmówił</b>.")
    assert answer.status_code == 409
    assert "W plikach brakuje wyceny." in answer.text
    assert f'href="/tickets/{SAM}#files"' in answer.text
    assert "Detalista &lt;b&gt;odmówił&lt;/b&gt;." in answer.text


def test_suspending_and_resuming_leave_the_ticket_where_it_was(web, way):
    way.contract(SAM)
    assert act(web("alfa"), SAM, "suspension", note="Remont do piątku").status_code == 303
    assert way.state(SAM) == "suspended"
    page = web("alfa").get(f"/tickets/{SAM}").text
    assert "Zgłoszenie jest zawieszone" in page
    assert "Remont do piątku" in page
    assert act(web("alfa"), SAM, "resumption").status_code == 303
    assert way.state(SAM) == "contract"


def test_resigning_leads_back_to_the_list_and_the_ticket_is_gone(web, way):
    way.taken(SAM)
    alfa = web("alfa")
    answer = act(alfa, SAM, "resignation", note="Brak mocy")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tickets")
    page = alfa.get("/tickets")
    assert "Rezygnacja przyjęta." in page.text
    assert f'href="/tickets/{SAM}"' not in page.text


def test_staff_give_a_ticket_to_a_named_dealer(web, parts):
    person = web("operator")
    form = person.get(f"/tickets/{SAM}/reassignment").text
    beta = re.search(r'<option value="(\d+)">Dealer Beta</option>', form)
    assert beta is not None
    assert act(person, SAM, "reassignment", to=beta[1], reason="Bliżej").status_code == 303
    assert "Bliżej" in person.get(f"/tickets/{SAM}").text
    assert web("beta").get(f"/tickets/{SAM}").status_code == 200
    assert web("alfa").get(f"/tickets/{SAM}").status_code == 404


@pytest.mark.parametrize("to", ["99999", "everybody", "-1", "9" * 30])
def test_giving_to_a_dealer_who_is_none_keeps_the_reason(web, to):
    answer = act(web("operator"), SAM, "reassignment", to=to, reason="Bliżej")
    assert answer.status_code == 422
    assert "Nie ma takiego dealera." in answer.text
    assert "Bliżej</textarea>" in answer.text


def test_cancelling_and_reopening_belong_to_staff(web, way):
    assert act(web("alfa"), SAM, "cancellation", reason="x").status_code == 403
    assert act(web("operator"), SAM, "cancellation", reason="Dubel").status_code == 303
    assert way.state(SAM) == "closed"
    assert "To zgłoszenie zostało wycofane" in web("operator").get(f"/tickets/{SAM}").text
    assert act(web("operator"), SAM, "reopening", reason="x").status_code == 403
    assert act(web("master"), SAM, "reopening", reason="Pomyłka").status_code == 303
    assert way.state(SAM) == "contract"


@pytest.mark.parametrize("noun", ["taking", "suspension", "resignation", "export", "notes", "files", "company"])
def test_acts_on_a_foreign_ticket_find_nothing(web, noun):
    fields = {"note": "x", "kind": "other"}
    assert act(web("beta"), SAM, noun, **fields).status_code in {404, 422}
    assert act(web("beta"), SAM, noun, **fields).status_code != 303


@pytest.mark.parametrize("noun", ["taking", "suspension"])
def test_an_act_without_the_forms_token_changes_nothing(web, way, noun):
    answer = web("alfa").client.post(f"/tickets/{SAM}/{noun}", data={"note": "To zostaje"})
    assert answer.status_code == 400
    assert "To zostaje" in answer.text
    assert way.state(SAM) == "new"


def test_a_form_sent_after_the_session_ended_keeps_what_was_typed(app, client):
    app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(f"/tickets/{SAM}/notes", data={"note": "Długa uwaga"})
    assert answer.status_code in {400, 401}
    assert "Zaloguj się" in answer.text


def test_a_note_is_added_and_an_empty_one_comes_back(web, way):
    way.taken(SAM)
    assert act(web("alfa"), SAM, "notes", note="Umówiony na 9:00").status_code == 303
    assert "Umówiony na 9:00" in web("operator").get(f"/tickets/{SAM}").text
    answer = act(web("alfa"), SAM, "notes", note=" ")
    assert answer.status_code == 422
    assert 'id="error-note"' in answer.text


def test_a_note_that_is_too_long_is_given_back_whole(web, way):
    way.taken(SAM)
    answer = act(web("alfa"), SAM, "notes", note="ą" * 4001)
    assert answer.status_code == 422
    assert "ą" * 4001 in answer.text


def test_a_note_on_a_sub_ticket_stands_with_it(web, way):
    way.taken(SAM)
    [one] = way.subtickets(SAM)
    answer = sub_act(web("alfa"), one, "notes", note="Klucze u kierowniczki")
    assert answer.headers["Location"] == f"/tickets/{SAM}#sub-{one}"
    assert web("alfa").get(f"/tickets/{SAM}").text.count("Klucze u kierowniczki") >= 2


def test_a_sub_ticket_waits_for_the_receipt_and_says_so(web, way):
    way.exported(SAM)
    [one] = way.subtickets(SAM)
    answer = sub_act(web("alfa"), one, "taking")
    assert answer.status_code == 409
    assert "Backoffice nie potwierdził jeszcze skanów." in answer.text
    way.delivered()
    assert sub_act(web("alfa"), one, "taking").status_code == 303


def test_a_sub_ticket_is_suspended_resumed_and_given_up_with_words(web, way):
    way.subtickets_taken(SAM)
    [one] = way.subtickets(SAM)
    person = web("alfa")
    assert sub_act(person, one, "suspension", note="").status_code == 409
    assert sub_act(person, one, "suspension", note="Remont").status_code == 303
    assert sub_act(person, one, "resumption").status_code == 303
    assert person.get(f"/subtickets/{one}/resignation").status_code == 200
    assert sub_act(person, one, "resignation", note="Za daleko").headers["Location"] == f"/tickets/{SAM}#sub-{one}"


def test_the_only_sub_ticket_cannot_be_withdrawn(web, way):
    [one] = way.subtickets(SAM)
    answer = sub_act(web("operator"), one, "withdrawal", reason="Zamknięty sklep")
    assert answer.status_code == 409
    assert "Zamiast tego anuluj całe zgłoszenie." in answer.text
    assert "Zamknięty sklep" in answer.text


def test_a_foreign_sub_ticket_is_not_found(web, way):
    [one] = way.subtickets(SAM)
    for noun in ("taking", "closure", "suspension", "notes"):
        assert sub_act(web("beta"), one, noun, note="x").status_code == 404


def test_closing_tells_which_station_is_silent_and_remembers_it(web, way, platform):
    way.points_saved(SAM)
    way.invoiced(SAM)
    [one] = way.subtickets(SAM)
    platform.switch(POINT, 1, online=True)
    answer = sub_act(web("alfa"), one, "closure")
    assert answer.status_code == 409
    assert "Jedno stanowisko nie łączy się z M/platform: nr 2" in answer.text
    assert way.state(SAM) == "contract"
    assert "Stanowisko 2" in web("alfa").get(f"/tickets/{SAM}").text
    platform.switch(POINT, 2, online=True)
    alfa = web("alfa")
    assert sub_act(alfa, one, "closure").status_code == 303
    assert way.state(SAM) == "closed"
    page = alfa.get(f"/tickets/{SAM}").text
    assert "Wszystko gotowe" in page
    assert "Dobra robota." in page


@sqlite_only
@pytest.mark.parametrize(
    "step", ["taken", "confirmed", "contract", "exported", "acknowledged", "subtickets_taken", "points_saved", "closed"]
)
def test_every_state_of_a_ticket_has_a_page_for_everybody_who_sees_it(web, way, step):
    getattr(way, step)(SAM)
    for name in ("alfa", "seller", "operator", "master"):
        person = web(name)
        for language in ("pl", "en"):
            person.post("/language", {"language": language})
            page = person.get(f"/tickets/{SAM}")
            assert page.status_code == 200
            assert "PPHU SAM" in page.text


def test_every_kind_of_entry_in_the_history_is_said_in_words(web, way, parts):
    way.closed(SAM)
    act(web("master"), SAM, "reopening", reason="Pomyłka")
    act(web("operator"), SAM, "reassignment", to="pool", reason="Na nowo")
    page = web("operator").get(f"/tickets/{SAM}").text
    with parts.database.reading() as session:
        query = select(func.count()).select_from(Event).join(Ticket, Ticket.id == Event.ticket_id)
        count = session.scalar(query.where(Ticket.number == SAM))
    history = page[page.index('id="history"') :]
    assert history.count("<li>") == count
    assert "Zgłoszenie przekazane: otwarta pula" in history
    assert "Na nowo" in history


def test_a_ticket_type_without_a_quote_asks_for_none(web, way):
    way.taken(ARKLITY)
    page = web("beta").get(f"/tickets/{ARKLITY}").text
    assert "Skan podpisanej umowy" in page
    assert "Wycena" not in page
