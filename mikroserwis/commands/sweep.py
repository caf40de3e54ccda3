"""The nightly sweep by hand, and what it would do."""

import json
from datetime import datetime
from typing import Any

import click

from mikroserwis.commands import common
from mikroserwis.i18n import speaking
from mikroserwis.rulebook import RULES
from mikroserwis.scheduler import utc_now
from mikroserwis.sweeps import ledger, nightly
from mikroserwis.sweeps.ledger import Daily
from mikroserwis.sweeps.schedule import DAILY
from mikroserwis.tickets.offer import choice_words, written
from mikroserwis.tickets.sweeping.planning import Move, plan
from sla import Breach


class Moment(click.ParamType[datetime]):
    """An ISO moment; without a zone it is taken for the service's own."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment. Write it as 2026-11-22T00:15 or 2026-11-22T00:15+01:00.", param, ctx)
        return at.replace(tzinfo=RULES.tz) if at.tzinfo is None else at


@click.command()
@click.option(
    "--at", type=Moment(), help=f"Deadlines until this moment count. Without a zone: {RULES.zone}. [default: now]"
)
@click.option("--dry-run", is_flag=True, help="Write nothing; list each ticket, from whom, to whom and why.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one object.")
def sweep(at: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Take every ticket whose deadline is over to the next dealer, as each night.

    It stands in the ledger of runs. Started beside the nightly one, each ticket is dealt with once. Ends with 1 if a
    ticket had to be skipped.
    """
    now = utc_now()
    if at is not None and at > now and not dry_run:
        raise click.UsageError(f"{_said(at)} lies ahead: only --dry-run looks there.")
    if dry_run:
        _plan(at or now, as_json=as_json)
        return
    done = _swept(at)
    click.echo(json.dumps(done) if as_json else _in_words(done))
    if done["skipped"]:
        raise click.exceptions.Exit(1)


def _swept(at: datetime | None) -> dict[str, Any]:
    nightly_job = next(job for job in DAILY if job.name == "sweep")
    job = Daily("sweep", nightly_job.at, lambda parts, run: nightly.Sweep(parts, run, at).go())
    return dict(ledger.do_now(common.parts(), job, utc_now, actor=common.actor()))


def _in_words(done: dict[str, Any]) -> str:
    lines = [
        f"Deadlines until {_said(datetime.fromisoformat(done['at']))}: {done['examined']} tickets examined, "
        f"{done['reassigned']} to the next dealer, {done['to_pool']} to the open pool, {done['told']} only told, "
        f"{done['skipped']} skipped; {done['seconds']} s."
    ]
    lines += [f"  ticket {one['ticket']} skipped: {one['reason']}" for one in done["reasons"]]
    return "\n".join(lines)


def _plan(at: datetime, *, as_json: bool) -> None:
    with common.parts().database.snapshot() as session:
        moves = plan(session, at)
    if as_json:
        click.echo(json.dumps({"at": at.isoformat(), "dry_run": True, "moves": [_as_data(move) for move in moves]}))
        return
    with speaking("en"):
        for move in moves:
            click.echo(_line(move))
    click.echo(f"Deadlines until {_said(at)}: {len(moves)} tickets. Nothing was written.")


def _as_data(move: Move) -> dict[str, Any]:
    ticket = move.ticket
    late = {"ticket": ticket.number, "stage": ticket.stage, "due": ticket.due_at.isoformat(), "days": move.days}
    why = written(move.choice) if move.choice else None
    return {**late, "act": str(move.act), "from": move.was, "to": move.to, "choice": why}


def _line(move: Move) -> str:
    ticket = move.ticket
    late = f"{ticket.number}  {ticket.stage} was due {_said(ticket.due_at)}"
    if move.act is Breach.TELL:
        return f"{late}: stays with {move.was}, who is told"
    why = choice_words(written(move.choice)) if move.choice else "The rules send it there."
    return f"{late}: {move.was} -> {move.to or 'open pool'}. {why}"


def _said(at: datetime) -> str:
    return f"{at.astimezone(RULES.tz):%Y-%m-%d %H:%M %Z}"
