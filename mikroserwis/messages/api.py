"""Messages over the API, for staff."""

from typing import Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from mikroserwis import edge, mail
from mikroserwis.bodies import Moment, read_body
from mikroserwis.mail_states import Sending, State
from mikroserwis.messages import operations, queries

blueprint = APIBlueprint("messages_api", __name__, url_prefix="/api/v1", tag="Messages")
blueprint.before_request(read_body)
MESSAGE = f"/messages/<int(max={2**31 - 1}):message_id>"


class MessageQuery(BaseModel):
    """What can't be read in it is as if it weren't there."""

    channel: str = Field("", description="email or sms.")
    state: str = Field("", description="waiting, retrying, delivered, withheld or failed.")
    event: str = Field("", description="What it is about, such as quote or suspended.")
    ticket: str = ""
    q: str = Field("", description="Part of the recipient's address or number.")
    sort: str = Field("-at", description="-at: the newest first; at: the oldest.")
    size: str = Field("25", description="25, 50 or 100.")
    page: str = "1"


class MessageLine(BaseModel):
    """`state`: kept is one that only lies in the folder, because no server is set; withheld one whose reader has not
    consented; undelivered an SMS that no phone got."""

    id: int
    at: Moment
    channel: Literal["email", "sms"]
    event: str = Field(examples=["quote"])
    recipient: str
    subject: str
    ticket: int | None
    state: State
    attempts: int = Field(description="Since it was last put into the queue.")
    next_attempt_at: Moment | None
    done_at: Moment | None
    error: str | None


class MessagePage(BaseModel):
    """`total` is exact up to a bound; past it `total_is_bounded` is true."""

    items: list[MessageLine]
    total: int
    total_is_bounded: bool
    page: int
    pages: int


class AttachmentOut(BaseModel):
    """Its bytes are at /files/{id}/content."""

    id: int
    name: str
    size: int
    content_type: str
    sha256: str


class TryOut(BaseModel):
    started_at: Moment
    ended_at: Moment | None
    outcome: str | None
    detail: str | None


class SmsOut(BaseModel):
    """What the gateway knows: its id, the price in its points, and what became of the SMS on its way to the phone."""

    parts: int
    gateway_id: str | None
    points: str | None
    report: str | None = Field(
        examples=["delivered"],
        description="under_way, delivered, undelivered, expired, failed, rejected, stopped, unknown; null: not told.",
    )
    reported_at: Moment | None


class MessageOut(MessageLine):
    """`message_id` is a mail's header; `sms` is null for a mail."""

    sender: str
    message_id: str | None
    sms: SmsOut | None
    body: str
    files: list[AttachmentOut]
    tries: list[TryOut]


@blueprint.get("/messages")
@blueprint.input(MessageQuery, location="query")
@blueprint.output(MessagePage)
@blueprint.doc(summary="Mails and SMS with their state, by pages (staff)")
def messages(query_data: MessageQuery) -> MessagePage:  # noqa: ARG001 - documents what `queries.read` reads
    """Filtered and sorted as the address asks for."""
    edge.require("messages.see")
    page = queries.fetch(edge.session(), queries.read(request.args), edge.now())
    items = [_line(one, page.numbers.get(one.message.ticket_id or 0)) for one in page.items]
    return MessagePage(items=items, total=page.total, total_is_bounded=page.bounded, page=page.page, pages=page.pages)


@blueprint.get(MESSAGE)
@blueprint.output(MessageOut)
@blueprint.doc(summary="A message as it was rendered, with every attempt (staff)")
def message(message_id: int) -> MessageOut:
    """Headers, text and the files that go with it."""
    edge.require("messages.see")
    return _out(queries.load(edge.session(), message_id, edge.now()))


@blueprint.post(f"{MESSAGE}/retry")
@blueprint.output(MessageOut)
@blueprint.doc(summary="Send a stuck, refused or undelivered message again (staff)")
def retry_message(message_id: int) -> MessageOut:
    """With a fresh set of attempts, under the same Message-ID; an SMS that no phone got as a new one."""
    edge.require("messages.retry")
    session, now = edge.session(), edge.now()
    found = queries.load(session, message_id, now, lock=True)
    operations.send_again(session, found.sending, actor=edge.actor(), now=now)
    session.flush()
    return _out(queries.load(session, message_id, now))


def _line(one: Sending, number: int | None) -> MessageLine:
    return MessageLine(
        id=one.message.id,
        at=one.message.created_at,
        channel="sms" if one.sms else "email",
        event=one.message.event,
        recipient=one.message.recipient,
        subject=one.message.subject,
        ticket=number,
        state=one.state,
        attempts=one.item.attempts,
        next_attempt_at=one.next_at,
        done_at=one.item.done_at,
        error=one.error or None,
    )


def _out(found: queries.Whole) -> MessageOut:
    one, sms, settings = found.sending.message, found.sending.sms, edge.parts().settings
    return MessageOut(
        **_line(found.sending, found.number).model_dump(),
        sender=settings.sms_sender if sms else settings.mail_from,
        message_id=None if sms else mail.message_id(one.id, one.created_at, settings.mail_from),
        sms=SmsOut.model_validate(
            {name: getattr(sms, name) for name in SmsOut.model_fields}
            | {"points": None if sms.points is None else str(sms.points)}
        )
        if sms
        else None,
        body=one.body,
        files=[
            AttachmentOut(**{name: getattr(each, name) for name in AttachmentOut.model_fields}) for each in found.files
        ],
        tries=[
            TryOut(started_at=each.started_at, ended_at=each.ended_at, outcome=each.outcome, detail=each.detail)
            for each in found.sending.attempts
        ],
    )
