"""What the pages of programs show, made from records: plain values for the templates."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mikroserwis import refused_forms
from mikroserwis.clients import operations, queries
from mikroserwis.clients.queries import Line
from mikroserwis.clients.wording import FIELDS, GRACES, OFF, SCOPES, act_words, value_words
from mikroserwis.errors import Answer
from mikroserwis.models import ApiClient, ClientToken, Event, WebhookEndpoint
from mikroserwis.rulebook import RULES


def list_page(lines: Sequence[Line]) -> dict[str, Any]:
    """All that clients/list.html wants."""
    return {
        "rows": [
            {
                "name": one.client.name,
                "purpose": one.client.purpose,
                "url": url_for("clients.show", client_id=one.client.id),
                "active": one.client.active,
                "used_at": one.used_at,
                "tokens": one.tokens,
                "webhooks": len(one.endpoints),
                "failing": [each.url for each in one.endpoints if _is_failing(each)],
            }
            for one in lines
        ],
        "new_url": url_for("clients.new"),
        "docs_url": url_for("openapi.page"),
    }


def client_page(session: Session, client: ApiClient, now: datetime) -> dict[str, Any]:
    """All that clients/client.html wants; the form of a new token is empty."""
    chosen = client.scopes.split()
    return {
        "client": {
            **{name: getattr(client, name) for name in ("id", "name", "purpose", "contact", "active")},
            "scopes": said_scopes(client.scopes),
        },
        "urls": _urls(client),
        "tokens": [_token(client, one, now) for one in queries.tokens_of(session, client)],
        "webhooks": [webhook_row(client, one) for one in queries.endpoints_of(session, client)],
        "changes": [change_row(one) for one in queries.last_changes(session, client)],
        "offered": said_scopes(client.scopes),
        "graces": list(GRACES.items()),
        "values": {},
        "chosen": chosen,
        "is_asking": False,
        **_blank(),
    }


def form_page(
    client: ApiClient, values: Mapping[str, str] | None = None, chosen: Sequence[str] | None = None
) -> dict[str, Any]:
    """The form as it is kept, or as it was typed."""
    return {
        **_blank(),
        "client": {"name": client.name, "url": url_for("clients.show", client_id=client.id)},
        "list_url": url_for("clients.index"),
        "action": url_for("clients.save", client_id=client.id),
        "back_url": url_for("clients.show", client_id=client.id),
        "values": operations.texts(client) | dict(values or {}),
        "scopes": said_scopes(" ".join(SCOPES)),
        "chosen": client.scopes.split() if chosen is None else chosen,
        "version": client.version,
    }


def new_page(values: Mapping[str, str] | None = None, chosen: Sequence[str] = ()) -> dict[str, Any]:
    """An empty form, or one as it was typed."""
    return {
        **_blank(),
        "client": None,
        "list_url": url_for("clients.index"),
        "action": url_for("clients.create"),
        "back_url": url_for("clients.index"),
        "values": dict(values or {}),
        "scopes": said_scopes(" ".join(SCOPES)),
        "chosen": chosen,
        "version": None,
    }


def again(answer: Answer, error: Exception, newest: Sequence[Event], version: int, sent: int) -> dict[str, Any]:
    """What a form shows that was refused; `newest` begins with what was done last."""
    overtaken = refused_forms.conflict(error, newest, FIELDS, value_words)
    return refused_forms.again(answer, error, overtaken, version, sent)


def said_scopes(scopes: str) -> list[tuple[str, str]]:
    """Code and words."""
    return [(one, str(SCOPES.get(one, one))) for one in scopes.split()]


def webhook_row(client: ApiClient, one: WebhookEndpoint) -> dict[str, Any]:
    """A webhook in a list."""
    return {
        "address": one.url,
        "url": url_for("clients.webhook", client_id=client.id, endpoint_id=one.id),
        "count": len(one.events.split()),
        "active": one.active,
        "off": str(OFF.get(one.off_because, "")),
        "failing_since": one.failing_since if one.active else None,
    }


def change_row(event: Event) -> dict[str, Any]:
    """As macros/lists.html shows it."""
    return {
        "at": event.at,
        "who": event.actor,
        "what": act_words(event.verb, json.loads(event.data)),
        "changes": [
            {"label": FIELDS[name], "old": value_words(name, old), "new": value_words(name, new)}
            for name, (old, new) in json.loads(event.changes).items()
            if name in FIELDS
        ],
    }


def _is_failing(one: WebhookEndpoint) -> bool:
    return one.off_because in {"gone", "failing"} or (one.active and one.failing_since is not None)


def _token(client: ApiClient, one: ClientToken, now: datetime) -> dict[str, Any]:
    live = operations.is_live(one, now)
    acts = ("rotate_token", "revoke_token") if live and client.active else ("revoke_token",) if live else ()
    return {
        "id": one.id,
        "name": one.name,
        "hint": one.hint,
        "scopes": said_scopes(one.scopes),
        "state": "revoked" if one.revoked_at else "live" if live else "expired",
        "created_at": one.created_at,
        **_end(one.expires_at),
        "used_at": one.used_at,
        "used_from": one.used_from,
        "urls": {act: url_for(f"clients.{act}", client_id=client.id, token_id=one.id) for act in acts},
    }


def _end(expires_at: datetime | None) -> dict[str, Any]:
    """The last day, where it ends with one; else the moment, as of a token that was replaced."""
    end = expires_at.astimezone(RULES.tz) if expires_at else None
    if end is None or end.time() != time():
        return {"last_day": None, "expires_at": end}
    return {"last_day": end.date() - timedelta(days=1), "expires_at": None}


def _urls(client: ApiClient) -> dict[str, str]:
    noun = "deactivation" if client.active else "activation"
    return {
        **{name: url_for(f"clients.{name}", client_id=client.id) for name in ("edit", "add_token", "new_webhook")},
        "switch": url_for("clients.switch", client_id=client.id, noun=noun),
        "list": url_for("clients.index"),
    }


def _blank() -> dict[str, Any]:
    return {"labels": FIELDS, "errors": {}, "problems": [], "conflict": None}
