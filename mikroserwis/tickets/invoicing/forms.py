"""What is written beside the invoice's file: each wrong value is named with a code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import tidy
from mikroserwis.pricing import GROSZ, read_amount

LONGEST_NUMBER = 60
MOST = Decimal("999999999999.99")
FIELDS = ("number", "issued_on", "gross")
_POLISH_DAY = re.compile(r"(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})(?: ?r\.?)?", re.ASCII)


@dataclass(frozen=True)
class InvoiceIn:
    """As it stands on the invoice; `key` is the number as numbers are compared."""

    number: str
    issued_on: date
    gross: Decimal

    @property
    def key(self) -> str:
        return key_of(self.number)


def key_of(number: str) -> str:
    """`fv 7 / 2026` is `FV7/2026`."""
    return "".join(number.split()).upper()[:LONGEST_NUMBER]


def read(values: Mapping[str, Any], today: date) -> InvoiceIn:
    """`values`: number, issued_on (2026-05-27 or 27.05.2026) and gross as people write them. Raises Invalid."""
    errors: list[FieldError] = []
    number = tidy(values.get("number"))
    if not number:
        errors.append(FieldError("number", "required"))
    if len(number) > LONGEST_NUMBER:
        errors.append(FieldError("number", "too_long", {"limit": LONGEST_NUMBER, "length": len(number)}))
    issued_on = _day(tidy(values.get("issued_on")), today, errors)
    gross = _gross(tidy(values.get("gross")), errors)
    if errors or issued_on is None or gross is None:
        raise Invalid(errors)
    return InvoiceIn(number, issued_on, gross)


def _day(text: str, today: date, errors: list[FieldError]) -> date | None:
    if not text:
        errors.append(FieldError("issued_on", "required"))
        return None
    polish = _POLISH_DAY.fullmatch(text)
    try:
        day = date(int(polish[3]), int(polish[2]), int(polish[1])) if polish else date.fromisoformat(text)
    except ValueError:
        errors.append(FieldError("issued_on", "bad_date"))
        return None
    if day > today:
        errors.append(FieldError("issued_on", "date_in_future"))
    return day


def _gross(text: str, errors: list[FieldError]) -> Decimal | None:
    if not text:
        errors.append(FieldError("gross", "required"))
        return None
    amount = read_amount(text) if len(text) <= LONGEST_NUMBER else None
    if amount is None:
        errors.append(FieldError("gross", "bad_amount"))
        return None
    if amount > MOST:
        errors.append(FieldError("gross", "amount_too_large", {"most": MOST}))
        return None
    if amount != amount.quantize(GROSZ):
        errors.append(FieldError("gross", "part_of_a_grosz"))
        return None
    return amount.quantize(GROSZ)
