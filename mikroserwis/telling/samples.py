"""Sample values that are said in the reader's language when they are shown."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from babel.support import LazyProxy

from mikroserwis.i18n import say_date

_DAY = date(2026, 11, 30)


def computed(of: Callable[[], str]) -> Any:
    return LazyProxy(of, enable_cache=False)


def day(ahead: int) -> Any:
    """A date so many days after a certain one."""
    return computed(lambda: say_date(_DAY + timedelta(days=ahead)))
