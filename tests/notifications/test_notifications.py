"""The bell: who is told what, how much is unread, and what reading it does."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mikroserwis.access import SYSTEM
from mikroserwis.models import Message, Notification, User
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps import tidy as sweep
from mikroserwis.sweeps.schedule import DAILY
from tests.api.test_api_fresh_and_quick import counted
from tests.notifications.desk import Bell, shown
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE
from tests.support.people import Api, Web

Apis = Callable[[str], Api]
Webs = Callable[[str], Web]


@pytest.fixture(autouse=True)
def _quiet(bell: Bell) -> None:
    bell.clear()


def test_the_bell_says_how_much_is_unread_and_leads_to_it(web: Webs, bell: Bell):
    alfa = web("alfa")
    assert shown(alfa.get("/tickets").text) == ""
    bell.offer(2)
    assert shown(alfa.get("/tickets").text) == "2"
    assert shown(web("beta").get("/tickets").text) == ""
    page = alfa.get("/notifications").text
    assert page.count("Nowe zgłoszenie 115: PPHU SAM Bożena Ślązak</bdi></a>") == 2
    assert page.count('class="unread"') == 2


def test_opening_one_marks_it_as_read_and_leads_to_its_ticket(web: Webs, bell: Bell):
    bell.offer(2)
    [first, second] = bell.of("alfa")
    answer = web("alfa").get(f"/notifications/{first.id}")
    assert (answer.status_code, answer.location) == (303, "/tickets/115")
    assert [one.read_at is None for one in bell.of("alfa")] == [False, True]
    assert shown(web("alfa").get("/tickets").text) == "1"
    page = web("alfa").get("/notifications?unread=yes").text
    assert f"/notifications/{second.id}" in page
    assert f'href="/notifications/{first.id}"' not in page


def test_of_a_ticket_that_is_lost_its_text_is_shown_instead(api: Apis, web: Webs, bell: Bell):
    bell.offer()
    api("operator").post("/tickets/115/reassignment", {"reason": "Urlop", "to": 1002})
    lost = bell.of("alfa")[-1]
    assert lost.event == "taken_away"
    page = web("alfa").get(f"/notifications/{lost.id}")
    assert page.status_code == 200
    assert "Urlop" in page.text
    assert bell.of("alfa")[-1].read_at is not None


@sqlite_only
def test_all_that_was_shown_is_marked_at_once_and_what_came_since_is_not(web: Webs, bell: Bell):
    bell.offer(3)
    alfa = web("alfa")
    assert "Oznacz wszystkie jako przeczytane" in alfa.get("/notifications").text
    newest = bell.of("alfa")[-1].id
    bell.offer()
    assert alfa.post("/notifications/reading", {"up_to": str(newest)}).status_code == 303
    assert [one.read_at is None for one in bell.of("alfa")] == [False, False, False, True]
    assert alfa.post("/notifications/reading", {"up_to": "9" * 30}).status_code in {303, 422}
    assert alfa.post("/notifications/reading", {}).status_code == 303


@sqlite_only
def test_one_can_be_kept_for_later(web: Webs, bell: Bell):
    bell.offer()
    [one] = bell.of("alfa")
    alfa = web("alfa")
    assert alfa.post(f"/notifications/{one.id}/reading").location == f"/notifications#n{one.id}"
    assert shown(alfa.get("/notifications").text) == ""
    alfa.post(f"/notifications/{one.id}/unreading")
    assert shown(alfa.get("/notifications").text) == "1"


def test_a_program_reads_and_marks_its_persons_own(api: Apis, bell: Bell):
    bell.offer(2)
    alfa = api("alfa")
    listed = alfa.get("/notifications").json
    assert (listed["unread"], listed["total"], listed["newest"]) == (2, 2, bell.of("alfa")[-1].id)
    [newest, oldest] = listed["items"]
    assert (newest["event"], newest["ticket"], newest["read_at"]) == ("offered", 115, None)
    assert "PPHU SAM" in newest["body"]
    read = alfa.post(f"/notifications/{oldest['id']}/reading").json
    assert alfa.post(f"/notifications/{oldest['id']}/reading").json["read_at"] == read["read_at"] is not None
    assert [one["id"] for one in alfa.get("/notifications?unread=yes").json["items"]] == [newest["id"]]
    assert alfa.post("/notifications/reading", {"up_to": newest["id"]}).json == {"marked": 1}
    assert alfa.post(f"/notifications/{newest['id']}/unreading").json["read_at"] is None


@sqlite_only
def test_nobody_reads_or_marks_what_another_is_told(api: Apis, web: Webs, bell: Bell):
    bell.offer()
    [one] = bell.of("alfa")
    for name in ("beta", "operator", "master", "sam"):
        assert api(name).get(f"/notifications/{one.id}").status_code == 404
        assert api(name).post(f"/notifications/{one.id}/reading").status_code == 404
        assert web(name).get(f"/notifications/{one.id}").status_code == 404
        api(name).post("/notifications/reading", {"up_to": one.id})
    assert bell.of("alfa")[0].read_at is None


@sqlite_only
def test_what_goes_to_the_office_is_told_each_of_its_people_who_works(api: Apis, bell: Bell):
    with bell.parts.database.transaction() as session:
        session.scalars(select(User).where(User.email == PEOPLE["admin"].email)).one().active = False
    api("operator").post("/tickets/115/reassignment", {"reason": "Urlop", "to": "pool"})
    told = {name: [one.event for one in bell.of(name)] for name in ("operator", "master", "admin", "seller")}
    assert told == {"operator": ["to_pool"], "master": ["to_pool"], "admin": [], "seller": []}


@sqlite_only
def test_the_offices_people_read_in_their_own_language_and_its_mailbox_gets_one_mail_in_polish(api: Apis, bell: Bell):
    with bell.parts.database.transaction() as session:
        for name, language in (("operator", "fa"), ("master", "en")):
            session.scalars(select(User).where(User.email == PEOPLE[name].email)).one().language = language
    api("operator").post("/tickets/115/reassignment", {"reason": "Urlop", "to": "pool"})
    told = {name: [one.subject for one in bell.of(name)] for name in ("admin", "master")}
    assert told == {"admin": ["Zgłoszenie 115 jest w otwartej puli"], "master": ["Ticket 115 lies in the open pool"]}
    [persian] = bell.of("operator")
    assert re.search("[\u0600-\u06ff]", persian.subject)
    with bell.parts.database.reading() as session:
        mails = session.scalars(
            select(Message).where(Message.event == "to_pool", Message.subject.contains("115"))
        ).all()
    assert [(one.recipient, one.subject) for one in mails] == [
        (RULES.contacts.operations_mailbox, "Zgłoszenie 115 jest w otwartej puli")
    ]


@sqlite_only
def test_what_people_wrote_is_shown_as_text(web: Webs, bell: Bell):
    bell.offer()
    with bell.parts.database.transaction() as session:
        one = session.get_one(Notification, bell.of("alfa")[0].id)
        one.subject, one.body, one.ticket_id = "<script>alert(1)</script>", "<b>x</b> javascript:alert(1)", None
    for path in ("/notifications", f"/notifications/{one.id}"):
        page = web("alfa").get(path).text
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page
        assert 'href="javascript' not in page


@sqlite_only
def test_a_thousand_unread_cost_a_page_no_more_than_one(web: Webs, bell: Bell):
    alfa = web("alfa")
    alfa.get("/account")
    needed, page = [], ""
    for more in (1, 119):
        bell.offer(more)
        with counted(bell.parts) as statements:
            page = alfa.get("/account").text
        needed.append(len(statements))
    assert needed[0] == needed[1]
    assert shown(page) == "99+"


@sqlite_only
def test_an_error_page_asks_nothing_more_and_who_is_not_signed_in_has_no_bell(web: Webs, client: FlaskClient):
    assert 'class="bell"' in web("alfa").get("/nowhere").text
    assert 'class="bell"' not in client.get("/sign-in").text


def test_notifications_go_read_or_not_when_the_rule_says_so_and_never_by_tidying(bell: Bell):
    bell.offer(4)
    now, days = datetime.now(UTC), RULES.retention.notifications
    ages = ((days + 1, 1), (days - 1, days - 2), (days - 1, None), (days + 1, None))
    with bell.parts.database.transaction() as session:
        for one, (at, read) in zip(bell.of("alfa"), ages, strict=True):
            found = session.get_one(Notification, one.id)
            found.at = now - timedelta(days=at)
            found.read_at = now - timedelta(days=read) if read else None
    kept = [one.id for one in bell.of("alfa")][1:3]
    sweep.tidy(bell.parts, now)
    assert len(bell.of("alfa")) == 4
    [retention] = [job for job in DAILY if job.name == "retention"]
    assert ledger.do_now(bell.parts, retention, lambda: now, actor=SYSTEM)["notifications"] == 2
    assert [one.id for one in bell.of("alfa")] == kept


@sqlite_only
def test_marking_one_leads_back_to_the_part_of_the_list_where_it_stood(web: Webs, bell: Bell):
    bell.clear()
    bell.offer()
    [one] = bell.of("alfa")
    answer = web("alfa").post(f"/notifications/{one.id}/reading", {"next": "/notifications?unread=1&page=2"})
    assert answer.location == f"/notifications?unread=1&page=2#n{one.id}"
    away = web("alfa").post(f"/notifications/{one.id}/reading", {"next": "https://evil.example/"})
    assert away.location == f"/notifications#n{one.id}"


@sqlite_only
def test_a_number_that_no_list_showed_marks_nothing(web: Webs, bell: Bell):
    bell.clear()
    bell.offer()
    assert web("alfa").post("/notifications/reading", {"up_to": "-" + "9" * 30}).status_code == 303
    assert bell.of("alfa")[0].read_at is None
