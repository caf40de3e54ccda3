"""Keys by which texts are sorted and found, the same on both databases."""

import unicodedata

# Each language's letters stand after their plain ones: a tilde sorts behind every ASCII letter, ż behind ź, U+0700
# behind every Persian one. A list has one order for all its readers: no letter has another place in another alphabet.
_AFTER = str.maketrans(
    {"ą": "a~", "ć": "c~", "ę": "e~", "ł": "l~", "ń": "n~", "ó": "o~", "ś": "s~", "ź": "z~", "ż": "z~~"}
    | {"ă": "a~", "â": "a~~", "î": "i~", "ș": "s~", "ş": "s~", "ț": "t~", "ţ": "t~", "ñ": "n~"}
    | {"پ": "ب\u0700", "چ": "ج\u0700", "ژ": "ز\u0700", "ک": "ق\u0700", "ك": "ق\u0700", "گ": "ق\u0700\u0700"}
    | {"و": "ن\u0700", "ي": "ی", "\u200c": None}
)
# Arabic keyboards have other letters for the Persian ye and kaf; the half space joins what others write apart.
_PLAIN = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "\u200c": None}
    | dict(zip("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789", strict=True))
)


def sort_key(text: str, length: int = 400) -> str:
    """Alphabetical: 'Łabędź' after 'Lublin', 'ćma' after 'cukier', 'گلستان' after 'کرمان'."""
    key = text.casefold().translate(_AFTER)
    return _strip_marks(key)[:length]


def fold(text: str) -> str:
    """Lower case without accents, for finding: 'Sieciechów' is found by 'sieciechow'."""
    return _strip_marks(text.casefold().translate(_PLAIN))


def _strip_marks(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def digits(text: str) -> str:
    """Only the digits, of any script, as ASCII: '797-456-94-39' is 7974569439."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())
