"""The result of an act on many tickets as a file."""

from collections.abc import Iterator
from io import BytesIO

from flask import Response, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.sheets import Column, write_list
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import mirrored
from mikroserwis.models import BulkAct, BulkLine, Customer, Ticket
from mikroserwis.tickets.bulk.act_page import STATES, what, why
from mikroserwis.tickets.sheet import XLSX


def answer(session: Session, act: BulkAct) -> Response:
    """The XLSX to download."""
    columns = [
        Column(_("CRM id"), 12, "integer"),
        Column(_("Company"), 36),
        Column(_("City"), 20),
        Column(_("Result"), 14),
        Column(_("Change"), 36),
        Column(_("Why"), 80),
    ]
    out = BytesIO()
    write_list(out, _("Result"), columns, _rows(session, act), mirrored=mirrored())
    out.seek(0)
    name = _("act-%(day)s.xlsx", day=act.created_at.date().isoformat())
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _rows(session: Session, act: BulkAct) -> Iterator[tuple[object, ...]]:
    query = (
        select(BulkLine, Customer.name, Customer.city)
        .outerjoin(Ticket, Ticket.id == BulkLine.ticket_id)
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .where(BulkLine.act_id == act.id)
        .order_by(BulkLine.place)
    )
    for line, company, city in session.execute(query):
        yield line.number, company or "", city or "", str(STATES[line.state]), what(line), " ".join(why(line))
