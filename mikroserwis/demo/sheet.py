"""A day's tickets as the file that a back office would import."""

import csv
import io
from collections.abc import Iterable, Iterator

from exports.intake_columns import INTAKE_COLUMNS
from mikroserwis.demo.companies import Shop
from mikroserwis.demo.plan import Planned


def as_csv(tickets: Iterable[Planned]) -> bytes:
    """One row per shop, under the import's own column names."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [column.name for column in INTAKE_COLUMNS], restval="", delimiter=";")
    writer.writeheader()
    writer.writerows(row for ticket in tickets for row in _rows(ticket))
    return out.getvalue().encode()


def _rows(ticket: Planned) -> Iterator[dict[str, object]]:
    for shop in ticket.who.shops:
        yield {**_ticket(ticket), **_company(ticket), **_shop(shop)}


def _ticket(ticket: Planned) -> dict[str, object]:
    return {
        "crm_id": ticket.number,
        "type": ticket.type,
        "opened_on": ticket.opened_on.isoformat(),
        "acquired_by_dealer": "nie",
        "dealer_crm_id": ticket.dealer or "",
    }


def _company(ticket: Planned) -> dict[str, object]:
    who = ticket.who
    name, phone, email = who.manager
    return {
        "tax_id": who.tax_id,
        "company_name": who.name,
        "regon": who.regon,
        "street": who.street,
        "postal_code": who.town.postal_code,
        "city": who.town.name,
        "phone": who.phone,
        "email": who.email,
        "representative": who.representative,
        "account_manager_name": name,
        "account_manager_phone": phone,
        "account_manager_email": email,
    }


def _shop(shop: Shop) -> dict[str, object]:
    return {
        "point_id": shop.point_id,
        "point_name": shop.name,
        "point_street": shop.street,
        "point_postal_code": shop.town.postal_code,
        "point_city": shop.town.name,
        "stations_buy": shop.buy,
        "stations_exchange": shop.exchange,
    }
