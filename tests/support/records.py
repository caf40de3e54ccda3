"""Records of the slices around the tickets, for tests that only need one to be there."""

import io
from datetime import UTC, datetime

from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import Material, SavedView, User
from tests.support.cast import PEOPLE
from tests.support.way import plain_page


def a_view(parts: Parts, who: str = "alfa") -> int:
    """The id of a view that this person keeps."""
    with parts.database.transaction() as session:
        user_id = session.scalars(select(User.id).where(User.email == PEOPLE[who].email)).one()
        view = SavedView(user_id=user_id, name="Pula", name_key="pula", query="view=pool", created_at=datetime.now(UTC))
        session.add(view)
        session.flush()
        return view.id


def a_material(parts: Parts) -> int:
    """The id of a published PDF for every type of ticket."""
    page, now = plain_page(), datetime.now(UTC)
    stored = parts.store.put(io.BytesIO(page), limit=len(page))
    file = {"file_name": "kurs.pdf", "sha256": stored.sha256, "size": stored.size, "pages": 1}
    with parts.database.transaction() as session:
        material = Material(kind="pdf", title="Kurs", **file, created_at=now, created_by="Olga", renewed_at=now)
        session.add(material)
        session.flush()
        return material.id
