"""The audit as XLSX: what the page's filters let through, at most queries.BOUND rows."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Response, send_file
from sqlalchemy.orm import Session

from exports.sheets import Column, write_list
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import mirrored
from mikroserwis.models import Event
from mikroserwis.pricing import today
from mikroserwis.rulebook import RULES
from mikroserwis.supervision.audit import queries
from mikroserwis.supervision.audit.presenting import changed
from mikroserwis.supervision.audit.queries import Wanted
from mikroserwis.supervision.audit.wording import SOURCES, field_label, said, sentence, value_words
from mikroserwis.tickets.sheet import XLSX

_IN_MEMORY = 2_000_000


def answer(session: Session, wanted: Wanted, now: datetime) -> Response:
    """A line for each changed field; an act that changed none has one line."""
    columns = [
        Column(_("Number"), 10, "integer"),
        Column(_("Time"), 20),
        Column(_("Who"), 30),
        Column(_("What"), 50),
        Column(_("Ticket"), 10, "integer"),
        Column(_("Field"), 22),
        Column(_("Old"), 34),
        Column(_("New"), 34),
        Column(_("Particulars"), 50),
        Column(_("Source"), 14),
        Column(_("IP address"), 18),
    ]
    events = queries.newest(session, wanted)
    out = cast(BinaryIO, SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the server closes it when sent
    write_list(out, _("Audit"), columns, _rows(events, queries.numbers(session, events)), mirrored=mirrored())
    out.seek(0)
    name = _("audit-%(day)s.xlsx", day=today(now).isoformat())
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _rows(events: list[Event], numbers: Mapping[int, int]) -> Iterator[tuple[object, ...]]:
    for event in events:
        told = said(event)
        at = event.at.astimezone(RULES.tz)
        head = (event.id, f"{at:%Y-%m-%d %H:%M:%S}", event.actor, sentence(event, told))
        where = (_particulars(event, told), str(SOURCES.get(event.source, event.source)), event.address)
        number = numbers.get(event.ticket_id or 0)
        for name, old, new in changed(event, told["changes"]) or [("", "", "")]:
            yield (*head, number, field_label(event, name) if name else "", old, new, *where)


def _particulars(event: Event, told: Mapping[str, Any]) -> str:
    pairs = {name: value for name, value in told.items() if name != "changes" and value not in (None, "", [])}
    return "; ".join(f"{field_label(event, name)}: {value_words(event, name, value)}" for name, value in pairs.items())
