"""The form of a quote: rows of the price list and of free labour, in the order in which they stand on the page.

An item's option is `CODE@1200.00`: with the code goes the price that the person saw beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from mikroserwis.i18n import locale
from mikroserwis.models import PriceItem, Quote, QuoteLine, Ticket
from mikroserwis.pricing import Priced
from mikroserwis.tickets.quoting.forms import FREE, MOST_LINES
from mikroserwis.tickets.quoting.papers import counts, usual_remark

Typed = MultiDict[str, str]
USUAL_RATE = "23"


def rows_of(typed: Typed) -> list[int]:
    """Which rows the form had, in their order; a few more than a quote may have, so that it can say so."""
    given = [int(text) for text in typed.getlist("row") if text.isascii() and text.isdigit() and len(text) < 6]
    return list(dict.fromkeys(given))[: MOST_LINES + 1]


def is_free(typed: Typed, row: int) -> bool:
    return f"lines.{row}.name" in typed


def values(typed: Typed) -> dict[str, Any]:
    """As the quote's reader wants them."""
    lines = [line_values(typed, row) for row in rows_of(typed)]
    return {"lines": lines, **{name: typed.get(name, "") for name in ("valid_until", "remark", "based_on")}}


def line_values(typed: Typed, row: int) -> dict[str, str]:
    path, quantity = f"lines.{row}", {"quantity": typed.get(f"lines.{row}.quantity", "")}
    if is_free(typed, row):
        return {**quantity, **{name: typed.get(f"{path}.{name}", "") for name in FREE}}
    code, at, seen = typed.get(f"{path}.item", "").rpartition("@")
    return {**quantity, "item": code, "seen": seen} if at else {**quantity, "item": seen}


def option(item: Priced) -> str:
    return f"{item.code}@{item.net}"


def with_rows_changed(typed: Typed) -> tuple[Typed, str]:
    """One row more, one less, or one in another place, as the pressed button says; and the field to go on in."""
    changed, rows = typed.copy(), rows_of(typed)
    focus = ""
    if "add" in typed:
        focus = _add(changed, rows, typed["add"])
    elif "drop" in typed:
        at = _place(rows, typed["drop"])
        if at is not None:
            del rows[at]
            focus = _first_field(changed, rows[min(at, len(rows) - 1)]) if rows else "add-item"
    for name, step in (("up", -1), ("down", 1)):
        at = _place(rows, typed.get(name, ""))
        if at is not None and 0 <= at + step < len(rows):
            rows[at], rows[at + step] = rows[at + step], rows[at]
            focus = f"{name}-{rows[at + step]}"
    changed.setlist("row", [str(row) for row in rows])
    return changed, focus


def _add(typed: Typed, rows: list[int], what: str) -> str:
    """A row at the end, or after the one named: `item`, `labour`, `item.3`; its first field."""
    kind, _dot, after = what.partition(".")
    at = _place(rows, after)
    if len(rows) >= MOST_LINES:
        return ""
    row = max(rows, default=-1) + 1
    rows.insert(len(rows) if at is None else at + 1, row)
    if kind == "labour":
        put_free(typed, row, name="", unit="godz.", quantity="1", net="", vat_rate=USUAL_RATE)
    else:
        put(typed, row, item="", quantity="1")
    return _first_field(typed, row)


def _place(rows: Sequence[int], text: str) -> int | None:
    return rows.index(int(text)) if text.isascii() and text.isdigit() and int(text[:9]) in rows else None


def _first_field(typed: Typed, row: int) -> str:
    return f"lines.{row}.{'name' if is_free(typed, row) else 'item'}"


def put(typed: Typed, row: int, **fields: str) -> None:
    for name, value in fields.items():
        typed[f"lines.{row}.{name}"] = value


def put_free(typed: Typed, row: int, *, name: str, unit: str, quantity: str, net: str, vat_rate: str) -> None:
    put(typed, row, name=name, unit=unit, quantity=quantity, net=net, vat_rate=vat_rate)


def start(session: Session, ticket: Ticket, items: Sequence[Priced], former: Quote | None, day: date) -> Typed:
    """Where a new quote begins: at the former version, else at the stations of the shops and the office's remark."""
    typed: Typed = MultiDict({"remark": former.remark if former else usual_remark(session, ticket, day)})
    if former:
        _copied(session, typed, former, items)
    else:
        _counted(typed, ticket, items)
    if not rows_of(typed):
        changed = typed.copy()
        changed["add"] = "item"
        typed, _focus = with_rows_changed(changed)
    return typed


def _copied(session: Session, typed: Typed, former: Quote, items: Iterable[Priced]) -> None:
    sold = {one.item_id: one for one in items}
    ids = [line.item_id for line in former.lines if line.item_id is not None]
    known = session.execute(select(PriceItem.id, PriceItem.code).where(PriceItem.id.in_(ids)))
    codes = {row.id: row.code for row in known}
    for row, line in enumerate(former.lines):
        if line.item_id is None:
            put_free(typed, row, **_free_fields(line))
        else:
            item = sold.get(line.item_id)
            value = option(item) if item else f"{codes[line.item_id]}@"
            put(typed, row, item=value, quantity=number(line.quantity))
        typed.add("row", str(row))


def _free_fields(line: QuoteLine) -> dict[str, str]:
    return {
        "name": line.name,
        "unit": line.unit,
        "quantity": number(line.quantity),
        "net": number(line.unit_net, money=True),
        "vat_rate": line.vat_rate,
    }


def _counted(typed: Typed, ticket: Ticket, items: Iterable[Priced]) -> None:
    stations = counts(ticket)
    counted = [one for one in items if stations.get(one.per)]
    for row, item in enumerate(counted):
        put(typed, row, item=option(item), quantity=str(stations[item.per]))
        typed.add("row", str(row))


def number(value: Decimal, *, money: bool = False) -> str:
    """As it stands in a field: 1,5 or 1234,50."""
    return format_decimal(value, format="0.00" if money else "0.##", locale=locale())


def at_their_rows(errors: Mapping[str, list[str]], typed: Typed) -> dict[str, list[str]]:
    """The reader counts the rows that came; the form's own numbers may have gaps."""
    rows, moved = rows_of(typed), {}
    for path, texts in errors.items():
        parts = path.split(".")
        if parts[0] == "lines" and len(parts) > 1:
            parts[1] = str(rows[int(parts[1])])
        moved[".".join(parts)] = texts
    return moved
