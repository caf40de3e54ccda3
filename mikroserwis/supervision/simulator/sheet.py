"""Every ticket in which the two policies differ, as XLSX."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from flask import Response, send_file
from sqlalchemy.orm import Session

from exports.sheets import Column, write_list
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import mirrored
from mikroserwis.pricing import today
from mikroserwis.supervision.simulator import presenting
from mikroserwis.supervision.simulator.forms import Wanted
from mikroserwis.supervision.simulator.replaying import compared
from sla.replay import Compared

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AT_ONCE = 1_000
_IN_MEMORY = 2_000_000


def answer(session: Session, wanted: Wanted, now: datetime) -> Response:
    """Streamed into a file of its own, whatever their number."""
    columns = [
        Column(_("Ticket"), 12, "integer"),
        Column(_("Type"), 16),
        Column(_("Company"), 36),
        Column(_("Dealer"), 24),
        Column(_("Really"), 34),
        Column(_("Present policy"), 34),
        Column(_("Other policy"), 44),
    ]
    out = cast(BinaryIO, SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the server closes it when sent
    write_list(out, _("Simulator"), columns, _rows(session, wanted, now), mirrored=mirrored())
    out.seek(0)
    name = _("simulator-%(day)s.xlsx", day=today(now).isoformat())
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _rows(session: Session, wanted: Wanted, now: datetime) -> Iterator[tuple[object, ...]]:
    differing = (one for one in compared(session, wanted, now) if one.differs)
    while some := list(islice(differing, _AT_ONCE)):
        yield from _values(session, wanted, now, some)


def _values(session: Session, wanted: Wanted, now: datetime, some: list[Compared]) -> Iterator[tuple[object, ...]]:
    for line in presenting.lines(session, wanted, some, now):
        yield tuple(line[name] for name in ("number", "type", "company", "dealer", "real", "present", "other"))
