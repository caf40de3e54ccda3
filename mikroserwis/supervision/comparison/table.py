"""The comparison as a table: its columns, order, totals and file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import reduce
from typing import Any, BinaryIO

from exports.sheets import Column, write_list
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, mirrored, ngettext, say_number, shaped
from mikroserwis.pricing import today
from mikroserwis.supervision.comparison.queries import Figures, Timely

DEFAULT_SORT = "name"
# Of so few a percentage would say more than there is.
_FEW = 5

Value = float | int | str | None


@dataclass(frozen=True)
class Head:
    """A column: its label, what rows are sorted by, and what its cell says."""

    key: str
    label: Any
    value: Callable[[Figures], Value]
    said: Callable[[Figures], str]


def _timely(of: Callable[[Figures], Timely]) -> tuple[Callable[[Figures], Value], Callable[[Figures], str]]:
    return (lambda one: of(one).share), (lambda one: timely(of(one)))


def _count(of: Callable[[Figures], int]) -> tuple[Callable[[Figures], Value], Callable[[Figures], str]]:
    return of, (lambda one: say_number(of(one)))


def _days(of: Callable[[Figures], float | None]) -> tuple[Callable[[Figures], Value], Callable[[Figures], str]]:
    return of, (lambda one: days(of(one)))


def timely(of: Timely) -> str:
    """12 of 14 (86%); of a few no percentage."""
    if of.share is None:
        return "–"
    said = _("%(met)s of %(all)s", met=say_number(of.met), all=say_number(of.decided))
    return said if of.decided < _FEW else f"{said} ({percent(of.share)})"


def percent(share: float) -> str:
    """Whole, but neither nothing nor all where it isn't quite."""
    whole = round(share * 100)
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return shaped(f"{whole}%")


def days(value: float | None) -> str:
    return "–" if value is None else say_number(round(value, 1))


def load(one: Figures) -> str:
    return _("%(open)s of %(capacity)s", open=say_number(one.open), capacity=say_number(one.capacity))


def share(one: Figures) -> str:
    """Of the age of its tickets; of how many, where they are few."""
    if one.used is None:
        return "–"
    return (
        percent(one.used)
        if one.aged >= _FEW
        else ngettext("%(share)s of %(n)s ticket", "%(share)s of %(n)s tickets", one.aged, share=percent(one.used))
    )


HEADS = (
    Head("name", lazy("Dealer"), lambda one: one.name, lambda one: one.name),
    Head("open", lazy("Open now"), lambda one: one.open, load),
    Head("given", lazy("Got"), *_count(lambda one: one.given)),
    Head("take", lazy("Taken in time"), *_timely(lambda one: one.take)),
    Head("contract", lazy("Contract in time"), *_timely(lambda one: one.contract)),
    Head("completion", lazy("Finished in time"), *_timely(lambda one: one.completion)),
    Head("lost", lazy("Lost"), *_count(lambda one: one.lost)),
    Head("resigned", lazy("Given back"), *_count(lambda one: one.resigned)),
    Head("to_take", lazy("Days to take"), *_days(lambda one: one.to_take)),
    Head("to_contract", lazy("Days to contract"), *_days(lambda one: one.to_contract)),
    Head("to_close", lazy("Days to close"), *_days(lambda one: one.to_close)),
    Head("used", lazy("Share of age"), lambda one: one.used, share),
)
SORTS = frozenset(head.key for head in HEADS)


def in_order(rows: Sequence[Figures], sort: str) -> list[Figures]:
    """By a column, what has no value last either way, equals by name (as they came)."""
    head = next(one for one in HEADS if one.key == sort.removeprefix("-"))
    if head.key == "name":
        return list(reversed(rows)) if sort.startswith("-") else list(rows)
    known = [one for one in rows if head.value(one) is not None]
    known.sort(key=lambda one: head.value(one) or 0, reverse=sort.startswith("-"))
    return known + [one for one in rows if head.value(one) is None]


def totals(rows: Sequence[Figures]) -> Figures:
    """All dealers together; medians and shares don't add up."""

    def add(one: Figures, other: Figures) -> Figures:
        return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in _ADDED})

    none = Figures(dealer_id=0, name=_("All dealers"), active=True, capacity=0)
    return reduce(add, rows, none)


_ADDED = ("open", "capacity", "given", "take", "contract", "completion", "lost", "resigned")


def write(out: BinaryIO, rows: Sequence[Figures]) -> None:
    """As a sheet: what is met and missed in columns of their own, so that they can be reckoned with."""
    columns = [
        Column(_("Dealer"), 32),
        *(Column(text, 12, "integer") for text in (_("Open now"), _("Capacity"), _("Got"))),
        *(Column(text, 14, "integer") for text in _stages()),
        *(Column(text, 12, "integer") for text in (_("Lost"), _("Given back"))),
        *(Column(text, 14, "amount") for text in (_("Days to take"), _("Days to contract"), _("Days to close"))),
        Column(_("Share of age"), 14),
    ]
    write_list(out, _("Dealers side by side"), columns, (_cells(one) for one in rows), mirrored=mirrored())


def _stages() -> tuple[str, ...]:
    return (
        _("Taken in time"),
        _("Not taken in time"),
        _("Contract in time"),
        _("No contract in time"),
        _("Finished in time"),
        _("Not finished in time"),
    )


def _cells(one: Figures) -> tuple[object, ...]:
    stages = (number for each in (one.take, one.contract, one.completion) for number in (each.met, each.missed))
    medians = (
        None if each is None else Decimal(str(round(each, 2))) for each in (one.to_take, one.to_contract, one.to_close)
    )
    return (one.name, one.open, one.capacity, one.given, *stages, one.lost, one.resigned, *medians, share(one))


def file_name(now: datetime) -> str:
    """Under which it is downloaded."""
    return _("dealer-comparison-%(day)s.xlsx", day=today(now).isoformat())
