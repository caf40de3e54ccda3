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
# The newest so many are looked through.
MOST = 500


def tell(session: Session, user: User, attempt: SignIn, *, now: datetime) -> None:
    """After a sign-in of a browser without this account's mark; the very first one is the person's own."""
    before = select(SignIn.device, SignIn.network, SignIn.at).where(
        SignIn.user_id == user.id, SignIn.result == OK, SignIn.id != attempt.id
    )
    earlier = session.execute(before.order_by(SignIn.id.desc()).limit(MOST)).all()
    here = (device_words(attempt.device), attempt.network)
    # A browser that forgets its cookies at home or at work is no news each morning.
    known = {(device_words(one.device), one.network) for one in earlier if one.at > now - REMEMBERED}
    if not earlier or here in known:
        return
    second_factor_mails.new_device(session, user, attempt, now=now)
