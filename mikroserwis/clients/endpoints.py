"""What is done to webhooks: where a program is told, of what, and sending it again."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mikroserwis import history, outbox
from mikroserwis.access import Actor
from mikroserwis.clients import events, forms, queries, scopes, tokens
from mikroserwis.clients.events import Told
from mikroserwis.errors import Blocker, Conflict, Refused
from mikroserwis.models import ApiClient, Event, OutboxItem, WebhookDelivery, WebhookEndpoint, WebhookProgress

TOPIC = "webhook"
FAILED = ("stuck", "rejected")
# In use at once; those that are switched off are kept as records.
MOST = 10
# So many are sent again at once; the rest with the next press.
REPLAYED = 1000


def add(
    session: Session,
    client: ApiClient,
    values: Mapping[str, Any],
    chosen: Sequence[str],
    *,
    networks: str,
    actor: Actor,
    now: datetime,
) -> WebhookEndpoint:
    """A new address that is told of what happens from now on. Raises Invalid, Forbidden, Refused."""
    clean = forms.endpoint(values, chosen, networks, new=True)
    _require(actor, chosen)
    _one_more(session, client)
    _begin(session)
    endpoint = WebhookEndpoint(client_id=client.id, nonce=secrets.token_hex(16), created_at=now, **clean)
    session.add(endpoint)
    session.flush()
    changes = {name: ("", value) for name, value in texts(endpoint).items()}
    _record(session, "webhook_add", client, endpoint, actor=actor, now=now, changes=changes)
    return endpoint


def change(
    session: Session,
    client: ApiClient,
    endpoint: WebhookEndpoint,
    values: Mapping[str, Any],
    chosen: Sequence[str] | None,
    *,
    version: int | None,
    networks: str,
    actor: Actor,
    now: datetime,
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}. Raises Invalid, Forbidden; Conflict if changed since `version`."""
    clean, kept = forms.endpoint(values, chosen, networks, new=False), texts(endpoint)
    differing = {name: (kept[name], value) for name, value in clean.items() if kept[name] != value}
    _require(actor, set(chosen or ()) - endpoint.wanted)
    if "url" in differing:
        require_all(session, endpoint, actor)
    if differing and version not in {None, endpoint.version}:
        raise Conflict("changed_meanwhile", fields=differing, version=endpoint.version)
    for name, (_old, new) in differing.items():
        setattr(endpoint, name, new)
    if differing:
        _record(session, "webhook_change", client, endpoint, actor=actor, now=now, changes=differing)
        session.flush()
    return differing


def require_all(session: Session, endpoint: WebhookEndpoint, actor: Actor) -> None:
    """Whoever sees its messages or leads them elsewhere may read all that it tells and has told. Raises Forbidden."""
    if actor.scopes is not None:
        sent = select(WebhookDelivery.type).where(WebhookDelivery.endpoint_id == endpoint.id).distinct()
        _require(actor, {*endpoint.wanted, *session.scalars(sent)})


def switch(
    session: Session, client: ApiClient, endpoint: WebhookEndpoint, *, active: bool, actor: Actor, now: datetime
) -> None:
    """Switched on again it begins anew: former failures don't count. Done already: nothing happens. Raises Refused."""
    if endpoint.active == active:
        return
    if active:
        _one_more(session, client)
    endpoint.active, endpoint.off_because = active, "" if active else "person"
    endpoint.failing_since, endpoint.failures = None, 0
    verb = "webhook_activate" if active else "webhook_deactivate"
    _record(session, verb, client, endpoint, actor=actor, now=now)
    session.flush()


def renew_secret(
    session: Session, client: ApiClient, endpoint: WebhookEndpoint, *, grace: timedelta, actor: Actor, now: datetime
) -> None:
    """Another secret; for `grace` the former one signs too. Raises Forbidden."""
    require_all(session, endpoint, actor)
    endpoint.former_nonce, endpoint.former_until = endpoint.nonce, now + grace
    endpoint.nonce = secrets.token_hex(16)
    _record(session, "webhook_secret", client, endpoint, actor=actor, now=now)
    session.flush()


def signing_secrets(endpoint: WebhookEndpoint, key: str, now: datetime) -> list[str]:
    """Those that are valid now, the newest first."""
    former = endpoint.former_until is not None and endpoint.former_until > now
    nonces = [endpoint.nonce, *([endpoint.former_nonce] if former else [])]
    return [tokens.webhook_secret(key, endpoint.id, nonce) for nonce in nonces]


def ping(session: Session, client: ApiClient, endpoint: WebhookEndpoint, *, actor: Actor, now: datetime) -> int:
    """A message that says nothing but that the way is open; the delivery's id. Raises Refused."""
    _is_on(client, endpoint, "ping")
    data = {"client": client.name, "by": {"source": actor.source, "user": actor.user_id}}
    said = events.message(f"evt_ping_{secrets.token_hex(12)}", events.PING, now, data)
    _record(session, "webhook_ping", client, endpoint, actor=actor, now=now)
    return put(session, endpoint, said, now=now).id


def put(session: Session, endpoint: WebhookEndpoint, told: Told, *, now: datetime) -> WebhookDelivery:
    """An event into the outbox, once for the endpoint; what is sent is decided here."""
    item = outbox.enqueue(session, TOPIC, f"{TOPIC}:{endpoint.id}:{told.id}", {}, now=now)
    made = WebhookDelivery(
        endpoint_id=endpoint.id, item_id=item.id, event_id=told.id, type=told.type, body=told.body, created_at=now
    )
    session.add(made)
    session.flush()
    return made


def replay(
    session: Session,
    client: ApiClient,
    endpoint: WebhookEndpoint,
    delivery: queries.Sending,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Once more, under the same id. Raises Forbidden; Refused while it is under way."""
    require_all(session, endpoint, actor)
    _is_on(client, endpoint, "replay")
    if delivery.item.state == "queued":
        raise Refused("replay", [Blocker("webhook_is_settled")])
    outbox.retry(delivery.item, now)
    _record(session, "webhook_replay", client, endpoint, actor=actor, now=now, event=delivery.delivery.event_id)


def replay_failed(
    session: Session,
    client: ApiClient,
    endpoint: WebhookEndpoint,
    *,
    since: datetime,
    until: datetime,
    actor: Actor,
    now: datetime,
) -> int:
    """Whatever came to be within the window and was given up; how many. Raises Forbidden, Refused."""
    require_all(session, endpoint, actor)
    _is_on(client, endpoint, "replay")
    query = (
        select(OutboxItem)
        .join(WebhookDelivery, WebhookDelivery.item_id == OutboxItem.id)
        .where(
            WebhookDelivery.endpoint_id == endpoint.id,
            WebhookDelivery.created_at >= since,
            WebhookDelivery.created_at < until,
            OutboxItem.state.in_(FAILED),
        )
        .order_by(OutboxItem.id)
        .limit(REPLAYED)
    )
    items = session.scalars(query.with_for_update(of=OutboxItem)).all()
    for item in items:
        outbox.retry(item, now)
    if items:
        _record(session, "webhook_replay", client, endpoint, actor=actor, now=now, count=len(items))
    return len(items)


def texts(endpoint: WebhookEndpoint) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    return {"url": endpoint.url, "events": endpoint.events}


def _one_more(session: Session, client: ApiClient) -> None:
    count = select(func.count()).where(WebhookEndpoint.client_id == client.id, WebhookEndpoint.active)
    if (session.scalar(count) or 0) >= MOST:
        raise Refused("webhook", [Blocker("few_webhooks_are_in_use", {"limit": MOST})])


def _begin(session: Session) -> None:
    """What happened before the first endpoint is told to nobody."""
    if session.get(WebhookProgress, 1) is None:
        newest = session.scalar(select(func.coalesce(func.max(Event.id), 0)))
        session.add(WebhookProgress(id=1, last_id=newest))
        session.flush()


def _require(actor: Actor, types: Iterable[str]) -> None:
    scopes.require(actor, {events.EVENTS[one] for one in types if one in events.EVENTS})


def _is_on(client: ApiClient, endpoint: WebhookEndpoint, trigger: str) -> None:
    if not (client.active and endpoint.active):
        raise Refused(trigger, [Blocker("webhook_is_active")])


def _record(
    session: Session,
    verb: str,
    client: ApiClient,
    endpoint: WebhookEndpoint,
    *,
    actor: Actor,
    now: datetime,
    **more: Any,
) -> None:
    history.record(session, verb, actor=actor, now=now, client=client, webhook=endpoint.id, url=endpoint.url, **more)
