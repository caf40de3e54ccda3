"""What a person is told by mail about signing in: whoever didn't do it has to know."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from mikroserwis import telling
from mikroserwis.accounts.devices import device_words
from mikroserwis.i18n import ngettext, say_moment, speaking
from mikroserwis.models import SignIn, User
from mikroserwis.posting import post, to
from mikroserwis.rulebook import RULES


def switched_on(session: Session, user: User, *, now: datetime) -> None:
    _post(session, user, "second_factor_on", now=now)


def switched_off(session: Session, user: User, *, now: datetime) -> None:
    _post(session, user, "second_factor_off", now=now)


def was_reset(session: Session, user: User, *, now: datetime) -> None:
    _post(session, user, "second_factor_reset", now=now)


def recovery_used(session: Session, user: User, left: int, *, now: datetime) -> None:
    with speaking(user.reading):
        kept = ngettext("You have %(n)s unused code.", "You have %(n)s unused codes.", left)
    _post(session, user, "second_factor_recovery", now=now, left=kept)


def codes_guessed(session: Session, user: User, *, now: datetime) -> None:
    """Only who has the password gets as far as a wrong code."""
    _post(session, user, "second_factor_guessed", now=now)


def new_device(session: Session, user: User, attempt: SignIn, *, now: datetime) -> None:
    with speaking(user.reading):
        device = device_words(attempt.device)
    _post(session, user, "new_device", now=now, device=device, address=attempt.address)


def _post(session: Session, user: User, event: str, *, now: datetime, **said: str) -> None:
    with speaking(user.reading):
        values = {
            "name": user.name,
            "at": say_moment(now, RULES.tz),
            "hotline": RULES.contacts.hotline,
            "url": f"{session.info.get('base_url', '')}/account",
            **said,
        }
        told = telling.render(session, event, telling.EMAIL, values)
    key = f"mail:{event}:{user.id}:{uuid4().hex}"
    post(session, to(user), event, told.subject, told.body, key=key, now=now, values=values)
