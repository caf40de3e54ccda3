"""The words for the final invoice: what is wrong with a value, what stands in the way, history as a sentence."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, say_date
from mikroserwis.tickets.quote_words import money

Said = Mapping[str, Any]

KIND = lazy("Final invoice")
FIELDS = {
    "number": lazy("Invoice number"),
    "issued_on": lazy("Date of issue"),
    "gross": lazy("Gross amount"),
    "file": lazy("PDF of the invoice"),
}


def _unsettled(p: Said) -> str:
    why = p.get("why", "")
    if why == "no_accepted_quote":
        return _("The final invoice has to equal an accepted quote, and no version of the quote is accepted.")
    gross = money(Decimal(p["gross"])) if p.get("gross") else ""
    if why == "missing":
        return _(
            "The final invoice is missing. It has to show %(gross)s gross, as the accepted quote %(quote)s does.",
            gross=gross,
            quote=p["quote"],
        )
    if why == "rejected":
        return _("The backoffice rejected the final invoice %(invoice)s. Add a new one.", invoice=p["invoice"])
    if why == "differs":
        return _(
            "The final invoice %(invoice)s is for %(given)s, the accepted quote %(quote)s for %(gross)s. Issue a "
            "correction and add it, or prepare a new version of the quote and have it accepted.",
            invoice=p["invoice"],
            given=money(Decimal(p["invoice_gross"])),
            quote=p["quote"],
            gross=gross,
        )
    return _("The final invoice is missing or differs from the quote.")


BLOCKERS: dict[str, Callable[[Said], str]] = {
    "final_invoice_is_settled": _unsettled,
    "type_has_an_invoice": lambda _p: _("Tickets of this type need no final invoice."),
    "quote_is_accepted": lambda _p: _("No version of the quote is accepted yet. The invoice has to equal it."),
}
FIELD_ERRORS: dict[str, Callable[[Said], str]] = {
    "differs_from_quote": lambda p: _(
        "The invoice is for %(given)s, the accepted quote %(quote)s for %(expected)s. Issue a correction of the "
        "invoice, or prepare a new version of the quote and have it accepted.",
        given=money(p["given"]),
        quote=p["quote"],
        expected=money(p["expected"]),
    ),
    "before_the_quote": lambda p: _(
        "The invoice can't be older than the quote %(quote)s, which is of %(day)s.",
        quote=p["quote"],
        day=say_date(p["day"]),
    ),
    "invoice_number_taken": lambda p: _(
        "The invoice %(number)s is on ticket %(ticket)s already. Each ticket needs an invoice of its own.", **p
    ),
    "ours_not_an_invoice": lambda p: _(
        "“%(name)s” bears our code: it is one of the ticket's papers, not an invoice.", name=p["name"]
    ),
}
EVENTS: dict[str, Callable[[Said], str]] = {
    "invoice": lambda said: (
        _(
            "Replaced the final invoice by %(number)s for %(gross)s",
            number=said["number"],
            gross=money(Decimal(said["gross"])),
        )
        if said.get("former")
        else _(
            "Added the final invoice %(number)s for %(gross)s",
            number=said["number"],
            gross=money(Decimal(said["gross"])),
        )
    ),
}
