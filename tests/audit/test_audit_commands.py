"""`mikroserwis audit verify` and `audit seal` in processes of their own, and the nightly proof."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import JobRun, Message
from mikroserwis.sweeps import audit
from mikroserwis.sweeps.ledger import PAUSES, Daily, offer
from mikroserwis.sweeps.schedule import DAILY
from tests.audit.desk import attack, findings, ids, sealed, seals, write
from tests.cli.programs import call
from tests.support.app import clock, sqlite_only

PROOF: Daily = next(job for job in DAILY if job.name == audit.JOB)


def command(parts: Parts, tmp_path: Path, *arguments: str) -> tuple[int, str]:
    url = parts.database.engine.url.render_as_string(hide_password=False)
    found = call("--data", str(tmp_path / "cli"), "audit", *arguments, MIKROSERWIS_DATABASE_URL=url)
    return found.returncode, found.stdout + found.stderr


@sqlite_only
def test_the_command_says_that_all_is_well_and_which_hash_to_keep(parts: Parts, tmp_path: Path) -> None:
    made = sealed(parts)
    write(parts, 2)
    code, said = command(parts, tmp_path, "verify", "--anchor", made[0].hash)
    assert code == 0, said
    assert f"{made[-1].last_id - ids(parts)[0] + 1} rows under {len(made)} seals: all is well." in said
    assert "2 newer rows are not sealed yet" in said
    assert f"Newest seal: {made[-1].hash}" in said
    code, said = command(parts, tmp_path, "seal")
    assert code == 0
    assert len(seals(parts)) == len(made) + 1


def test_the_command_names_what_was_altered_and_ends_with_1(parts: Parts, tmp_path: Path) -> None:
    made = sealed(parts)
    one, other = ids(parts)[-3], ids(parts)[-2]
    attack(parts, "UPDATE history SET actor = 'Nobody' WHERE id = :row", row=one)
    attack(parts, "DELETE FROM history WHERE id = :row", row=other)
    code, said = command(parts, tmp_path, "verify", "--json")
    told = json.loads(said)
    assert (code, told["whole"], told["found"], told["head"]) == (1, False, 2, made[-1].hash)
    assert [(each["kind"], each["row"]) for each in told["findings"]] == [("altered", one), ("removed", other)]
    assert told["findings"][0]["text"] == f"row {one} was altered (seal {made[-1].id})"


@sqlite_only
@pytest.mark.parametrize(("anchor", "code"), [("f" * 64, 1), ("g" * 64, 2)])
def test_an_anchor_that_no_seal_has_or_that_is_none(parts: Parts, tmp_path: Path, anchor: str, code: int) -> None:
    sealed(parts)
    found, said = command(parts, tmp_path, "verify", "--anchor", anchor)
    assert found == code
    assert ("No seal has the kept hash" if code == 1 else "is no seal's hash") in said


def test_every_night_the_chain_is_sealed_and_proved_and_recorded(parts: Parts) -> None:
    write(parts, 3)
    assert offer(parts, PROOF, clock)
    with parts.database.reading() as session:
        [run] = session.scalars(select(JobRun))
        assert audit.heads(session) == [seals(parts)[-1].hash]
    result = json.loads(run.result or "")
    assert (result["sealed_rows"], result["unsealed"], run.error) == (len(ids(parts)), 0, None)


def test_a_chain_that_was_cut_off_since_last_night_is_known_without_a_kept_hash(parts: Parts) -> None:
    made = sealed(parts)
    assert offer(parts, PROOF, clock)
    attack(parts, "DELETE FROM history_seals WHERE id = :seal", seal=made[-1].id)
    attack(parts, "DELETE FROM history WHERE id >= :row", row=made[-1].first_id)
    assert findings(parts) == []
    with parts.database.reading() as session:
        assert findings(parts, *audit.heads(session)) == [("anchor_missing", None, None)]


@sqlite_only
def test_staff_are_told_of_a_broken_chain(parts: Parts) -> None:
    sealed(parts)
    row = ids(parts)[-1]
    attack(parts, "UPDATE history SET verb = 'other' WHERE id = :row", row=row)
    now = clock()
    for pause in (*PAUSES, PAUSES[-1]):
        with pytest.raises(audit.ChainBroken, match=f"1 findings: row {row} was altered"):
            offer(parts, PROOF, lambda at=now: at)  # type: ignore[misc]
        now += pause
    with parts.database.reading() as session:
        told = [body for body in session.scalars(select(Message.body)) if f"row {row} was altered" in body]
    assert told
