"""The words for prices: labels, what is wrong with a value, and history as sentences."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, say_date
from mikroserwis.pricing import PER, say_amount, vat_label

Said = Mapping[str, Any]

FIELDS: dict[str, Any] = {
    "code": lazy("Code"),
    "name": lazy("Name"),
    "description": lazy("Description"),
    "unit": lazy("Unit"),
    "net": lazy("Net price"),
    "vat_rate": lazy("VAT"),
    "per": lazy("Quantity in a quote"),
    "types": lazy("Types of tickets"),
    "valid_from": lazy("From"),
    "valid_until": lazy("To"),
}
OFFER_STATES = {
    "running": lazy("running"),
    "coming": lazy("coming"),
    "ended": lazy("ended"),
    "withdrawn": lazy("called off"),
}
_PLAIN_ERRORS: dict[str, Any] = {
    "bad_amount": lazy("This is not an amount. Write for example 1 234,50."),
    "negative_amount": lazy("A price is 0 or more."),
    "part_of_a_grosz": lazy("A price has at most two decimals."),
    "ends_before_it_starts": lazy("The last day is before the first one."),
    "offer_is_over": lazy("This day has passed: the offer would never hold."),
}
_TOLD_ERRORS: dict[str, Callable[[Said], str]] = {
    "amount_too_large": lambda p: _("At most %(most)s is possible.", most=say_amount(p["most"])),
    "type_without_quote": lambda p: _("Only these types of tickets have a quote: %(known)s.", **p),
    "code_taken": lambda p: _("“%(name)s” has the code %(code)s already. Choose another one.", **p),
    "offer_not_lower": lambda p: _(
        "An offer is lower than the list price: %(net)s is not below %(list_net)s.",
        net=say_amount(p["net"]),
        list_net=say_amount(p["list_net"]),
    ),
    "not_above_the_offer": lambda p: _(
        "%(list_net)s is not above the special offer “%(name)s” (%(net)s, %(span)s). Withdraw the offer first.",
        list_net=say_amount(p["list_net"]),
        net=say_amount(p["net"]),
        name=p["name"],
        span=span(p["start"], p["end"]),
    ),
    "offers_overlap": lambda p: _(
        "On some of these days “%(name)s” holds already (%(span)s). Choose other days, or withdraw it.",
        name=p["name"],
        span=span(p["start"], p["end"]),
    ),
}


def field_sentence(code: str, params: Said) -> str:
    """What is wrong with a value of the price list; empty for codes of others."""
    told = _TOLD_ERRORS.get(code)
    return told(params) if told else str(_PLAIN_ERRORS.get(code, ""))


def blocker_sentence(code: str, params: Said) -> str:
    """What stands in the way; empty for codes of others."""
    if code != "offer_has_ended":
        return ""
    return _("The offer “%(name)s” ended on %(day)s.", name=params["name"], day=say_date(params["end"]))


def span(start: date, end: date | None) -> str:
    """The days of an offer."""
    if end is None:
        return _("from %(start)s until it is withdrawn", start=say_date(start))
    return _("from %(start)s to %(end)s", start=say_date(start), end=say_date(end))


def value_words(name: str, value: str) -> str:
    """A field's kept text as people read it."""
    if name == "net":
        return say_amount(Decimal(value))
    if name == "vat_rate":
        return vat_label(value)
    return str(PER[value]) if name == "per" else value


def act_words(verb: str, said: Said) -> str:
    """What was done to an item, as a sentence without its subject."""
    return str(_ACTS[verb]) if verb in _ACTS else _OFFER_ACTS[verb](said)


_ACTS: dict[str, Any] = {
    "price_add": lazy("Added to the price list"),
    "price_change": lazy("Changed the item"),
    "price_activate": lazy("Put back into use"),
    "price_deactivate": lazy("Took out of use"),
}


def _offer(said: Said) -> dict[str, str]:
    end = date.fromisoformat(said["valid_until"]) if said["valid_until"] else None
    return {
        "name": said["name"],
        "net": say_amount(Decimal(said["net"])),
        "span": span(date.fromisoformat(said["valid_from"]), end),
    }


_OFFER_ACTS: dict[str, Callable[[Said], str]] = {
    "offer_add": lambda said: _("Added the special offer “%(name)s”: %(net)s, %(span)s", **_offer(said)),
    "offer_withdraw": lambda said: _("Withdrew the special offer “%(name)s”: %(net)s, %(span)s", **_offer(said)),
}
