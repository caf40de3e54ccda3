"""Who may see and write texts, page and API."""

from datetime import UTC, datetime
from typing import Any

from mikroserwis.edge import Parts
from mikroserwis.models import MessageText

STAFF = {"operator", "admin", "master"}
ADMIN = {"admin", "master"}
PAGES: dict[tuple[str, str], set[str]] = {
    **{(f"texts.{page}", ""): STAFF for page in ("index", "text")},
    **{(f"texts.{act}", ""): ADMIN for act in ("save", "send_trial", "restore", "bring_back")},
}
OPERATIONS = {
    **dict.fromkeys(("texts", "text", "text_versions"), STAFF),
    **dict.fromkeys(("change_text", "restore_text", "bring_text_back", "preview_text", "send_text_trial"), ADMIN),
}
BODIES: dict[str, dict[str, Any]] = {
    name: {} for name in ("change_text", "bring_text_back", "preview_text", "send_text_trial")
}
SAMPLES = {"event": "offered", "channel": "email", "language": "pl", "text_number": 1}
_TEXT = "/texts/<event>/<channel>/<language>"
PAIRS = {
    _TEXT: (f"PUT {_TEXT}", f"POST {_TEXT}/preview"),
    f"{_TEXT}/test": (f"POST {_TEXT}/test",),
    f"{_TEXT}/shipped": (f"DELETE {_TEXT}",),
    f"{_TEXT}/versions/<text_number>/in-force": (f"POST {_TEXT}/versions/<text_number>/in-force",),
}


def ids(parts: Parts) -> dict[str, Any]:
    """A text that the office wrote, its first version."""
    slot = {name: value for name, value in SAMPLES.items() if name != "text_number"}
    with parts.database.transaction() as session:
        said = {"subject": "Zgłoszenie", "body": "{{ news }} {{ facts }}", "created_by": "Adam Administrator"}
        session.add(MessageText(**slot, **said, number=1, in_force=True, created_at=datetime.now(UTC)))
    return SAMPLES
