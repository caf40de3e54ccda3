"""Commands that keep what the service holds: a backup, its return, and a look whether all is well."""

import sys
from pathlib import Path

import click

from config import Settings
from mikroserwis.app import make_parts
from mikroserwis.carrying import check as checking
from mikroserwis.carrying.backup import back_up
from mikroserwis.carrying.errors import NotCarried
from mikroserwis.carrying.restore import restore as bring_back
from mikroserwis.commands import common
from mikroserwis.commands.copying import line
from mikroserwis.keys import keep_secret_key, secret_key
from mikroserwis.scheduler import utc_now


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--with-secret-key", is_flag=True, help="Put the secret key in too: keep such a backup locked away.")
def backup(target: Path, with_secret_key: bool) -> None:
    """One archive of database and files, while the service runs. TARGET is a new file, or a folder for it."""
    settings = common.settings()
    parts = make_parts(settings)
    key = secret_key(settings) if with_secret_key else None
    try:
        taken = back_up(parts.database.engine, parts.store, target, now=utc_now(), secret_key=key)
    except NotCarried as error:
        raise click.ClickException(str(error)) from error
    manifest = taken.manifest
    size = sum(manifest.files.values()) / 1_000_000
    click.echo(f"{taken.path}: the database and {len(manifest.files)} files ({size:.1f} MB).")
    if key is None:
        click.echo("The secret key is not in it: keep it elsewhere, or people sign in anew after a restore.")
    for sha256 in manifest.lost:
        click.echo(f"The file {sha256} is lost or damaged in the store, so it is not in the backup.", err=True)
    if manifest.lost:
        sys.exit(1)


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(archive: Path) -> None:
    """Bring ARCHIVE back into the database and the store of the settings: the database must be empty."""
    settings = common.settings()
    parts = make_parts(settings)
    try:
        manifest = bring_back(archive, parts.database.engine, parts.store, told=lambda one: click.echo(line(one)))
    except NotCarried as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored the state of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC with {len(manifest.files)} files.")
    click.echo(_key_kept(settings, manifest.secret_key))
    for sha256 in manifest.lost:
        click.echo(f"The file {sha256} was lost already when the backup was made.", err=True)


def _key_kept(settings: Settings, key: str | None) -> str:
    if key is None:
        return "The secret key was not in it: without the old one people sign in anew."
    if settings.secret_key.get_secret_value():
        return "The settings have a secret key, so the backup's was not used."
    restored = keep_secret_key(settings, key)
    return (
        "The secret key is back."
        if restored
        else "The folder has another secret key, which was left: people sign in anew."
    )


@click.command()
@click.option("--all", "every_file", is_flag=True, help=f"Read every file, not only {checking.SAMPLE} of each kind.")
def check(every_file: bool) -> None:
    """Look whether database, files, deadlines, deliveries and nightly work are as they should be; change nothing."""
    parts, number = make_parts(common.settings()), 0
    for area in checking.check(parts, utc_now(), every_file=every_file):
        click.echo(f"{area.name}: {'fine' if not area.findings else len(area.findings)}")
        for finding in area.findings:
            click.echo(f"  {finding}")
        number += len(area.findings)
    if number:
        sys.exit(1)
