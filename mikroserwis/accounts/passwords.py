"""Which passwords are refused, offline: short ones, known ones, those made of the person's own data, easy ones.

What counts is how many guesses a patient thief of the database would need, not which kinds of signs there are: of
NIST SP 800-63B only length and the list of known passwords are rules, the rest is weighed by zxcvbn.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from threading import Lock
from typing import Any

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy

LEAST, MOST = 10, 1000
GOOD = 3  # of 0 to 4: at least 10⁸ guesses
# Weighing costs the square of the length and more; what is good so far can't become bad by what follows.
_WEIGHED = 32
# For each of these signs the library tries every letter that it may stand for, all combinations of them: of many kinds
# fewer signs are weighed, which are more than enough then.
_STANDING_FOR_LETTERS = frozenset("4@8({[<369&#!1|0$5+7%2z/")
_MANY, _WEIGHED_OF_MANY = 6, 16
_OF_ONESELF = 4
# The library keeps the words of whoever asks in a place that all threads share.
_one_at_a_time = Lock()

# Known here and not to the library, whose words are English.
_LOCAL = """wiosna lato jesien zima styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik
    listopad grudzien poniedzialek wtorek sroda czwartek piatek sobota niedziela haslo hasło tajne tajnehaslo mojehaslo
    nowehaslo zmienmnie polska warszawa krakow lodz wroclaw poznan gdansk szczecin lublin katowice kochanie kocham
    kochamcie misiek misiaczek kotek piesek sloneczko zabka mama tata dupa sklep kasa fiskalna drukarka serwis
    instalacja zgloszenie administrator sprzedaz firma legia wisla lech""".split()  # noqa: SIM905 - seventy quotes are worse to read
_OURS = ("mikroserwis", "platform", "mplatform")
_PATTERNS = frozenset({"spatial", "sequence", "repeat", "regex", "date"})

_SAID: dict[str, Any] = {
    "password_common": lazy("This password, or one very like it, stands in lists that thieves try first. Use another."),
    "password_personal": lazy(
        "This password is made of your own data, or of the service's name: others guess that. "
        "Use words without a link to you."
    ),
    "password_pattern": lazy(
        "Rows of keys or figures, repetitions and dates are guessed quickly. Use three or four unrelated words."
    ),
    "password_weak": lazy("This password is easy to guess. Add a word or two: unusual words help more than signs."),
}
_COUNTED: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "password_short": lambda said: _("A password needs at least %(least)s characters.", least=said["least"]),
    "password_long": lambda said: _("A password may have at most %(most)s characters.", most=said["most"]),
}


@dataclass(frozen=True)
class Strength:
    """How hard to guess, 0 to 4, and the code of the reason why it isn't enough; empty if it is."""

    score: int
    code: str


def check(password: str, about: Sequence[str] = (), *, field: str = "password") -> list[FieldError]:
    """What is wrong with a new password: at most one thing. `about`: name, e-mail, company … of its owner."""
    return judge(password, about, field=field)[0]


def judge(password: str, about: Sequence[str] = (), *, field: str = "password") -> tuple[list[FieldError], int]:
    """The same, and how hard it is to guess, 0 to 4."""
    if len(password) > MOST:
        return [FieldError(field, "password_long", {"most": MOST})], 0
    found = weigh(password, about) if password else Strength(0, "")
    if len(password) < LEAST:
        return [FieldError(field, "password_short", {"least": LEAST})], found.score
    return [FieldError(field, found.code)] if found.code else [], found.score


def require_good(password: str, about: Sequence[str] = (), *, field: str = "password") -> None:
    """Raises Invalid."""
    if errors := check(password, about, field=field):
        raise Invalid(errors)


def weigh(password: str, about: Sequence[str] = ()) -> Strength:
    """Length aside."""
    own = _words((*about, *_OURS))
    if _is_personal(password, own):
        return Strength(0, "password_personal")
    many = len(_STANDING_FOR_LETTERS.intersection(password)) > _MANY
    weighed = password[: _WEIGHED_OF_MANY if many else _WEIGHED]
    with _one_at_a_time:
        found = _library()(weighed, user_inputs=[*own, *_LOCAL])
    score = int(found["score"])
    return Strength(score, "" if score >= GOOD else _reason(found["sequence"], own))


def field_sentence(code: str, params: Mapping[str, Any]) -> str:
    """What is wrong with a password; empty for codes of others."""
    counted = _COUNTED.get(code)
    return counted(params) if counted else str(_SAID.get(code, ""))


def _library() -> Callable[..., dict[str, Any]]:
    """Its lists take 14 MB and are read when somebody first chooses a password: most processes never need them."""
    weigher: Callable[..., dict[str, Any]] = import_module("zxcvbn").zxcvbn
    return weigher


def _is_personal(password: str, own: set[str]) -> bool:
    """Whether hardly anything is left without the own words: the library weighs each of them as one of many."""
    left = password.casefold()
    for word in sorted(own, key=len, reverse=True):
        left = left.replace(word, "")
    return len(re.sub(r"[\W\d_]+", "", left)) < _OF_ONESELF and left != password.casefold()


def _words(texts: Sequence[str]) -> set[str]:
    """Each text whole and in its parts, with and without diacritics, as somebody types them into a password."""
    folded = [text.casefold() for text in texts]
    plain = [unicodedata.normalize("NFKD", text.replace("ł", "l")) for text in folded]
    bare = ["".join(sign for sign in text if not unicodedata.combining(sign)) for text in plain]
    pieces = [re.split(r"[\W_]+", text) for text in (*folded, *bare)]
    return {word for parts in pieces for word in (*parts, "".join(parts)) if len(word) >= 3}


def _reason(sequence: Sequence[Mapping[str, Any]], own: set[str]) -> str:
    """Told by the part that most of the password consists of."""
    if any(part.get("matched_word") in own for part in sequence):
        return "password_personal"
    largest = max(sequence, key=lambda part: len(part["token"]))
    if largest["pattern"] in _PATTERNS:
        return "password_pattern"
    known = largest.get("dictionary_name") in {"passwords", "user_inputs"}
    return "password_common" if known else "password_weak"
