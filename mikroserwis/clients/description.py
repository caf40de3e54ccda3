"""What the API's description says of programs: the scope of each operation, and the messages of webhooks."""

import re
from collections.abc import Mapping
from typing import Any

from mikroserwis.clients.events import EVENTS, PING
from mikroserwis.clients.scopes import needed
from mikroserwis.clients.signing import HEADER

SCHEMES: Mapping[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A personal token: whatever its person may."},
    "client": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API client's token: what its scopes open, and no more than an operator may.",
    },
}
_LINK = {"type": "object", "required": ["url"], "properties": {"url": {"type": "string", "format": "uri"}}}
EVENT: Mapping[str, Any] = {
    "type": "object",
    "description": "What has happened. The same event has the same id and the same bytes each time it is sent.",
    "required": ["id", "type", "created", "data"],
    "properties": {
        "id": {"type": "string", "examples": ["evt_4711_ticket_taken"]},
        "type": {"type": "string", "enum": [*EVENTS, PING]},
        "created": {"type": "string", "format": "date-time", "description": "When it happened, in UTC."},
        "data": {
            "type": "object",
            "description": "Numbers and links of the records it is about, and small facts of the act.",
            "properties": {
                **dict.fromkeys(("ticket", "subticket", "customer", "point"), _LINK),
                "by": {
                    "type": "object",
                    "description": "Where it came from (web, api, cli, system), and whose account it was, if any.",
                    "required": ["source", "user"],
                    "properties": {"source": {"type": "string"}, "user": {"type": ["integer", "null"]}},
                },
            },
        },
    },
}
_HEADERS = (
    (HEADER, "t=…,v1=…: v1 is hex HMAC-SHA256, by the webhook's secret, of t, a full stop and the body."),
    ("Idempotency-Key", "The event's id."),
    ("Mikroserwis-Event", "The event's type."),
)


def secure(operation: dict[str, Any]) -> None:
    """Whose token the operation takes, and with which scope; before its id is made short."""
    endpoint = re.sub(r"^[a-z]+_([a-z_]+?_api)_", r"\1.", operation["operationId"])
    scope = needed(endpoint)
    programs = [] if scope is None else [{"client": [scope] if scope else []}]
    operation["security"] = [{"token": []}, *programs]


def webhooks() -> dict[str, Any]:
    """By type of event, as OpenAPI 3.1 has them."""
    return {one: {"post": _message(one, scope)} for one, scope in {**EVENTS, PING: ""}.items()}


def _message(type_: str, scope: str) -> dict[str, Any]:
    body = {"schema": {"$ref": "#/components/schemas/WebhookEvent"}}
    return {
        "summary": type_,
        "description": f"Told to webhooks of clients with the scope `{scope}`." if scope else "A test message.",
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
            for name, text in _HEADERS
        ],
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {
            "2XX": {"description": "Taken; it isn't sent again."},
            "410": {"description": "Nobody is there any more: the webhook is switched off."},
        },
    }
