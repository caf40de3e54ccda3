"""Commands about deadlines."""

import json

import click

from mikroserwis.commands import common
from mikroserwis.scheduler import utc_now
from mikroserwis.sweeps.recompute import Report, batches
from sla import Stage


@click.group()
def sla() -> None:
    """Deadlines."""


@sla.command()
@click.option("--dry-run", is_flag=True, help="Only compare; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one object.")
def recompute(dry_run: bool, as_json: bool) -> None:
    """Compute all open tickets' deadlines anew, as after a change of the rules.

    They are computed from the history under the present rules. Prints how many moved; each is told in its history.
    """
    report, database = Report(), common.parts().database
    for last, found in batches(database, utc_now(), actor=common.actor(), dry_run=dry_run):
        report.add(last, found)
    click.echo(json.dumps({"dry_run": dry_run, **vars(report)}) if as_json else _in_words(report, dry_run=dry_run))


def _in_words(report: Report, *, dry_run: bool) -> str:
    moved, mended = ("would move", "would be mended") if dry_run else ("have moved", "were mended")
    lines = [f"{report.examined} open tickets examined: {report.moved} deadlines {moved}."]
    lines += [
        f"  {stage}: {report.earlier.get(stage, 0)} earlier, {report.later.get(stage, 0)} later"
        for stage in Stage
        if stage in report.earlier or stage in report.later
    ]
    if report.mended:
        lines.append(f"  {report.mended} tickets {mended} in later stages or warnings only.")
    if report.skipped:
        lines.append(f"  {report.skipped} tickets were left out: the rules don't know their type, or the log says why.")
    return "\n".join(lines)
