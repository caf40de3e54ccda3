"""Sealing beside those who write, beside other schedulers, and in processes that are killed."""

import random
import threading

import pytest
from sqlalchemy import insert, text

from mikroserwis.edge import Parts
from mikroserwis.models import Event
from mikroserwis.seals import sealing
from mikroserwis.seals.sealing import seal
from tests.audit import sealer
from tests.audit.desk import ids, proof, seals, write
from tests.support.app import clock

SAID = {"actor": "Jan Kowalski", "source": "web", "address": "", "verb": "note", "changes": "{}", "data": "{}"}
postgresql_only = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


def everything_sealed(parts: Parts) -> None:
    while seal(parts.database, clock()) is not None:
        pass


@postgresql_only
def test_a_row_that_is_committed_after_a_later_one_is_waited_for(parts: Parts) -> None:
    everything_sealed(parts)
    with parts.database.session(write=True) as slow:
        slow.execute(insert(Event).values(at=clock(), **SAID))
        write(parts, 3)
        assert seal(parts.database, clock(), patience=0.2) is None
        slow.commit()
    made = seal(parts.database, clock())
    assert made is not None
    assert made.count == 4
    assert (proof(parts).is_whole, proof(parts).unsealed) == (True, 0)


@postgresql_only
def test_a_row_that_is_rolled_back_leaves_a_gap_and_nothing_else(parts: Parts) -> None:
    with parts.database.session(write=True) as slow:
        slow.execute(insert(Event).values(at=clock(), **SAID))
        write(parts, 3)
        slow.rollback()
    everything_sealed(parts)
    assert ids(parts)[-1] - ids(parts)[0] == len(ids(parts))
    assert (proof(parts).is_whole, proof(parts).unsealed) == (True, 0)


@postgresql_only
def test_who_begins_to_write_meanwhile_holds_nothing_up(parts: Parts) -> None:
    """There is always somebody at work, but those who were at work when it began end while it waits."""
    everything_sealed(parts)
    write(parts, 2)
    found: list[object] = []
    sealing_ = threading.Thread(target=lambda: found.append(seal(parts.database, clock(), patience=60)))
    last = parts.database.session(write=True)
    last.execute(insert(Event).values(at=clock(), **SAID))
    sealing_.start()
    for _ in range(1000):
        following = parts.database.session(write=True)
        following.execute(insert(Event).values(at=clock(), **SAID))
        last.commit()
        last.close()
        last = following
        sealing_.join(0.1)
        if not sealing_.is_alive():
            break
    assert found != [None]
    last.commit()
    last.close()
    everything_sealed(parts)
    assert (proof(parts).findings, proof(parts).unsealed) == ([], 0)


@postgresql_only
def test_who_only_reads_holds_nothing_up(parts: Parts) -> None:
    everything_sealed(parts)
    write(parts, 2)
    with parts.database.reading() as reader:
        reader.execute(text("SELECT count(*) FROM history"))
        assert seal(parts.database, clock(), patience=0) is not None


def test_many_write_while_two_seal_and_every_row_gets_under_one_seal(parts: Parts) -> None:
    everything_sealed(parts)
    before, writing = len(ids(parts)), threading.Event()
    writing.set()

    def keep_sealing() -> None:
        while writing.is_set():
            seal(parts.database, clock())

    def keep_writing() -> None:
        for _ in range(5):
            write(parts, 3)

    sealers = [threading.Thread(target=keep_sealing) for _ in range(2)]
    writers = [threading.Thread(target=keep_writing) for _ in range(4)]
    for one in (*sealers, *writers):
        one.start()
    for one in writers:
        one.join(60)
    writing.clear()
    for one in sealers:
        one.join(60)
    everything_sealed(parts)
    found = proof(parts)
    assert found.findings == []
    assert (found.rows, found.unsealed) == (before + 4 * 5 * 3, 0)
    assert found.seals > 1


def test_of_two_schedulers_that_seal_the_same_rows_one_does(parts: Parts) -> None:
    everything_sealed(parts)
    before = len(seals(parts))
    write(parts, 50)
    start, made = threading.Barrier(4, timeout=60), []

    def schedule() -> None:
        start.wait()
        made.append(seal(parts.database, clock()))

    threads = [threading.Thread(target=schedule) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert len(seals(parts)) == before + sum(one is not None for one in made)
    assert sum(one.count for one in made if one is not None) == 50
    assert proof(parts).is_whole


def test_sealing_killed_again_and_again_leaves_a_whole_chain(parts: Parts) -> None:
    url = parts.database.engine.url.render_as_string(hide_password=False)
    dice = random.Random(5)
    for _ in range(6):
        write(parts, 200)
        begun, done = sealer.context.Event(), sealer.context.Event()
        process = sealer.context.Process(target=sealer.run, args=(url, begun.set, done.set))
        process.start()
        assert begun.wait(60)
        process.join(dice.uniform(0, 0.06))
        process.kill()
        process.join()
        process.close()
        assert proof(parts).is_whole
    everything_sealed(parts)
    found = proof(parts)
    assert (found.is_whole, found.rows, found.unsealed) == (True, len(ids(parts)), 0)


def test_more_rows_than_one_seal_holds_take_several(parts: Parts) -> None:
    everything_sealed(parts)
    now, count = clock(), sealing.BATCH + 7
    with parts.database.transaction() as session:
        session.execute(insert(Event), [{"at": now, **SAID} for _ in range(count)])
    before = len(seals(parts))
    everything_sealed(parts)
    assert [one.count for one in seals(parts)[before:]] == [sealing.BATCH, 7]
    assert proof(parts).rows == len(ids(parts))
