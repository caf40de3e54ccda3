"""What a person is told by mail about the second factor: whoever didn't do it has to know."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext, say_moment, speaking
from mikroserwis.models import User
from mikroserwis.posting import Recipient, post
from mikroserwis.rulebook import RULES


def switched_on(session: Session, user: User, *, now: datetime) -> None:
    with speaking(user.language):
        subject = _("Signing in now asks for a code too")
        text = _(
            "From %(at)s on your account in Mikroserwis asks for a code of your app after the password.", at=_at(now)
        )
        _post(session, user, "second_factor_on", subject, text, now=now)


def switched_off(session: Session, user: User, *, now: datetime) -> None:
    with speaking(user.language):
        subject = _("Signing in asks for the password alone again")
        text = _("The second step of signing in to your account in Mikroserwis was switched off (%(at)s).", at=_at(now))
        _post(session, user, "second_factor_off", subject, text, now=now)


def was_reset(session: Session, user: User, *, now: datetime) -> None:
    with speaking(user.language):
        subject = _("Your second step was taken off by the office")
        text = _(
            "The office took the second step off your account in Mikroserwis, as for a lost phone (%(at)s). "
            "You have been signed out everywhere. Sign in with your password and set up the step anew.",
            at=_at(now),
        )
        _post(session, user, "second_factor_reset", subject, text, now=now)


def recovery_used(session: Session, user: User, left: int, *, now: datetime) -> None:
    with speaking(user.language):
        subject = _("A recovery code has been used")
        text = _("A recovery code of your account in Mikroserwis was used (%(at)s).", at=_at(now))
        kept = ngettext("You have %(n)s unused code.", "You have %(n)s unused codes.", left)
        _post(session, user, "second_factor_recovery", subject, f"{text} {kept}", now=now)


def codes_guessed(session: Session, user: User, *, now: datetime) -> None:
    """Only who has the password gets as far as a wrong code."""
    with speaking(user.language):
        subject = _("Somebody knows your password")
        text = _(
            "Your password was typed correctly, then several wrong codes (%(at)s). Nobody has come in. "
            "Unless it was you, change your password now.",
            at=_at(now),
        )
        _post(session, user, "second_factor_guessed", subject, text, now=now)


def _post(session: Session, user: User, event: str, subject: str, text: str, *, now: datetime) -> None:
    greeting = _("Good day, %(name)s,", name=user.name)
    hint = _("If it wasn't you, change your password and call the hotline: %(phone)s.", phone=RULES.contacts.hotline)
    body = f"{greeting}\n\n{text}\n\n{hint}\n\n{session.info.get('base_url', '')}/account"
    key = f"mail:{event}:{user.id}:{uuid4().hex}"
    post(session, Recipient(user.email, user.language), event, subject, body, key=key, now=now)


def _at(now: datetime) -> str:
    return say_moment(now, RULES.tz)
