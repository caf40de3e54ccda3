"""The platform numbers its points: a dealer neither takes a number nor learns from ours which ones are taken."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import RetailPoint
from tests.support.cast import ARKLITY_POINT, COMPANIES, POINT, SAM
from tests.support.people import Api

People = Callable[[str], Api]
NEW_COMPANY = {"tax_id": "5252248481", "name": "Sklep Nowy", "street": "ul. Nowa 1", "postal_code": "26-900"}


def entered(api: Api, company: dict[str, Any], point: dict[str, Any], **more: Any) -> Any:
    subticket = {"point": {"name": "Sklep", **point}, "stations_buy": 1}
    return api.post("/tickets", {"type": "insoft", "company": company, "subtickets": [subticket], **more})


@pytest.mark.parametrize("company", [NEW_COMPANY, COMPANIES[SAM]], ids=["a new company", "its own customer"])
@pytest.mark.parametrize("number", [ARKLITY_POINT, 4_000_000], ids=["another's", "nobody's"])
def test_a_dealer_cannot_seize_a_point_number_and_is_not_told_whether_it_exists(
    api: People, parts: Parts, company: dict[str, Any], number: int
):
    answer = entered(api("alfa"), company, {"id": number})
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [("subtickets", "point_number_is_ours")]
    with parts.database.reading() as session:
        numbers = set(session.scalars(select(RetailPoint.id)))
    assert 4_000_000 not in numbers


def test_a_dealer_names_a_point_of_its_own_customer_or_gets_a_new_number(api: People):
    alfa = api("alfa")
    assert entered(alfa, COMPANIES[SAM], {"id": POINT}).json["subtickets"][0]["point"]["id"] == POINT
    assert entered(alfa, NEW_COMPANY, {}).status_code == 201


def test_staff_enter_the_platforms_numbers(api: People):
    answer = entered(api("operator"), NEW_COMPANY, {"id": 4_000_000}, crm_id=700)
    assert answer.status_code == 201, answer.json
    assert answer.json["subtickets"][0]["point"]["id"] == 4_000_000
