"""Webhooks: for those who keep programs, and for each program its own."""

from datetime import datetime

from flask import request

from mikroserwis import edge
from mikroserwis.clients import endpoints, forms, queries
from mikroserwis.clients.api.blueprint import CLIENT, DELIVERY, WEBHOOK, blueprint
from mikroserwis.clients.api.shapes import (
    DeliveriesQuery,
    Put,
    Replayed,
    Rotation,
    WebhookChange,
    WebhookDeliveries,
    WebhookDeliveryOut,
    WebhookOut,
    Webhooks,
    WebhookShown,
    Window,
    delivery_line,
    delivery_out,
    webhook_out,
)
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.keys import secret_key
from mikroserwis.models import ApiClient, WebhookEndpoint


@blueprint.get(f"{CLIENT}/webhooks")
@blueprint.output(Webhooks)
@blueprint.doc(summary="A client's webhooks")
def webhooks(client_id: int) -> Webhooks:
    """Those that are switched off too."""
    session = edge.session()
    found = queries.endpoints_of(session, queries.load(session, edge.actor(), client_id))
    return Webhooks(items=[webhook_out(one) for one in found])


@blueprint.post(f"{CLIENT}/webhooks")
@blueprint.input(WebhookChange)
@blueprint.output(WebhookShown, 201)
@blueprint.doc(summary="Add a webhook; its secret is shown in this answer and never again")
def add_webhook(client_id: int, json_data: WebhookChange) -> WebhookShown:
    """It is told of what happens from now on."""
    session, actor, values = edge.session(), edge.actor(), json_data.values()
    found, networks = queries.load(session, actor, client_id), edge.parts().settings.webhook_networks
    chosen = json_data.chosen() or []
    made = endpoints.add(session, found, values, chosen, networks=networks, actor=actor, now=edge.now())
    return _shown(made)


@blueprint.get(WEBHOOK)
@blueprint.output(WebhookOut)
@blueprint.doc(summary="A webhook")
def webhook(client_id: int, endpoint_id: int) -> WebhookOut:
    """Without its secret."""
    return webhook_out(_load(client_id, endpoint_id)[1])


@blueprint.put(WEBHOOK)
@blueprint.input(WebhookChange)
@blueprint.output(WebhookOut)
@blueprint.doc(summary="Change a webhook; 409 names what somebody else changed meanwhile")
def change_webhook(client_id: int, endpoint_id: int, json_data: WebhookChange) -> WebhookOut:
    """What waits to be sent goes to the new address."""
    client, found = _load(client_id, endpoint_id)
    endpoints.change(
        edge.session(),
        client,
        found,
        json_data.values(),
        json_data.chosen(),
        version=json_data.version,
        networks=edge.parts().settings.webhook_networks,
        actor=edge.actor(),
        now=edge.now(),
    )
    return webhook_out(found)


@blueprint.post(f"{WEBHOOK}/activation")
@blueprint.output(WebhookOut)
@blueprint.doc(summary="Switch a webhook on")
def activate_webhook(client_id: int, endpoint_id: int) -> WebhookOut:
    """What happened meanwhile is not told; what was given up can be sent again."""
    return _switched(client_id, endpoint_id, active=True)


@blueprint.post(f"{WEBHOOK}/deactivation")
@blueprint.output(WebhookOut)
@blueprint.doc(summary="Switch a webhook off")
def deactivate_webhook(client_id: int, endpoint_id: int) -> WebhookOut:
    """What waits to be sent is given up."""
    return _switched(client_id, endpoint_id, active=False)


@blueprint.post(f"{WEBHOOK}/secret")
@blueprint.input(Rotation)
@blueprint.output(WebhookShown, 201)
@blueprint.doc(summary="Make a new secret; the former one signs too for a while")
def renew_secret(client_id: int, endpoint_id: int, json_data: Rotation) -> WebhookShown:
    """Shown in this answer and never again."""
    client, found = _load(client_id, endpoint_id)
    grace = forms.grace(str(json_data.grace_hours))
    endpoints.renew_secret(edge.session(), client, found, grace=grace, actor=edge.actor(), now=edge.now())
    return _shown(found)


@blueprint.post(f"{WEBHOOK}/ping")
@blueprint.output(Put, 202)
@blueprint.doc(summary="Send a test message")
def ping_webhook(client_id: int, endpoint_id: int) -> Put:
    """It is sent like every other one; the log says how it went."""
    client, found = _load(client_id, endpoint_id)
    return Put(delivery=endpoints.ping(edge.session(), client, found, actor=edge.actor(), now=edge.now()))


@blueprint.get(f"{WEBHOOK}/deliveries")
@blueprint.input(DeliveriesQuery, location="query")
@blueprint.output(WebhookDeliveries)
@blueprint.doc(summary="What was sent to a webhook or is to be, by pages")
def webhook_deliveries(client_id: int, endpoint_id: int, query_data: DeliveriesQuery) -> WebhookDeliveries:  # noqa: ARG001 - see read
    """The newest first."""
    _client, found = _load(client_id, endpoint_id)
    page = queries.fetch(edge.session(), found, queries.read(request.args))
    items = [delivery_line(one) for one in page.items]
    return WebhookDeliveries(
        items=items, total=page.total, total_is_bounded=page.bounded, page=page.page, pages=page.pages
    )


@blueprint.get(DELIVERY)
@blueprint.output(WebhookDeliveryOut)
@blueprint.doc(summary="One message with every attempt")
def webhook_delivery(client_id: int, endpoint_id: int, sending_id: int) -> WebhookDeliveryOut:
    """The bytes that are sent, and how each answer began."""
    session = edge.session()
    _client, found = _load(client_id, endpoint_id)
    endpoints.require_all(session, found, edge.actor())
    return delivery_out(queries.delivery_of(session, found, sending_id))


@blueprint.post(f"{DELIVERY}/replay")
@blueprint.output(WebhookDeliveryOut)
@blueprint.doc(summary="Send one message again, under the same event id")
def replay_delivery(client_id: int, endpoint_id: int, sending_id: int) -> WebhookDeliveryOut:
    """Also one that was delivered."""
    session, now = edge.session(), edge.now()
    client, found = _load(client_id, endpoint_id)
    sending = queries.delivery_of(session, found, sending_id)
    endpoints.replay(session, client, found, sending, actor=edge.actor(), now=now)
    return delivery_out(sending)


@blueprint.post(f"{WEBHOOK}/replays")
@blueprint.input(Window)
@blueprint.output(Replayed)
@blueprint.doc(summary="Send again whatever was given up, of some days")
def replay_failed(client_id: int, endpoint_id: int, json_data: Window) -> Replayed:
    """At most a thousand at once."""
    client, found = _load(client_id, endpoint_id)
    since, until = window(json_data.first, json_data.last)
    count = endpoints.replay_failed(
        edge.session(), client, found, since=since, until=until, actor=edge.actor(), now=edge.now()
    )
    return Replayed(count=count)


def window(first: str, last: str) -> tuple[datetime, datetime]:
    """From the first day's beginning to the last one's end. Raises Invalid."""
    wanted = queries.read({"from": first, "to": last})
    since, until = wanted.window
    if since is None or until is None:
        named = {"from": wanted.first, "to": wanted.last}
        raise Invalid([FieldError(name, "bad_date") for name, read in named.items() if not read])
    return since, until


def _load(client_id: int, endpoint_id: int) -> tuple[ApiClient, WebhookEndpoint]:
    session = edge.session()
    client = queries.load(session, edge.actor(), client_id)
    return client, queries.endpoint_of(session, client, endpoint_id)


def _switched(client_id: int, endpoint_id: int, *, active: bool) -> WebhookOut:
    client, found = _load(client_id, endpoint_id)
    endpoints.switch(edge.session(), client, found, active=active, actor=edge.actor(), now=edge.now())
    return webhook_out(found)


def _shown(found: WebhookEndpoint) -> WebhookShown:
    edge.show_once()
    [secret, *_former] = endpoints.signing_secrets(found, secret_key(edge.parts().settings), edge.now())
    return WebhookShown(**webhook_out(found).model_dump(), secret=secret)
