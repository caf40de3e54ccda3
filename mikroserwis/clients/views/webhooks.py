"""A program's webhooks: where it is told, of what, and what became of each message."""

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.clients import endpoints, forms, presenting_webhooks, queries
from mikroserwis.clients.views import secrets
from mikroserwis.clients.views.blueprint import CLIENT, DELIVERY, WEBHOOK, back, blueprint, page
from mikroserwis.clients.views.clients import load
from mikroserwis.errors import Answer, FieldError, Invalid
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext
from mikroserwis.models import ApiClient, WebhookEndpoint
from mikroserwis.refused_forms import told


@blueprint.get(f"{CLIENT}/webhooks/new")
def new_webhook(client_id: int) -> str:
    """An empty form."""
    return render_template("clients/webhook_form.html", **presenting_webhooks.new_page(load(client_id)))


@blueprint.post(f"{CLIENT}/webhooks/new")
def add_webhook(client_id: int) -> ResponseReturnValue:
    """A new one, whose secret is shown on the page that follows."""
    found, actor = load(client_id), edge.actor()
    edge.stay(lambda answer, _error: _new_again(client_id, answer))
    values, chosen = _typed()
    made = endpoints.add(edge.session(), found, values, chosen, networks=_networks(), actor=actor, now=edge.now())
    return _shown(client_id, made)


@blueprint.get(WEBHOOK)
def webhook(client_id: int, endpoint_id: int) -> str:
    """How it stands, and the log as the address asks for it."""
    client, found = _load(client_id, endpoint_id)
    wanted = queries.read(request.args)
    shown = presenting_webhooks.webhook_page(edge.session(), client, found, wanted, edge.now())
    return render_template("clients/webhook.html", **shown)


@blueprint.get(f"{WEBHOOK}/edit")
def edit_webhook(client_id: int, endpoint_id: int) -> str:
    """Its form."""
    return render_template("clients/webhook_form.html", **presenting_webhooks.form_page(*_load(client_id, endpoint_id)))


@blueprint.post(f"{WEBHOOK}/edit")
def save_webhook(client_id: int, endpoint_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    client, found = _load(client_id, endpoint_id)
    edge.stay(lambda answer, error: _form_again(client_id, endpoint_id, answer, error))
    values, chosen = _typed()
    endpoints.change(
        edge.session(),
        client,
        found,
        values,
        chosen,
        version=request.form.get("version", 0, type=int),
        networks=_networks(),
        actor=edge.actor(),
        now=edge.now(),
    )
    return back(_("The webhook is saved."), client_id, endpoint_id)


@blueprint.post(f"{WEBHOOK}/<any(activation, deactivation):noun>")
def switch_webhook(client_id: int, endpoint_id: int, noun: str) -> ResponseReturnValue:
    """Nothing is sent any more, or again from now on."""
    (client, found), active = _load(client_id, endpoint_id), noun == "activation"
    edge.stay(lambda answer, _error: _log_again(client_id, endpoint_id, answer))
    endpoints.switch(edge.session(), client, found, active=active, actor=edge.actor(), now=edge.now())
    text = _("The webhook is switched on.") if active else _("The webhook is switched off.")
    return back(text, client_id, endpoint_id)


@blueprint.post(f"{WEBHOOK}/secret")
def renew_secret(client_id: int, endpoint_id: int) -> ResponseReturnValue:
    """A new one, shown on the page that follows."""
    client, found = _load(client_id, endpoint_id)
    edge.stay(lambda answer, _error: _log_again(client_id, endpoint_id, answer))
    grace = forms.grace(request.form.get("grace", ""))
    endpoints.renew_secret(edge.session(), client, found, grace=grace, actor=edge.actor(), now=edge.now())
    return _shown(client_id, found)


@blueprint.post(f"{WEBHOOK}/ping")
def ping_webhook(client_id: int, endpoint_id: int) -> ResponseReturnValue:
    """A test message, sent like every other one."""
    client, found = _load(client_id, endpoint_id)
    edge.stay(lambda answer, _error: _log_again(client_id, endpoint_id, answer))
    made = endpoints.ping(edge.session(), client, found, actor=edge.actor(), now=edge.now())
    flash(_("A test message is on its way: load this page again to see how it went."), "success")
    return redirect(_delivery_url(client_id, endpoint_id, made), 303)


@blueprint.get(DELIVERY)
def delivery(client_id: int, endpoint_id: int, sending_id: int) -> str:
    """One message: the bytes that are sent, and every attempt."""
    client, found = _load(client_id, endpoint_id)
    sending = queries.delivery_of(edge.session(), found, sending_id)
    return render_template("clients/delivery.html", **presenting_webhooks.delivery_page(client, found, sending))


@blueprint.post(f"{DELIVERY}/replay")
def replay_delivery(client_id: int, endpoint_id: int, sending_id: int) -> ResponseReturnValue:
    """Once more, under the same event id."""
    session = edge.session()
    client, found = _load(client_id, endpoint_id)
    edge.stay(lambda answer, _error: _log_again(client_id, endpoint_id, answer))
    sending = queries.delivery_of(session, found, sending_id)
    endpoints.replay(session, client, found, sending, actor=edge.actor(), now=edge.now())
    flash(_("The message is queued again."), "success")
    return redirect(_delivery_url(client_id, endpoint_id, sending_id), 303)


@blueprint.post(f"{WEBHOOK}/replays")
def replay_failed(client_id: int, endpoint_id: int) -> ResponseReturnValue:
    """Whatever was given up within these days."""
    client, found = _load(client_id, endpoint_id)
    edge.stay(lambda answer, _error: _log_again(client_id, endpoint_id, answer))
    since, until = queries.read(request.form).window
    if since is None or until is None:
        raise Invalid([FieldError("from" if since is None else "to", "bad_date")])
    actor, now = edge.actor(), edge.now()
    count = endpoints.replay_failed(edge.session(), client, found, since=since, until=until, actor=actor, now=now)
    text = ngettext("One message is queued again.", "%(n)s messages are queued again.", count)
    return back(text if count else _("Nothing was given up within these days."), client_id, endpoint_id, "log")


def _load(client_id: int, endpoint_id: int) -> tuple[ApiClient, WebhookEndpoint]:
    client = load(client_id)
    return client, queries.endpoint_of(edge.session(), client, endpoint_id)


def _networks() -> str:
    return edge.parts().settings.webhook_networks


def _typed() -> tuple[dict[str, str], list[str]]:
    return {"url": request.form.get("url", "")}, request.form.getlist("events")


def _shown(client_id: int, made: WebhookEndpoint) -> ResponseReturnValue:
    secrets.keep("webhook", made.id)
    return redirect(url_for("clients.secret", client_id=client_id), 303)


def _delivery_url(client_id: int, endpoint_id: int, sending_id: int) -> str:
    return url_for("clients.delivery", client_id=client_id, endpoint_id=endpoint_id, sending_id=sending_id)


def _new_again(client_id: int, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown = presenting_webhooks.new_page(queries.load(session, edge.actor(), client_id), *_typed())
    return page("webhook_form.html", answer.status, {**shown, **told(answer)})


def _form_again(client_id: int, endpoint_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        client = queries.load(session, edge.actor(), client_id)
        found = queries.endpoint_of(session, client, endpoint_id)
        newest = queries.last_changes(session, client, 1)
    sent = request.form.get("version", 0, type=int)
    wrong = presenting_webhooks.again(answer, error, newest, found.version, sent)
    return page(
        "webhook_form.html", answer.status, {**presenting_webhooks.form_page(client, found, *_typed()), **wrong}
    )


def _log_again(client_id: int, endpoint_id: int, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        client = queries.load(session, edge.actor(), client_id)
        found = queries.endpoint_of(session, client, endpoint_id)
        shown = presenting_webhooks.webhook_page(session, client, found, queries.Wanted(), edge.now())
    return page("webhook.html", answer.status, {**shown, **told(answer)})
