"""The chain over the history: whatever is done to a row or a seal is found, and named."""

from typing import Any

import pytest
from sqlalchemy import LargeBinary, bindparam, insert, text
from sqlalchemy.exc import DBAPIError

from mikroserwis.edge import Parts
from mikroserwis.models import Event, HistorySeal
from mikroserwis.seals.digests import seal_hash, unpacked
from mikroserwis.seals.sealing import seal
from tests.audit.desk import ROWS, SEALS, attack, findings, ids, proof, sealed, seals, write
from tests.support.app import clock, sqlite_only
from tests.support.owner import unlock

COLUMNS = [one.name for one in Event.__table__.columns if one.name != "id"]
ANOTHER: dict[str, Any] = {
    "at": "2020-01-01 00:00:00.000000",
    "actor_id": 2,
    "dealer_id": 2,
    "ticket_id": 2,
    "subticket_id": 2,
    "customer_id": 2,
    "point_id": 2,
    "user_id": 2,
    "price_item_id": 1,
    "paper_form_id": 1,
    "about_dealer_id": 3,
    "vendor_contact_id": 3,
    "client_id": 3,
}


def test_a_history_that_nobody_touched_is_whole(parts: Parts) -> None:
    made = sealed(parts)
    found = proof(parts, made[0].hash, made[-1].hash.upper())
    assert found.is_whole
    assert (found.seals, found.rows, found.head) == (len(made), len(ids(parts)), made[-1].hash)
    assert (found.last_id, found.unsealed, found.unsealed_since) == (ids(parts)[-1], 0, None)
    assert [one.previous for one in made] == ["", *(one.hash for one in made[:-1])]


def test_what_is_not_sealed_yet_is_said(parts: Parts) -> None:
    sealed(parts)
    write(parts, 2)
    found = proof(parts)
    assert found.is_whole
    assert found.unsealed == 2
    assert found.unsealed_since is not None
    assert found.unsealed_since < clock()


@sqlite_only
def test_nothing_to_seal_makes_no_seal(parts: Parts) -> None:
    made = sealed(parts)
    assert seal(parts.database, clock()) is None
    assert len(seals(parts)) == len(made)


@sqlite_only
def test_an_empty_history_is_whole(parts: Parts) -> None:
    unlock(parts)
    with parts.database.transaction() as session:
        session.execute(text("DELETE FROM history"))
    assert proof(parts).is_whole
    assert seal(parts.database, clock()) is None


def test_each_row_is_named_of_which_a_column_was_altered(parts: Parts) -> None:
    write(parts, len(COLUMNS))
    rows = dict(zip(COLUMNS, ids(parts)[-len(COLUMNS) :], strict=True))
    made = sealed(parts)
    on_postgresql = parts.database.engine.dialect.name == "postgresql"
    for column, row in rows.items():
        value = ANOTHER.get(column, "something else")
        value = f"{value}+00" if column == "at" and on_postgresql else value
        attack(parts, f"UPDATE history SET {column} = :value WHERE id = :row", value=value, row=row)  # noqa: S608
    assert findings(parts) == [("altered", made[0].id, row) for row in rows.values()]


def test_a_row_that_lost_a_value_is_named(parts: Parts) -> None:
    write(parts, user_id=1)
    sealed(parts)
    with parts.database.reading() as session:
        row = session.execute(text("SELECT max(id) FROM history WHERE user_id = 1")).scalar_one()
    attack(parts, "UPDATE history SET user_id = NULL WHERE id = :row", row=row)
    assert [(kind, of) for kind, _seal, of in findings(parts)] == [("altered", row)]


@sqlite_only
@pytest.mark.parametrize("place", [-1, -2, -ROWS])
def test_a_row_that_was_removed_is_named(parts: Parts, place: int) -> None:
    made = sealed(parts)
    row = ids(parts)[place]
    attack(parts, "DELETE FROM history WHERE id = :row", row=row)
    assert findings(parts) == [("removed", made[-1].id, row)]


def test_a_row_that_was_put_in_is_named(parts: Parts) -> None:
    sealed(parts)
    row = ids(parts)[-2]
    attack(parts, "DELETE FROM history_seals", "DELETE FROM history WHERE id = :row", row=row)
    while seal(parts.database, clock()) is not None:
        pass
    write(parts, 1, id=row)
    assert [(kind, of) for kind, _seal, of in findings(parts)] == [("inserted", row)]


@sqlite_only
@pytest.mark.parametrize("row", [0, -7])
def test_a_row_before_all_others_is_named(parts: Parts, row: int) -> None:
    sealed(parts)
    write(parts, 1, id=row)
    assert findings(parts) == [("inserted", 1, row)]


def test_two_rows_that_changed_places_are_named(parts: Parts) -> None:
    made = sealed(parts)
    one, other = ids(parts)[-4], ids(parts)[-2]
    move = "UPDATE history SET id = {} WHERE id = {}"
    attack(parts, move.format(999_999, one), move.format(one, other), move.format(other, 999_999))
    assert findings(parts) == [("moved", made[-1].id, one), ("moved", made[-1].id, other)]
    assert [each.was for each in proof(parts).findings] == [other, one]


def test_a_row_that_was_moved_out_of_its_seal_is_missed(parts: Parts) -> None:
    made = sealed(parts)
    row = ids(parts)[-1]
    attack(parts, "UPDATE history SET id = 999999 WHERE id = :row", row=row)
    assert findings(parts) == [("removed", made[-1].id, row)]
    assert proof(parts).unsealed == 1


@pytest.mark.parametrize(
    "change",
    [
        "first_id = first_id + 1",
        "last_id = last_id + 0, sealed_by = 'x'",
        "sealed_by = 'somebody else'",
        "hash = previous",
        "previous = hash",
    ],
)
@sqlite_only
def test_an_altered_seal_is_named(parts: Parts, change: str) -> None:
    made = sealed(parts)
    attack(parts, f"UPDATE history_seals SET {change} WHERE id = :seal", seal=made[-2].id)  # noqa: S608
    assert ("seal_altered", made[-2].id, None) in findings(parts)


@sqlite_only
def test_a_row_altered_together_with_its_seals_digest_breaks_the_seal(parts: Parts) -> None:
    made = sealed(parts)
    row = made[-2].last_id
    digests = made[-2].digests[:-1] + b"\x00"
    unlock(parts)
    with parts.database.transaction() as session:
        session.execute(text("UPDATE history SET actor = 'Nobody' WHERE id = :row"), {"row": row})
        session.get_one(HistorySeal, made[-2].id).digests = digests
    assert ("seal_altered", made[-2].id, None) in findings(parts)


@sqlite_only
def test_a_seal_that_was_made_anew_is_denied_by_the_next_one(parts: Parts) -> None:
    made = sealed(parts)
    unlock(parts)
    with parts.database.transaction() as session:
        forged = session.get_one(HistorySeal, made[-2].id)
        forged.sealed_by = "forger"
        forged.hash = seal_hash(forged)
    assert findings(parts) == [("seal_altered", made[-2].id, None)]


@sqlite_only
@pytest.mark.parametrize("number", range(1, SEALS))
def test_a_seal_that_was_removed_is_named(parts: Parts, number: int) -> None:
    sealed(parts)
    attack(parts, "DELETE FROM history_seals WHERE id = :number", number=number)
    assert findings(parts) == [("seal_removed", number, None)]


@sqlite_only
def test_a_chain_cut_off_at_its_end_is_known_by_a_kept_hash(parts: Parts) -> None:
    made = sealed(parts)
    attack(
        parts,
        "DELETE FROM history_seals WHERE id = :seal",
        "DELETE FROM history WHERE id >= :row",
        seal=made[-1].id,
        row=made[-1].first_id,
    )
    assert findings(parts) == []
    assert [(one.kind, one.anchor) for one in proof(parts, made[-1].hash).findings] == [
        ("anchor_missing", made[-1].hash)
    ]


@sqlite_only
def test_a_chain_made_anew_from_its_start_is_known_by_a_kept_hash(parts: Parts) -> None:
    made = sealed(parts)
    attack(parts, "DELETE FROM history_seals", "UPDATE history SET actor = 'Nobody' WHERE verb = 'note'")
    while seal(parts.database, clock()) is not None:
        pass
    assert findings(parts) == []
    assert [kind for kind, _seal, _row in findings(parts, made[-1].hash)] == ["anchor_missing"]


def test_bytes_that_are_no_digests_are_a_finding_and_no_error(parts: Parts) -> None:
    made = sealed(parts)
    unlock(parts)
    broken = text("UPDATE history_seals SET digests = :digests WHERE id = :seal")
    with parts.database.transaction() as session:
        session.execute(broken.bindparams(bindparam("digests", b"abc", LargeBinary), seal=made[0].id))
    assert ("seal_altered", made[0].id, None) in findings(parts)


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["history", "history_seals"])
def test_the_database_refuses_to_rewrite_what_was_done(parts: Parts, table: str, statement: str) -> None:
    sealed(parts)
    with pytest.raises(DBAPIError, match=f"{table} is append-only"), parts.database.transaction() as session:
        session.execute(text(statement.format(table)))
    assert proof(parts).is_whole


def test_a_column_that_is_empty_says_nothing_so_that_later_ones_can_be_added(parts: Parts) -> None:
    [first, *_rest] = sealed(parts)
    with parts.database.transaction() as session:
        session.execute(insert(Event).values(at=clock(), actor="", source="", verb="", data="", changes=""))
    written = unpacked(first.digests)
    assert len(set(written.values())) == len(written)
    unlock(parts)
    with parts.database.transaction() as session:
        session.execute(text("ALTER TABLE history ADD COLUMN later INTEGER"))
    assert proof(parts).is_whole
