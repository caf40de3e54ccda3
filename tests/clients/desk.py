"""Programs at work: made through the API, as an administrator does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask

from mikroserwis.clients.scopes import SCOPES
from tests.support.cast import PEOPLE
from tests.support.people import Api

People = Callable[[str], Api]


@dataclass(frozen=True)
class Program:
    """`api` calls with its token."""

    id: int
    token_id: int
    secret: str
    api: Api


def enter(app: APIFlask, name: str = "CRM", scopes: Sequence[str] = tuple(SCOPES), **token: Any) -> Program:
    """A client with one token; all scopes unless some are named."""
    admin = Api(app.test_client(), PEOPLE["admin"].token)
    made = admin.post("/clients", {"name": name, "purpose": "Próba", "scopes": list(scopes)})
    assert made.status_code == 201, made.json
    issued = admin.post(f"/clients/{made.json['id']}/tokens", {"name": "tests", **token})
    assert issued.status_code == 201, issued.json
    secret = issued.json["secret"]
    return Program(made.json["id"], issued.json["id"], secret, Api(app.test_client(), secret))
