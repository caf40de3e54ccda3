"""Texts, numbers and dates as the reader wants them; how somebody reads is a context variable.

Catalogues are read from their .po files. A reading is written as one language tag (RFC 6067), so that whatever keeps
the language of a message keeps the rest too: `fa-u-ca-persian-nu-arabext` is Persian with Jalali dates and its digits.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Self
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import LazyProxy, NullTranslations, Translations
from persiantools.jdatetime import MONTH_NAMES_EN, MONTH_NAMES_FA, JalaliDate

_NAMES = {"pl": "Polski", "en": "English", "ro": "Română", "es": "Español", "fa": "فارسی"}
_FOLDER = files("mikroserwis").joinpath("translations")
# On offer is what has a catalogue.
LANGUAGES = {code: name for code, name in _NAMES.items() if _FOLDER.joinpath(f"{code}.po").is_file()}
# Dates in English are written as in Britain: nobody here reads 10/19 as a day in October.
_LOCALES = {code: Locale.parse({"en": "en_GB"}.get(code, code)) for code in _NAMES}
SOURCE = "en"
# By their names in CLDR.
GREGORIAN, JALALI = CALENDARS = ("gregory", "persian")
LATIN, PERSIAN = DIGITS = ("latn", "arabext")

_FIGURES = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_KEYWORD = re.compile(r"-(ca|nu)-([a-z]+)")
# First strong isolate … pop directional isolate, and the mark that turns a line.
_ISOLATE, _POP, _RIGHT_TO_LEFT = "\u2068", "\u2069", "\u200f"
# Values that are copied, typed or read out on the phone keep their digits.
_CODES = frozenset({"number", "ticket", "point", "station", "quote", "tax_id", "crm_id", "code", "id"})


@dataclass(frozen=True)
class Reading:
    """How somebody reads: the language, the calendar of dates and the digits of numbers."""

    language: str = "pl"
    calendar: str = GREGORIAN
    digits: str = LATIN

    @classmethod
    def of(cls, tag: str) -> Self:
        """Of a code or a tag; what isn't known becomes Polish, Gregorian, Latin."""
        code, _, said = tag.partition("-u")
        chosen = dict(_KEYWORD.findall(said))
        calendar, digits = chosen.get("ca", GREGORIAN), chosen.get("nu", LATIN)
        return cls(
            code if code in _LOCALES else "pl",
            calendar if calendar in CALENDARS else GREGORIAN,
            digits if digits in DIGITS else LATIN,
        )

    @property
    def tag(self) -> str:
        """What `of` reads back."""
        calendar = "" if self.calendar == GREGORIAN else f"-ca-{self.calendar}"
        digits = "" if self.digits == LATIN else f"-nu-{self.digits}"
        return f"{self.language}-u{calendar}{digits}" if calendar or digits else self.language


_POLISH = Reading()
_reading: ContextVar[Reading] = ContextVar("reading", default=_POLISH)
_catalogues: dict[str, NullTranslations] = {}


def reading() -> Reading:
    """How the reader of the page or message being made reads: the key of whatever is kept drawn."""
    return _reading.get()


def language() -> str:
    """The language of the page or message being made."""
    return _reading.get().language


def locale() -> Locale:
    """What Babel knows of the language."""
    return _LOCALES[language()]


def direction() -> str:
    """ltr or rtl."""
    return locale().text_direction


def mirrored() -> bool:
    """Whether it is read from right to left."""
    return direction() == "rtl"


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Everything inside is said for who reads so: a language's code or a tag; unknown ones fall back to Polish."""
    token = _reading.set(Reading.of(tag))
    try:
        yield
    finally:
        _reading.reset(token)


def speak(tag: str) -> None:
    """From here on in this context; the web layer sets it anew for each request."""
    _reading.set(Reading.of(tag))


def learn(code: str, texts: NullTranslations, of: Locale) -> None:
    """A language that isn't on offer but can be spoken: tests make one in which an unmarked text shows."""
    _catalogues[code], _LOCALES[code] = texts, of


def catalogue(code: str) -> NullTranslations:
    """The compiled catalogue of a language; the source language needs none beyond its plurals."""
    if code not in _catalogues:
        _catalogues[code] = _compiled(code)
    return _catalogues[code]


def _compiled(code: str) -> NullTranslations:
    source = _FOLDER.joinpath(f"{code}.po")
    if not source.is_file():
        return NullTranslations()
    with source.open("rb") as stream:
        catalog = read_po(stream, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def gettext(message: str, **values: Any) -> str:
    """The message in the present language with %(name)s filled in."""
    text: str = catalogue(language()).ugettext(message)
    if not values:
        return text
    # A file's name takes no marks.
    return text % (_told(values) if " " in message else values)


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """The message in the number's plural form; `n` is also filled in."""
    text: str = catalogue(language()).ungettext(singular, plural, n)
    return text % _told({"n": n, **values})


def _told(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Counts in the reader's digits; in a language from right to left every other value keeps its own direction."""
    if not mirrored() and reading().digits == LATIN:
        return values
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, int | float) and name not in _CODES:
        return shaped(str(value))
    return isolated(value) if isinstance(value, str) else value


def isolated(value: str) -> str:
    """A value within a sentence of a language from right to left keeps its own direction; addresses stay bare."""
    if not value or not mirrored() or "\n" in value or "://" in value:
        return value
    return f"{_ISOLATE}{value}{_POP}"


def lazy(message: str, **values: Any) -> Any:
    """A text that is said when it is shown; for tables made at import time."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


def onward() -> str:
    """An arrow from the former to the new, the way the language is read."""
    return "←" if mirrored() else "→"


def directed(text: str) -> str:
    """Plain text of several lines: each begins on the side of the language, even with a Latin name or an address."""
    if not mirrored():
        return text
    return "\n".join(f"{_RIGHT_TO_LEFT}{line}" if line else line for line in text.split("\n"))


def say_date(value: date | None, style: str = "medium") -> str:
    """A date as readers of the language write it, or by its figures alone ("iso"); empty for None."""
    return _date(value, style, reading()) if value else ""


def say_moment(value: datetime | None, zone: ZoneInfo, style: str = "short") -> str:
    """A moment in the zone; empty for None."""
    return _moment(value, zone, style, reading()) if value else ""


def say_number(value: Any, pattern: str | None = None) -> str:
    """Grouped and with the language's decimal sign; `pattern` as Babel has it."""
    return _number(value, pattern, reading())


def day_and_month(value: date) -> tuple[int, int]:
    """Their numbers in the reader's calendar."""
    said = _jalali_date(value) if reading().calendar == JALALI else None
    return (said.day, said.month) if said else (value.day, value.month)


def shaped(text: Any) -> str:
    """A number or a text with its figures in the reader's digits."""
    return _in_digits(str(text), reading())


# A page says the same days and moments many times, and so do the next ones.
@lru_cache(maxsize=4096)
def _date(value: date, style: str, how: Reading) -> str:
    day = _jalali(value, style, how)
    if day is None:
        day = value.isoformat() if style == "iso" else format_date(value, style, locale=_LOCALES[how.language])
    return _in_digits(day, how)


@lru_cache(maxsize=4096)
def _moment(value: datetime, zone: ZoneInfo, style: str, how: Reading) -> str:
    of = _LOCALES[how.language]
    day = _jalali(value.astimezone(zone).date(), style, how)
    if day is None:
        return _in_digits(format_datetime(value, style, tzinfo=zone, locale=of), how)
    time = format_time(value, style, tzinfo=zone, locale=of)
    return _in_digits(str(of.datetime_formats[style]).replace("{0}", time).replace("{1}", day), how)


@lru_cache(maxsize=4096, typed=True)
def _number(value: Any, pattern: str | None, how: Reading) -> str:
    said = format_decimal(value, pattern, locale=_LOCALES[how.language], numbering_system=how.digits)
    return _in_digits(said, how)


def _in_digits(text: str, how: Reading) -> str:
    return text.translate(_FIGURES) if how.digits == PERSIAN else text


def _jalali(value: date, style: str, how: Reading) -> str | None:
    """None for who reads the other calendar, and for days that this one doesn't have."""
    day = _jalali_date(value) if how.calendar == JALALI else None
    if day is None:
        return None
    if style in {"iso", "short"}:
        return f"{day.year}/{day.month:02}/{day.day:02}"
    names = MONTH_NAMES_FA if how.language == "fa" else MONTH_NAMES_EN
    return f"{day.day} {names[day.month]} {day.year}"


def _jalali_date(value: date) -> JalaliDate | None:
    """None before the calendar's first year (622)."""
    try:
        return JalaliDate(date(value.year, value.month, value.day))  # type: ignore[no-untyped-call]  # half typed
    except ValueError:
        return None


def country_label(code: str) -> str:
    """A country's name by its ISO 3166 code."""
    return str(locale().territories.get(code, code))
