"""Mails as staff see them: the list, one of them, sending again; and what the dealer sees on the ticket."""

import re
from collections.abc import Callable

import pytest

from tests.messages.desk import MANAGER, OPERATIONS, Desk
from tests.support.app import sqlite_only
from tests.support.people import Web

People = Callable[[str], Web]


def subjects(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/messages/\d+"><bdi>([^<]*)</bdi></a>', page)


def words(page: str) -> str:
    """The text of a page on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_list_shows_each_mail_newest_first_and_filters_them(web: People, desk: Desk):
    desk.suspend()
    operator = web("operator")
    whole = subjects(operator.get("/messages").text)
    assert whole[:2] == ["Zgłoszenie 115 zawieszone", "Wycena"]
    assert subjects(operator.get("/messages?sort=at").text) == whole[::-1]
    assert subjects(operator.get("/messages?event=quote").text) == ["Wycena"]
    assert subjects(operator.get("/messages?q=EWA%40office").text) == ["Zgłoszenie 115 zawieszone"]
    assert subjects(operator.get("/messages?ticket=80&event=offered").text) == [
        "Nowe zgłoszenie 80: PPHU Spożywcza Arklity"
    ]
    assert subjects(operator.get("/messages?state=waiting").text) == whole[:2]
    assert subjects(operator.get("/messages?state=failed").text) == []


@sqlite_only
@pytest.mark.parametrize(
    "query", ["?page=999999999999", "?page=-1", "?size=7&sort=x&state=x&event=x", "?ticket=1e3", "?q=%25_%27%00"]
)
def test_an_address_that_makes_no_sense_shows_the_list_all_the_same(web: People, desk: Desk, query: str):
    desk.suspend()
    assert web("operator").get(f"/messages{query}").status_code == 200


@sqlite_only
def test_a_wildcard_in_the_search_is_a_plain_sign(web: People, desk: Desk):
    desk.suspend()
    assert subjects(web("operator").get("/messages?q=%25").text) == []


@sqlite_only
def test_the_list_goes_on_page_by_page(web: People, desk: Desk):
    for _ in range(14):
        desk.suspend()
        desk.resume()
    operator = web("operator")
    first, second = (subjects(operator.get(f"/messages?ticket=115&page={page}").text) for page in (1, 2))
    assert len(first) == 25
    assert len(second) == len(subjects(operator.get("/messages?ticket=115&size=100").text)) - 25


def test_one_mail_shows_its_headers_its_text_its_file_and_each_attempt(web: People, desk: Desk):
    desk.suspend()
    desk.way.delivered()
    quote = desk.mail()
    page = web("operator").get(f"/messages/{quote.id}")
    for said in (
        OPERATIONS,
        "mikroserwis@mplatform.example",
        f"&lt;{quote.id}.",
        "Detalista się waha.",
        "zapisano w folderze",
    ):
        assert said in page.text
    [file] = re.findall(r'href="(/files/\d+\?download=1)"', page.text)
    assert web("operator").get(file).data.startswith(b"%PDF")


def test_where_mails_are_only_kept_the_page_says_so_and_how_to_change_it(web: People, desk: Desk):
    desk.suspend()
    desk.way.delivered()
    for path in ("/messages", f"/messages/{desk.mail().id}"):
        said = words(web("operator").get(path).text)
        assert "Poczta nie jest wysyłana" in said
        assert "MIKROSERWIS_SMTP_URL" in said
        assert "zapisana w folderze" in said


@pytest.mark.parametrize("state", ["stuck", "rejected"])
def test_a_mail_that_failed_is_sent_again_once_however_often_the_form_is_sent(web: People, desk: Desk, state: str):
    desk.suspend()
    mail_id = desk.put("quote", state, "550 no such user", 12)
    operator = web("operator")
    assert "550 no such user" in operator.get("/messages?state=failed").text
    form = {"once": "a" * 32}
    answers = [operator.post(f"/messages/{mail_id}/retry", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (desk.item(mail_id).state, desk.item(mail_id).attempts) == ("queued", 0)
    desk.way.delivered()
    assert desk.item(mail_id).state == "delivered"


def test_a_mail_that_has_left_is_not_sent_again(web: People, desk: Desk):
    desk.suspend()
    desk.way.delivered()
    answer = web("operator").post(f"/messages/{desk.mail().id}/retry")
    assert answer.status_code == 409
    assert "nie ma czego ponawiać" in answer.text
    assert desk.item(desk.mail().id).state == "delivered"


@sqlite_only
def test_after_sending_again_from_the_ticket_one_is_back_there_and_never_elsewhere(web: People, desk: Desk):
    desk.suspend()
    mail_id = desk.put("quote", "stuck", "421 closing", 12)
    operator = web("operator")
    assert operator.post(f"/messages/{mail_id}/retry", {"next": "/tickets/115#mails"}).location == "/tickets/115#mails"
    desk.put("quote", "stuck", "421 closing", 12)
    assert operator.post(f"/messages/{mail_id}/retry", {"next": "//evil.example"}).location == f"/messages/{mail_id}"


def test_the_dealer_follows_both_mails_of_the_suspension_on_the_ticket(web: People, desk: Desk):
    desk.suspend()
    before = words(web("alfa").get("/tickets/115").text)
    assert f"Wycena odbiorca: {OPERATIONS}" in before
    assert f"Zgłoszenie 115 zawieszone odbiorca: {MANAGER}" in before
    assert before.count("czeka na wysłanie") == 2
    desk.put("quote", "queued", "451 busy", 2)
    desk.put("suspended", "rejected", "550 no such user", 1)
    after = web("alfa").get("/tickets/115").text
    assert "2 nieudane próby, następna" in words(after)
    assert "odrzucona, wymaga interwencji" in words(after)
    assert "/messages/" not in after
    assert web("alfa").get("/messages").status_code == 403


@sqlite_only
def test_a_dealer_sees_nothing_of_the_mails_of_the_dealer_before(web: People, desk: Desk):
    desk.suspend()
    desk.hand_over()
    page = web("beta").get("/tickets/115").text
    assert MANAGER not in page
    assert OPERATIONS not in page


@sqlite_only
def test_before_and_after_a_suspension_it_is_said_who_is_told(web: People, desk: Desk):
    desk.suspend()
    desk.way.confirmed(300)
    alfa, operator = web("alfa"), web("operator")
    assert "names no account manager" not in alfa.get("/tickets/115").text
    form = words(operator.get("/tickets/300/suspension").text)
    assert f"Wycena zostanie wysłana na adres {OPERATIONS} z tematem „Wycena”." in form
    assert "nie ma adresu e-mail opiekuna GŻ" in form
    desk.suspend(300)
    assert "nie ma adresu e-mail opiekuna GŻ" in words(operator.get("/tickets/300").text)
    assert "nie ma adresu e-mail opiekuna GŻ" in desk.mail().body
