"""How often one network may use links that need nobody signed in."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis.errors import TooMany
from mikroserwis.models import CountedRequest
from mikroserwis.models.accounts import network_of

KIND = "unsubscribe"
# A mail service may press for many of its readers from one address.
MOST, SPAN = 60, timedelta(hours=1)


def check(session: Session, address: str, now: datetime) -> None:
    """Counts a request. Raises TooMany; what isn't committed isn't counted."""
    network = network_of(address)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{KIND} {network}"))))
    mine = (CountedRequest.kind == KIND, CountedRequest.network == network, CountedRequest.at > now - SPAN)
    count, first = session.execute(select(func.count(), func.min(CountedRequest.at)).where(*mine)).one()
    if count >= MOST:
        raise TooMany("too_many_attempts", seconds=max((first + SPAN - now).total_seconds(), 1))
    session.add(CountedRequest(at=now, kind=KIND, key="", network=network))
    session.flush()
