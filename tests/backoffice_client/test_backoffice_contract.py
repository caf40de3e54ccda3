"""The contract is one document: what the client sends and the sandbox answers both fit it."""

import hashlib
import io
import json
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs
import pytest
import requests

from backoffice_client import BackofficeError, openapi
from backoffice_client.sandbox import contract_routes
from tests.backoffice_client.conftest import BYTES, NOW, TOKEN
from tests.backoffice_client.peer import Peer, http

SHA256 = hashlib.sha256(BYTES).hexdigest()
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SCAN = f"/scans/{SHA256}?ticket=115&kind=contract&name=umowa.pdf"
FILE = {"sha256": SHA256, "kind": "contract", "name": "umowa.pdf", "size": len(BYTES), "version": 1}
MANIFEST = {"package_id": "p-1", "ticket": 115, "purpose": "scans", "made_at": NOW.isoformat(), "files": [FILE]}
EVENT = {"event_id": "e-1", "ticket": 115, "event": "taken", "at": NOW.isoformat()}


def resolve(node):
    if "$ref" not in node:
        return node
    found = openapi()
    for part in node["$ref"].split("/")[1:]:
        found = found[part]
    return found


def check(schema, value):
    """Raises when the value doesn't fit; formats count."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": openapi()["components"], **schema}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(value)


def operation_of(method, path):
    """The operation that a path of the wire belongs to, and the ids in it."""
    for template, operations in openapi()["paths"].items():
        pairs = list(zip(template.split("/"), path.split("/"), strict=False))
        fits = template.count("/") == path.count("/") and all(a == b or a.startswith("{") for a, b in pairs)
        if fits and method.lower() in operations:
            return operations[method.lower()], {a.strip("{}"): b for a, b in pairs if a.startswith("{")}
    raise AssertionError(f"{method} {path} is not in the contract")


def check_answer(method, path, answer):
    operation, _ = operation_of(method, path.partition("?")[0])
    response = resolve(operation["responses"].get(str(answer.status_code), operation["responses"]["default"]))
    check(response["content"][answer.headers["Content-Type"]]["schema"], answer.json())
    return answer


def check_request(raw):
    head, _, body = raw.partition(b"\r\n\r\n")
    line, *fields = head.decode("ascii").split("\r\n")
    method, target, _ = line.split(" ")
    headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
    operation, ids = operation_of(method, urlsplit(target).path)
    given = {"path": ids, "query": dict(parse_qsl(urlsplit(target).query)), "header": headers}
    for parameter in map(resolve, operation["parameters"]):
        value = given[parameter["in"]][parameter["name"].lower()]
        is_number = parameter["schema"].get("$ref", "").endswith("/Number")
        check(parameter["schema"], int(value) if is_number else value)
    assert headers["authorization"] == f"Bearer {TOKEN}"
    content = operation.get("requestBody", {"content": {}})["content"]
    assert bool(body) == bool(content)
    if headers.get("content-type") in content:
        check(content[headers["content-type"]]["schema"], json.loads(body))


def test_the_sandbox_answers_exactly_the_paths_of_the_contract() -> None:
    promised = {(method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods}
    assert {(route.method, route.template) for route in contract_routes.ROUTES} == promised


def test_every_schema_of_the_contract_is_a_valid_one_and_every_reference_leads_somewhere() -> None:
    for name, schema in openapi()["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(schema), name
    references = set(find_references(openapi()))
    assert all(resolve({"$ref": reference}) for reference in references)
    assert references


def find_references(node):
    if isinstance(node, dict):
        yield from [node["$ref"]] if "$ref" in node else []
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from find_references(inner)


def test_every_request_of_the_client_fits_the_contract(connect, scan, manifest, event) -> None:
    with Peer(http(400)) as peer:
        client = connect(peer.url)
        for call in (
            lambda: client.connectivity(735),
            lambda: client.upload_scan(scan, io.BytesIO(BYTES)),
            lambda: client.send_package(manifest),
            lambda: client.send_event(event),
        ):
            with pytest.raises(BackofficeError):
                call()
    for raw in peer.requests:
        check_request(raw)
    assert len(peer.requests) == 4


@pytest.mark.parametrize("online", [True, False])
def test_connectivity_fits_the_contract(sandbox, online) -> None:
    requests.put(f"{sandbox.url}/sandbox/points/735/stations/1", json={"online": online}, timeout=5)
    path = "/points/735/connectivity"
    answer = check_answer("GET", path, requests.get(sandbox.url + path, headers=BEARER, timeout=5))
    assert answer.status_code == 200


def test_receipts_fit_the_contract_the_first_time_and_again(sandbox) -> None:
    for path, send in (
        (SCAN, {"data": BYTES}),
        ("/packages/p-1", {"json": MANIFEST}),
        ("/events/e-1", {"json": EVENT}),
    ):
        for status in (201, 200):
            answer = requests.put(sandbox.url + path, headers=BEARER, timeout=5, **send)
            assert check_answer("PUT", path, answer).status_code == status


@pytest.mark.parametrize(
    ("path", "send", "status", "code"),
    [
        (SCAN, {"data": b"other bytes"}, 422, "hash_mismatch"),
        (SCAN, {"data": b""}, 422, "invalid"),
        (SCAN.replace("115", "0"), {"data": BYTES}, 422, "invalid"),
        (SCAN.replace("115", "x"), {"data": BYTES}, 422, "invalid"),
        (SCAN.replace("contract", "Two+words"), {"data": BYTES}, 422, "invalid"),
        (SCAN.partition("&kind")[0], {"data": BYTES}, 422, "invalid"),
        ("/packages/p-1", {"json": MANIFEST | {"files": [FILE | {"sha256": "0" * 64}]}}, 409, "missing_scans"),
        ("/packages/p-2", {"json": MANIFEST}, 422, "id_mismatch"),
        ("/packages/p-1", {"json": MANIFEST | {"purpose": "gift"}}, 422, "invalid"),
        ("/packages/p-1", {"data": b"\xff{"}, 422, "invalid"),
        ("/packages/p-1", {"data": b"x" * (1024 * 1024 + 1)}, 413, "too_large"),
        ("/events/e-2", {"json": EVENT}, 422, "id_mismatch"),
        ("/events/e-1", {"json": EVENT | {"at": "2026-05-27T09:30:00"}}, 422, "invalid"),
        ("/events/e-1", {"json": []}, 422, "invalid"),
    ],
)
def test_every_refusal_is_a_problem_document_with_its_code(sandbox, path, send, status, code) -> None:
    answer = check_answer("PUT", path, requests.put(sandbox.url + path, headers=BEARER, timeout=5, **send))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    arrived = requests.get(f"{sandbox.url}/sandbox/received", timeout=5).json()
    assert arrived == {"scans": [], "packages": [], "events": []}


def test_an_idempotency_key_that_is_not_the_id_is_refused(sandbox) -> None:
    headers = BEARER | {"Idempotency-Key": "e-2"}
    answer = requests.put(f"{sandbox.url}/events/e-1", headers=headers, json=EVENT, timeout=5)
    assert check_answer("PUT", "/events/e-1", answer).json()["code"] == "id_mismatch"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {TOKEN}"}])
def test_without_the_token_every_path_of_the_contract_is_closed(sandbox, headers) -> None:
    for method, path in (
        ("GET", "/points/735/connectivity"),
        ("PUT", SCAN),
        ("PUT", "/packages/p-1"),
        ("PUT", "/events/e-1"),
    ):
        answer = requests.request(method, sandbox.url + path, headers=headers, data=BYTES, timeout=5)
        assert check_answer(method, path, answer).status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_sandbox_serves_the_contract_itself(sandbox) -> None:
    assert requests.get(f"{sandbox.url}/openapi.json", timeout=5).json() == openapi()
