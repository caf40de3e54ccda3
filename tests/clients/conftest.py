"""Programs that are told: a receiver on this machine, and the workers that tell it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from config import Settings
from mikroserwis.edge import Parts
from mikroserwis.sweeps import webhooks
from mikroserwis.sweeps.deliver import Result, deliver_due
from tests.clients.desk import Program, enter
from tests.clients.receiver import Receiver, receiving
from tests.support.app import clock
from tests.support.cast import PEOPLE
from tests.support.people import Api

NETWORKS = "127.0.0.0/8"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhook_networks": NETWORKS})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


class Told:
    """A program with one webhook at `receiver`."""

    def __init__(self, parts: Parts, app: APIFlask, program: Program, endpoint: dict[str, Any]) -> None:
        self.parts, self.app, self.program, self.secret = parts, app, program, str(endpoint["secret"])
        self.path = f"/clients/{program.id}/webhooks/{endpoint['id']}"
        self.admin = Api(app.test_client(), PEOPLE["admin"].token)
        self.later = timedelta(0)

    def now(self) -> datetime:
        return clock() + self.later

    def derive(self) -> None:
        """What has happened becomes messages."""
        for _ in range(100):
            if not webhooks.derive(self.parts, self.now):
                return
        raise AssertionError("the history has no end")

    def send(self, limit: int = 100, **later: float) -> Result:
        """Once for each message that is due, so much later."""
        self.later += timedelta(**later)
        return deliver_due(self.parts, self.now, limit=limit, only=webhooks.TOPIC)

    def state(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.admin.get(self.path).json
        return answer

    def log(self, query: str = "") -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.admin.get(f"{self.path}/deliveries{query}").json["items"]
        return items


@pytest.fixture
def tell(app: APIFlask, parts: Parts, receiver: Receiver) -> Callable[..., Told]:
    """`tell("ticket.taken")`: a program that is told of these, `scopes` at will."""

    def made(*events: str, name: str = "CRM", url: str = "", **options: Any) -> Told:
        program = enter(app, name, **options)
        admin = Api(app.test_client(), PEOPLE["admin"].token)
        answer = admin.post(f"/clients/{program.id}/webhooks", {"url": url or receiver.url, "events": list(events)})
        assert answer.status_code == 201, answer.json
        return Told(parts, app, program, answer.json)

    return made
