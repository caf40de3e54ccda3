"""The list of dealers as a file: exactly as filtered and sorted on the screen."""

from datetime import date, datetime
from io import BytesIO

from flask import Response, send_file
from sqlalchemy.orm import Session

from exports.sheets import Column, write_list
from mikroserwis.dealers import areas, listing, queries
from mikroserwis.dealers.listing import Row, Wanted
from mikroserwis.dealers.presenting.list_page import absence_words
from mikroserwis.dealers.wording import FIELDS
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import mirrored
from mikroserwis.pricing import today
from mikroserwis.rulebook import type_label

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(session: Session, wanted: Wanted, now: datetime) -> Response:
    """The XLSX to download."""
    day, out = today(now), BytesIO()
    rows = listing.every(session, wanted, day)
    write_list(out, _("Dealers"), _columns(), (_values(row, day) for row in rows), mirrored=mirrored())
    out.seek(0)
    name = _("dealers-%(day)s.xlsx", day=day.isoformat())
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _columns() -> list[Column]:
    return [
        Column(str(FIELDS["crm_id"]), 10, "integer"),
        Column(str(FIELDS["name"]), 36),
        Column(str(FIELDS["tax_id"]), 14),
        Column(str(FIELDS["street"]), 30),
        Column(str(FIELDS["postal_code"]), 12),
        Column(str(FIELDS["city"]), 20),
        Column(str(FIELDS["phone"]), 18),
        Column(str(FIELDS["email"]), 30),
        Column(str(FIELDS["areas"]), 30),
        Column(str(FIELDS["types"]), 24),
        Column(_("Open tickets"), 12, "integer"),
        Column(str(FIELDS["capacity"]), 12, "integer"),
        Column(_("Absence"), 26),
        Column(_("In use"), 10),
    ]


def _values(row: Row, day: date) -> tuple[object, ...]:
    one = row.dealer
    return (
        one.crm_id,
        one.name,
        one.tax_id,
        one.street,
        one.postal_code,
        one.city,
        one.phone,
        one.email,
        areas.as_text(each.prefix for each in one.areas),
        ", ".join(type_label(each) for each in queries.types_of(one)),
        row.open,
        one.capacity,
        absence_words(row, day),
        _("Yes") if one.active else _("No"),
    )
