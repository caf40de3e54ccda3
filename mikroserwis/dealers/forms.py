"""What is sent in about dealers, contacts and absences, checked. No texts here, no records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mikroserwis.dealers import areas
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.field_checks import checked, day
from mikroserwis.plaintext import tidy
from mikroserwis.rulebook import RULES

_PLAIN = {
    "name": 200,
    "tax_id": 20,
    "street": 200,
    "postal_code": 12,
    "city": 100,
    "phone": 40,
    "email": 254,
}
LENGTHS = {"crm_id": 20, **_PLAIN, "areas": 4000, "types": 1000, "capacity": 20}
CONTACT_LENGTHS = {"type": 40, "role": 10, "prefix": 12, "vendor": 100, "name": 200, "phone": 40, "email": 254}
ABSENCE_LENGTHS = {"first_day": 40, "last_day": 40, "reason": 200}
ROLES = ("rms", "rks")
MOST_CAPACITY = 10_000
_MOST_CRM_ID = 2**31 - 1


@dataclass(frozen=True)
class AbsenceIn:
    """Days as they were sent in, both included."""

    first_day: date
    last_day: date
    reason: str


def dealer(values: Mapping[str, Any], *, new: bool) -> dict[str, str]:
    """Clean fields as texts. A new dealer needs number, name and capacity; of another, what is left out stays.

    Raises Invalid naming every wrong one.
    """
    found = _Found()
    required = ("name",) if new or "name" in values else ()
    clean = found.of(lambda: checked(values, _PLAIN, required))
    for name, check in _DEALER.items():
        if name in values or (new and name in {"crm_id", "capacity"}):
            clean |= found.field(name, values.get(name), LENGTHS[name], check)
    found.end()
    return clean


def contact(values: Mapping[str, Any], *, new: bool) -> dict[str, str]:
    """Clean fields as texts. A new contact needs type, role, vendor and name. Raises Invalid naming every wrong one."""
    found = _Found()
    texts = {name: CONTACT_LENGTHS[name] for name in ("vendor", "name", "phone", "email")}
    required = tuple(name for name in ("vendor", "name") if new or name in values)
    clean = found.of(lambda: checked(values, texts, required))
    for name, check in _CONTACT.items():
        if name in values or (new and name != "prefix"):
            clean |= found.field(name, values.get(name), CONTACT_LENGTHS[name], check)
    found.end()
    return clean


def absence(values: Mapping[str, Any]) -> AbsenceIn:
    """Raises Invalid naming every wrong value."""
    found = _Found()
    days: dict[str, str] = {}
    for name in ("first_day", "last_day"):
        days |= found.field(name, values.get(name), ABSENCE_LENGTHS[name], day)
    reason = found.field("reason", values.get("reason"), ABSENCE_LENGTHS["reason"], str, needed=False)
    found.end()
    first, last = (date.fromisoformat(days[name]) for name in ("first_day", "last_day"))
    if last < first:
        raise Invalid([FieldError("last_day", "ends_before_it_starts")])
    return AbsenceIn(first, last, reason["reason"])


class _Found:
    """What is wrong so far."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def of(self, check: Callable[[], dict[str, str]]) -> dict[str, str]:
        try:
            return check()
        except Invalid as invalid:
            self.errors.extend(invalid.errors)
            return {}

    def field(
        self, name: str, value: Any, longest: int, check: Callable[[str], str], *, needed: bool = True
    ) -> dict[str, str]:
        text = tidy(value)
        if len(text) > longest:
            self.errors.append(FieldError(name, "too_long", {"limit": longest, "length": len(text)}))
        elif not text and needed and check not in {_areas, _types, _prefix}:
            self.errors.append(FieldError(name, "required"))
        else:
            try:
                return {name: check(text)}
            except ValueError as wrong:
                self.errors.append(FieldError(name, *wrong.args))
        return {}

    def end(self) -> None:
        if self.errors:
            raise Invalid(self.errors)


def _whole(least: int, most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise ValueError("number_out_of_range", {"least": least, "most": most})
        return str(int(text))

    return check


def _areas(text: str) -> str:
    """Each once, in order; none within a shorter one."""
    parts = areas.split(text)
    wrong = [one for one in parts if not _is_prefix(one)]
    if wrong:
        raise ValueError("bad_prefixes", {"prefixes": wrong})
    read = [areas.read_prefix(one) for one in parts]
    twice = sorted({one for one in read if read.count(one) > 1})
    within = areas.swallowed(read)
    if twice or within:
        raise ValueError("prefixes_twice", {"twice": twice, "within": within})
    if len(read) > areas.MOST:
        raise ValueError("too_many_prefixes", {"most": areas.MOST})
    return areas.as_text(read)


def _is_prefix(text: str) -> bool:
    try:
        return bool(areas.read_prefix(text))
    except ValueError:
        return False


def _prefix(text: str) -> str:
    """Empty is the whole country."""
    if not text:
        return ""
    try:
        return areas.read_prefix(text)
    except ValueError:
        raise ValueError("bad_prefix") from None


def _types(text: str) -> str:
    """Each known one once, in the rules' order."""
    named = set(text.split())
    if named - set(RULES.type_names):
        raise ValueError("unknown_type")
    return " ".join(one for one in RULES.type_names if one in named)


def _type(text: str) -> str:
    if text not in RULES.ticket_types:
        raise ValueError("unknown_type")
    return text


def _role(text: str) -> str:
    if text not in ROLES:
        raise ValueError("unknown_value")
    return text


_DEALER: dict[str, Callable[[str], str]] = {
    "crm_id": _whole(1, _MOST_CRM_ID),
    "areas": _areas,
    "types": _types,
    "capacity": _whole(0, MOST_CAPACITY),
}
_CONTACT: dict[str, Callable[[str], str]] = {"type": _type, "role": _role, "prefix": _prefix}
