"""Which days are business days in a country, by the tables of the library `holidays`."""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from holidays import HolidayBase

_DAY = timedelta(days=1)


@lru_cache(maxsize=20_000)
def is_business_day(day: date, country: str) -> bool:
    """Neither weekend nor public holiday there."""
    return _year(country, day.year).is_working_day(day)


@lru_cache(maxsize=20_000)
def business_day_after(day: date, number: int, country: str) -> date:
    """The `number`-th business day after the day; the 0th is the day itself, or the first after it that is one."""
    if number:
        for _each in range(number):
            day = business_day_after(day + _DAY, 0, country)
        return day
    while not is_business_day(day, country):
        day += _DAY
    return day


def business_time(start: datetime, end: datetime, country: str) -> timedelta:
    """How much of a stretch lies in business days; both ends without a zone, as the wall clock shows them."""
    passed, day = timedelta(), start.date()
    while day <= end.date():
        if is_business_day(day, country):
            midnight = datetime.combine(day, time())
            passed += min(end, midnight + _DAY) - max(start, midnight)
        day += _DAY
    return passed


@cache
def _year(country: str, year: int) -> "HolidayBase":
    """Complete and never changed, so that threads may share it."""
    # Not imported above: where every clock counts calendar days, nobody needs its tables.
    made = import_module("holidays").country_holidays(country, years=year, expand=False)
    return cast("HolidayBase", made)
