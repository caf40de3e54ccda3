"""Masks over the history are proven: honest ones are whole, and a forged one is found wherever it is told."""

import json
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis import history
from mikroserwis.customers import operations
from mikroserwis.models import Anonymised, Customer, Event, HistoryMask, User
from mikroserwis.seals import masks
from mikroserwis.sweeps import audit
from mikroserwis.sweeps.ledger import offer
from mikroserwis.sweeps.schedule import DAILY
from tests.audit.desk import attack, proof
from tests.audit.test_audit_commands import command
from tests.consents.conftest import Desk
from tests.consents.test_anonymising import make, retired, sealed
from tests.consents.test_deleted_contacts import deleted, entered
from tests.consents.test_deleted_contacts import history as told
from tests.consents.test_retention import old, run
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, SAM
from tests.support.way import Way

PROOF = next(job for job in DAILY if job.name == audit.JOB)
# Another row, which nobody anonymous occurs in, is shown as somebody else's.
FORGED = (
    "INSERT INTO history_masks (event_id, anonymised_id, actor, address, changes, data) "
    "SELECT min(id), :act, 'Zenon Zmyślony', '', '{}', '{}' FROM history "
    "WHERE id NOT IN (SELECT event_id FROM history_masks)"
)


def laid(desk: Desk) -> dict[int, list[int]]:
    """The rows that each act's masks lie over."""
    found: dict[int, list[int]] = {}
    with desk.database.reading() as session:
        for mask in session.scalars(select(HistoryMask).order_by(HistoryMask.event_id)):
            found.setdefault(mask.anonymised_id, []).append(mask.event_id)
    return found


def wrong(desk: Desk) -> list[tuple[str, str | None, tuple[int, ...]]]:
    return [(one.kind, one.label, one.rows) for one in proof(desk.parts).findings]


def met(desk: Desk, way: Way) -> tuple[str, str]:
    """Two accounts out of use, who both occur in some rows."""
    way.contract(SAM)
    one, other = retired(desk), retired(desk, "technician")
    with desk.database.transaction() as session:
        for who, whom in (("alfa", "technician"), ("technician", "alfa")):
            about = session.get_one(User, desk.user_id(whom))
            changes = {"name": ("", PEOPLE[whom].name)}
            history.record(session, "user_change", actor=desk.actor(who), now=desk.now, user=about, changes=changes)
    sealed(desk)
    return one, other


def test_honest_masks_of_one_person_are_whole(desk: Desk, way: Way):
    way.contract(SAM)
    sealed(desk)
    assert (proof(desk.parts).is_whole, proof(desk.parts).masks) == (True, 0)
    make(desk, retired(desk), None)
    [(_act, rows)] = laid(desk).items()
    assert (wrong(desk), proof(desk.parts).masks) == ([], len(rows))
    sealed(desk)
    assert (wrong(desk), proof(desk.parts).unsealed) == ([], 0)


def test_two_persons_in_the_same_rows_one_after_the_other_are_whole(desk: Desk, way: Way):
    one, other = met(desk, way)
    make(desk, one, None)
    [(first, before)] = laid(desk).items()
    assert wrong(desk) == []
    make(desk, other, None)
    now = laid(desk)
    [second] = now.keys() - {first}
    assert set(before) & set(now[second])
    assert set(now[first]) < set(before)
    assert wrong(desk) == []
    with desk.database.reading() as session:
        acts = session.scalars(select(Event).where(Event.verb == masks.DECLARED_BY).order_by(Event.id)).all()
        declared = [set(json.loads(act.data)["masks"]) for act in acts]
    assert declared == [{str(first)}, {str(first), str(second)}]
    sealed(desk)
    assert wrong(desk) == []


def test_two_persons_in_the_same_rows_at_the_same_time_are_whole_and_neither_is_named(desk: Desk, way: Way):
    barrier, done = Barrier(2), list[str]()

    def go(code: str) -> None:
        barrier.wait(10)
        done.append(make(desk, code, None))

    both = [Thread(target=go, args=(code,)) for code in met(desk, way)]
    for each in both:
        each.start()
    for each in both:
        each.join(20)
    assert len(done) == 2
    assert wrong(desk) == []
    assert [who for who in ("alfa", "technician") if PEOPLE[who].name in told(desk)] == []


def test_a_contact_and_the_people_of_a_deleted_customer_are_whole(desk: Desk):
    office: dict[str, Any] = {"actor": desk.actor("master"), "now": desk.now}
    make(desk, deleted(desk).code, None)
    assert wrong(desk) == []
    with desk.database.transaction() as session:
        values = {"name": "Krótko Sp. z o.o.", "tax_id": "5213641211", "country": "PL"}
        of = operations.add_customer(session, values, **office).id
    for person in (entered(desk, of), entered(desk, of)):
        desk.decide(person, "email", note="telefonicznie")
    sealed(desk)
    with desk.database.transaction() as session:
        operations.delete_customer(session, session.get_one(Customer, of), **office)
    sealed(desk)
    assert len(laid(desk)) == 3
    assert wrong(desk) == []
    assert "Krystyna" not in told(desk)


def test_what_a_night_makes_anonymous_is_whole(desk: Desk):
    deleted(desk)
    desk.now += timedelta(days=200)
    with desk.database.transaction() as session:
        user = session.get_one(User, desk.user_id("technician"))
        user.active, user.removed_at = False, old(desk, "closed_accounts")
    done = run(desk)
    assert (done["closed_accounts"], done["removed_contacts"]) == (1, 1)
    sealed(desk)
    assert wrong(desk) == []


@sqlite_only
def test_whoever_left_no_trace_declares_nothing_and_that_is_whole(desk: Desk):
    quiet, _other = desk.contact(name="Cichy", email="", phone=""), desk.contact()
    make(desk, quiet.code, None)
    with desk.database.reading() as session:
        [act] = session.scalars(select(Event).where(Event.verb == masks.DECLARED_BY))
        assert list(json.loads(act.data)["masks"].values()) == [masks.NOTHING]
    assert (laid(desk), wrong(desk)) == ({}, [])
    attack(desk.parts, "DELETE FROM anonymised")
    assert wrong(desk) == [("masks_gone", None, ())]


@pytest.mark.parametrize(
    "forgery",
    [
        FORGED,
        "UPDATE history_masks SET actor = 'Zenon Zmyślony' WHERE anonymised_id = :act",
        "UPDATE history_masks SET address = '192.0.2.99' WHERE event_id = :row",
        'UPDATE history_masks SET changes = \'{"name": ["a", "b"]}\' WHERE event_id = :row',
        'UPDATE history_masks SET data = \'{"note": "x"}\' WHERE event_id = :row',
        "DELETE FROM history_masks WHERE event_id = :row",
    ],
)
def test_a_forged_mask_is_found_with_whose_and_where(desk: Desk, way: Way, forgery: str):
    way.contract(SAM)
    label = make(desk, retired(desk), None)
    sealed(desk)
    [(act, rows)] = laid(desk).items()
    attack(
        desk.parts,
        forgery,
        **{name: value for name, value in (("act", act), ("row", rows[1])) if f":{name}" in forgery},
    )
    assert wrong(desk) == [("masks_altered", label, tuple(laid(desk)[act][: masks.NAMED]))]


def test_masks_given_to_another_person_never_declared_or_gone_are_found(desk: Desk, way: Way):
    one, other = met(desk, way)
    labels = [make(desk, code, None) for code in (one, other)]
    first, second = sorted(laid(desk))
    attack(
        desk.parts,
        "UPDATE history_masks SET anonymised_id = :second WHERE anonymised_id = :first",
        first=first,
        second=second,
    )
    assert sorted(kind_and_label(desk)) == [("masks_altered", labels[1]), ("masks_gone", labels[0])]
    attack(desk.parts, "DELETE FROM history_masks")
    assert sorted(kind_and_label(desk)) == sorted(("masks_gone", label) for label in labels)
    with desk.database.transaction() as session:
        session.add(Anonymised(id=999, label="Anonim X", at=desk.now, by="x"))
    attack(desk.parts, FORGED, act=999)
    assert ("masks_undeclared", "Anonim X") in kind_and_label(desk)


def kind_and_label(desk: Desk) -> list[tuple[str, str | None]]:
    return [(kind, label) for kind, label, _rows in wrong(desk)]


@sqlite_only
@pytest.mark.parametrize("data", ["{", "[]", '{"masks": 7}', '{"masks": {"1": 7}}', "[" * 100_000])
def test_a_declaration_that_somebody_broke_is_a_finding_and_no_error(desk: Desk, way: Way, data: str):
    way.contract(SAM)
    make(desk, retired(desk), None)
    sealed(desk)
    attack(desk.parts, "UPDATE history SET data = :data WHERE verb = 'person_anonymise'", data=data)
    assert {kind for kind, _label in kind_and_label(desk)} in (
        {"altered", "masks_undeclared"},
        {"altered", "masks_altered"},
    )


def test_a_mask_over_the_declaration_itself_changes_nothing_of_it(desk: Desk, way: Way):
    label = make(desk, met(desk, way)[0], None)
    with desk.database.transaction() as session:
        [act] = session.scalars(select(Event).where(Event.verb == masks.DECLARED_BY))
        group = session.scalars(select(Anonymised.id)).one()
        empty = {"actor": "", "address": "", "changes": "{}", "data": '{"name": "", "masks": {}}'}
        session.add(HistoryMask(event_id=act.id, anonymised_id=group, **empty))
    assert kind_and_label(desk) == [("masks_altered", label)]


@sqlite_only
def test_the_command_the_night_and_the_page_tell_of_a_forged_mask(
    desk: Desk, way: Way, web: Any, api: Any, tmp_path: Path
):
    way.contract(SAM)
    label = make(desk, retired(desk), None)
    assert offer(desk.parts, PROOF, lambda: desk.now)
    assert api("admin").get("/audit/chain").json["proof"] == "whole"
    code, said = command(desk.parts, tmp_path, "verify")
    [(act, rows)] = laid(desk).items()
    assert (code, f"{len(rows)} masks lie over rows" in said) == (0, True)
    attack(desk.parts, FORGED, act=act)
    assert "Zenon" in web("admin").get("/supervision/audit?size=100").text
    wanted = f"masks of {label} aren't those declared"
    code, said = command(desk.parts, tmp_path, "verify")
    assert (code, wanted[1:] in said) == (1, True), said
    code, said = command(desk.parts, tmp_path, "verify", "--json")
    [found] = json.loads(said)["findings"]
    assert (code, found["kind"], found["label"], found["act"]) == (1, "masks_altered", label, str(act))
    desk.now += timedelta(days=1)
    with pytest.raises(audit.ChainBroken, match=wanted):
        offer(desk.parts, PROOF, lambda: desk.now)
    assert api("admin").get("/audit/chain").json["proof"] == "broken"
    assert label in web("admin").get("/supervision/audit?act=note").text
