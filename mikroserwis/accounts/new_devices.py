"""A sign-in from where the person never signed in before is told by mail: whoever wasn't it has to know."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.accounts import second_factor_mails
from mikroserwis.accounts.abuse import OK
from mikroserwis.accounts.devices import device_words
from mikroserwis.models import SignIn, User

# Whoever comes back after so long is told as well.
REMEMBERED = timedelta(days=180)


def tell(session: Session, user: User, attempt: SignIn, *, now: datetime) -> None:
    """After a sign-in of a browser without this account's mark; the very first one is the person's own."""
    before = select(SignIn.device, SignIn.network).where(
        SignIn.user_id == user.id, SignIn.result == OK, SignIn.id != attempt.id, SignIn.at > now - REMEMBERED
    )
    known = session.execute(before).all()
    device = device_words(attempt.device)
    # A browser that forgets its cookies at home or at work is no news each morning.
    if not known or any((device_words(one.device), one.network) == (device, attempt.network) for one in known):
        return
    second_factor_mails.new_device(session, user, attempt, now=now)
