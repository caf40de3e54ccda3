"""What is sent in about customers, their people and their shops, checked. No texts here, no records."""

from collections.abc import Mapping
from typing import Any

from mikroserwis import companies
from mikroserwis.companies import COMPANY_LENGTHS, POINT_FIELDS, POINT_LENGTHS
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.field_checks import checked
from mikroserwis.plaintext import tidy
from mikroserwis.tax_ids import COUNTRIES, HOME

LENGTHS = {"country": 2, **COMPANY_LENGTHS}
CONTACT_LENGTHS = {"name": 200, "role": 100, "phone": 40, "email": 254}
NEW_POINT_LENGTHS = {"number": 20, **POINT_LENGTHS}
_NEEDED = ("name", "tax_id")
_LARGEST = 2**53 - 1


def customer(values: Mapping[str, Any], kept: Mapping[str, str] | None = None) -> dict[str, str]:
    """Clean fields as texts; of one that is `kept`, what is left out stays. Raises Invalid naming each wrong one.

    In another country everything that is kept is checked anew: what was right in one is seldom right in another.
    """
    before = kept or {"country": HOME}
    country = tidy(values.get("country", before["country"])).upper()
    if country not in COUNTRIES:
        raise Invalid([FieldError("country", "unknown_value")])
    asked = values if country == before["country"] else {**before, **values}
    required = tuple(name for name in _NEEDED if kept is None or name in asked)
    clean = companies.company(asked, required=required, country=country)
    return clean if kept and "country" not in values else {"country": country, **clean}


def contact(values: Mapping[str, Any], *, new: bool, country: str) -> dict[str, str]:
    """Clean fields; a new one needs a name. Raises Invalid naming each wrong one."""
    return checked(values, CONTACT_LENGTHS, ("name",) if new or "name" in values else (), country)


def point(values: Mapping[str, Any], *, new: bool, country: str) -> dict[str, str]:
    """Clean fields; a shop has a name and an address. Raises Invalid naming each wrong one."""
    required = tuple(name for name in POINT_FIELDS if new or name in values)
    return companies.point(values, required=required, country=country)


def point_number(values: Mapping[str, Any]) -> int | None:
    """The number that the shop is to have; none: the next free one. Raises Invalid."""
    text = tidy(values.get("number", ""))
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 17 and 0 < int(text) <= _LARGEST):
        raise Invalid([FieldError("number", "number_out_of_range", {"least": 1, "most": _LARGEST})])
    return int(text)
