"""Commands that change records: tokens, accounts, tickets from a file."""

import getpass
import sys
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mikroserwis import history
from mikroserwis.access import ROLES, Actor
from mikroserwis.accounts.operations import find_user, fold_name, hash_password, issue_token
from mikroserwis.commands import common
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.i18n import speaking
from mikroserwis.models import Dealer, User
from mikroserwis.scheduler import utc_now
from mikroserwis.tickets import forms
from mikroserwis.tickets.operations.imports import Report, RowError, import_file
from mikroserwis.tickets.wording import field_sentence

SHORTEST_PASSWORD = 10


def _actor() -> Actor:
    """Whoever sits at the machine, by the system's own name for them."""
    return Actor(user_id=None, name=f"{getpass.getuser()} (CLI)", role="system", source="cli")


@click.command()
@click.argument("email")
@click.option("--name", default="CLI", show_default=True, help="What the token is for.")
def token(email: str, name: str) -> None:
    """Print a new personal API token of the account EMAIL; it can't be shown again."""
    with common.parts().database.transaction() as session:
        user = find_user(session, email)
        if user is None or not user.active:
            raise click.ClickException(f"There is no active account {email}.")
        secret = issue_token(session, user, name[:100], utc_now())
    click.echo(secret)


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Name and surname.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--dealer", type=int, help="The dealer's CRM id, for the role dealer.")
@click.option("--language", type=click.Choice(["pl", "en"]), default="pl", show_default=True)
def add_user(email: str, name: str, role: str, dealer: int | None, language: str) -> None:
    """Add the account EMAIL. The password is asked for, or read from standard input: never an argument."""
    if (role == "dealer") != (dealer is not None):
        raise click.ClickException("--dealer CRM_ID goes with --role dealer, and only with it.")
    address = _email(email)
    password_hash = hash_password(_password())
    now = utc_now()
    try:
        with common.parts().database.transaction() as session:
            dealer_id = session.scalar(select(Dealer.id).where(Dealer.crm_id == dealer)) if dealer else None
            if dealer and dealer_id is None:
                raise click.ClickException(f"There is no dealer with the CRM id {dealer}.")
            added = User(
                email=address,
                name=name.strip()[:200],
                role=role,
                dealer_id=dealer_id,
                password_hash=password_hash,
                language=language,
                created_at=now,
            )
            session.add(added)
            session.flush()
            history.record(session, "user_add", actor=_actor(), now=now, user=added, role=role)
    except IntegrityError as error:
        raise click.ClickException(f"There is an account {address} already.") from error
    click.echo(f"Added {address}.")


def _email(text: str) -> str:
    try:
        return fold_name(forms.company({"email": text}, required=("email",))["email"])
    except Invalid as error:
        raise click.ClickException(f"{text!r} is not an e-mail address.") from error


def _password() -> str:
    if sys.stdin.isatty():
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    if len(password) < SHORTEST_PASSWORD:
        raise click.ClickException(f"A password has at least {SHORTEST_PASSWORD} characters.")
    return password


@click.group("import")
def import_() -> None:
    """Records from a file."""


@import_.command("tickets")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only check; write nothing.")
def import_tickets(file: BinaryIO, dry_run: bool) -> None:
    """Tickets from FILE (.xlsx or .csv): all of them, or none and every bad row with line, column and reason."""
    with common.parts().database.session(write=True) as session:
        report = import_file(session, Path(file.name).name, file, actor=_actor(), now=utc_now())
        if report.errors or dry_run:
            session.rollback()
        else:
            session.commit()
    if report.errors:
        _complain(report, file.name)
        raise click.exceptions.Exit(1)
    done = "would be new" if dry_run else "are new"
    click.echo(
        f"{report.created} tickets with {report.subtickets} sub-tickets {done}, {report.unchanged} were known already."
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
