"""The smallest parts of pages, of which one has hundreds: symbols, days and moments, each made once."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from mikroserwis import i18n
from mikroserwis.fragments import drawn, fragment
from mikroserwis.rulebook import RULES

KEPT = 4096
_TYPES = frozenset({"date", "datetime-local", "email", "number", "password", "tel", "url"})
_CODES = frozenset(
    {"area", "areas", "capacity", "code", "crm_id", "gross", "iban", "identifier", "net", "number", "offer_net"}
    | {"postal_code", "prefix", "quantity", "regon", "tax_id", "ticket", "user_name"}
)


def kept(template: str, macro: str) -> Callable[..., Markup]:
    """The macro, drawn once for the same values; see `fragment` for what it must not ask."""

    def draw(*given: Any) -> Markup:
        try:
            return fragment(template, macro, *given)
        except TypeError:
            # What can't be looked up (a list) is drawn anew.
            return drawn(template, macro, *given)

    return draw


@lru_cache(maxsize=KEPT)
def icon(sheet: str, name: str, cls: str, label: str) -> Markup:
    """A symbol out of the sheet at this address; one with a label speaks for itself, others are silent."""
    named = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    classes = f"i {cls}" if cls else "i"
    return Markup('<svg class="{}"{}><use href="{}#{}"/></svg>').format(classes, named, sheet, name)


def at(value: datetime) -> Markup:
    """A moment, for people and for machines."""
    return _time(value.isoformat(), i18n.say_moment(value, RULES.tz))


def on(value: date) -> Markup:
    """A day, for people and for machines."""
    return _time(value.isoformat(), i18n.say_date(value))


def day_words(value: str) -> str:
    """The day of a field that takes 2026-11-22, for who reads another calendar or other digits; else empty."""
    if i18n.reading().calendar == i18n.GREGORIAN and i18n.reading().digits == i18n.LATIN:
        return ""
    try:
        return i18n.say_date(date.fromisoformat(value))
    except ValueError:
        return ""


def direction(name: str, type_: str = "text") -> str:
    """Of a field's text: codes, numbers and addresses run from left to right, words as they are written."""
    return "ltr" if type_ in _TYPES or name.rpartition(".")[2] in _CODES else "auto"


@lru_cache(maxsize=KEPT)
def _time(exact: str, said: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(exact, said)
