"""Somebody on whose behalf work is done when they don't ask themselves any more."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.access.actor import Actor
from mikroserwis.models import Dealer, User


def on_behalf_of(session: Session, user_id: int, source: str) -> Actor | None:
    """The person with the rights of this moment; None once the account is out of use."""
    query = select(User, Dealer.name).outerjoin(Dealer, Dealer.id == User.dealer_id)
    row = session.execute(query.where(User.id == user_id, User.active)).one_or_none()
    if row is None:
        return None
    user, dealer = row
    return Actor(
        user_id=user.id,
        name=user.name,
        role=user.role,
        dealer_id=user.dealer_id,
        dealer_name=dealer or "",
        language=user.language,
        source=source,
        reading=user.reading,
    )
