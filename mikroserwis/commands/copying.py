"""The command that carries the service to another database, or its files to another store."""

import sys

import click
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError

from config import Settings
from config.settings import PREFIX
from mikroserwis import storage
from mikroserwis.carrying import files, rows
from mikroserwis.carrying.errors import NotCarried
from mikroserwis.commands import common
from mikroserwis.db import make_engine

SHELVES = ("files", "imports", "exports")


@click.command()
@click.option("--from", "source", envvar=f"{PREFIX}COPY_FROM", help="Database to read. [default: the service's own]")
@click.option("--to", "target", envvar=f"{PREFIX}COPY_TO", help="Database to fill: migrated, and empty.")
@click.option(
    "--files",
    "direction",
    type=click.Choice(["to-s3", "from-s3"]),
    help="Carry the files from the data folder to the bucket of the settings, or back.",
)
def copy(source: str | None, target: str | None, direction: str | None) -> None:
    """Carry all data to another database, all files to another store, or both; counted and compared.

    Databases are SQLAlchemy addresses: sqlite:///FILE, postgresql+psycopg://USER@HOST/NAME. An address with a password
    is better given in MIKROSERWIS_COPY_FROM and MIKROSERWIS_COPY_TO. Stop the service first: what is written to the
    source meanwhile stays behind. A database is filled whole or not at all; files go on where they were cut off.
    """
    found = common.settings()
    if target is None and direction is None:
        raise click.UsageError("Say where to: --to DATABASE, --files to-s3, or both.")
    if direction is not None:
        _copy_files(found, direction)
    if target is not None:
        _copy_rows(_engine(source or found.database), _engine(target))


def _engine(address: str) -> Engine:
    try:
        return make_engine(address)
    except (ArgumentError, ImportError) as error:
        raise click.ClickException(f"Not the address of a database: {str(error).splitlines()[0]}") from error


def _copy_rows(source: Engine, target: Engine) -> None:
    try:
        done = rows.copy(source, target, lambda one: click.echo(line(one)))
    except NotCarried as error:
        raise click.ClickException(str(error)) from error
    finally:
        source.dispose()
        target.dispose()
    click.echo(f"{len(done)} tables with {sum(one.content.rows for one in done)} rows were copied and compared.")


def line(carried: rows.Carried) -> str:
    """What a table holds on both sides."""
    return f"{carried.table:<24} {carried.content.rows:>10} rows  {carried.content.short}"


def _copy_files(settings: Settings, direction: str) -> None:
    if not settings.s3_bucket:
        raise click.ClickException(f"No bucket is set: {PREFIX}S3_BUCKET.")
    storage.require_bucket(settings)
    lost = 0
    for shelf in SHELVES:
        ends = (storage.in_folder(settings, shelf), storage.in_bucket(settings, shelf))
        source, target = ends if direction == "to-s3" else reversed(ends)
        found = files.copy(source, target)
        click.echo(f"{shelf}: {found.carried} files were copied and compared, {found.present} were there already.")
        for sha256 in found.lost:
            click.echo(f"{shelf}: {sha256} is damaged at its source, and was not copied.", err=True)
        lost += len(found.lost)
    if lost:
        sys.exit(1)
