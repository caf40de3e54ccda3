"""What is sent in about consents, checked."""

from mikroserwis.consenting import KINDS, Kind
from mikroserwis.errors import FieldError, Invalid

_GIVEN = {"yes": True, "no": False}


def read_kind(text: str) -> Kind:
    """Raises Invalid."""
    found = next((one for one in KINDS if one == text), None)
    if found is None:
        raise Invalid([FieldError("kind", "unknown_value")])
    return found


def read_given(text: str) -> bool:
    """yes: given; no: withdrawn. Raises Invalid."""
    if text not in _GIVEN:
        raise Invalid([FieldError("given", "unknown_value")])
    return _GIVEN[text]
