"""Bodies of the wrong shape: what pydantic found, told as our own codes by path."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mikroserwis.errors import FieldError, Invalid

_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "required",
    "string_too_long": "too_long",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "literal_error": "unknown_value",
    "too_short": "required",
    "too_long": "too_many",
}
# What is wanted where something else stands, by the beginning of pydantic's own name for it.
_KINDS = {
    "string_": "text",
    "int_": "number",
    "bool_": "truth",
    "list_": "list",
    "model_": "object",
    "dict_": "object",
}


def invalid(error: ValidationError) -> Invalid:
    """Each wrong value by its path, such as `subtickets.0.stations_buy`."""
    found: dict[str, FieldError] = {}
    for one in error.errors(include_url=False):
        field = _path(one)
        found.setdefault(field, FieldError(field, _CODES.get(one["type"], "wrong_kind"), _params(one)))
    return Invalid(list(found.values()))


def _path(error: ErrorDetails) -> str:
    """Without the names of a union's branches, which are ours and not the sender's."""
    return ".".join(
        str(part) for part in error["loc"] if isinstance(part, int) or (part.isidentifier() and part != "int")
    )


def _params(error: ErrorDetails) -> Mapping[str, Any]:
    if error["type"] not in _CODES:
        return {"kind": next((kind for prefix, kind in _KINDS.items() if error["type"].startswith(prefix)), "")}
    context = error.get("ctx", {})
    limits = [context[name] for name in ("max_length", "ge", "le") if name in context]
    length = len(error["input"]) if isinstance(error["input"], str) else 0
    return {"limit": limits[0], "length": length} if limits else {}
