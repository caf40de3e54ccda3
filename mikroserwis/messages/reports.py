"""What became of an SMS, as the gateway tells it: at an address that only it was given."""

import hmac
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.errors import NotFound
from mikroserwis.keys import signature
from mikroserwis.models import Sms
from mikroserwis.sms import FINAL, report_of
from mikroserwis.sms.codes import DELIVERED

_PURPOSE = "sms report"
# The gateway may tell of so many SMS in one call, their values divided by commas.
MOST = 20


def callback_path(idx: str, key: str) -> str:
    """Unguessable: the idx is random, and signed with the service's key."""
    return f"/sms/reports/{idx}/{signature(key, _PURPOSE, idx)}"


def is_ours(idx: str, signed: str, key: str) -> bool:
    return hmac.compare_digest(signed.encode(), signature(key, _PURPOSE, idx).encode())


def take(session: Session, idx: str, told: Mapping[str, str], *, now: datetime) -> None:
    """The report of the SMS with this idx. Raises NotFound: it has another one by now, as it was sent again."""
    row = session.scalars(select(Sms).where(Sms.idx == idx).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(record="sms")
    ids, statuses = (told.get(name, "").split(",")[:MOST] for name in ("MsgId", "status"))
    for gateway_id, status in zip(ids, statuses, strict=False):
        report = report_of(status)
        if report is None or not _is_id(gateway_id) or row.gateway_id not in {None, gateway_id}:
            continue
        # An answer that was lost has left us without it.
        row.gateway_id = gateway_id
        note(row, report, now)


def note(row: Sms, report: str, now: datetime) -> None:
    """The newest word on it; what has arrived has arrived, and after the end nothing is on its way again."""
    if row.report not in FINAL or (report in FINAL and row.report != DELIVERED):
        row.report, row.reported_at = report, now
    if row.report in FINAL:
        row.look_at = None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) <= 64
