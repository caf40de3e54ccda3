"""Texts in the reader's language: catalogues are read from their .po files, the language is a context variable."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import LazyProxy, Translations

LANGUAGES = {"pl": "Polski", "en": "English"}
# Dates in English are written as in Britain: nobody here reads 10/19 as a day in October.
_LOCALES = {"pl": Locale("pl"), "en": Locale("en", "GB")}
SOURCE = "en"

_language: ContextVar[str] = ContextVar("language", default="pl")


def language() -> str:
    """The language of the page or message being made."""
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Everything inside is said in this language; unknown codes fall back to Polish."""
    token = _language.set(code if code in LANGUAGES else "pl")
    try:
        yield
    finally:
        _language.reset(token)


def speak(code: str) -> None:
    """From here on in this context; the web layer sets it anew for each request."""
    _language.set(code if code in LANGUAGES else "pl")


@cache
def catalogue(code: str) -> Translations:
    """The compiled catalogue of a language; the source language needs none beyond its plurals."""
    source = files("mikroserwis").joinpath(f"translations/{code}.po")
    with source.open("rb") as stream:
        catalog = read_po(stream, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def gettext(message: str, **values: Any) -> str:
    """The message in the present language with %(name)s filled in."""
    text: str = catalogue(language()).ugettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """The message in the number's plural form; `n` is also filled in."""
    text: str = catalogue(language()).ungettext(singular, plural, n)
    return text % {"n": n, **values}


def lazy(message: str, **values: Any) -> Any:
    """A text that is said when it is shown; for tables made at import time."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


def say_date(value: date | None, style: str = "medium") -> str:
    """A date as readers of the language write it; empty for None."""
    return _date(value, style, language()) if value else ""


def say_moment(value: datetime | None, zone: ZoneInfo, style: str = "short") -> str:
    """A moment in the zone; empty for None."""
    return _moment(value, zone, style, language()) if value else ""


def say_number(value: Any) -> str:
    """Grouped and with the language's decimal sign."""
    return _number(value, language())


# A page says the same days and moments many times, and so do the next ones.
@lru_cache(maxsize=4096)
def _date(value: date, style: str, code: str) -> str:
    return format_date(value, style, locale=_LOCALES[code])


@lru_cache(maxsize=4096)
def _moment(value: datetime, zone: ZoneInfo, style: str, code: str) -> str:
    return format_datetime(value, style, tzinfo=zone, locale=_LOCALES[code])


@lru_cache(maxsize=4096, typed=True)
def _number(value: Any, code: str) -> str:
    return format_decimal(value, locale=_LOCALES[code])


def country_label(code: str) -> str:
    """A country's name by its ISO 3166 code."""
    return str(_LOCALES[language()].territories.get(code, code))
