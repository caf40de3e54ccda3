"""The list of customers as a file: exactly as filtered and sorted on the screen."""

from datetime import datetime
from io import BytesIO

from flask import Response, send_file
from sqlalchemy.orm import Session

from exports.sheets import Column, write_list
from mikroserwis.access import Actor
from mikroserwis.customers import listing
from mikroserwis.customers.listing import Row, Wanted
from mikroserwis.customers.wording import FIELDS
from mikroserwis.i18n import country_label, mirrored
from mikroserwis.i18n import gettext as _
from mikroserwis.pricing import today

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {
    "name": 36,
    "country": 14,
    "tax_id": 16,
    "regon": 14,
    "street": 30,
    "postal_code": 12,
    "city": 20,
    "phone": 18,
    "email": 30,
    "representative": 24,
    "account_manager_name": 24,
    "account_manager_phone": 18,
    "account_manager_email": 30,
}


def answer(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> Response:
    """The XLSX to download."""
    out = BytesIO()
    write_list(
        out,
        _("Customers"),
        _columns(),
        (_values(row) for row in listing.every(session, actor, wanted)),
        mirrored=mirrored(),
    )
    out.seek(0)
    name = _("customers-%(day)s.xlsx", day=today(now).isoformat())
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _columns() -> list[Column]:
    own = [Column(str(FIELDS[name]), width) for name, width in _WIDTHS.items()]
    rest = [Column(str(FIELDS["owner_id"]), 24), Column(_("Open tickets"), 12, "integer"), Column(_("Account"), 10)]
    return [*own, *rest]


def _values(row: Row) -> tuple[object, ...]:
    one = row.customer
    own = [country_label(one.country) if name == "country" else getattr(one, name) for name in _WIDTHS]
    return (*own, row.owner or "", row.open, _("Yes") if row.has_account else _("No"))
