"""The API's description: OpenAPI 3.1 for programs, and the same as a page for people."""

import json
import re
from collections.abc import Collection
from copy import deepcopy
from http import HTTPStatus
from typing import Any, cast

import flask
from apiflask import APIFlask
from flask import Blueprint, Response, current_app, jsonify, render_template

from mikroserwis import openapi_page, printing
from mikroserwis.clients import description as client_description
from mikroserwis.edge import public
from mikroserwis.scans import DOCX, JPEG, PDF, PNG, XLSX
from mikroserwis.sweeps.schedule import DAILY
from mikroserwis.tickets import documents

blueprint = Blueprint("openapi", __name__, url_prefix="/api/v1")

ALWAYS = (400, 401, 403, 404, 405, 409, 429, 500, 503)
WITH_A_BODY = (413, 415, 422, 507)
# Whose queries are texts as a form has them, and told what is wrong with them.
CHECKED = frozenset({"simulator", "tonight"})
DESCRIPTION = """\
Whatever a person can do to a ticket on screen, that person's token can do here. Send it as `Authorization: Bearer …`.

A ticket is known by its number in the list. Acts are nouns: `POST /tickets/115/suspension`. What may be done now, and
what stands in the way, is told by `actions` of a ticket and of its sub-tickets.

Errors are problem documents (RFC 9457): `code` is stable, `detail` is for people, in the language that
`Accept-Language` asks for (pl, en, ro, es, fa). 409 lists `blockers`, 422 lists `errors` by field. What you may not
know of is 404.

A `POST` or `PUT` with an `Idempotency-Key` acts once, however often it is sent.

A program that acts on its own is an API client: its tokens have scopes, and each act names the one that it asks for.
403 with the code `scope_missing` says which is lacking. `RateLimit-Remaining` and `RateLimit-Reset` tell how many
requests are left, and for how many seconds. What has happened is told to its webhooks, signed.
"""
EXPLAINED = {
    400: "The request cannot be read.",
    401: "No token, or one that is not valid.",
    403: "The record may be seen, the act belongs to somebody else.",
    404: "There is no such record, or none that the asker may know of.",
    405: "The address exists, but not with this method.",
    409: "Not possible now: `blockers` says what stands in the way; or somebody else was first.",
    413: "The body is too large.",
    415: "The body is of the wrong kind.",
    422: "Wrong values: `errors` names each by its field.",
    429: "Too many requests, or too many attempts; `Retry-After` says how long to wait.",
    500: "An error on our side; nothing was saved.",
    503: "Busy; nothing was saved. `Retry-After` says when to try again.",
    507: "The disk is full; nothing was saved.",
}
_WORDS: dict[str, Any] = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {name: {"type": "string"} for name in ("code", "message", "field", "column")},
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:mikroserwis:refused"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable.", "examples": ["refused"]},
        "detail": {"type": "string", "description": "For people."},
        "blockers": {"type": "array", "items": _WORDS, "description": "What stands in the way."},
        "errors": {"type": "array", "items": _WORDS, "description": "Wrong values, each by its field."},
        "changed": {"type": "array", "items": {"type": "object"}, "description": "What somebody else changed."},
        "version": {"type": "integer", "description": "The record's version now."},
        "retry_after": {"type": "integer", "description": "Seconds."},
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Of your own making, new for each act; sent again, it gets the first answer.",
    "schema": {"type": "string", "maxLength": 200},
}
BINARY = {"schema": {"type": "string", "format": "binary"}}
DOWNLOADS = {
    "document": (DOCX, PDF, documents.ZIP),
    "form_trial": (PDF, DOCX),
    "content": (PDF, JPEG, PNG, DOCX, XLSX),
    "quote_paper": (DOCX, PDF, XLSX),
}


def register(app: APIFlask) -> None:
    """Both addresses, and how the description is made from the views."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        SERVERS=[{"url": "/"}],
        DESCRIPTION=DESCRIPTION,
        AUTO_OPERATION_ID=True,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        SECURITY_SCHEMES=client_description.SCHEMES,
    )
    app.spec_processor(cast(Any, complete))
    app.register_blueprint(blueprint)


@blueprint.get("/openapi.json")
@public
def description() -> Response:
    """For programs; it holds no secret."""
    return jsonify(_spec())


@blueprint.get("/docs")
@public
def page() -> flask.typing.ResponseReturnValue:
    """For people."""
    return render_template("api.html", sheets=("api",), **openapi_page.context(_spec()))


def _spec() -> dict[str, Any]:
    """Made once: the views don't change while the app runs."""
    kept = current_app.extensions
    if "openapi" not in kept:
        kept["openapi"] = cast(APIFlask, current_app).spec
    spec: dict[str, Any] = kept["openapi"]
    return spec


def complete(spec: dict[str, Any]) -> dict[str, Any]:
    """What the framework doesn't know: who may ask, every error, and what exactly a path takes."""
    spec = _flattened(spec)
    components = spec["components"]
    components["schemas"] |= {"Problem": PROBLEM}
    components["responses"] = {
        f"Problem{status}": {
            "description": text,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, text in EXPLAINED.items()
    }
    spec["security"] = [{"token": []}]
    for methods in spec["paths"].values():
        for method, operation in methods.items():
            client_description.secure(operation)
            _complete_operation(operation, method, components["schemas"])
    # The framework names one for each blueprint, also where several share it, or where nothing bears it.
    used = (tag for methods in spec["paths"].values() for one in methods.values() for tag in one["tags"])
    spec["tags"] = [{"name": name} for name in dict.fromkeys(used)]
    spec["webhooks"] = client_description.webhooks()
    components["schemas"]["WebhookEvent"] = client_description.EVENT
    return spec


def _flattened(spec: dict[str, Any]) -> dict[str, Any]:
    """The framework registers a nested model anew under each of its parents; one of each is enough."""
    flat: dict[str, Any] = json.loads(
        re.sub(r'"#/components/schemas/\w+\.', '"#/components/schemas/', json.dumps(spec))
    )
    schemas = flat["components"]["schemas"]
    schemas.pop("HTTPError", None)
    flat["components"]["schemas"] = {name.rpartition(".")[2]: schema for name, schema in schemas.items()}
    return flat


def _complete_operation(operation: dict[str, Any], method: str, schemas: dict[str, Any]) -> None:
    operation["operationId"] = re.sub(r"^[a-z]+_[a-z_]+?_api_", "", operation["operationId"])
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["schema"] = _path_schema(parameter["name"])
    if method != "get":
        operation["parameters"].append(deepcopy(IDEMPOTENCY_KEY))
    if operation["operationId"] in DOWNLOADS:
        operation["responses"]["200"]["content"] = dict.fromkeys(DOWNLOADS[operation["operationId"]], BINARY)
    # Else a query of plain texts is never wrong: what can't be read in it is as if it weren't there.
    checked = operation["operationId"] in CHECKED or any(
        one.get("in") == "query" and one["schema"].get("type") != "string" for one in operation["parameters"]
    )
    for status in (*ALWAYS, *(WITH_A_BODY if method != "get" else (422,) if checked else ())):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    for answer in operation["responses"].values():
        if answer.get("description") == HTTPStatus.OK.phrase:
            answer["description"] = "Done."
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        for content in operation["requestBody"]["content"].values():
            content["example"] = openapi_page.example(content["schema"], schemas)


def _path_schema(name: str) -> dict[str, Any]:
    names: dict[str, Collection[str]] = {
        "name": documents.NAMES,
        "ending": ("docx", "pdf", "xlsx"),
        "paper": printing.PAPERS,
        "job": [job.name for job in DAILY],
        "suffix": ("pdf", "docx"),
    }
    if name in names:
        return {"type": "string", "enum": list(names[name])}
    largest = 2**53 - 1 if name in {"number", "point_id"} else 2**31 - 1
    return {"type": "integer", "minimum": 1, "maximum": largest}
