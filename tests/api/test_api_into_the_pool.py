"""What lies in the open pool can't be put there once more."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from mikroserwis.edge import Parts
from mikroserwis.models import Event, Message
from tests.support.cast import POOLED, SAM
from tests.support.people import Api
from tests.support.way import Way

People = Callable[[str], Api]
TO_POOL = {"reason": "Nikt nie może.", "to": "pool"}


def told(parts: Parts) -> tuple[int | None, int | None]:
    """How many events and mails there are."""
    with parts.database.reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(one)) for one in (Event, Message))  # type: ignore[return-value]


def refusal(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422
    return [(one["field"], one["code"]) for one in answer.json["errors"]]


def test_a_ticket_in_the_pool_is_not_given_to_the_pool_again(api: People, parts: Parts):
    before = told(parts)
    assert refusal(api("operator").post(f"/tickets/{POOLED}/reassignment", TO_POOL)) == [("to", "in_the_pool_already")]
    assert told(parts) == before


def test_nor_is_a_sub_ticket(api: People, way: Way):
    way.acknowledged(SAM)
    [subticket] = way.subtickets(SAM)
    operator = api("operator")
    assert operator.post(f"/subtickets/{subticket}/reassignment", TO_POOL).status_code == 200
    assert refusal(operator.post(f"/subtickets/{subticket}/reassignment", TO_POOL)) == [("to", "in_the_pool_already")]
