"""The four paths of `openapi.json`, answered from the store."""

import hmac
import json
from http import HTTPStatus
from typing import TypeVar
from uuid import uuid4

from pydantic import ValidationError

from backoffice_client.messages import (
    Connectivity,
    EventReceipt,
    Manifest,
    PackageReceipt,
    Scan,
    ScanReceipt,
    TicketEvent,
    message_from,
    to_json,
    why_invalid,
)
from backoffice_client.sandbox.state import Sandbox
from backoffice_client.sandbox.store import Accepted, Kind
from backoffice_client.sandbox.web import Answer, Problem, Request, Route, json_answer

T = TypeVar("T")

LARGEST_SCAN = 64 * 1024 * 1024


def require_token(sandbox: Sandbox, request: Request) -> None:
    given = request.headers.get("authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {sandbox.token}".encode()):
        raise Problem(HTTPStatus.UNAUTHORIZED, "unauthorised", "The token is missing or wrong.")


def connectivity(sandbox: Sandbox, request: Request) -> Answer:
    point_id, now = int(request.ids["point_id"]), sandbox.now()
    return json_answer(to_json(Connectivity(point_id, str(uuid4()), now, sandbox.store.stations(point_id, now))))


def put_scan(sandbox: Sandbox, request: Request) -> Answer:
    sha256 = request.ids["sha256"]
    _check_key(request, sha256)
    scan = _scan(request, sha256)
    if request.sha256 != sha256:
        raise _unprocessable("hash_mismatch", f"The path says {sha256}, the bytes are {request.sha256}.")
    rejection = sandbox.store.faults().rejection
    with sandbox.deciding:
        if rejection is not None and sandbox.store.find("scans", sha256) is None:
            raise _unprocessable("scan_rejected", rejection)
        kept = sandbox.store.accept("scans", sha256, to_json(scan), sandbox.now())
    return _receipt(kept, ScanReceipt(sha256, kept.receipt, kept.accepted_at))


def put_package(sandbox: Sandbox, request: Request) -> Answer:
    package_id = request.ids["package_id"]
    manifest = _message(Manifest, request, package_id)
    _check_id(manifest.package_id, package_id)
    missing = [file.sha256 for file in manifest.files if sandbox.store.find("scans", file.sha256) is None]
    if missing:
        raise Problem(
            HTTPStatus.CONFLICT,
            "missing_scans",
            f"{len(missing)} of the listed files never arrived.",
            rejections=dict.fromkeys(missing, "The file never arrived."),
        )
    kept = _keep(sandbox, "packages", package_id, to_json(manifest))
    return _receipt(kept, PackageReceipt(package_id, kept.receipt, kept.accepted_at))


def put_event(sandbox: Sandbox, request: Request) -> Answer:
    event_id = request.ids["event_id"]
    event = _message(TicketEvent, request, event_id)
    _check_id(event.event_id, event_id)
    kept = _keep(sandbox, "events", event_id, to_json(event))
    return _receipt(kept, EventReceipt(event_id, kept.receipt, kept.accepted_at))


def _scan(request: Request, sha256: str) -> Scan:
    missing = {"ticket", "kind", "name"} - request.query.keys()
    if missing:
        raise _unprocessable("invalid", f"Missing in the query: {', '.join(sorted(missing))}.")
    told = {
        "sha256": sha256,
        "ticket": int(request.query["ticket"]) if request.query["ticket"].isdecimal() else 0,
        "kind": request.query["kind"],
        "name": request.query["name"],
        "content_type": request.headers.get("content-type", "application/octet-stream"),
        "size": request.size,
    }
    try:
        return message_from(Scan, json.dumps(told))
    except ValidationError as error:
        raise _unprocessable("invalid", why_invalid(error)) from None


def _message(kind: type[T], request: Request, key: str) -> T:
    _check_key(request, key)
    try:
        return message_from(kind, request.body)
    except ValidationError as error:
        raise _unprocessable("invalid", why_invalid(error)) from None


def _keep(sandbox: Sandbox, kind: Kind, key: str, content: dict[str, object]) -> Accepted:
    with sandbox.deciding:
        known = sandbox.store.find(kind, key)
        if known is not None and known.content != content:
            raise Problem(HTTPStatus.CONFLICT, "different_content", f"{key} is known already, with other content.")
        return sandbox.store.accept(kind, key, content, sandbox.now())


def _check_key(request: Request, key: str) -> None:
    if request.headers.get("idempotency-key", key) != key:
        raise _unprocessable("id_mismatch", "The Idempotency-Key is not the id in the path.")


def _check_id(told: str, key: str) -> None:
    if told != key:
        raise _unprocessable("id_mismatch", f"The path says {key}, the document {told}.")


def _receipt(kept: Accepted, receipt: object) -> Answer:
    return json_answer(to_json(receipt), HTTPStatus.CREATED if kept.offered == 1 else HTTPStatus.OK)


def _unprocessable(code: str, detail: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, code, detail)


ROUTES: tuple[Route[Sandbox], ...] = (
    Route("GET", "/points/{point_id}/connectivity", connectivity),
    Route("PUT", "/scans/{sha256}", put_scan, limit=LARGEST_SCAN, keeps_body=False),
    Route("PUT", "/packages/{package_id}", put_package),
    Route("PUT", "/events/{event_id}", put_event),
)
