"""What is wanted of a quote, as a form or a program sends it: checked whole, each wrong value named by its path."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import plain, tidy
from mikroserwis.pricing import GROSZ, MOST, VAT_RATES, read_amount

MOST_LINES = 100
MOST_QUANTITY = Decimal("99999.99")
LENGTHS = {"name": 200, "unit": 20, "remark": 2000, "note": 4000}
FREE = ("name", "unit", "net", "vat_rate")
VALID_DAYS, MOST_DAYS = 30, 366
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class ListLine:
    """An item of the price list by its code; `seen` is the net price that the person saw, if it is known."""

    code: str
    quantity: Decimal
    seen: Decimal | None = None


@dataclass(frozen=True)
class FreeLine:
    """Labour in the dealer's own words, at its own net price."""

    name: str
    unit: str
    quantity: Decimal
    net: Decimal
    vat_rate: str


Line = ListLine | FreeLine


@dataclass(frozen=True)
class QuoteIn:
    """`based_on` is the newest version's number when the form was opened, 0 for none; None doesn't ask.

    A `remark` of None is the office's own.
    """

    lines: tuple[Line, ...]
    valid_until: date
    remark: str | None = None
    based_on: int | None = None


def read(values: Mapping[str, Any], today: date) -> QuoteIn:
    """`values`: lines [{item, quantity, seen} or {name, unit, quantity, net, vat_rate}], valid_until, remark, based_on.

    Amounts are texts as people write them. Raises Invalid, by paths such as `lines.0.quantity`.
    """
    errors: list[FieldError] = []
    rows = list(values.get("lines") or ())
    if not rows:
        errors.append(FieldError("lines", "no_lines"))
    if len(rows) > MOST_LINES:
        raise Invalid([FieldError("lines", "too_many_lines", {"limit": MOST_LINES, "count": len(rows)})])
    lines = [line(row, f"lines.{index}", errors) for index, row in enumerate(rows)]
    valid_until = _valid_until(values.get("valid_until"), today, errors)
    given = values.get("remark")
    remark = None if given is None else plain(str(given))
    _short_enough(remark or "", "remark", "remark", errors)
    if errors:
        raise Invalid(errors)
    kept = tuple(one for one in lines if one is not None)
    return QuoteIn(kept, valid_until, remark, _version(values.get("based_on")))


def line(row: Mapping[str, Any], path: str, errors: list[FieldError]) -> Line | None:
    """One line, or None with what is wrong added to the errors. A price for an item of the list is refused."""
    wrong: list[FieldError] = []
    quantity = _amount(row, "quantity", path, wrong, most=MOST_QUANTITY)
    if quantity is not None and not quantity:
        wrong.append(FieldError(f"{path}.quantity", "quantity_is_zero"))
    read_kind = _listed if "item" in row else _free
    found = read_kind(row, path, quantity or ZERO, wrong)
    errors += wrong
    return None if wrong else found


def _listed(row: Mapping[str, Any], path: str, quantity: Decimal, wrong: list[FieldError]) -> ListLine:
    wrong += [FieldError(f"{path}.{name}", "is_the_lists") for name in FREE if name in row]
    code = tidy(row["item"]).upper()
    if not code:
        wrong.append(FieldError(f"{path}.item", "choose_an_item"))
    seen = read_amount(tidy(row.get("seen")))
    return ListLine(code, quantity, seen if seen is not None and seen <= MOST else None)


def _free(row: Mapping[str, Any], path: str, quantity: Decimal, wrong: list[FieldError]) -> FreeLine:
    name, unit = (_text(row, field, path, wrong) for field in ("name", "unit"))
    net = _amount(row, "net", path, wrong, most=MOST)
    rate = tidy(row.get("vat_rate"))
    if rate not in VAT_RATES:
        wrong.append(FieldError(f"{path}.vat_rate", "unknown_vat_rate", {"known": ", ".join(VAT_RATES)}))
    return FreeLine(name, unit, quantity, net or ZERO, rate)


def words(text: str) -> str:
    """The note of a decision as it is kept. Raises Invalid if it is too long."""
    errors: list[FieldError] = []
    said = plain(text)
    _short_enough(said, "note", "note", errors)
    if errors:
        raise Invalid(errors)
    return said


def _amount(row: Mapping[str, Any], name: str, path: str, errors: list[FieldError], *, most: Decimal) -> Decimal | None:
    given = row.get(name)
    value = read_amount(tidy(given))
    if value is None:
        code = "bad_amount" if tidy(given) else "required"
        errors.append(FieldError(f"{path}.{name}", code))
        return None
    if value > most:
        errors.append(FieldError(f"{path}.{name}", "amount_too_large", {"most": most}))
        return None
    if value != value.quantize(GROSZ):
        errors.append(FieldError(f"{path}.{name}", "two_decimals_at_most"))
        return None
    return value.quantize(GROSZ)


def _text(row: Mapping[str, Any], name: str, path: str, errors: list[FieldError]) -> str:
    text = tidy(row.get(name))
    if not text:
        errors.append(FieldError(f"{path}.{name}", "required"))
    _short_enough(text, name, f"{path}.{name}", errors)
    return text


def _short_enough(text: str, name: str, path: str, errors: list[FieldError]) -> None:
    if len(text) > LENGTHS[name]:
        errors.append(FieldError(path, "too_long", {"limit": LENGTHS[name], "length": len(text)}))


def _valid_until(value: Any, today: date, errors: list[FieldError]) -> date:
    usual = today + timedelta(days=VALID_DAYS)
    text = tidy(value)
    if not text:
        return usual
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors.append(FieldError("valid_until", "bad_date"))
        return usual
    if day < today:
        errors.append(FieldError("valid_until", "date_in_past"))
    if day > today + timedelta(days=MOST_DAYS):
        errors.append(FieldError("valid_until", "date_too_far", {"days": MOST_DAYS}))
    return day


def _version(value: Any) -> int | None:
    text = tidy(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
