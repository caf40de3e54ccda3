"""Keys by which texts are sorted and found, the same on both databases."""

import unicodedata

# Polish letters stand after their plain ones: a tilde sorts behind every ASCII letter, ż behind ź.
_AFTER = str.maketrans(
    {"ą": "a~", "ć": "c~", "ę": "e~", "ł": "l~", "ń": "n~", "ó": "o~", "ś": "s~", "ź": "z~", "ż": "z~~"}
)
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss"})


def sort_key(text: str, length: int = 400) -> str:
    """Alphabetical in Polish: 'Łabędź' after 'Lublin', 'ćma' after 'cukier'."""
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
