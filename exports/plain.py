"""Text from outside made fit for documents: one line of printable characters."""

import re
import unicodedata

_JOINERS = "\u200c\u200d"
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE"}
)


def plain(value: str | None) -> str:
    """One line without control, surrogate, private or direction-changing characters.

    The joiners of Persian and of emoji stay: without them the words read differently.
    """
    if value and value.isprintable():
        return " ".join(unicodedata.normalize("NFC", value).split())
    spaced = re.sub(r"\s+", " ", value or "")
    kept = "".join(c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _DROPPED)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def slug(value: str, most: int = 60) -> str:
    """Lower-case ASCII words joined by hyphens, at most `most` characters; may be empty."""
    decomposed = unicodedata.normalize("NFKD", plain(value).translate(_UNDECOMPOSED))
    ascii_only = decomposed.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:most].strip("-")
