"""The words for quotes: states, what is wrong with a value, what stands in the way, history as sentences."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, say_date
from mikroserwis.pricing import say_amount
from mikroserwis.tickets.quote_file_words import FILE_ERRORS

Said = Mapping[str, Any]

STATES = {
    "issued": lazy("Issued"),
    "accepted": lazy("Accepted"),
    "declined": lazy("Declined"),
    "superseded": lazy("Superseded"),
}
FIELDS = {
    "lines": lazy("Lines"),
    "item": lazy("Item"),
    "name": lazy("Name"),
    "unit": lazy("Unit"),
    "quantity": lazy("Quantity"),
    "net": lazy("Net price"),
    "vat_rate": lazy("VAT"),
    "valid_until": lazy("Valid until"),
    "remark": lazy("Remark"),
    "on": lazy("Day of the decision"),
    "note": lazy("Note"),
}
BLOCKERS: dict[str, Callable[[Said], str]] = {
    "type_has_a_quote": lambda _p: _("Tickets of this type have no quote."),
    "decision_is_not_in_the_future": lambda _p: _("The day of the decision lies in the future."),
    "decision_is_not_before_the_quote": lambda p: _(
        "The decision can't be older than the quote, which is of %(day)s.", day=say_date(p["made_on"])
    ),
    "quote_was_valid_that_day": lambda p: _(
        "The quote was valid until %(day)s. Issue a new version, with today's prices, and have that accepted.",
        day=say_date(p["valid_until"]),
    ),
}
FIELD_ERRORS: dict[str, Callable[[Said], str]] = {
    **FILE_ERRORS,
    "no_lines": lambda _p: _("A quote needs at least one line."),
    "too_many_lines": lambda p: _("%(count)s lines are too many: at most %(limit)s fit on a quote.", **p),
    "choose_an_item": lambda _p: _("Choose an item of the price list."),
    "bad_amount": lambda _p: _("This is not an amount. Write for example 1 234,50."),
    "is_the_lists": lambda _p: _("Of an item this is the price list's; it can't be given here."),
    "two_decimals_at_most": lambda _p: _("At most two decimals are possible."),
    "quantity_is_zero": lambda _p: _("The quantity must be more than zero."),
    "amount_too_large": lambda p: _("At most %(most)s is possible.", most=say_amount(p["most"])),
    "line_too_large": lambda p: _("The line's value is more than %(most)s.", most=money(p["limit"])),
    "sum_too_large": lambda p: _("The quote's sum is more than %(most)s.", most=money(p["limit"])),
    "unknown_vat_rate": lambda p: _("These VAT rates are possible: %(known)s.", **p),
    "date_in_past": lambda _p: _("This day has passed."),
    "date_too_far": lambda p: ngettext("At most %(n)s day ahead.", "At most %(n)s days ahead.", p["days"]),
    "item_is_not_sold": lambda p: _(
        "“%(code)s” is not sold any more, or not with this type of ticket. Choose another item, or remove the line.",
        **p,
    ),
    "price_changed": lambda p: _(
        "The price of “%(name)s” has changed: it was %(old)s and is %(new)s now. Check the sums, then issue again.",
        name=p["name"],
        old=money(p["old"]),
        new=money(p["new"]),
    ),
}
EVENTS: dict[str, Callable[[Said], str]] = {
    "quote_issue": lambda said: _(
        "Issued the quote %(label)s for %(gross)s", label=said["label"], gross=money(Decimal(said["gross"]))
    ),
    "quote_accept": lambda said: _("The retailer accepted the quote %(label)s, on %(day)s", **_decision(said)),
    "quote_decline": lambda said: _("The retailer declined the quote %(label)s, on %(day)s", **_decision(said)),
    "quote_supersede": lambda said: _("The quote %(label)s gave way to a new version", label=said["label"]),
}


def money(value: Decimal) -> str:
    """With the currency: 1 234,50 zł."""
    return _("PLN %(amount)s", amount=say_amount(value))


def _decision(said: Said) -> dict[str, str]:
    return {"label": said["label"], "day": say_date(date.fromisoformat(said["on"]))}
