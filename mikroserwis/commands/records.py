"""Commands that change records: tickets from a file."""

from pathlib import Path
from typing import BinaryIO

import click

from mikroserwis.commands import common
from mikroserwis.errors import FieldError
from mikroserwis.i18n import speaking
from mikroserwis.scheduler import utc_now
from mikroserwis.tickets.importing.table import RowError
from mikroserwis.tickets.operations.imports import Report, import_file
from mikroserwis.tickets.wording import field_sentence


@click.group("import")
def import_() -> None:
    """Records from a file."""


@import_.command("tickets")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only check; write nothing.")
def import_tickets(file: BinaryIO, dry_run: bool) -> None:
    """Tickets from FILE (.xlsx or .csv): all of them, or none and every bad row with line, column and reason."""
    with common.parts().database.session(write=True) as session:
        report = import_file(session, Path(file.name).name, file, actor=common.actor(), now=utc_now(), dry_run=dry_run)
        if report.errors or dry_run:
            session.rollback()
        else:
            session.commit()
    if report.errors:
        _complain(report, file.name)
        raise click.exceptions.Exit(1)
    new, changed = ("would be new", "would change") if dry_run else ("are new", "have changed")
    click.echo(
        f"{report.created} tickets with {report.subtickets} sub-tickets {new}, {report.updated} {changed}, "
        f"{report.unchanged} were known already."
    )


def _complain(report: Report, name: str) -> None:
    with speaking("en"):
        for error in report.errors:
            click.echo(f"{name}: {_described(error)}", err=True)
    click.echo(f"{len(report.errors)} errors; nothing was imported.", err=True)


def _described(error: RowError) -> str:
    place = f"line {error.line}, {error.column}" if error.column else f"line {error.line}"
    sentence = field_sentence(FieldError(error.column, error.code, error.params))
    return f"{place}: {sentence}"
