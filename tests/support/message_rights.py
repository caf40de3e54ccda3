"""Who may see messages, choose how events are told, and read what they are told themselves: rows of both matrices."""

from typing import Any

from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import Notification, User
from tests.support.cast import PEOPLE

STAFF = {"operator", "admin", "master"}
ADMIN = {"admin", "master"}
EVERYBODY = set(PEOPLE)
PAGES: dict[tuple[str, str], set[str]] = {
    **{(f"messages.{page}", ""): STAFF for page in ("index", "message", "send_again")},
    ("channels.index", ""): STAFF,
    ("channels.save", ""): ADMIN,
    **{(f"notifications.{page}", ""): EVERYBODY for page in ("index", "mark_all")},
    ("notifications.show", ""): {"alfa"},
    **{("notifications.mark", noun): {"alfa"} for noun in ("reading", "unreading")},
}
OPERATIONS = {
    **dict.fromkeys(("messages", "message", "retry_message", "message_events"), STAFF),
    "choose_channels": ADMIN,
    **dict.fromkeys(("notifications", "read_notifications"), EVERYBODY),
}
OWN = {name: {"alfa"} for name in ("notification", "read_notification", "unread_notification")}
BODIES: dict[str, dict[str, Any]] = {"choose_channels": {}, "read_notifications": {"up_to": 1}}
PAIRS = {
    "/messages/<message_id>/retry": ("POST /messages/<message_id>/retry",),
    "/messages/events": ("PUT /messages/events/<event>",),
    "/notifications/reading": ("POST /notifications/reading",),
    "/notifications/<notification_id>/<noun>": tuple(
        f"POST /notifications/<notification_id>/{noun}" for noun in ("reading", "unreading")
    ),
}


def ids(parts: Parts) -> dict[str, Any]:
    """A notification of Alfa's."""
    with parts.database.reading() as session:
        query = select(Notification.id).join(User, User.id == Notification.user_id)
        found = session.scalars(query.where(User.email == PEOPLE["alfa"].email)).first()
    assert found is not None
    return {"notification_id": found}
