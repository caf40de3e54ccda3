"""Why a file is refused as a quote: each place that differs from what was issued, ours and theirs."""

from collections.abc import Callable, Mapping
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext

Said = Mapping[str, Any]

_COLUMNS: dict[str, Any] = {
    "position": lazy("number"),
    "name": lazy("name"),
    "quantity": lazy("quantity"),
    "unit": lazy("unit"),
    "offer": lazy("special offer"),
    "list_net": lazy("list price"),
    "unit_net": lazy("net price"),
    "vat_rate": lazy("VAT rate"),
    "net": lazy("net value"),
    "vat": lazy("VAT amount"),
    "gross": lazy("value with VAT"),
    "point_id": lazy("point id"),
    "buy": lazy("stations to buy"),
    "exchange": lazy("stations to exchange"),
}
_UNREADABLE: dict[str, Any] = {
    "broken": lazy("it is damaged"),
    "encrypted": lazy("it is locked with a password"),
    "too_large": lazy("it is too large"),
    "active_content": lazy("it holds active content"),
}


def _place(p: Said) -> str:
    """Line 2, net price."""
    wheres = {
        "line": lambda: _("line %(n)s", n=p.get("of", "")),
        "total": lambda: _("totals, row %(row)s", row=p.get("of", "")),
        "point": lambda: _("list of points, row %(n)s", n=p.get("of", "")),
        "payable": lambda: _("sum to pay"),
    }
    column = str(_COLUMNS.get(p.get("column", ""), ""))
    return ", ".join(part for part in (wheres.get(p.get("where", ""), lambda: _("text"))(), column) if part)


def _changed(p: Said) -> str:
    return _(
        "“%(name)s” differs from %(label)s (%(place)s): issued “%(expected)s”, in the file “%(found)s”.",
        name=p["name"],
        label=p["label"],
        place=_place(p),
        expected=p.get("expected", ""),
        found=p.get("found", ""),
    )


def _altered(p: Said) -> str:
    """What can't be a matter of one value: cells hidden, formats changed, fields or sheets put in."""
    return _("“%(name)s” is %(label)s, but altered: it holds what was not issued.", name=p["name"], label=p["label"])


FILE_ERRORS: dict[str, Callable[[Said], str]] = {
    "not_our_quote": lambda p: _(
        "“%(name)s” is not the quote form of Mikroserwis: there is no code of ours on it. Issue the quote on the "
        "ticket, print it, and upload that form.",
        **p,
    ),
    "no_such_quote": lambda p: _(
        "“%(name)s” bears the number %(label)s, but there is no such quote on this ticket.", **p
    ),
    "superseded_quote": lambda p: _(
        "“%(name)s” is %(label)s, which was superseded. %(current)s is current: print that one and have it signed.", **p
    ),
    "quote_changed": _changed,
    "quote_formula": _changed,
    "quote_missing": lambda p: _(
        "In “%(name)s” something of %(label)s is missing: “%(expected)s”.",
        name=p["name"],
        label=p["label"],
        expected=p.get("expected", ""),
    ),
    "quote_added": lambda p: _(
        "“%(name)s” holds what is not in %(label)s: “%(found)s”.",
        name=p["name"],
        label=p["label"],
        found=p.get("found", ""),
    ),
    **dict.fromkeys(("quote_field", "quote_hidden", "quote_format", "quote_sheet_added", "quote_no_mark"), _altered),
    **dict.fromkeys(("quote_other_paper", "quote_other_ticket", "quote_other_number"), _altered),
    "quote_unreadable": lambda p: _(
        "“%(name)s” cannot be read: %(why)s.", name=p["name"], why=str(_UNREADABLE.get(p.get("reason", ""), ""))
    ),
    "quote_more_changes": lambda p: ngettext(
        "And %(n)s difference more. Upload the form as it was issued.",
        "And %(n)s differences more. Upload the form as it was issued.",
        p["n"],
    ),
}
