"""The forms of accounts: clean values, or every wrong one by name."""

import re
from collections.abc import Mapping
from typing import Any

from mikroserwis.accounts.operations import fold_name
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.field_checks import checked
from mikroserwis.i18n import CALENDARS, DIGITS, LANGUAGES

READING = {"language": tuple(LANGUAGES), "calendar": CALENDARS, "digits": DIGITS}
LENGTHS = {"name": 200, "email": 254, "phone": 40, "user_name": 60, **dict.fromkeys(READING, 10), "role": 20}
OWN = ("name", "phone", "user_name", *READING)
# Those who work at the office; dealers' and customers' people come with their company.
OFFICE = ("operator", "technician", "seller", "admin", "master")
_USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


def account(values: Mapping[str, Any], *, new: bool, office: bool) -> dict[str, str]:
    """Of the fields that were sent; a new account needs name and address, one of the office its role too.

    Raises Invalid naming every wrong one.
    """
    needed = ("name", "email", *(("role",) if office else ())) if new else ()
    lengths = {name: length for name, length in LENGTHS.items() if office or name != "role"}
    blank = [name for name in ("name", "email") if name in values and not str(values[name]).strip()]
    errors: list[FieldError] = []
    try:
        clean = checked(values, lengths, tuple({*needed, *blank}))
    except Invalid as error:
        clean, errors = {}, list(error.errors)
    found = {one.field for one in errors}
    told = clean or {name: str(values[name]).strip() for name in lengths if name in values and name not in found}
    errors += [FieldError(name, code) for name, code in _wrong(told)]
    if errors:
        raise Invalid(errors)
    return {name: _folded(name, value) for name, value in clean.items()}


def _wrong(clean: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    if clean.get("user_name") and not _is_user_name(clean["user_name"].casefold()):
        found.append(("user_name", "user_name_form"))
    found += [(name, "unknown_value") for name, known in READING.items() if name in clean and clean[name] not in known]
    if "role" in clean and clean["role"] not in OFFICE:
        found.append(("role", "unknown_value"))
    return found


def _is_user_name(text: str) -> bool:
    """Nothing that could be read as a telephone number or an address."""
    return _USER_NAME.fullmatch(text) is not None and sum(sign.isdigit() for sign in text) < 7


def _folded(name: str, value: str) -> str:
    return fold_name(value) if name in {"email", "phone", "user_name"} else value
