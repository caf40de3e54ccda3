"""Who may do what to programs that act on their own, page and API: administrators alone."""

from datetime import UTC, datetime
from typing import Any

from mikroserwis.access import SYSTEM
from mikroserwis.clients import endpoints, operations
from mikroserwis.edge import Parts
from tests.support.cast import PEOPLE

ADMIN = {"admin", "master"}
EVERYBODY = set(PEOPLE)
PAGES: dict[tuple[str, str], set[str]] = {
    **{(f"clients.{page}", ""): ADMIN for page in ("index", "new", "create", "show", "edit", "save")},
    **{(f"clients.{page}", ""): ADMIN for page in ("add_token", "rotate_token", "revoke_token", "secret", "put_away")},
    **{(f"clients.{page}", ""): ADMIN for page in ("new_webhook", "add_webhook", "webhook", "edit_webhook")},
    **{(f"clients.{page}", ""): ADMIN for page in ("save_webhook", "renew_secret", "ping_webhook", "delivery")},
    **{(f"clients.{page}", ""): ADMIN for page in ("replay_delivery", "replay_failed")},
    **{(f"clients.{page}", "deactivation"): ADMIN for page in ("switch_webhook", "switch")},
}
OPERATIONS = {
    **dict.fromkeys(("clients", "add_client", "client", "change_client", "activate_client"), ADMIN),
    **dict.fromkeys(("client_tokens", "add_token", "rotate_token", "revoke_token"), ADMIN),
    **dict.fromkeys(("webhooks", "add_webhook", "webhook", "change_webhook", "activate_webhook"), ADMIN),
    **dict.fromkeys(("renew_secret", "ping_webhook", "webhook_deliveries", "webhook_delivery"), ADMIN),
    **dict.fromkeys(("replay_delivery", "replay_failed", "deactivate_webhook", "deactivate_client"), ADMIN),
}
BODIES: dict[str, dict[str, Any]] = {
    **{name: {} for name in ("add_client", "change_client", "rotate_token", "add_webhook", "change_webhook")},
    "add_token": {"name": "x"},
    "renew_secret": {},
    "replay_failed": {"from": "2026-11-01", "to": "2026-11-02"},
}
_CLIENT = "/clients/<client_id>"
_TOKEN, _WEBHOOK = f"{_CLIENT}/tokens/<token_id>", f"{_CLIENT}/webhooks/<endpoint_id>"
_DELIVERY = f"{_WEBHOOK}/deliveries/<sending_id>"
_SWITCH = ("activation", "deactivation")
PAIRS: dict[str, tuple[str, ...]] = {
    "/clients/new": ("POST /clients",),
    f"{_CLIENT}/edit": (f"PUT {_CLIENT}",),
    f"{_CLIENT}/<noun>": tuple(f"POST {_CLIENT}/{noun}" for noun in _SWITCH),
    f"{_CLIENT}/tokens": (f"POST {_CLIENT}/tokens",),
    f"{_TOKEN}/rotation": (f"POST {_TOKEN}/rotation",),
    f"{_TOKEN}/revocation": (f"DELETE {_TOKEN}",),
    f"{_CLIENT}/webhooks/new": (f"POST {_CLIENT}/webhooks",),
    f"{_WEBHOOK}/edit": (f"PUT {_WEBHOOK}",),
    f"{_WEBHOOK}/<noun>": tuple(f"POST {_WEBHOOK}/{noun}" for noun in _SWITCH),
    **{f"{_WEBHOOK}/{noun}": (f"POST {_WEBHOOK}/{noun}",) for noun in ("secret", "ping", "replays")},
    f"{_DELIVERY}/replay": (f"POST {_DELIVERY}/replay",),
}
# A program reads its secret in the answer that makes it.
OF_BROWSERS = {f"{_CLIENT}/secret/kept"}
SAMPLES = dict.fromkeys(("client_id", "token_id", "endpoint_id", "sending_id"), 1)


def ids(parts: Parts) -> dict[str, int]:
    """A program with a token, a webhook, and a message to it."""
    given: dict[str, Any] = {"actor": SYSTEM, "now": datetime.now(UTC)}
    with parts.database.transaction() as session:
        client = operations.add(session, {"name": "CRM"}, ["tickets:read"], **given)
        token = operations.issue(session, client, {"name": "x"}, ["tickets:read"], key="x", **given).token
        values = {"url": "https://crm.example/hooks"}
        endpoint = endpoints.add(session, client, values, ["ticket.taken"], networks="", **given)
        sent = endpoints.ping(session, client, endpoint, **given)
        return {"client_id": client.id, "token_id": token.id, "endpoint_id": endpoint.id, "sending_id": sent}
