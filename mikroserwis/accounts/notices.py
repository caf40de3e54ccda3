"""Mails about an account, to the person whose it is."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from mikroserwis.accounts.links import ACTIVATE
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import say_moment, speaking
from mikroserwis.models import AccountLink, User
from mikroserwis.posting import HIDDEN, Recipient, post
from mikroserwis.rulebook import RULES

ACTIVATION, RECOVERY = "account_activation", "account_recovery"
PASSWORD, ADDRESS = "password_changed", "address_changed"


def link_sent(session: Session, user: User, link: AccountLink, *, now: datetime) -> None:
    """The way to a first password, or to a new one; what is kept of the mail doesn't show its secret."""
    event = ACTIVATION if link.purpose == ACTIVATE else RECOVERY

    def body() -> tuple[str, str]:
        said = {
            "name": user.name,
            "until": say_moment(link.expires_at, RULES.tz, "medium"),
            "url": f"{_base(session)}/account/links/{HIDDEN}",
            "email": user.email,
        }
        if link.purpose == ACTIVATE:
            return _("Your account in Mikroserwis"), _(
                "Good day, %(name)s,\n\nan account in Mikroserwis has been made for you. Choose your password here, "
                "until %(until)s:\n\n%(url)s\n\nYou then sign in with this address: %(email)s",
                **said,
            )
        return _("A new password for Mikroserwis"), _(
            "Good day, %(name)s,\n\na new password has been asked for, for the account %(email)s. Choose it here, "
            "until %(until)s:\n\n%(url)s\n\nThe present one stays until then. If you haven't asked for it, there is "
            "nothing to do.",
            **said,
        )

    _tell(session, user, event, user.email, body, now=now, link=link.id)


def password_changed(session: Session, user: User, *, now: datetime) -> None:
    """Whoever didn't do it has to know."""

    def body() -> tuple[str, str]:
        return _("Your password has been changed"), _(
            "Good day, %(name)s,\n\nthe password of your account in Mikroserwis has been changed (%(at)s).\n\n"
            "If it wasn't you, ask for a new one at once: %(url)s",
            name=user.name,
            at=say_moment(now, RULES.tz, "medium"),
            url=f"{_base(session)}/account/forgotten",
        )

    _tell(session, user, PASSWORD, user.email, body, now=now)


def address_changed(session: Session, user: User, former: str, *, now: datetime) -> None:
    """To the former address: the new one can't tell whether its owner wanted it."""

    def body() -> tuple[str, str]:
        return _("The address of your account has been changed"), _(
            "Good day, %(name)s,\n\nyour account in Mikroserwis has a new e-mail address: %(email)s. You sign in with "
            "it from now on.\n\nIf it isn't yours, call the back office: %(hotline)s",
            name=user.name,
            email=user.email,
            hotline=RULES.contacts.hotline,
        )

    _tell(session, user, ADDRESS, former, body, now=now)


def _tell(
    session: Session,
    user: User,
    event: str,
    address: str,
    body: Callable[[], tuple[str, str]],
    *,
    now: datetime,
    link: int | None = None,
) -> None:
    session.flush()
    with speaking(user.language):
        subject, text = body()
    key = f"mail:{event}:{user.id}:{uuid4().hex}"
    post(session, Recipient(address, user.language), event, subject, text, key=key, now=now, link=link)


def _base(session: Session) -> str:
    return str(session.info.get("base_url", ""))
