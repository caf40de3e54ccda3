"""Each night what is kept no longer goes, rule after rule, some rows in a transaction with the count of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Delete, Update, delete, select, update

from mikroserwis.consents.retention import RULES as KINDS
from mikroserwis.consents.retention import some
from mikroserwis.edge import Parts
from mikroserwis.models import Anonymised, File, Material, PaperForm, RetiredPicture, User, UserPicture
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps.ledger import Run

JOB = "retention"
# Rows a transaction; of persons fewer, as each is looked for in the whole history.
AT_ONCE, PERSONS = 500, 5
_OF_PERSONS = frozenset({"closed_accounts", "unused_accounts", "removed_contacts", "contacts"})


@dataclass
class Tally:
    """How many of each kind went; `kept_back` are persons on whom something still depends."""

    sign_ins: int = 0
    mail_texts: int = 0
    notifications: int = 0
    requests: int = 0
    closed_accounts: int = 0
    unused_accounts: int = 0
    removed_contacts: int = 0
    contacts: int = 0
    kept_back: int = 0
    pictures: int = 0


def work(parts: Parts, run: Run) -> Mapping[str, Any]:
    """Killed in between, the next process goes on with what is left and the same count."""
    tally, days = run.resumed(Tally), RULES.retention.days()
    tally.kept_back = 0
    for kind, rule in KINDS.items():
        after, most = 0, PERSONS if kind in _OF_PERSONS else AT_ONCE
        while kind in days:
            with parts.database.transaction() as session:
                ids = some(session, rule, run.started_at - timedelta(days=days[kind]), after, most)
                done = rule.apply(session, ids, run.started_at)
                setattr(tally, kind, getattr(tally, kind) + done.gone)
                tally.kept_back += done.kept_back
                run.note(session, asdict(tally))
            if len(ids) < most:
                break
            after = ids[-1]
    tally.pictures += _forget_pictures(parts)
    return asdict(tally)


def _forget_pictures(parts: Parts) -> int:
    """Of anonymised persons and removed accounts, and former ones; the bytes stay where another record has the same."""
    with parts.database.reading() as session:
        anonymous = session.execute(select(Anonymised.id, Anonymised.picture).where(Anonymised.picture.is_not(None)))
        closed = select(UserPicture.user_id, UserPicture.sha256).join(User, User.id == UserPicture.user_id)
        waiting: list[tuple[Update | Delete, str]] = [
            (update(Anonymised).where(Anonymised.id == id_).values(picture=None), str(sha256))
            for id_, sha256 in anonymous
        ]
        waiting += [
            (delete(UserPicture).where(UserPicture.user_id == user_id), sha256)
            for user_id, sha256 in session.execute(closed.where(User.removed_at.is_not(None)))
        ]
        waiting += [
            (delete(RetiredPicture).where(RetiredPicture.id == id_), sha256)
            for id_, sha256 in session.execute(select(RetiredPicture.id, RetiredPicture.sha256))
        ]
    removed = 0
    for forget, sha256 in waiting:
        with parts.database.transaction() as session:
            session.execute(forget)
            kinds = (UserPicture, File, Material, PaperForm)
            if not any(session.scalar(select(1).where(kind.sha256 == sha256).limit(1)) for kind in kinds):
                parts.store.remove(sha256)
                removed += 1
    return removed
