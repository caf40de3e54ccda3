"""Figures as people's keyboards write them: a Persian or an Arabic one has digits and number signs of its own."""

import re
from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict, iter_multi_items

_FIGURES = {sign: str(value % 10) for value, sign in enumerate((*range(0x660, 0x66A), *range(0x6F0, 0x6FA)))}
# Their decimal sign, thousands sign, percent sign and the minus of a right-to-left keyboard.
_SIGNS = str.maketrans(_FIGURES | {0x66B: ".", 0x66C: None, 0x66A: "%", 0x200E: None, 0x200F: None, 0x61C: None})
_THEIRS = re.compile("[٠-٩۰-۹]")
_SECRET = frozenset({"present", "repeated"})


def is_secret(name: str) -> bool:
    """A field for a password: it is what was typed, sign by sign, and never shown again."""
    return name in _SECRET or name.endswith("password")


def latin_figures(text: str) -> str:
    """A number, date, phone, code or address in ASCII figures; text in words of other letters stays as it is typed."""
    if not _THEIRS.search(text) or any(sign.isalpha() and not sign.isascii() for sign in text):
        return text
    return text.translate(_SIGNS)


class Typed(ImmutableMultiDict[str, Any]):
    """The fields of a form or of an address, whose every reader gets such figures as it can read."""

    def __init__(self, mapping: MultiDict[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        items = iter_multi_items(mapping) if mapping is not None else ()
        super().__init__([(name, _read(name, value)) for name, value in items])


def _read(name: str, value: Any) -> Any:
    return latin_figures(value) if isinstance(value, str) and not is_secret(name) else value


class TypedRequest(Request):
    """Where every form comes in."""

    parameter_storage_class = Typed
