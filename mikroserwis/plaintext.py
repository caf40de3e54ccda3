"""Texts as people send them, without the signs that can't be seen."""

import re
from typing import Any

# Signs that can't be seen or turn the direction, and halves of signs, which no database keeps.
_UNSEEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff"
_CONTROL = re.compile(rf"[\t\n{_UNSEEN}]")
_HIDDEN = re.compile(f"[{_UNSEEN}]")


def tidy(value: Any) -> str:
    """One line of text: no control characters, no marks that turn the direction, single spaces."""
    return " ".join(_CONTROL.sub(" ", str(value if value is not None else "")).split())


def plain(text: str) -> str:
    """Text of several lines without signs that can't be seen; empty if nothing in it can."""
    lines = _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return lines if any(sign.isprintable() and not sign.isspace() for sign in lines) else ""
