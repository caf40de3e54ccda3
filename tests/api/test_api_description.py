"""The API keeps to its own description, whatever is generated from it; and the description is whole and readable."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import BaseModel
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, POINT, SAM
from tests.support.people import Api
from tests.support.way import Way

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
HEADERS = {"Authorization": f"Bearer {PEOPLE['admin'].token}"}


@sqlite_only
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_made_from_the_description_is_answered_as_described(
    served: str, way: Way, mode: GenerationMode
) -> None:
    way.points_saved(SAM)
    known: dict[str, int | str] = {"number": SAM, "subticket_id": way.subtickets(SAM)[0], "point_id": POINT}
    known |= {"file_id": 1, "delivery_id": 1, "item_id": 2, "offer_id": 1, "message_id": 1, "version": 1}
    known |= {"event": "offered"}
    schema = schemathesis.openapi.from_url(f"{served}/api/v1/openapi.json")

    tried = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        where = known if mode is GenerationMode.POSITIVE else {}
        _try(operation.as_strategy(generation_mode=mode), where)
        tried += 1
    assert tried == sum(len(methods) for methods in schema.raw_schema["paths"].values()) > 40


def _try(cases: Any, where: Mapping[str, int | str]) -> None:
    @settings(
        max_examples=8,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def answered_as_described(case: Case[Any]) -> None:
        # Whom one asks isn't the description's: another host's name is refused before the API is reached.
        if case.headers:
            case.headers.pop("host", None)
        case.path_parameters = {name: where.get(name, value) for name, value in (case.path_parameters or {}).items()}
        case.validate_response(case.call(headers=HEADERS), checks=CHECKS)

    answered_as_described()


@sqlite_only
def test_the_description_needs_no_token_and_documents_every_error(client: FlaskClient) -> None:
    spec = client.get("/api/v1/openapi.json").get_json()
    assert spec["openapi"].startswith("3.")
    assert spec["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for methods in spec["paths"].values():
        for method, operation in methods.items():
            assert {"400", "401", "403", "404", "405", "409"} <= operation["responses"].keys()
            assert method == "get" or {"413", "415", "422", "507"} <= operation["responses"].keys()
    references = {part.split('"')[0] for part in json.dumps(spec).split('"#/components/')[1:]}
    for reference in references:
        kind, name = reference.split("/")
        assert name in spec["components"][kind]


@sqlite_only
def test_the_example_of_an_intake_is_one_that_is_accepted(api: Callable[[str], Api], client: FlaskClient) -> None:
    body = client.get("/api/v1/openapi.json").get_json()["paths"]["/api/v1/tickets"]["post"]["requestBody"]
    example = body["content"]["application/json"]["example"]
    assert api("operator").post("/tickets", {**example, "crm_id": 4711}).status_code == 201


@sqlite_only
def test_people_read_the_description_as_a_page(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    for word in ("/api/v1/tickets/{number}/taking", "curl -H", "just_taken", "schema-TicketOut", "Idempotency-Key"):
        assert word in page.text
    assert "script-src" not in page.text
    assert "http://" not in page.text.split("</head>")[0]


@sqlite_only
def test_each_group_of_the_description_stands_once_and_has_operations(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").get_json()
    used = {tag for methods in described["paths"].values() for one in methods.values() for tag in one["tags"]}
    assert sorted(tag["name"] for tag in described["tags"]) == sorted(used)
    assert len(used) > 10


def test_no_two_shapes_have_one_name(app: APIFlask) -> None:
    """The description would tell of one under the other's name."""
    places: dict[str, set[str]] = {}
    known: list[type[BaseModel]] = [BaseModel]
    while known:
        of = known.pop()
        known += of.__subclasses__()
        if of.__module__.startswith("mikroserwis."):
            places.setdefault(of.__name__, set()).add(of.__module__)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
    assert len(places) > 100
