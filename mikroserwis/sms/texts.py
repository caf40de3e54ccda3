"""What an SMS is made of: parts of a text, and the number it goes to."""

from dataclasses import dataclass

import phonenumbers

from mikroserwis import tax_ids

# The alphabet of 3GPP TS 23.038, and the signs that take two places in it.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
# Places in a text of one part, and in each part of a longer one; a sign of a surrogate pair takes two.
_PLAIN, _UNICODE = (160, 153), (70, 67)


@dataclass(frozen=True)
class Size:
    """`places` of the alphabet that it needs: `plain` is GSM-7, otherwise UCS-2."""

    places: int
    parts: int
    plain: bool


def size(text: str) -> Size:
    """How a text is counted and paid for. A pair of places is never divided between two parts."""
    plain = all(sign in _BASIC or sign in _EXTENDED for sign in text)
    widths = [_width(sign, plain=plain) for sign in text]
    alone, each = _PLAIN if plain else _UNICODE
    places = sum(widths)
    return Size(places, 1 if places <= alone else _parts(widths, each), plain)


def number(text: str | None) -> str | None:
    """As +48600100200; a number without a country is of this one. None where no phone can have it."""
    try:
        parsed = phonenumbers.parse(text or "", tax_ids.HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _width(sign: str, *, plain: bool) -> int:
    return 2 if (sign in _EXTENDED if plain else ord(sign) > 0xFFFF) else 1


def _parts(widths: list[int], each: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return parts
