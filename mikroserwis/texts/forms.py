"""What is sent in about a text, checked: each wrong value is named with a code and its place."""

from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateError

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import plain, tidy
from mikroserwis.telling import EMAIL, PDF, SMS
from mikroserwis.telling.grammar import Fault, faults, subject_faults
from mikroserwis.telling.rendering import SUBJECT_MOST, Own, Unusable, filled
from mikroserwis.texts.slots import Slot, sampled

# In signs; a remark on a quote has at most 2000 once its variables are filled in.
LONGEST = {EMAIL: 20_000, SMS: 1_000, PDF: 1_500}


def text(slot: Slot, values: Mapping[str, Any], kept: Own) -> Own:
    """A text that can be sent; what is left out stays as it is `kept`. Raises Invalid naming all that is wrong."""
    subject = tidy(values.get("subject", kept.subject)) if slot.channel == EMAIL else ""
    body = plain(str(values.get("body", kept.body) or ""))
    errors = [*_subject(slot, subject), *_body(slot, body)]
    if not errors:
        try:
            filled(slot.event, slot.channel, Own(subject, body), sampled(slot))
        except (Unusable, TemplateError):
            errors = [FieldError("body", "text_says_nothing")]
    if errors:
        raise Invalid(errors)
    return Own(subject, body)


def _subject(slot: Slot, subject: str) -> list[FieldError]:
    if slot.channel != EMAIL:
        return []
    if slot.event.prescribed and subject != (wanted := slot.shipped().subject):
        return [FieldError("subject", "subject_is_prescribed", {"name": wanted})]
    return _sized("subject", subject, SUBJECT_MOST) or _found("subject", subject_faults(slot.event, subject))


def _body(slot: Slot, body: str) -> list[FieldError]:
    too_long = _sized("body", body, LONGEST[slot.channel])
    return too_long or _found("body", faults(slot.event, slot.channel, body))


def _sized(name: str, value: str, most: int) -> list[FieldError]:
    if not value:
        return [FieldError(name, "required")]
    return [FieldError(name, "too_long", {"limit": most, "length": len(value)})] if len(value) > most else []


def _found(name: str, wrong: list[Fault]) -> list[FieldError]:
    return [FieldError(name, one.code, one.params) for one in wrong]
