"""Fields of companies and retail points, notes and reasons, as they are sent in. No texts here, no records."""

from collections.abc import Mapping
from typing import Any

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.field_checks import checked
from mikroserwis.plaintext import plain

LONGEST = 4000

COMPANY_LENGTHS = {
    "tax_id": 20,
    "name": 200,
    "regon": 20,
    "street": 200,
    "postal_code": 12,
    "city": 100,
    "phone": 40,
    "email": 254,
    "iban": 42,
    "representative": 200,
    "account_manager_name": 200,
    "account_manager_phone": 40,
    "account_manager_email": 254,
}
POINT_LENGTHS = {
    "name": 200,
    "street": 200,
    "postal_code": 12,
    "city": 100,
    "phone": 40,
    "email": 254,
    "contact": 200,
    "opening_hours": 200,
}


def company(values: Mapping[str, Any], *, required: tuple[str, ...] = ("tax_id", "name")) -> dict[str, str]:
    """Clean company fields. Raises Invalid naming every wrong one."""
    return checked(values, COMPANY_LENGTHS, required)


def point(values: Mapping[str, Any], *, required: tuple[str, ...] = ()) -> dict[str, str]:
    """Clean fields of a retail point. Raises Invalid naming every wrong one."""
    return checked(values, POINT_LENGTHS, required)


def words(text: str, field: str) -> str:
    """A note or reason as it is kept. Raises Invalid if it is too long; an empty one is the workflow's to refuse."""
    said = plain(text)
    if len(said) > LONGEST:
        raise Invalid([FieldError(field, "too_long", {"limit": LONGEST, "length": len(said)})])
    return said
