"""The list as a file: exactly as filtered and sorted on the screen."""

from collections.abc import Iterable
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from flask import Response, send_file
from sqlalchemy.orm import Session

from exports.sheets import Column, write_list
from mikroserwis import edge
from mikroserwis.access import Actor
from mikroserwis.errors import FieldError, Invalid, NotFound
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import mirrored
from mikroserwis.models import ListExport
from mikroserwis.rulebook import RULES, type_label
from mikroserwis.storage import Missing
from mikroserwis.tickets import listing
from mikroserwis.tickets.listing import Row
from mikroserwis.tickets.operations.list_exports import require_done, shelf
from mikroserwis.tickets.presenting.heads import COLUMNS
from mikroserwis.tickets.presenting.list_page import caretaker_words
from mikroserwis.tickets.wanted import Wanted
from mikroserwis.tickets.wording import state_label
from sla import opened_days

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


def answer(session: Session, wanted: Wanted, actor: Actor, now: datetime, *, most: int) -> Response:
    """The XLSX to download. Raises Invalid if the list has more rows than come at once."""
    ids = listing.every_id(session, wanted, actor, now, limit=most + 1)
    if len(ids) > most:
        raise Invalid([FieldError("size", "list_too_long", {"limit": most})])
    out = cast(BinaryIO, SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the server closes it when sent
    write(out, listing.rows_of(session, ids), actor, _day(now))
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=file_name(now), max_age=0)


def stored(export: ListExport) -> Response:
    """One that was made in the background, to download. Raises Refused while there is none, NotFound if it is lost."""
    require_done(export)
    edge.pause()
    try:
        file = shelf(edge.parts().settings).open(export.sha256 or "")
    except Missing as error:
        raise NotFound(record="file", id=export.id) from error
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=export.name, max_age=0)


def write(out: BinaryIO, rows: Iterable[Row], actor: Actor, today: date) -> None:
    """The list's eleven columns in the present language."""
    columns = [Column(str(label), _SHAPES[key].width, _SHAPES[key].kind) for key, _sort, label in COLUMNS]
    write_list(out, _("Tickets"), columns, (_values(row, actor, today) for row in rows), mirrored=mirrored())


def file_name(now: datetime) -> str:
    """Under which it is downloaded, by the day in our zone."""
    return _("tickets-%(day)s.xlsx", day=_day(now).isoformat())


def _day(now: datetime) -> date:
    return now.astimezone(RULES.tz).date()


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
