"""Commands for accounts: made, put out of use and back, with their passwords and tokens."""

import sys
from collections.abc import Sequence

import click
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mikroserwis import companies, history
from mikroserwis.access import ROLES
from mikroserwis.accounts import passwords, people, second_factor, wording
from mikroserwis.accounts.operations import end_access, find_user, fold_name, hash_password, issue_token
from mikroserwis.accounts.recovering import about_person
from mikroserwis.clients.scopes import SCOPES
from mikroserwis.commands import common
from mikroserwis.errors import Invalid, Refused
from mikroserwis.i18n import LANGUAGES, SOURCE, speaking
from mikroserwis.models import Dealer, User
from mikroserwis.scheduler import utc_now


@click.command()
@click.argument("email")
@click.option("--name", default="CLI", show_default=True, help="What the token is for.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(list(SCOPES)), help="Limits it; can be repeated.")
def token(email: str, name: str, scopes: tuple[str, ...]) -> None:
    """Print a new personal API token of the account EMAIL; it can't be shown again."""
    with common.parts().database.transaction() as session:
        user = find_user(session, email)
        if user is None or not user.active:
            raise click.ClickException(f"There is no active account {email}.")
        secret = issue_token(session, user, name[:100], utc_now(), scopes or None)
    click.echo(secret)


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Name and surname.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--dealer", type=int, help="The dealer's CRM id, for the role dealer.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="pl", show_default=True)
def add_user(email: str, name: str, role: str, dealer: int | None, language: str) -> None:
    """Add the account EMAIL. The password is asked for, or read from standard input: never an argument."""
    if (role == "dealer") != (dealer is not None):
        raise click.ClickException("--dealer CRM_ID goes with --role dealer, and only with it.")
    address, parts, now = _email(email), common.parts(), utc_now()
    with parts.database.reading() as reading:
        dealer_id, company = _dealer(reading, dealer)
    password_hash = hash_password(_password([name, address, *([company] if company else [])]))
    try:
        with parts.database.transaction() as session:
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
            history.record(session, "user_add", actor=common.actor(), now=now, user=added, role=role)
    except IntegrityError as error:
        raise click.ClickException(f"There is an account {address} already.") from error
    click.echo(f"Added {address}.")


@user.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Put the account EMAIL out of use: its sessions, tokens and links end at once, its history stays."""
    with common.parts().database.transaction() as session:
        found = _account(session, email)
        if not found.active:
            click.echo(f"{found.email} is deactivated already.")
            return
        try:
            people.switch(session, found, active=False, actor=common.actor(), now=utc_now())
        except Refused as error:
            with speaking(SOURCE):
                raise click.ClickException(" ".join(_said(error))) from error
    click.echo(f"Deactivated {found.email}: its sessions and tokens have ended.")


@user.command()
@click.argument("email")
def activate(email: str) -> None:
    """Let the account EMAIL sign in again; its old tokens and links stay ended."""
    with common.parts().database.transaction() as session:
        found = _account(session, email)
        if found.active:
            click.echo(f"{found.email} is active already.")
            return
        people.switch(session, found, active=True, actor=common.actor(), now=utc_now())
    click.echo(f"Activated {found.email}.")


@user.command()
@click.argument("email")
def password(email: str) -> None:
    """Give the account EMAIL a new password, asked for as with add; its sessions, tokens and links end at once.

    Its owner is told by mail.
    """
    parts, now = common.parts(), utc_now()
    with parts.database.reading() as reading:
        about = about_person(reading, _account(reading, email))
    password_hash = hash_password(_password(about))
    with parts.database.transaction() as session:
        found = _account(session, email)
        people.set_password(session, found, password_hash, actor=common.actor(), now=now)
        # On their page people keep their programs' tokens; from here it is done because somebody else may have them.
        end_access(session, found, now)
    click.echo(f"{found.email} has a new password: its sessions and tokens have ended.")


@user.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Let the account EMAIL sign in by its password alone, as for a lost phone; its sessions end at once."""
    with common.parts().database.transaction() as session:
        found = _account(session, email)
        was_on = second_factor.is_on(session, found.id)
        second_factor.reset(session, found, actor=common.actor(), now=utc_now())
    click.echo(f"{found.email} signs in by password alone{': its sessions have ended' if was_on else ' already'}.")


def _account(session: Session, email: str) -> User:
    found = find_user(session, email)
    if found is None or found.removed_at is not None:
        raise click.ClickException(f"There is no account {email}.")
    return found


def _said(error: Refused) -> list[str]:
    return [wording.blocker_sentence(one.code, one.params) for one in error.blockers]


def _dealer(session: Session, crm_id: int | None) -> tuple[int | None, str | None]:
    """The dealer's id and name; none without a dealer."""
    if crm_id is None:
        return None, None
    found = session.execute(select(Dealer.id, Dealer.name).where(Dealer.crm_id == crm_id)).one_or_none()
    if found is None:
        raise click.ClickException(f"There is no dealer with the CRM id {crm_id}.")
    return found.id, found.name


def _email(text: str) -> str:
    try:
        return fold_name(companies.company({"email": text}, required=("email",))["email"])
    except Invalid as error:
        raise click.ClickException(f"{text!r} is not an e-mail address.") from error


def _password(about: Sequence[str]) -> str:
    """As good as the page wants it, where `about` is known of its owner."""
    if sys.stdin.isatty():
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    with speaking(SOURCE):
        wrong = [passwords.field_sentence(one.code, one.params) for one in passwords.check(password, about)]
    if wrong:
        raise click.ClickException(" ".join(wrong))
    return password
