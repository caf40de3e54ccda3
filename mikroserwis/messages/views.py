"""The list of messages and one of them, for staff."""

from typing import Any
from urllib.parse import urlsplit

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge, lists, mail
from mikroserwis.addresses import own_path
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import say_number
from mikroserwis.mail_states import Sending, say, say_outcome, say_report
from mikroserwis.messages import operations, queries
from mikroserwis.messages.queries import Page, Wanted
from mikroserwis.messages.wording import CHANNELS, EVENTS, STATES, event_label
from mikroserwis.sms import FOLDER as SMS_FOLDER

blueprint = Blueprint("messages", __name__, url_prefix="/messages")


@blueprint.get("")
def index() -> str:
    """Newest first; the whole view lives in the URL."""
    edge.require("messages.see")
    session, wanted = edge.session(), queries.read(request.args)
    page = queries.fetch(session, wanted, edge.now())
    return render_template(
        "messages/list.html",
        rows=[_row(one, page.numbers) for one in page.items],
        page=_pager(page, wanted),
        wanted=wanted,
        channels=[("", _("all")), *((one, CHANNELS[one]) for one in queries.CHANNELS)],
        states=[("", _("all")), *STATES.items()],
        events=[("", _("all")), *EVENTS.items()],
        filtered=wanted.narrowed,
        sort_url=url_for("messages.index", **wanted.arguments(sort="at" if wanted.sort == "-at" else "-at", page=1)),
        failed=queries.failed(session),
        failed_url=url_for("messages.index", state="failed"),
        sending=where(),
        events_url=url_for("channels.index"),
    )


@blueprint.get("/<int:message_id>")
def message(message_id: int) -> str:
    """Headers, text and files as they were sent, and every attempt."""
    edge.require("messages.see")
    return render_template("messages/message.html", **_shown(queries.load(edge.session(), message_id, edge.now())))


@blueprint.post("/<int:message_id>/retry")
def send_again(message_id: int) -> ResponseReturnValue:
    """Send a stuck or refused mail again; back to where the button was."""
    edge.require("messages.retry")
    edge.stay(lambda answer, error: _refused(message_id, answer, error))
    session, now = edge.session(), edge.now()
    found = queries.load(session, message_id, now, lock=True)
    operations.send_again(session, found.sending, actor=edge.actor(), now=now)
    is_sms = found.sending.sms is not None
    flash(_("The SMS is queued again.") if is_sms else _("The mail is queued again."), "success")
    return redirect(own_path(request.form.get("next", "")) or url_for("messages.message", message_id=message_id), 303)


def where() -> dict[str, str]:
    """Where messages go: to servers, or only into folders."""
    settings = edge.parts().settings
    return {
        "server": _address(settings.smtp_url),
        "folder": str(settings.data / mail.FOLDER),
        "gateway": _address(settings.sms_url),
        "sms_folder": str(settings.data / SMS_FOLDER),
    }


def _address(url: str) -> str:
    server = urlsplit(url)
    port = f":{server.port}" if server.port else ""
    return f"{server.hostname or ''}{port}"


def _row(one: Sending, numbers: Any) -> dict[str, Any]:
    message = one.message
    number = numbers.get(message.ticket_id)
    return {
        "at": message.created_at,
        "about": event_label(message.event),
        "recipient": message.recipient,
        "subject": message.subject,
        "number": number,
        "ticket_url": url_for("tickets.show", number=number) if number else None,
        "is_sms": one.sms is not None,
        "parts": one.sms.parts if one.sms else 0,
        "state": one.state,
        "said": say(one),
        "error": one.error,
        "url": url_for("messages.message", message_id=message.id),
    }


def _pager(page: Page, wanted: Wanted) -> dict[str, Any]:
    """As macros/lists.html shows it."""

    def address(**changed: Any) -> str:
        return url_for("messages.index", **wanted.arguments(**changed))

    rows, total = len(page.items), page.total
    here = lists.bounded(
        page.page, page.pages, rows=rows, total=total, is_bounded=page.bounded, size=wanted.size, address=address
    )
    return {**here, "sizes": lists.sizes(queries.SIZES, wanted.size, address)}


def _shown(found: queries.Whole) -> dict[str, Any]:
    message = found.sending.message
    row = _row(found.sending, {message.ticket_id: found.number})
    return {
        "mail": {
            **row,
            **_envelope(found),
            "body": message.body,
            "files": [
                {"name": one.name, "size": one.size, "url": url_for("tickets.file", file_id=one.id, download=1)}
                for one in found.files
            ],
            "attempts": [
                {"at": one.started_at, "outcome": say_outcome(one.outcome, message.channel), "detail": one.detail or ""}
                for one in reversed(found.sending.attempts)
            ],
            "retry_url": url_for("messages.send_again", message_id=message.id) if _may_retry(found) else None,
        },
        "list_url": url_for("messages.index"),
        "sending": where(),
    }


def _envelope(found: queries.Whole) -> dict[str, Any]:
    """What stands around the text: a mail's headers, or what the gateway says of an SMS."""
    message, sms, settings = found.sending.message, found.sending.sms, edge.parts().settings
    if sms is None:
        sender = settings.mail_from
        return {"sender": sender, "message_id": mail.message_id(message.id, message.created_at, sender)}
    return {
        "sender": settings.sms_sender,
        "gateway_id": sms.gateway_id,
        "points": "" if sms.points is None else say_number(sms.points.normalize()),
        "report": say_report(sms),
        "reported_at": sms.reported_at,
    }


def _may_retry(found: queries.Whole) -> bool:
    relations = access.role_relations(edge.actor())
    return found.sending.goes_again and access.may("messages.retry", relations)


def _refused(message_id: int, answer: Answer, _error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown = _shown(queries.load(session, message_id, edge.now()))
        page = render_template("messages/message.html", **shown, problems=[answer.title, *answer.sentences])
        return flask.make_response(page, answer.status)
