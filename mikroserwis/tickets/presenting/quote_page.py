"""The page on which a quote is made: its lines with what each comes to, and the totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.errors import Blocker, FieldError
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext
from mikroserwis.models import PriceItem, QuoteLine, Ticket
from mikroserwis.pricing import VAT_RATES, Priced, offered, say_amount, vat_label
from mikroserwis.tickets.presenting import quote_form
from mikroserwis.tickets.presenting.acts import head, obstacles, ticket_url
from mikroserwis.tickets.presenting.quote_form import Typed, rows_of
from mikroserwis.tickets.quote_words import FIELDS, money
from mikroserwis.tickets.quoting import forms, queries
from mikroserwis.tickets.quoting.lines import priced_line
from mikroserwis.tickets.quoting.papers import counts
from mikroserwis.tickets.quoting.sums import sums
from mikroserwis.tickets.wording import field_sentence

Errors = Mapping[str, list[str]]
# What the list has become since the person saw it is said at once, not only when the quote is issued.
_TOLD_AT_ONCE = frozenset({"price_changed", "item_is_not_sold"})


@dataclass(frozen=True)
class Reckoned:
    """Each row's line, None where it can't be reckoned yet, and what the list has to say to it."""

    lines: dict[int, QuoteLine | None]
    told: dict[str, list[str]]


def context(
    session: Session,
    ticket: Ticket,
    typed: Typed,
    today: date,
    *,
    errors: Errors,
    problems: Sequence[str] = (),
    blockers: Sequence[Blocker] = (),
    focus: str = "",
) -> dict[str, Any]:
    """All that tickets/quote.html wants."""
    items = offered(session, ticket.type, today)
    newest, former = queries.newest_number(session, ticket), queries.present(session, ticket)
    reckoned = reckon(typed, items)
    wrong = {**reckoned.told, **errors}
    return {
        "ticket": head(ticket),
        "label": queries.label(ticket.number, newest + 1),
        "former": {"label": queries.label(ticket.number, former.number), "state": former.state} if former else None,
        "action": url_for("tickets.issue_quote", number=ticket.number),
        "stations_url": url_for("tickets.new_quote", number=ticket.number, start="stations"),
        "back_url": ticket_url(ticket.number, "quotes"),
        "stations": _stations(ticket),
        "blockers": obstacles(ticket.number, blockers),
        "errors": wrong,
        "labels": {path: _label(path, typed) for path in wrong},
        "problems": list(problems),
        "based_on": newest,
        "lines": [_row(typed, row, items, reckoned.lines[row], wrong) for row in rows_of(typed)],
        "options": [(quote_form.option(one), one.code, _option(one)) for one in items],
        "unsold": _unsold(session, typed, items),
        "rates": [(rate, vat_label(rate)) for rate in VAT_RATES],
        "totals": totals(reckoned),
        "valid_until": typed.get("valid_until") or (today + timedelta(days=forms.VALID_DAYS)).isoformat(),
        "remark": typed.get("remark", ""),
        "today": today.isoformat(),
        "latest": (today + timedelta(days=forms.MOST_DAYS)).isoformat(),
        "full": len(rows_of(typed)) >= forms.MOST_LINES,
        "focus": focus,
    }


def reckon(typed: Typed, items: Sequence[Priced]) -> Reckoned:
    """What can be said of the form as it stands, right or not."""
    by_code = {one.code: one for one in items}
    lines: dict[int, QuoteLine | None] = {}
    told: dict[str, list[str]] = {}
    for row in rows_of(typed):
        found: list[FieldError] = []
        line = forms.line(quote_form.line_values(typed, row), f"lines.{row}", found)
        lines[row] = priced_line(line, row, by_code, found) if line else None
        told |= {one.field: [field_sentence(one)] for one in found if one.code in _TOLD_AT_ONCE}
    return Reckoned(lines, told)


def totals(reckoned: Reckoned) -> dict[str, Any]:
    """By rate and altogether; `left_out` counts the lines that can't be reckoned yet."""
    known = [line for line in reckoned.lines.values() if line is not None]
    found = sums((line.vat_rate, line.net) for line in known)
    left_out = len(reckoned.lines) - len(known)
    return {
        "rates": [
            {"label": vat_label(one.rate), "net": say_amount(one.net), "vat": say_amount(one.vat)}
            for one in found.vat_totals
        ],
        "net": money(found.net),
        "vat": money(found.vat),
        "gross": money(found.gross),
        "left_out": ngettext("%(n)s line is not counted yet.", "%(n)s lines are not counted yet.", left_out)
        if left_out
        else "",
    }


def _row(typed: Typed, row: int, items: Sequence[Priced], line: QuoteLine | None, errors: Errors) -> dict[str, Any]:
    path = f"lines.{row}"
    given = quote_form.line_values(typed, row)
    item = next((one for one in items if one.code == given.get("item")), None)
    return {
        "row": row,
        "path": path,
        "free": quote_form.is_free(typed, row),
        "given": given,
        "unit": item.unit if item else "",
        "price": say_amount(item.net) if item else "",
        "list_price": say_amount(item.list_net) if item and item.offer_id is not None else "",
        "offer": item.offer if item else "",
        "rate": vat_label(item.vat_rate) if item else "",
        "net": say_amount(line.net) if line else "",
        "errors": {name: errors[f"{path}.{name}"] for name in FIELDS if f"{path}.{name}" in errors},
    }


def _option(item: Priced) -> str:
    price = _("%(price)s for 1 %(unit)s", price=money(item.net), unit=item.unit)
    if item.offer_id is None:
        return f"{item.name}: {price}"
    return f"{item.name}: {price} ({item.offer})"


def _unsold(session: Session, typed: Typed, items: Sequence[Priced]) -> dict[str, str]:
    """Names of the items that the form has and the list hasn't any more, by code."""
    sold = {one.code for one in items}
    given = {quote_form.line_values(typed, row).get("item", "") for row in rows_of(typed)} - sold - {""}
    known = session.execute(select(PriceItem.code, PriceItem.name).where(PriceItem.code.in_(given)))
    names = {row.code: row.name for row in known}
    return {code: names.get(code, code) for code in given}


def _stations(ticket: Ticket) -> str:
    found = counts(ticket)
    return _("Stations to buy: %(buy)s, to exchange: %(exchange)s.", buy=found["buy"], exchange=found["exchange"])


def _label(path: str, typed: Typed) -> str:
    """What a wrong field is called in the summary above the form."""
    parts = path.split(".")
    label = str(FIELDS.get(parts[-1], parts[-1]))
    if len(parts) < 3:
        return label
    rows = rows_of(typed)
    return _("Line %(n)s, %(field)s", n=rows.index(int(parts[1])) + 1, field=label.lower())
