"""Commands about the sealed history."""

import json
import re
from dataclasses import asdict
from typing import Any

import click

from mikroserwis.commands import common
from mikroserwis.scheduler import utc_now
from mikroserwis.seals.proof import Proof
from mikroserwis.seals.proof import verify as prove
from mikroserwis.sweeps.audit import heads, in_words
from mikroserwis.sweeps.audit import work as seal_once

_SHOWN = 50


class Hash(click.ParamType[str]):
    """A seal's hash, as `audit verify` prints it."""

    name = "hash"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip().lower()
        if not re.fullmatch("[0-9a-f]{64}", text):
            self.fail(f"{value!r} is no seal's hash: that has 64 digits and letters from a to f.", param, ctx)
        return text


@click.group()
def audit() -> None:
    """The history of every change, sealed into a hash chain."""


@audit.command()
@click.option("--anchor", "anchors", type=Hash(), multiple=True, help="A newest seal's hash that you kept elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one object.")
def verify(anchors: tuple[str, ...], as_json: bool) -> None:
    """Prove that the history is what was sealed; change nothing.

    Names each row that was altered, removed, put in or moved, each seal, and each anonymous person whose masks over the
    history aren't those that were declared. Ends with 1 if there is one. Keep the hash it prints where nobody at this
    machine can change it, and give it as --anchor later: a chain that was cut off or made anew as a whole is known by
    that alone.
    """
    database = common.parts().database
    with database.reading() as session:
        known = heads(session)
    proof = prove(database, {*known, *anchors})
    click.echo(json.dumps(_object(proof)) if as_json else _in_words(proof))
    if not proof.is_whole:
        raise click.exceptions.Exit(1)


@audit.command()
def seal() -> None:
    """Seal now what the scheduler would seal within a minute."""
    parts = common.parts()
    while seal_once(parts, utc_now):
        pass
    click.echo("Sealed.")


def _object(proof: Proof) -> dict[str, Any]:
    moments = {"sealed_at": proof.sealed_at, "unsealed_since": proof.unsealed_since}
    told = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    findings = [{**asdict(one), "text": in_words(one)} for one in proof.findings]
    return {"whole": proof.is_whole, **asdict(proof), **told, "findings": findings}


def _in_words(proof: Proof) -> str:
    lines = [f"{said[:1].upper()}{said[1:]}." for said in map(in_words, proof.findings[:_SHOWN])]
    if proof.found > _SHOWN:
        lines.append(f"… and {proof.found - _SHOWN} more.")
    lines.append(f"{proof.rows} rows under {proof.seals} seals: " + ("all is well." if proof.is_whole else "BROKEN."))
    if proof.masks:
        lines.append(f"{proof.masks} masks lie over rows in which anonymous persons occur.")
    if proof.sealed_at is not None:
        lines.append(f"Sealed up to row {proof.last_id}, at {proof.sealed_at:%Y-%m-%d %H:%M:%S} UTC.")
    if proof.unsealed_since is not None:
        lines.append(
            f"{proof.unsealed} newer rows are not sealed yet, since {proof.unsealed_since:%Y-%m-%d %H:%M} UTC."
        )
    if proof.head:
        lines.append(f"Newest seal: {proof.head}")
    return "\n".join(lines)
