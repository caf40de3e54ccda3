"""Sweep away what nobody needs: ended sessions, old forms, counts and imports, cut-off uploads.

What is kept for people to read goes by the rules of `consents.retention` alone.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute

from mikroserwis.db import Database
from mikroserwis.edge import Parts
from mikroserwis.models import ClientMinute, CountedRequest, HalfSignIn, Submission, UserSession
from mikroserwis.sweeps import webhook_states
from mikroserwis.sweeps.imports import forget_old
from mikroserwis.tickets.operations.list_exports import shelf

SUBMISSIONS = timedelta(days=30)
# Longer than any limit looks back.
COUNTED = timedelta(days=1)
UPLOADS = timedelta(days=1)
# So many rows a transaction: people write in between.
BATCH = 2000


def tidy(parts: Parts, now: datetime) -> dict[str, int]:
    """How many of each were removed."""
    database = parts.database
    return {
        "sessions": _remove(database, UserSession.token_hash, UserSession.expires_at, now)
        + _remove(database, HalfSignIn.token_hash, HalfSignIn.expires_at, now),
        "submissions": _remove(database, Submission.key, Submission.at, now - SUBMISSIONS),
        "sign_ins": _remove(database, CountedRequest.id, CountedRequest.at, now - COUNTED)
        + _remove(database, ClientMinute.minute, ClientMinute.minute, now - COUNTED),
        "webhooks": webhook_states.forget_old(database, now),
        "imports": forget_old(parts, now),
        "uploads": parts.store.sweep_temporary(older_than=UPLOADS, now=now),
        "exports": shelf(parts.settings).sweep_temporary(older_than=UPLOADS, now=now),
    }


def _remove(
    database: Database, key: InstrumentedAttribute[Any], moment: InstrumentedAttribute[Any], before: datetime
) -> int:
    """Rows whose moment lies before."""
    removed = 0
    while True:
        with database.transaction() as session:
            old = select(key).where(moment < before).limit(BATCH)
            gone: int = session.execute(delete(key.class_).where(key.in_(old))).rowcount  # type: ignore[attr-defined]
        removed += gone
        if gone < BATCH:
            return removed
