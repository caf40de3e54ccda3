"""What is sent in about items and offers, checked: each wrong value is named with a code. No texts here, no records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.field_checks import day
from mikroserwis.plaintext import plain, tidy
from mikroserwis.pricing import GROSZ, MOST, PER, VAT_RATES, quote_types, read_amount

LENGTHS = {"code": 40, "name": 200, "description": 2000, "unit": 20, "net": 30, "vat_rate": 4, "per": 10, "types": 200}
REQUIRED = ("code", "name", "unit", "net", "vat_rate")
OFFER_LENGTHS = {"name": 200, "net": 30, "valid_from": 40, "valid_until": 40}


@dataclass(frozen=True)
class OfferIn:
    """A special offer as it was sent in; `valid_until` None is without an end."""

    name: str
    net: Decimal
    valid_from: date
    valid_until: date | None


def item(values: Mapping[str, Any], *, new: bool) -> dict[str, str]:
    """Clean fields as texts, the net price as `1290.00`. A new item has all; of another, what is left out stays.

    Raises Invalid naming every wrong one.
    """
    return _checked(values, LENGTHS, REQUIRED, missing_too=new)


def offer(values: Mapping[str, Any]) -> OfferIn:
    """Raises Invalid naming every wrong value."""
    clean = _checked(values, OFFER_LENGTHS, ("name", "net", "valid_from"), missing_too=True)
    start, end = date.fromisoformat(clean["valid_from"]), clean.get("valid_until")
    until = date.fromisoformat(end) if end else None
    if until and until < start:
        raise Invalid([FieldError("valid_until", "ends_before_it_starts")])
    return OfferIn(clean["name"], Decimal(clean["net"]), start, until)


def _checked(
    values: Mapping[str, Any], lengths: Mapping[str, int], required: tuple[str, ...], *, missing_too: bool
) -> dict[str, str]:
    clean: dict[str, str] = {}
    errors: list[FieldError] = []
    for name, length in lengths.items():
        if name not in values and not (missing_too and name in required):
            continue
        text = plain(values[name]) if name == "description" else tidy(values.get(name))
        text = text.upper() if name == "code" else text
        if len(text) > length:
            errors.append(FieldError(name, "too_long", {"limit": length, "length": len(text)}))
        elif text:
            try:
                clean[name] = _CHECKS.get(name, str)(text)
            except ValueError as wrong:
                errors.append(FieldError(name, *wrong.args))
        elif name in required:
            errors.append(FieldError(name, "required"))
        else:
            clean[name] = ""
    if errors:
        raise Invalid(errors)
    return clean


def _net(text: str) -> str:
    amount = read_amount(text)
    if amount is None:
        raise ValueError("negative_amount" if read_amount(text.removeprefix("-")) is not None else "bad_amount")
    if amount > MOST:
        raise ValueError("amount_too_large", {"most": MOST})
    if amount != round(amount, 2):
        raise ValueError("part_of_a_grosz")
    return str(amount.quantize(GROSZ))


def _one_of(known: Mapping[str, Any]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in known:
            raise ValueError("unknown_value")
        return text

    return check


def _types(text: str) -> str:
    """Each known one once, in the rules' order."""
    named, known = set(text.split()), quote_types()
    if named - set(known):
        raise ValueError("type_without_quote", {"known": ", ".join(known)})
    return " ".join(one for one in known if one in named)


_CHECKS: dict[str, Callable[[str], str]] = {
    "net": _net,
    "vat_rate": _one_of(VAT_RATES),
    "per": _one_of(PER),
    "types": _types,
    "valid_from": day,
    "valid_until": day,
}
