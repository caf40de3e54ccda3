"""A confirmed file is taken in part by part: nothing twice, nothing that wasn't shown, whatever happens between."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from mikroserwis.models import Customer, Dealer, ImportDraft, Subticket, Ticket, User
from mikroserwis.storage import Missing
from mikroserwis.sweeps.imports import forget_old, take_in_one
from mikroserwis.tickets.importing.table import tickets_of
from mikroserwis.tickets.operations import import_drafts
from tests.support.app import clock
from tests.support.cast import SAM
from tests.support.drafts import BAD, GOOD, NAMES, brought


def file_of(count: int, first: int = 2001, **changed: Any) -> str:
    values = {"tax_id": "5260250995", "name": "Łoś", **changed}
    rows = [
        f"{n};insoft;2026-01-05;{values['tax_id']};{values['name']};26-600;Radom;{n + 7000};P;1;0"
        for n in range(first, first + count)
    ]
    return "\n".join([NAMES, *rows, ""])


def draft(parts, draft_id: int) -> ImportDraft:
    with parts.database.reading() as session:
        found: ImportDraft = session.get_one(ImportDraft, draft_id)
        return found


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def confirm(parts, draft_id: int) -> None:
    with parts.database.transaction() as session:
        import_drafts.confirm(session.get_one(ImportDraft, draft_id), now=clock())


def count(parts, model: Any) -> int:
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def verdicts(parts, draft_id: int) -> list[str]:
    return [one["verdict"] for one in import_drafts.entries(draft(parts, draft_id))]


def test_looking_at_a_file_writes_nothing_but_the_look(parts, way):
    before = [count(parts, model) for model in (Ticket, Customer, Subticket)]
    drafted = brought(parts, way.actor("operator@office.example"), GOOD + BAD)
    assert verdicts(parts, drafted) == ["new", "bad"]
    assert [count(parts, model) for model in (Ticket, Customer, Subticket)] == before


def test_a_file_is_taken_in_by_parts_and_every_ticket_once(parts, way):
    before = count(parts, Ticket)
    drafted = brought(parts, way.actor("operator@office.example"), file_of(23))
    confirm(parts, drafted)
    assert take_in_one(parts, clock, at_once=5)
    assert (draft(parts, drafted).state, draft(parts, drafted).tickets_done) == ("done", 23)
    assert count(parts, Ticket) == before + 23
    confirm(parts, drafted)
    assert not take_in_one(parts, clock)


def test_a_worker_that_died_is_followed_by_one_that_goes_on_behind_it(parts, way):
    before = count(parts, Ticket)
    drafted = brought(parts, way.actor("operator@office.example"), file_of(12))
    confirm(parts, drafted)
    operator = way.actor("operator@office.example")
    with parts.database.transaction() as session:
        dying = import_drafts.claim(session, clock())
        assert dying is not None
        with import_drafts.shelf(parts.settings).open(dying.sha256) as content:
            tickets, _errors = tickets_of(dying.name, content)
        import_drafts.carry_on(session, dying, tickets[:5], actor=operator, now=clock())
    assert not take_in_one(parts, clock)

    def later():
        return clock() + import_drafts.LEASE + timedelta(seconds=1)

    assert take_in_one(parts, later)
    assert (draft(parts, drafted).state, draft(parts, drafted).tickets_done) == ("done", 12)
    assert count(parts, Ticket) == before + 12
    assert verdicts(parts, drafted) == ["new"] * 12


def test_a_worker_whose_lease_has_passed_writes_nothing_more(parts, way):
    drafted = brought(parts, way.actor("operator@office.example"), file_of(3))
    confirm(parts, drafted)
    with parts.database.transaction() as session:
        slow = import_drafts.claim(session, clock())
        assert slow is not None
    with parts.database.transaction() as session:
        assert import_drafts.claim(session, clock() + import_drafts.LEASE + timedelta(seconds=1)) is not None
    with parts.database.transaction() as session:
        assert slow.lease_until is not None
        assert import_drafts.held(session, drafted, slow.lease_until) is None


def test_what_has_changed_since_it_was_shown_is_left_out_with_the_reason(parts, way):
    operator = way.actor("operator@office.example")
    first, second = (brought(parts, operator, file_of(1, name=name)) for name in ("Łoś", "Inny Łoś"))
    for drafted in (first, second):
        confirm(parts, drafted)
        take_in_one(parts, clock)
    assert verdicts(parts, first) == ["new"]
    [entry] = import_drafts.entries(draft(parts, second))
    assert (entry["verdict"], [error[2] for error in entry["errors"]]) == ("bad", ["changed_since_the_check"])
    with parts.database.reading() as session:
        assert session.scalars(select(Customer.name).where(Customer.tax_id == "5260250995")).one() == "Łoś"


def test_a_point_of_another_company_within_one_file_is_told_before_it_is_taken_in(parts, way):
    rows = file_of(1) + file_of(1, first=2002, tax_id="7251801126").split("\n")[1].replace("9002", "9001") + "\n"
    drafted = brought(parts, way.actor("operator@office.example"), rows)
    assert verdicts(parts, drafted) == ["new", "bad"]
    assert json.loads(draft(parts, drafted).plan)[1]["errors"][0][2] == "point_of_another_company"


def test_dealers_that_cannot_take_a_ticket_are_told_with_the_row(parts, way):
    header = f"{NAMES};dealer_crm_id"
    rows = [line + f";{crm_id}" for line, crm_id in zip(file_of(3).split("\n")[1:4], (1001, 9999, 1002), strict=True)]
    with parts.database.transaction() as session:
        session.scalars(select(Dealer).where(Dealer.crm_id == 1002)).one().active = False
    drafted = brought(parts, way.actor("operator@office.example"), "\n".join([header, *rows, ""]))
    entries = import_drafts.entries(draft(parts, drafted))
    assert [[error[2] for error in one["errors"]] for one in entries] == [
        [],
        ["no_such_dealer"],
        ["dealer_is_inactive"],
    ]


def test_whoever_lost_the_account_meanwhile_imports_nothing(parts, way):
    before = count(parts, Ticket)
    drafted = brought(parts, way.actor("operator@office.example"), file_of(3))
    confirm(parts, drafted)
    with parts.database.transaction() as session:
        session.scalars(select(User).where(User.email == "operator@office.example")).one().active = False
    assert take_in_one(parts, clock)
    assert (draft(parts, drafted).state, draft(parts, drafted).tickets_done) == ("done", 0)
    assert count(parts, Ticket) == before


def test_a_file_that_cannot_be_taken_in_is_given_up_after_some_attempts_and_says_so(parts, way, web):
    drafted = brought(parts, way.actor("operator@office.example"), file_of(3))
    confirm(parts, drafted)
    import_drafts.shelf(parts.settings).remove(draft(parts, drafted).sha256)
    moment = clock()
    for _attempt in range(import_drafts.MOST_ATTEMPTS):
        with pytest.raises(Missing):
            take_in_one(parts, at(moment))
        assert not take_in_one(parts, at(moment))
        moment += import_drafts.LEASE + timedelta(seconds=1)
    assert take_in_one(parts, at(moment))
    assert (draft(parts, drafted).state, draft(parts, drafted).failure) == ("done", "broken")
    page = web("operator").get(f"/tickets/imports/{drafted}")
    assert page.status_code == 200
    assert "Zatrzymano po 0 z 3" in page.text


def test_points_and_stations_are_the_papers_once_the_data_is_confirmed(parts, way):
    way.confirmed(SAM)
    with parts.database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == SAM)).one()
        opened_on, tax_id = ticket.opened_on, ticket.tax_id
    operator = way.actor("operator@office.example")
    row = f"{SAM};insoft;{opened_on};{tax_id};;;;{{point}};;{{buy}};0"
    for point, buy in ((735, 9), (736, 1)):
        text = f"{NAMES}\n{row.format(point=point, buy=buy)}\n".replace(";;;;", ";SAM;26-922;Sieciechów;", 1)
        [entry] = import_drafts.entries(draft(parts, brought(parts, operator, text)))
        assert {error[2] for error in entry["errors"]} == {"papers_name_the_points"}


def test_a_file_is_forgotten_after_thirty_days_unless_it_is_being_taken_in(parts, way):
    operator = way.actor("operator@office.example")
    looked_at, confirmed, again = (brought(parts, operator, file_of(1, first=n)) for n in (2001, 3001, 2001))
    confirm(parts, confirmed)
    store = import_drafts.shelf(parts.settings)
    hashes = {one: draft(parts, one).sha256 for one in (looked_at, confirmed)}
    with parts.database.transaction() as session:
        session.get_one(ImportDraft, looked_at).created_at -= timedelta(days=30)
    soon, much_later = clock() + timedelta(hours=1), clock() + timedelta(days=31)
    assert forget_old(parts, soon) == 1
    assert store.verify(hashes[looked_at])
    assert forget_old(parts, much_later) == 1
    with parts.database.reading() as session:
        assert list(session.scalars(select(ImportDraft.id))) == [confirmed]
    assert again not in {looked_at, confirmed}
    assert not store.verify(hashes[looked_at])
    assert store.verify(hashes[confirmed])


def test_a_file_whose_look_was_never_written_is_gone_after_a_day(parts, way):
    kept = draft(parts, brought(parts, way.actor("operator@office.example"))).sha256
    store = import_drafts.shelf(parts.settings)
    refused = store.put(io.BytesIO(b"no table"), limit=100).sha256
    forget_old(parts, clock())
    assert store.verify(refused)
    forget_old(parts, clock() + timedelta(days=2))
    assert [store.verify(one) for one in (kept, refused)] == [True, False]
