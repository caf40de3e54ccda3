"""The command line: `mikroserwis [--data DIR] COMMAND`. Expected errors are one line and an exit code."""

import logging
import os
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from mikroserwis.commands import audit, backup, copying, people, records, retention, running, sla, sweep
from mikroserwis.commands.common import log_to_stderr
from mikroserwis.service import Unready
from mikroserwis.storage import StorageError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the embedded default: database, files. [default: MIKROSERWIS_DATA or var/data]",
)
def cli(data: Path | None) -> None:
    """Mikroserwis: installation tickets for dealers."""


for command in (
    running.serve,
    running.scheduler,
    running.migrate,
    running.sandbox,
    running.sms_sandbox,
    running.demo,
    people.token,
    records.import_,
    people.user,
    sla.sla,
    sweep.sweep,
    audit.audit,
    retention.retention,
    copying.copy,
    backup.backup,
    backup.restore,
    backup.check,
):
    cli.add_command(command)


def main() -> int:
    """Returns the exit code."""
    # The data folder may have been made by somebody who let others in: what we write there is ours alone.
    os.umask(0o077)
    log_to_stderr(logging.INFO)
    try:
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except DBAPIError as error:
        click.echo(f"Error: the database: {str(error.orig).splitlines()[0]}", err=True)
        return 1
    except (Unready, StorageError) as error:
        click.echo(f"Error: {error}", err=True)
        return 1
    except OSError as error:
        click.echo(f"Error: {error}", err=True)
        return 1
    return code if isinstance(code, int) else 0
