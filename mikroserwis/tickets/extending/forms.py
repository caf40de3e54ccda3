"""The day as people and programs write it."""

from datetime import date
from typing import Any

from mikroserwis import field_checks
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import tidy


def day(value: Any) -> date:
    """2026-06-02 or 2.06.2026. Raises Invalid."""
    text = tidy(value)
    if not text:
        raise Invalid([FieldError("until", "required")])
    try:
        return date.fromisoformat(field_checks.day(text))
    except ValueError:
        raise Invalid([FieldError("until", "bad_date")]) from None


def day_or_none(value: Any) -> date | None:
    """The same where the day that was asked for stands for an empty one."""
    return day(value) if tidy(value) else None
