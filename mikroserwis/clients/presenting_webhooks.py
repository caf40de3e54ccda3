"""What the pages of webhooks show, made from records: plain values for the templates."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import lists
from mikroserwis.clients import endpoints, queries
from mikroserwis.clients.events import EVENTS, PING
from mikroserwis.clients.presenting import again, webhook_row
from mikroserwis.clients.queries import SIZE, Sending, Wanted
from mikroserwis.clients.wording import EVENTS as SAID
from mikroserwis.clients.wording import FIELDS, GRACES, STATES, outcome_words
from mikroserwis.i18n import gettext as _
from mikroserwis.models import ApiClient, Attempt, WebhookEndpoint
from mikroserwis.pricing import today

__all__ = ["again", "delivery_page", "form_page", "new_page", "webhook_page"]


def webhook_page(
    session: Session, client: ApiClient, endpoint: WebhookEndpoint, wanted: Wanted, now: datetime
) -> dict[str, Any]:
    """All that clients/webhook.html wants."""
    page = queries.fetch(session, endpoint, wanted)

    def address(**changed: Any) -> str:
        asked = wanted.arguments(**{name: value for name, value in changed.items() if name != "size"})
        return url_for("clients.webhook", client_id=client.id, endpoint_id=endpoint.id, **asked, _anchor="log")

    pager = lists.bounded(
        page.page,
        page.pages,
        rows=len(page.items),
        total=page.total,
        is_bounded=page.bounded,
        size=SIZE,
        address=address,
    )
    day = today(now)
    return {
        **_crumbs(client),
        "webhook": {**webhook_row(client, endpoint), "events": _said(endpoint), "lacking": _lacking(client, endpoint)},
        "acts": _acts(client, endpoint),
        "rows": [_row(client, endpoint, one) for one in page.items],
        "page": {**pager, "sizes": lists.sizes((SIZE,), SIZE, address)},
        "wanted": wanted,
        "states": [("", _("all")), *((name, str(STATES[name])) for name in queries.STATES)],
        "types": [("", _("all")), *((one, _label(one)) for one in (*sorted(endpoint.wanted), PING))],
        "filtered": bool(wanted.arguments(page=1)),
        "window": {"from": wanted.first or (day - timedelta(days=1)).isoformat(), "to": wanted.last or day.isoformat()},
        "graces": list(GRACES.items()),
        "labels": {**FIELDS, "from": _("From"), "to": _("To")},
        "errors": {},
        "problems": [],
    }


def delivery_page(client: ApiClient, endpoint: WebhookEndpoint, sending: Sending) -> dict[str, Any]:
    """All that clients/delivery.html wants."""
    replay = endpoint.active and client.active and sending.item.state != "queued"
    body = json.dumps(json.loads(sending.delivery.body), ensure_ascii=False, indent=2)
    urls: dict[str, Any] = {"client_id": client.id, "endpoint_id": endpoint.id, "sending_id": sending.delivery.id}
    return {
        **_crumbs(client),
        "webhook": webhook_row(client, endpoint),
        "one": {**_row(client, endpoint, sending), "event_id": sending.delivery.event_id, "body": body},
        "next_at": sending.item.due_at if sending.item.state == "queued" else None,
        "attempts": [_attempt(each) for each in reversed(sending.attempts)],
        "replay_url": url_for("clients.replay_delivery", **urls) if replay else None,
    }


def form_page(
    client: ApiClient,
    endpoint: WebhookEndpoint,
    values: Mapping[str, str] | None = None,
    chosen: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The form as it is kept, or as it was typed."""
    urls: dict[str, Any] = {"client_id": client.id, "endpoint_id": endpoint.id}
    return {
        **_form(client),
        "webhook": endpoint.url,
        "action": url_for("clients.save_webhook", **urls),
        "back_url": url_for("clients.webhook", **urls),
        "values": endpoints.texts(endpoint) | dict(values or {}),
        "chosen": sorted(endpoint.wanted) if chosen is None else chosen,
        "version": endpoint.version,
    }


def new_page(client: ApiClient, values: Mapping[str, str] | None = None, chosen: Sequence[str] = ()) -> dict[str, Any]:
    """An empty form, or one as it was typed."""
    return {
        **_form(client),
        "webhook": None,
        "action": url_for("clients.add_webhook", client_id=client.id),
        "back_url": url_for("clients.show", client_id=client.id, _anchor="webhooks"),
        "values": dict(values or {}),
        "chosen": chosen,
        "version": None,
    }


def _form(client: ApiClient) -> dict[str, Any]:
    """Each event with whether the client's scopes let it be told."""
    known = [(one, _label(one), scope in client.held) for one, scope in EVENTS.items()]
    blank: dict[str, Any] = {"labels": FIELDS, "errors": {}, "problems": [], "conflict": None}
    return {**_crumbs(client), **blank, "known": known}


def _crumbs(client: ApiClient) -> dict[str, Any]:
    of = {"name": client.name, "url": url_for("clients.show", client_id=client.id), "active": client.active}
    return {"client": of, "list_url": url_for("clients.index")}


def _acts(client: ApiClient, endpoint: WebhookEndpoint) -> dict[str, str]:
    urls: dict[str, Any] = {"client_id": client.id, "endpoint_id": endpoint.id}
    noun = "deactivation" if endpoint.active else "activation"
    names = {"edit": "edit_webhook", "secret": "renew_secret", "ping": "ping_webhook", "replay": "replay_failed"}
    return {
        **{name: url_for(f"clients.{view}", **urls) for name, view in names.items()},
        "switch": url_for("clients.switch_webhook", noun=noun, **urls),
        "log": url_for("clients.webhook", **urls),
    }


def _said(endpoint: WebhookEndpoint) -> list[tuple[str, str]]:
    return [(one, _label(one)) for one in EVENTS if one in endpoint.wanted]


def _lacking(client: ApiClient, endpoint: WebhookEndpoint) -> list[str]:
    """Scopes without which some of its events aren't told."""
    return sorted({EVENTS[one] for one in endpoint.wanted if one in EVENTS} - client.held)


def _row(client: ApiClient, endpoint: WebhookEndpoint, one: Sending) -> dict[str, Any]:
    last = one.attempts[-1] if one.attempts else None
    urls: dict[str, Any] = {"client_id": client.id, "endpoint_id": endpoint.id, "sending_id": one.delivery.id}
    return {
        "type": one.delivery.type,
        "label": _label(one.delivery.type),
        "at": one.delivery.created_at,
        "state": one.state,
        "said": str(STATES[one.state]),
        "attempts": len(one.attempts),
        "last": outcome_words(last.outcome) if last else "",
        "url": url_for("clients.delivery", **urls),
    }


def _attempt(one: Attempt) -> dict[str, Any]:
    seconds = (one.ended_at - one.started_at).total_seconds() if one.ended_at else None
    return {
        "at": one.started_at,
        "ok": one.outcome == "delivered",
        "outcome": outcome_words(one.outcome),
        "answer": one.detail or "",
        "took": None if seconds is None else round(seconds * 1000),
    }


def _label(type_: str) -> str:
    return str(SAID.get(type_, type_))
