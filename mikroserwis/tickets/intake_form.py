"""A ticket as it comes in, from the CRM, a file or a form: checked whole, each wrong value named by its path."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from mikroserwis import companies
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import tidy
from mikroserwis.rulebook import RULES

BIGGEST = 999_999_999
MOST_STATIONS = 500
YES = frozenset({"tak", "yes", "true", "1", "t", "y"})
NO = frozenset({"nie", "no", "false", "0", "n", "f", ""})


@dataclass(frozen=True, kw_only=True)
class PointIn:
    """A shop and its stations; `id=None` asks for a new number."""

    id: int | None
    fields: Mapping[str, str]
    stations_buy: int
    stations_exchange: int


@dataclass(frozen=True, kw_only=True)
class TicketIn:
    """Clean and complete in itself; whether it fits the records is seen when it is written. No date means today."""

    crm_id: int | None
    type: str
    opened_on: date | None
    acquired_by_dealer: bool
    dealer_crm_id: int | None
    company: Mapping[str, str]
    points: tuple[PointIn, ...] = field(default_factory=tuple)

    def content(self) -> dict[str, Any]:
        """Plain JSON: two intakes with the same content are the same intake."""
        return {**asdict(self), "opened_on": self.opened_on.isoformat() if self.opened_on else None}

    def digest(self) -> str:
        """By which the same intake is known again."""
        return hashlib.sha256(json.dumps(self.content(), sort_keys=True).encode()).hexdigest()


class _Errors:
    def __init__(self) -> None:
        self.found: list[FieldError] = []

    def take(self, path: str, check: Callable[[], Any], default: Any = None) -> Any:
        """The check's value, or the default with what was wrong remembered under the path."""
        try:
            return check()
        except Invalid as wrong:
            self.found.extend(
                FieldError(f"{path}.{one.field}".strip(".") if path else one.field, one.code, one.params)
                for one in wrong.errors
            )
            return default


def read(values: Mapping[str, Any], today: date, *, needs_crm_id: bool = True) -> TicketIn:
    """`values`: crm_id, type, opened_on, acquired_by_dealer, dealer_crm_id, company {…}, subtickets [{point, …}].

    Raises Invalid naming every wrong value, by paths such as `company.tax_id` or `subtickets.0.stations_buy`.
    """
    errors = _Errors()
    crm_id = errors.take("", lambda: whole(values, "crm_id", least=1, needed=needs_crm_id))
    type_ = errors.take("", lambda: _type(values.get("type")), "")
    opened_on = errors.take("", lambda: _day(values.get("opened_on"), today))
    acquired = errors.take("", lambda: yes_no(values, "acquired_by_dealer"), False)
    dealer = errors.take("", lambda: whole(values, "dealer_crm_id", least=1, needed=acquired and needs_crm_id))
    given = values.get("company")
    company = errors.take("company", lambda: companies.company(given if isinstance(given, Mapping) else {}), {})
    points = _points(values.get("subtickets"), company, errors)
    if errors.found:
        raise Invalid(errors.found)
    return TicketIn(
        crm_id=crm_id,
        type=type_,
        opened_on=opened_on,
        acquired_by_dealer=acquired,
        dealer_crm_id=dealer,
        company=company,
        points=points,
    )


def _points(given: Any, company: Mapping[str, str], errors: _Errors) -> tuple[PointIn, ...]:
    rows = list(given) if isinstance(given, list | tuple) else []
    if not rows:
        errors.found.append(FieldError("subtickets", "no_points"))
    points: list[PointIn | None] = [
        errors.take(f"subtickets.{index}", partial(_point, row, company)) for index, row in enumerate(rows)
    ]
    seen: set[int] = set()
    for index, point in enumerate(points):
        if point is not None and point.id is not None:
            if point.id in seen:
                errors.found.append(FieldError(f"subtickets.{index}.point.id", "point_twice", {"point": point.id}))
            seen.add(point.id)
    return tuple(point for point in points if point is not None)


def _point(row: Any, company: Mapping[str, str]) -> PointIn:
    """A shop without an address of its own stands at the company's."""
    values = row if isinstance(row, Mapping) else {}
    given = values.get("point")
    point = given if isinstance(given, Mapping) else {}
    errors = _Errors()
    point_id = errors.take("point", lambda: whole(point, "id", least=1))
    fields = errors.take("point", lambda: companies.point(point), {})
    buy = errors.take("", lambda: whole(values, "stations_buy", most=MOST_STATIONS) or 0, 0)
    exchange = errors.take("", lambda: whole(values, "stations_exchange", most=MOST_STATIONS) or 0, 0)
    if not errors.found and buy + exchange == 0:
        errors.found.append(FieldError("stations_buy", "no_stations"))
    if errors.found:
        raise Invalid(errors.found)
    if not any(fields.get(name) for name in ("street", "postal_code", "city")):
        fields = {**fields, **{name: company.get(name, "") for name in ("street", "postal_code", "city")}}
    named = {"name": company.get("name", ""), **{name: value for name, value in fields.items() if value}}
    return PointIn(id=point_id, fields=named, stations_buy=buy, stations_exchange=exchange)


def _type(value: Any) -> str:
    text = tidy(value).lower()
    labels = {type_.label[code].lower(): name for name, type_ in RULES.ticket_types.items() for code in type_.label}
    name = text if text in RULES.ticket_types else labels.get(text, "")
    if not name:
        code = "unknown_type" if text else "required"
        raise Invalid([FieldError("type", code, {"known": ", ".join(RULES.type_names)})])
    return name


def _day(value: Any, today: date) -> date | None:
    """A date of its own kind or written as 2026-05-27 or 27.05.2026; None if there is none."""
    day = value.date() if isinstance(value, datetime) else value
    if not isinstance(day, date):
        text = tidy(value)
        if not text:
            return None
        day = _written_day(text)
    if day > today:
        raise Invalid([FieldError("opened_on", "date_in_future")])
    if day.year < 2000:
        raise Invalid([FieldError("opened_on", "bad_date")])
    return day


def _written_day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise Invalid([FieldError("opened_on", "bad_date")])


def whole(
    values: Mapping[str, Any], name: str, *, least: int = 0, most: int = BIGGEST, needed: bool = False
) -> int | None:
    """A whole number within bounds, or None if it isn't given. Raises Invalid."""
    value = values.get(name)
    text = tidy(value)
    if not text and not needed:
        return None
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 16:
        raise Invalid([FieldError(name, "bad_number" if text else "required")])
    if not least <= int(text) <= most:
        raise Invalid([FieldError(name, "number_out_of_range", {"least": least, "most": most})])
    return int(text)


def yes_no(values: Mapping[str, Any], name: str) -> bool:
    """Tak or nie, in either language, or a JSON boolean; nothing means no."""
    text = tidy(values.get(name)).lower()
    if text not in YES | NO:
        raise Invalid([FieldError(name, "not_yes_or_no")])
    return text in YES
