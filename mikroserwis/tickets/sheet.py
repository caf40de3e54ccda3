"""The list as a file: exactly as filtered and sorted on the screen."""

from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from flask import Response, send_file
from sqlalchemy.orm import Session

from exports.sheets import Column, write_list
from mikroserwis.access import Actor
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.i18n import gettext as _
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import listing
from mikroserwis.tickets.listing import Row
from mikroserwis.tickets.presenting.list_page import COLUMNS, caretaker_words
from mikroserwis.tickets.wanted import Wanted
from mikroserwis.tickets.wording import state_label, type_label
from sla import opened_days

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = listing.BOUND
_IN_MEMORY = 2_000_000
_SHAPES = {
    "type": Column("", 16),
    "crm": Column("", 12, "integer"),
    "tax_id": Column("", 14),
    "company": Column("", 36),
    "city": Column("", 20),
    "acquired": Column("", 12),
    "state": Column("", 14),
    "caretaker": Column("", 20),
    "opened": Column("", 12, "date"),
    "closed": Column("", 12, "date"),
    "days": Column("", 10, "integer"),
}


def answer(session: Session, wanted: Wanted, actor: Actor, now: datetime) -> Response:
    """The XLSX to download. Raises Invalid if the list has more rows than one file takes."""
    rows = listing.every(session, wanted, actor, now, limit=MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise Invalid([FieldError("size", "list_too_long", {"limit": MOST_ROWS})])
    today = now.astimezone(RULES.tz).date()
    out = cast(BinaryIO, SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the server closes it when sent
    columns = [Column(str(label), _SHAPES[key].width, _SHAPES[key].kind) for key, _sort, label in COLUMNS]
    write_list(out, _("Tickets"), columns, (_values(row, actor, today) for row in rows))
    out.seek(0)
    name = _("tickets-%(day)s.xlsx", day=today.isoformat())
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _values(row: Row, actor: Actor, today: date) -> tuple[object, ...]:
    return (
        type_label(row.type),
        row.number,
        row.tax_id,
        row.company,
        row.city,
        _("Yes") if row.acquired else _("No"),
        _("Withdrawn") if row.outcome == "withdrawn" else state_label(row.state),
        caretaker_words(row, actor),
        row.opened_on,
        row.closed_on,
        opened_days(row.opened_on, row.closed_on or today),
    )
