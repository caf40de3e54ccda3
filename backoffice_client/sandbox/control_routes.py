"""What the tester turns: stations on and off, faults, and a look at what arrived. No part of the contract."""

from collections.abc import Mapping
from http import HTTPStatus

from pydantic import ValidationError
from pydantic_core import from_json

from backoffice_client.contract import openapi
from backoffice_client.messages import to_json, why_invalid
from backoffice_client.sandbox.faults import Faults
from backoffice_client.sandbox.state import Sandbox
from backoffice_client.sandbox.web import Answer, Problem, Request, Route, json_answer


def contract(_sandbox: Sandbox, _request: Request) -> Answer:
    return json_answer(openapi())


def points(sandbox: Sandbox, _request: Request) -> Answer:
    known = sandbox.store.points(sandbox.now())
    return json_answer(
        {
            "points": [
                {"point_id": point_id, "stations": [to_json(station) for station in stations]}
                for point_id, stations in known.items()
            ]
        }
    )


def put_station(sandbox: Sandbox, request: Request) -> Answer:
    told = _object(request)
    online, name = told.get("online"), told.get("name")
    if not isinstance(online, bool) or not told.keys() <= {"online", "name"}:
        raise _invalid('Send {"online": true} or {"online": false}, with a "name" if you like.')
    if not (name is None or isinstance(name, str)):
        raise _invalid("The name must be a text.")
    return json_answer(switch(sandbox, request.ids, online=online, name=name))


def switch(sandbox: Sandbox, ids: Mapping[str, str], *, online: bool, name: str | None) -> dict[str, object]:
    point_id, number = int(ids["point_id"]), int(ids["number"])
    try:
        station = sandbox.store.switch(point_id, number, online=online, name=name, now=sandbox.now())
    except ValidationError as error:
        raise _invalid(why_invalid(error)) from None
    return {"point_id": point_id} | to_json(station)


def faults(sandbox: Sandbox, _request: Request) -> Answer:
    return json_answer(sandbox.store.faults().model_dump())


def put_faults(sandbox: Sandbox, request: Request) -> Answer:
    return json_answer(change_faults(sandbox, _object(request)).model_dump())


def change_faults(sandbox: Sandbox, changes: dict[str, object]) -> Faults:
    with sandbox.deciding:
        try:
            changed = sandbox.store.faults().changed(changes)
        except ValidationError as error:
            raise _invalid(why_invalid(error)) from None
        sandbox.store.set_faults(changed)
    return changed


def received(sandbox: Sandbox, _request: Request) -> Answer:
    return json_answer(
        {kind: [thing.to_json() for thing in things] for kind, things in sandbox.store.received().items()}
    )


def forget_received(sandbox: Sandbox, _request: Request) -> Answer:
    sandbox.store.forget_received()
    return Answer(HTTPStatus.NO_CONTENT)


def _object(request: Request) -> dict[str, object]:
    try:
        told = from_json(request.body)
    except ValueError:
        raise _invalid("The body is not JSON.") from None
    if not isinstance(told, dict):
        raise _invalid("The body must be a JSON object.")
    return told


def _invalid(detail: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail)


ROUTES: tuple[Route[Sandbox], ...] = (
    Route("GET", "/openapi.json", contract),
    Route("GET", "/sandbox/points", points),
    Route("PUT", "/sandbox/points/{point_id}/stations/{number}", put_station),
    Route("GET", "/sandbox/faults", faults),
    Route("PUT", "/sandbox/faults", put_faults),
    Route("GET", "/sandbox/received", received),
    Route("DELETE", "/sandbox/received", forget_received),
)
