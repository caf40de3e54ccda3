"""The comparison's page and file."""

import io
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.charts import Item, Picture, stacks
from mikroserwis.i18n import gettext as _
from mikroserwis.pricing import today
from mikroserwis.supervision.comparison import period as periods
from mikroserwis.supervision.comparison import queries, table
from mikroserwis.supervision.comparison.period import Period
from mikroserwis.supervision.comparison.queries import Figures
from mikroserwis.supervision.comparison.spans import MOST_AGES
from mikroserwis.tickets.sheet import XLSX

blueprint = Blueprint("comparison", __name__, url_prefix="/supervision/dealers")
_DRAWN = 10


@blueprint.get("")
def show() -> str:
    """Every dealer's figures over the period that the address names."""
    edge.require("supervision.see")
    day = today(edge.now())
    asked = periods.read(request.args, day)
    period, sort = asked or periods.lately(periods.DEFAULT, day), sorting()
    rows = table.in_order(queries.figures(edge.session(), period, edge.now()), sort)
    return render_template(
        "supervision/dealers.html",
        period=period,
        typed={name: request.args.get(name, "")[:10] for name in ("from", "to")},
        wrong=asked is None,
        lengths=[(days, _address(sort, days=days), days == period.days) for days in periods.LENGTHS],
        columns=[_column(head, period, sort) for head in table.HEADS],
        rows=[_row(one) for one in rows],
        total=[head.said(table.totals(rows)) if head.key in _SUMMED else "" for head in table.HEADS],
        picture=_picture(rows),
        sheet_url=url_for("comparison.sheet", sort=sort, **period.arguments()),
        most_ages=MOST_AGES,
        sort=sort,
    )


@blueprint.get("/list.xlsx")
def sheet() -> ResponseReturnValue:
    """The same as a file."""
    edge.require("supervision.see")
    day = today(edge.now())
    period = periods.read(request.args, day) or periods.lately(periods.DEFAULT, day)
    out = io.BytesIO()
    table.write(out, table.in_order(queries.figures(edge.session(), period, edge.now()), sorting()))
    out.seek(0)
    name = table.file_name(edge.now())
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def sorting() -> str:
    """A column's key, with - in front the other way round."""
    asked = request.args.get("sort", table.DEFAULT_SORT)
    return asked if asked.removeprefix("-") in table.SORTS else table.DEFAULT_SORT


_SUMMED = frozenset({"name", "open", "given", "take", "contract", "completion", "lost", "resigned"})


def _address(sort: str, **arguments: Any) -> str:
    sorted_: dict[str, Any] = {} if sort == table.DEFAULT_SORT else {"sort": sort}
    return url_for("comparison.show", **sorted_, **arguments)


def _column(head: table.Head, period: Period, sort: str) -> dict[str, Any]:
    """Numbers begin with the largest, names with A."""
    first = head.key if head.key == "name" else f"-{head.key}"
    other = f"-{head.key}" if first == head.key else head.key
    direction = None
    if sort.removeprefix("-") == head.key:
        direction = "descending" if sort.startswith("-") else "ascending"
    url = _address(other if sort == first else first, **period.arguments())
    return {"key": head.key, "label": str(head.label), "url": url, "direction": direction}


def _row(one: Figures) -> dict[str, Any]:
    return {
        "name": one.name,
        "active": one.active,
        "url": url_for("dealers.show", dealer_id=one.dealer_id),
        "tickets_url": url_for("tickets.index", caretaker=one.dealer_id, state="open"),
        "cells": [head.said(one) for head in table.HEADS[1:]],
    }


def _picture(rows: list[Figures]) -> Picture | None:
    """Of the first in the table's order that have any deadline decided."""
    drawn = [one for one in rows if one.all.decided][:_DRAWN]
    if not drawn:
        return None
    items = [
        Item(one.name, (one.all.met, one.all.missed), url_for("dealers.show", dealer_id=one.dealer_id)) for one in drawn
    ]
    return stacks("timely", _("Deadlines met and missed"), (_("Dealer"), _("In time"), _("Too late")), items)
