"""What people and systems send in, checked: each wrong value is named with a code. No texts here, no records."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum import iban
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.pl import nip, regon

from mikroserwis import tax_ids
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import tidy
from mikroserwis.textkeys import digits

_YEARS = range(2000, 2101)


def checked(
    values: Mapping[str, Any], lengths: Mapping[str, int], required: tuple[str, ...], country: str = tax_ids.HOME
) -> dict[str, str]:
    """The fields of `lengths` that were sent, clean; a known name, such as tax_id, is checked as what it is there.

    Raises Invalid naming every wrong one.
    """
    clean: dict[str, str] = {}
    errors: list[FieldError] = []
    for name, length in lengths.items():
        if name not in values:
            continue
        text = tidy(values[name])
        try:
            clean[name] = _value(name, text, length, country, needed=name in required)
        except _Wrong as wrong:
            errors.append(FieldError(name, wrong.code, wrong.params))
    errors.extend(FieldError(name, "required") for name in required if name not in values)
    if errors:
        raise Invalid(errors)
    return clean


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def _value(name: str, text: str, length: int, country: str, *, needed: bool) -> str:
    if not text:
        if needed:
            raise _Wrong("required")
        return ""
    if len(text) > length:
        raise _Wrong("too_long", limit=length, length=len(text))
    check = _CHECKS.get(name)
    checked = check(text, country) if check else text
    if len(checked) > length:
        raise _Wrong("too_long", limit=length, length=len(checked))
    return checked


def tax_id(text: str, country: str) -> str:
    """A Polish NIP as ten digits, with or without dashes and PL in front; others as their country writes them."""
    if country != tax_ids.HOME:
        try:
            return tax_ids.read(country, text)
        except ValueError as error:
            raise _Wrong(error.args[0], **error.args[1]) from None
    plain = digits(text.upper().removeprefix("PL"))
    if len(plain) != 10 or re.search(r"[^\d\s.\-]", text.upper().removeprefix("PL")):
        raise _Wrong("nip_length", digits=len(plain))
    if not nip.is_valid(plain):
        raise _Wrong("nip_check_digit")
    return plain


def _regon(text: str, country: str) -> str:
    if country != tax_ids.HOME:
        raise _Wrong("regon_of_poland")
    plain = digits(text)
    if len(plain) not in (9, 14):
        raise _Wrong("regon_length", digits=len(plain))
    if not regon.is_valid(plain):
        raise _Wrong("regon_check_digit")
    return plain


def _postal_code(text: str, country: str) -> str:
    if country != tax_ids.HOME:
        return text
    plain = digits(text)
    if not re.fullmatch(r"\d{2}[\s-]?\d{3}", text):
        raise _Wrong("postal_code")
    return f"{plain[:2]}-{plain[2:]}"


def phone(text: str, country: str = tax_ids.HOME) -> str:
    """As +48…; numbers without a country are those of this one."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise _Wrong("phone") from error
    if not phonenumbers.is_possible_number(number):
        raise _Wrong("phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _email(text: str, _country: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise _Wrong("email") from error


def day(text: str) -> str:
    """Written as 2026-05-27 or 27.05.2026, as ISO. Raises ValueError("bad_date")."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
        if day.year in _YEARS:
            return day.isoformat()
    raise ValueError("bad_date")


def _iban(text: str, country: str) -> str:
    plain = re.sub(r"[\s-]", "", text).upper()
    if country == tax_ids.HOME and re.fullmatch(r"\d{26}", plain):
        plain = f"PL{plain}"
    try:
        return iban.validate(plain)
    except InvalidChecksum as error:
        raise _Wrong("iban_check_digits") from error
    except ValidationError as error:
        raise _Wrong("iban") from error


_CHECKS: dict[str, Callable[[str, str], str]] = {
    "tax_id": tax_id,
    "regon": _regon,
    "postal_code": _postal_code,
    "phone": phone,
    "email": _email,
    "iban": _iban,
    "account_manager_phone": phone,
    "account_manager_email": _email,
}
