"""Fifty dealers press at the same moment; over real sockets, on both databases."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import requests
from sqlalchemy import select

from mikroserwis.accounts.operations import token_hash
from mikroserwis.edge import Parts
from mikroserwis.models import ApiToken, Assignment, Dealer, DealerType, Event, Ticket, User
from tests.support.app import clock
from tests.support.cast import POOLED
from tests.support.people import Api

DEALERS = 50


def test_of_fifty_programs_that_take_a_ticket_over_the_network_at_once_exactly_one_gets_it(
    served: str, parts: Parts, api: Callable[[str], Api]
) -> None:
    tokens = _crowd(parts, clock())
    start = threading.Barrier(DEALERS)

    def press(token: str) -> tuple[int, str]:
        start.wait(20)
        address = f"{served}/api/v1/tickets/{POOLED}/taking"
        answer = requests.post(address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(DEALERS) as crowd:
        answers = list(crowd.map(press, tokens))

    assert answers.count((200, "")) == 1, sorted(answers)
    assert answers.count((409, "just_taken")) == DEALERS - 1, sorted(answers)
    winner = tokens[answers.index((200, ""))]
    with parts.database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == POOLED)).one()
        tenure = session.scalars(select(Assignment).where(Assignment.ticket_id == ticket.id)).one()
        assert (ticket.state, ticket.dealer_id) == ("taken", tenure.dealer_id)
        assert len(session.scalars(select(Event).where(Event.ticket_id == ticket.id, Event.verb == "take")).all()) == 1
    for token in [*tokens[:5], winner]:
        lines = requests.get(
            f"{served}/api/v1/tickets", headers={"Authorization": f"Bearer {token}"}, timeout=10
        ).json()["items"]
        assert (POOLED in {line["number"] for line in lines}) == (token == winner)


def _crowd(parts: Parts, now: datetime) -> list[str]:
    """Certified dealers with a token each; they never used it, so its first use is written too."""
    tokens = [f"mks_crowd_{number}" for number in range(DEALERS)]
    with parts.database.transaction() as session:
        for number, token in enumerate(tokens):
            dealer = Dealer(crm_id=5000 + number, name=f"Dealer {number}", types=[DealerType(type="insoft")])
            session.add(dealer)
            session.flush()
            user = User(
                email=f"crowd{number}@dealer.example",
                name=f"Person {number}",
                role="dealer",
                dealer_id=dealer.id,
                created_at=now,
            )
            session.add(user)
            session.flush()
            session.add(ApiToken(token_hash=token_hash(token), user_id=user.id, created_at=now))
    return tokens
