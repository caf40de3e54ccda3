"""What is kept no longer, by hand, and what would go."""

import json

import click

from mikroserwis.commands import common
from mikroserwis.consents.retention import due
from mikroserwis.rulebook import RULES
from mikroserwis.scheduler import utc_now
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps.retention import JOB
from mikroserwis.sweeps.schedule import DAILY


@click.command()
@click.option("--dry-run", is_flag=True, help="Write nothing; say how many of each kind are past their days.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one object.")
def retention(dry_run: bool, as_json: bool) -> None:
    """Do away with personal data whose days are over, as each night (config/rules.toml, [retention])."""
    parts = common.parts()
    if dry_run:
        with parts.database.reading() as session:
            found = due(session, RULES, utc_now())
        if as_json:
            click.echo(json.dumps({"dry_run": True, **{one.kind: one.found for one in found}}))
            return
        for one in found:
            click.echo(f"{one.kind}: {one.found} past {one.days} days" if one.days else f"{one.kind}: kept for good")
        click.echo("Nothing was written.")
        return
    job = next(one for one in DAILY if one.name == JOB)
    done = dict(ledger.do_now(parts, job, utc_now, actor=common.actor()))
    click.echo(json.dumps(done) if as_json else "\n".join(f"{kind}: {count}" for kind, count in done.items()))
