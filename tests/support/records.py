"""Records of the slices around the tickets, for tests that only need one to be there."""

from datetime import UTC, datetime

from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import SavedView, User
from tests.support.cast import PEOPLE


def a_view(parts: Parts, who: str = "alfa") -> int:
    """The id of a view that this person keeps."""
    with parts.database.transaction() as session:
        user_id = session.scalars(select(User.id).where(User.email == PEOPLE[who].email)).one()
        view = SavedView(user_id=user_id, name="Pula", name_key="pula", query="view=pool", created_at=datetime.now(UTC))
        session.add(view)
        session.flush()
        return view.id
