"""What is past its days goes each night, once, with its count; a dry run only counts."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from mikroserwis.access import SYSTEM
from mikroserwis.accounts import people, pictures
from mikroserwis.carrying.check import check
from mikroserwis.consents.retention import RULES as KINDS
from mikroserwis.consents.retention import due
from mikroserwis.customers import contacts
from mikroserwis.edge import Parts
from mikroserwis.models import (
    Anonymised,
    ApiToken,
    Customer,
    CustomerContact,
    JobRun,
    Message,
    OutboxItem,
    SignIn,
    Ticket,
    User,
    UserPicture,
    UserSession,
)
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps.retention import JOB
from mikroserwis.sweeps.schedule import DAILY
from tests.cli.programs import call
from tests.consents.conftest import Desk
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, PEOPLE

RETENTION = next(job for job in DAILY if job.name == JOB)
MAIL = "krystyna@sieciechow.example"


def run(desk: Desk) -> dict[str, Any]:
    desk.now += timedelta(seconds=1)
    return dict(ledger.do_now(desk.parts, RETENTION, lambda: desk.now, actor=desk.actor("master")))


def counts(desk: Desk) -> dict[str, int]:
    with desk.database.reading() as session:
        return {one.kind: one.found for one in due(session, RULES, desk.now) if one.found}


def old(desk: Desk, kind: str) -> datetime:
    return desk.now - timedelta(days=RULES.retention.days()[kind] + 1)


def test_old_sign_ins_go_but_the_last_success_of_each_account(desk: Desk):
    moment, user_id = old(desk, "sign_ins"), desk.user_id("sam")
    with desk.database.transaction() as session:
        for result in ("ok", "wrong", "ok"):
            session.add(SignIn(at=moment, name_key="x", user_id=user_id, address="192.0.2.1", result=result))
        session.add(SignIn(at=desk.now, name_key="x", user_id=None, address="192.0.2.1", result="wrong"))
    assert counts(desk) == {"sign_ins": 2}
    assert run(desk)["sign_ins"] == 2
    with desk.database.reading() as session:
        assert [one.result for one in session.scalars(select(SignIn).order_by(SignIn.id))] == ["ok", "wrong"]
    assert counts(desk) == {}


def test_old_messages_keep_when_they_went_but_not_to_whom_and_what(desk: Desk):
    first, second = (desk.post(MAIL, "account_recovery") for _message in range(2))
    desk.deliver()
    with desk.database.transaction() as session:
        session.execute(update(Message).where(Message.id == first).values(created_at=old(desk, "mail_texts")))
    assert run(desk)["mail_texts"] == 1
    with desk.database.reading() as session:
        found = {one.id: one for one in session.scalars(select(Message).where(Message.id.in_((first, second))))}
    assert (found[first].recipient, found[first].body) == ("–", "")
    assert (found[second].recipient, found[second].body) == (MAIL, "Mamy coś nowego.")


@sqlite_only
def test_an_old_message_that_still_waits_is_left_alone(desk: Desk):
    message = desk.post(MAIL, "account_recovery")
    with desk.database.transaction() as session:
        session.execute(update(Message).where(Message.id == message).values(created_at=old(desk, "mail_texts")))
    assert run(desk)["mail_texts"] == 0


@pytest.mark.parametrize("state", ["stuck", "rejected"])
def test_an_old_message_that_failed_is_emptied_and_waits_for_nobody_any_more(desk: Desk, api: Any, state: str):
    message, operator = desk.post(MAIL, "account_recovery"), api("operator")
    with desk.database.transaction() as session:
        session.execute(update(Message).where(Message.id == message).values(created_at=old(desk, "mail_texts")))
        session.execute(update(OutboxItem).values(state=state))
    assert message in [one["id"] for one in operator.get("/messages?state=failed").json["items"]]
    assert run(desk)["mail_texts"] == 1
    assert message not in [one["id"] for one in operator.get("/messages?state=failed").json["items"]]
    assert operator.get(f"/messages/{message}").json["body"] == ""
    assert operator.post(f"/messages/{message}/retry").status_code == 409


def test_long_closed_accounts_become_anonymous_with_their_picture(desk: Desk, parts: Parts):
    sha256 = parts.store.put(BytesIO(b"a picture"), limit=100).sha256
    with desk.database.transaction() as session:
        user = session.get_one(User, desk.user_id("technician"))
        user.active, user.removed_at = False, old(desk, "closed_accounts")
        session.add(UserPicture(user_id=user.id, sha256=sha256))
    done = run(desk)
    assert (done["closed_accounts"], done["pictures"], parts.store.verify(sha256)) == (1, 1, False)
    with desk.database.reading() as session:
        made = session.scalars(select(Anonymised)).one()
        assert (made.by, session.get_one(User, made.user_id).name) == ("Mikroserwis", made.label)
    assert run(desk)["closed_accounts"] == 0
    wrong = {area.name: area.findings for area in check(parts, desk.now, every_file=True)}
    assert (wrong["database"], wrong["files"]) == ([], [])


@sqlite_only
def test_a_picture_that_was_replaced_or_taken_away_goes_with_the_night(desk: Desk, parts: Parts):
    first, second, shared = (parts.store.put(BytesIO(one), limit=100).sha256 for one in (b"1", b"2", b"the company's"))
    for who, way in (("alfa", (first, second, None)), ("beta", (shared, first)), ("rival", (shared,))):
        for sha256 in way:
            with desk.database.transaction() as session:
                user = session.get_one(User, desk.user_id(who))
                pictures.keep(session, user, sha256, actor=desk.actor("operator"), now=desk.now)
    assert run(desk)["pictures"] == 1
    assert [parts.store.verify(one) for one in (first, second, shared)] == [True, False, True]
    assert run(desk)["pictures"] == 0


@sqlite_only
def test_the_picture_of_a_removed_account_is_shown_no_more_and_goes_with_the_night(desk: Desk, parts: Parts, web: Any):
    own, same = (parts.store.put(BytesIO(one), limit=100).sha256 for one in (b"own", b"the company's"))
    whose = {desk.user_id("technician"): own, desk.user_id("rival"): same, desk.user_id("seller"): same}
    with desk.database.transaction() as session:
        for user_id, sha256 in whose.items():
            session.add(UserPicture(user_id=user_id, sha256=sha256))
    with desk.database.transaction() as session:
        for who in ("technician", "rival"):
            people.remove(session, session.get_one(User, desk.user_id_of(PEOPLE[who].name)), actor=SYSTEM, now=desk.now)
    assert web("master").get(f"/people/{next(iter(whose))}/picture").status_code == 404
    assert run(desk)["pictures"] == 1
    assert (parts.store.verify(own), parts.store.verify(same)) == (False, True)
    with desk.database.reading() as session:
        assert session.scalars(select(UserPicture.user_id)).all() == [desk.user_id("seller")]
    assert run(desk)["pictures"] == 0


def test_customers_who_never_come_back_lose_account_and_name_unless_somebody_needs_them(desk: Desk):
    moment = old(desk, "unused_accounts")
    desk.sign_up("sam")
    with desk.database.transaction() as session:
        session.execute(update(User).values(created_at=moment))
        session.execute(update(SignIn).values(at=moment))
    done = run(desk)
    assert (done["unused_accounts"], done["kept_back"]) == (0, 1)
    desk.contact()
    assert run(desk)["unused_accounts"] == 1
    with desk.database.reading() as session:
        found = {one.role: one.state for one in session.scalars(select(User))}
    assert (found["customer"], found["dealer"], found["master"]) == ("removed", "active", "active")


def test_contacts_go_long_after_the_last_ticket(desk: Desk):
    moment = old(desk, "contacts")
    krystyna = desk.contact()
    with desk.database.transaction() as session:
        session.execute(update(Customer).values(created_at=moment))
    assert run(desk)["contacts"] == 0
    with desk.database.transaction() as session:
        days = {"opened_on": moment.date(), "closed_on": moment.date()}
        session.execute(update(Ticket).values(state="closed", **days))
    assert run(desk)["contacts"] == 1
    with desk.database.reading() as session:
        assert session.get_one(CustomerContact, krystyna.contact_id).email == ""
    assert run(desk)["contacts"] == 0


@sqlite_only
def test_a_contact_that_was_put_down_or_agreed_lately_stays_with_an_old_customer(desk: Desk):
    moment, operator = old(desk, "contacts"), desk.actor("operator")
    krystyna = desk.contact()
    with desk.database.transaction() as session:
        session.execute(update(Customer).values(created_at=moment))
        session.execute(update(Ticket).values(state="closed", opened_on=moment.date(), closed_on=moment.date()))
    assert counts(desk) == {"contacts": 1}
    desk.decide(krystyna, "sms", note="telefonicznie")
    assert counts(desk) == {}
    with desk.database.transaction() as session:
        arklity = session.get_one(Customer, desk.customer_id(ARKLITY))
        session.add(CustomerContact(customer_id=arklity.id, name="Jan Dawny"))
    assert counts(desk) == {"contacts": 1}
    with desk.database.transaction() as session:
        arklity = session.get_one(Customer, desk.customer_id(ARKLITY))
        contacts.add_contact(session, arklity, {"name": "Ewa Nowa"}, actor=operator, now=desk.now)
    assert counts(desk) == {}


@sqlite_only
def test_an_account_that_only_a_program_or_a_remembered_browser_uses_is_used(desk: Desk):
    moment, sam = old(desk, "unused_accounts"), desk.user_id("sam")
    with desk.database.transaction() as session:
        session.execute(update(User).values(created_at=moment))
    assert counts(desk) == {"unused_accounts": 1}
    with desk.database.transaction() as session:
        session.execute(update(ApiToken).where(ApiToken.user_id == sam).values(used_at=desk.now))
    assert counts(desk) == {}
    with desk.database.transaction() as session:
        session.execute(update(ApiToken).values(used_at=moment))
        kept = {"created_at": moment, "seen_at": desk.now, "expires_at": desk.now}
        session.add(UserSession(token_hash="x", user_id=sam, **kept))
    assert counts(desk) == {}


@sqlite_only
def test_whoever_is_gone_meanwhile_stops_nobody_else_from_becoming_anonymous(desk: Desk):
    krystyna, _other = desk.contact(), desk.contact(name="Ewa Lis", email="", phone="")
    ids = [2_000_000, krystyna.contact_id or 0]
    with desk.database.transaction() as session:
        assert KINDS["contacts"].apply(session, ids, desk.now) == (1, 0)
        assert KINDS["unused_accounts"].apply(session, [2_000_000], desk.now) == (0, 0)


@sqlite_only
def test_the_page_says_what_is_kept_how_long_and_the_ledger_what_went(desk: Desk, web: Any):
    with desk.database.transaction() as session:
        session.add(SignIn(at=old(desk, "sign_ins"), name_key="x", address="192.0.2.1", result="wrong"))
    page = web("operator").get("/personal-data").text
    assert "po 365 dniach" in page
    assert "przy najbliższym przebiegu" in page
    run(desk)
    with desk.database.reading() as session:
        kept = session.scalars(select(JobRun).where(JobRun.job == JOB)).one()
        assert json.loads(kept.result or "{}")["sign_ins"] == 1
    assert "Usuwanie danych po terminie" in web("operator").get(f"/supervision/jobs/runs/{kept.id}").text


def test_a_run_that_is_killed_goes_on_with_its_count(desk: Desk, parts: Parts):
    with desk.database.transaction() as session:
        for _number in range(600):
            session.add(SignIn(at=old(desk, "sign_ins"), name_key="x", address="192.0.2.1", result="wrong"))
    cut = Cut(lambda: desk.now, beats=3)
    with pytest.raises(KeyboardInterrupt):
        ledger.do_now(parts, RETENTION, cut, actor=desk.actor("master"))
    desk.now += timedelta(minutes=5)
    ledger.do_asked(parts, lambda: desk.now, {JOB: RETENTION})
    with desk.database.reading() as session:
        total = sum(json.loads(one.result or "{}").get("sign_ins", 0) for one in session.scalars(select(JobRun)))
        assert total == 600


class Cut:
    """A clock whose process is killed at a beat."""

    def __init__(self, clock: Callable[[], datetime], beats: int) -> None:
        self.clock, self.left = clock, beats

    def __call__(self) -> datetime:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return self.clock()


@sqlite_only
def test_the_command_counts_first_and_acts_then(desk: Desk, parts: Parts, tmp_path: Path):
    with desk.database.transaction() as session:
        session.add(SignIn(at=old(desk, "sign_ins"), name_key="x", address="192.0.2.1", result="wrong"))
    url = parts.database.engine.url.render_as_string(hide_password=False)
    base = ("--data", str(tmp_path / "cli"), "retention")
    dry = call(*base, "--dry-run", MIKROSERWIS_DATABASE_URL=url)
    assert (dry.returncode, "sign_ins: 1 past 365 days" in dry.stdout) == (0, True), dry.stderr
    assert counts(desk) == {"sign_ins": 1}
    done = call(*base, "--json", MIKROSERWIS_DATABASE_URL=url)
    assert (done.returncode, json.loads(done.stdout)["sign_ins"], counts(desk)) == (0, 1, {}), done.stderr
