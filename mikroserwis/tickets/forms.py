"""Notes and reasons, as they are sent in. No texts here, no records."""

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import plain

LONGEST = 4000


def words(text: str, field: str) -> str:
    """A note or reason as it is kept. Raises Invalid if it is too long; an empty one is the workflow's to refuse."""
    said = plain(text)
    if len(said) > LONGEST:
        raise Invalid([FieldError(field, "too_long", {"limit": LONGEST, "length": len(said)})])
    return said
