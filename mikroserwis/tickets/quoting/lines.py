"""Lines at the prices of the list: whatever price a client sends for an item of the list, the list's holds."""

from collections.abc import Iterable, Mapping

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.models import QuoteLine
from mikroserwis.pricing import MOST, Priced
from mikroserwis.tickets.quoting.forms import FreeLine, Line, ListLine
from mikroserwis.tickets.quoting.sums import line_net, sums


def price(lines: Iterable[Line], items: Iterable[Priced]) -> list[QuoteLine]:
    """The lines as they will stand, at these items' prices.

    Raises Invalid for items that aren't among them, for prices that were seen otherwise, and for too large sums.
    """
    by_code = {one.code: one for one in items}
    errors: list[FieldError] = []
    priced = [priced_line(line, index, by_code, errors) for index, line in enumerate(lines)]
    found = [line for line in priced if line is not None]
    if not errors and sums((line.vat_rate, line.net) for line in found).gross > MOST:
        errors.append(FieldError("lines", "sum_too_large", {"limit": MOST}))
    if errors:
        raise Invalid(errors)
    return found


def priced_line(line: Line, index: int, by_code: Mapping[str, Priced], errors: list[FieldError]) -> QuoteLine | None:
    """Line `index` (from 0); what is wrong with it is added to the errors, and None if it can't be reckoned."""
    found = _free(line, index) if isinstance(line, FreeLine) else _listed(line, index, by_code, errors)
    if found is not None and found.net > MOST:
        errors.append(FieldError(f"lines.{index}.quantity", "line_too_large", {"limit": MOST}))
        return None
    return found


def _free(line: FreeLine, index: int) -> QuoteLine:
    return QuoteLine(
        position=index + 1,
        name=line.name,
        unit=line.unit,
        quantity=line.quantity,
        unit_net=line.net,
        offer="",
        vat_rate=line.vat_rate,
        net=line_net(line.quantity, line.net),
    )


def _listed(line: ListLine, index: int, by_code: Mapping[str, Priced], errors: list[FieldError]) -> QuoteLine | None:
    item = by_code.get(line.code)
    if item is None:
        errors.append(FieldError(f"lines.{index}.item", "item_is_not_sold", {"code": line.code}))
        return None
    if line.seen is not None and line.seen != item.net:
        params = {"name": item.name, "old": line.seen, "new": item.net}
        errors.append(FieldError(f"lines.{index}.item", "price_changed", params))
    return QuoteLine(
        position=index + 1,
        item_id=item.item_id,
        offer_id=item.offer_id,
        name=item.name,
        unit=item.unit,
        quantity=line.quantity,
        unit_net=item.net,
        list_net=item.list_net if item.offer_id is not None else None,
        offer=item.offer,
        vat_rate=item.vat_rate,
        net=line_net(line.quantity, item.net),
    )
