"""Mails over the API: what the page shows, and sending again."""

from collections.abc import Callable

from tests.messages.desk import OPERATIONS, Desk
from tests.support.app import sqlite_only
from tests.support.people import Api

People = Callable[[str], Api]


def test_a_program_reads_the_mails_as_the_page_shows_them(api: People, desk: Desk):
    desk.suspend()
    listed = api("operator").get("/messages?ticket=115&event=quote").json
    [line] = listed["items"]
    assert (line["recipient"], line["subject"], line["state"], line["ticket"]) == (OPERATIONS, "Wycena", "queued", 115)
    assert (listed["total"], listed["total_is_bounded"]) == (1, False)
    desk.way.delivered()
    whole = api("operator").get(f"/messages/{line['id']}").json
    assert (whole["state"], whole["next_attempt_at"], whole["error"]) == ("kept", None, None)
    assert [one["outcome"] for one in whole["tries"]] == ["kept"]
    assert "Detalista się waha." in whole["body"]
    [file] = whole["files"]
    assert api("operator").get(f"/files/{file['id']}/content").data.startswith(b"%PDF")


def test_a_program_sends_a_failed_mail_again_and_no_other(api: People, desk: Desk):
    desk.suspend()
    mail_id = desk.put("quote", "stuck", "connection refused", 12)
    before = api("operator").get(f"/messages/{mail_id}").json
    assert (before["state"], before["error"]) == ("stuck", "connection refused")
    after = api("operator").post(f"/messages/{mail_id}/retry")
    assert (after.status_code, after.json["state"], after.json["attempts"]) == (200, "queued", 0)
    assert after.json["message_id"] == before["message_id"]
    again = api("operator").post(f"/messages/{mail_id}/retry")
    assert [one["code"] for one in again.json["blockers"]] == ["delivery_is_stuck"]
    assert "mail_again" in [one["verb"] for one in api("operator").get("/tickets/115/history").json["items"]]


@sqlite_only
def test_a_mail_that_is_being_sent_says_so(api: People, desk: Desk):
    desk.suspend()
    mail = desk.mail()
    desk.begin(mail)
    assert api("operator").get(f"/messages/{mail.id}").json["state"] == "sending"
    assert api("operator").post(f"/messages/{mail.id}/retry").status_code == 409


@sqlite_only
def test_nobody_but_staff_reads_a_mail(api: People, desk: Desk):
    desk.suspend()
    mail_id = desk.put("quote", "stuck", "x", 12)
    for name in ("alfa", "beta", "seller", "technician", "sam"):
        for answer in (api(name).get("/messages"), api(name).get(f"/messages/{mail_id}")):
            assert answer.status_code == 403
        assert api(name).post(f"/messages/{mail_id}/retry").status_code == 403
    assert desk.item(mail_id).state == "stuck"


@sqlite_only
def test_a_mail_that_is_not_there_is_not_found(api: People):
    assert api("operator").get("/messages/999999").status_code == 404
    assert api("operator").post("/messages/999999/retry").status_code == 404


def test_a_quote_that_is_replaced_or_rejected_later_leaves_the_mail_as_it_was_sent(api: People, desk: Desk):
    desk.suspend()
    desk.way.delivered()
    before = api("operator").get(f"/messages/{desk.mail().id}").json
    desk.resume()
    desk.way.attached(115, "quote", b"%PDF-1.7 nowsza wycena")
    newer = next(one for one in api("operator").get("/tickets/115/files").json["items"] if one["state"] == "current")
    api("operator").post(f"/files/{newer['id']}/rejection", {"reason": "Zła suma"})
    assert api("operator").get(f"/messages/{desk.mail().id}").json == before
