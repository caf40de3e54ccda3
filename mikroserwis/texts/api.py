"""Texts of messages and papers for programs, with the same checks as on the page."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import VERSION as READ_VERSION
from mikroserwis.bodies import Body, Moment, Whole, given, read_body
from mikroserwis.models import MessageText
from mikroserwis.texts import operations, previewing, queries
from mikroserwis.texts.queries import Row
from mikroserwis.texts.slots import Slot, slot

blueprint = APIBlueprint("texts_api", __name__, url_prefix="/api/v1", tag="Texts")
blueprint.before_request(read_body)

TEXT = "/texts/<event>/<channel>/<language>"
VERSION = f"{TEXT}/versions/<int(max={2**31 - 1}):text_number>"
Long = Annotated[str, Field(max_length=40_000)]


class TextsQuery(BaseModel):
    """The list's address, as on screen; what can't be read is as if it weren't there."""

    channel: str = Field("", description="email (default), sms or pdf.")
    view: str = Field("", description="shipped or own; left out: all.")
    language: str = Field("", description="Such as pl; left out: the language of the answer.")
    q: str = Field("", description="Words of name, recipient, subject or text; accents don't count.")


class TextLine(BaseModel):
    """`own`: the office wrote it. `broken`: it can't be sent any more, and the shipped text is sent in its place."""

    event: str = Field(examples=["offered"])
    channel: str
    language: str
    label: str
    audience: str
    subject: str
    body: str
    own: bool
    broken: bool
    changed_at: Moment | None
    changed_by: str


class Texts(BaseModel):
    items: list[TextLine]


class VariableOut(BaseModel):
    """A flag isn't written: it is asked for, by {% if name %}."""

    name: str
    meaning: str
    sample: str
    required: bool
    flag: bool


class ShippedOut(BaseModel):
    subject: str
    body: str


class TextOut(TextLine):
    """With what it may say, the shipped text, and the version to send back."""

    variables: list[VariableOut]
    shipped: ShippedOut
    version: int


class TextVersion(BaseModel):
    """`shipped`: the shipped text was restored then, and stood as is told here."""

    number: int
    subject: str
    body: str
    shipped: bool
    in_force: bool
    at: Moment
    by: str


class TextVersions(BaseModel):
    items: list[TextVersion]


class TextChange(Body):
    """What is left out stays as it is. Only mails have a subject."""

    subject: Long | None = Field(None, examples=["Nowe zgłoszenie {{ ticket }}"])
    body: Long | None = Field(None, examples=["{{ news }}\n\n{{ facts }}"])
    version: Whole | None = Field(None, description=READ_VERSION)


class TextTrial(Body):
    """A text as it would be changed, and the ticket whose values it gets; without one, samples."""

    subject: Long | None = None
    body: Long | None = None
    ticket: Whole | None = Field(None, examples=[115])


class TextVersionWanted(Body):
    version: Whole | None = Field(None, description=READ_VERSION)


class PreviewOut(BaseModel):
    """`parts`, `places` and `plain` (GSM-7, otherwise UCS-2) are an SMS's; `odd` is the first sign that isn't plain."""

    subject: str
    body: str
    parts: int | None
    places: int | None
    plain: bool | None
    odd: str


class TrialOut(BaseModel):
    """To which address it goes."""

    recipient: str


@blueprint.get("/texts")
@blueprint.input(TextsQuery, location="query")
@blueprint.output(Texts)
@blueprint.doc(summary="What is sent on a channel in a language: filtered and searched")
def texts(query_data: TextsQuery) -> Texts:  # noqa: ARG001 - documents what `read` reads
    """Mails, unless the address asks for another channel."""
    edge.require("texts.see")
    return Texts(items=[TextLine(**_line(row)) for row in queries.fetch(edge.session(), queries.read(request.args))])


@blueprint.get(TEXT)
@blueprint.output(TextOut)
@blueprint.doc(summary="One text with its variables")
def text(event: str, channel: str, language: str) -> TextOut:
    """The office's where there is one, else the shipped one."""
    return _text(_slot("texts.see", event, channel, language))


@blueprint.put(TEXT)
@blueprint.input(TextChange)
@blueprint.output(TextOut)
@blueprint.doc(summary="Write a text; 409 names what somebody else changed meanwhile")
def change_text(event: str, channel: str, language: str, json_data: TextChange) -> TextOut:
    """It is sent from now on. 422 names each wrong place by line and sign."""
    of = _slot("texts.edit", event, channel, language)
    values, session = given(json_data, "subject", "body"), edge.session()
    operations.save(session, of, values, version=json_data.version, actor=edge.actor(), now=edge.now())
    return _text(of)


@blueprint.delete(TEXT)
@blueprint.output(TextOut)
@blueprint.doc(summary="Restore the shipped text")
def restore_text(event: str, channel: str, language: str) -> TextOut:
    """The office's stays among the versions. Done already: nothing happens."""
    of = _slot("texts.edit", event, channel, language)
    operations.restore(edge.session(), of, version=None, actor=edge.actor(), now=edge.now())
    return _text(of)


@blueprint.get(f"{TEXT}/versions")
@blueprint.output(TextVersions)
@blueprint.doc(summary="Versions of a text, the newest first")
def text_versions(event: str, channel: str, language: str) -> TextVersions:
    """Who wrote what, when."""
    of = _slot("texts.see", event, channel, language)
    return TextVersions(items=[_version(one) for one in queries.versions(edge.session(), of)])


@blueprint.post(f"{VERSION}/in-force")
@blueprint.input(TextVersionWanted)
@blueprint.output(TextOut)
@blueprint.doc(summary="Bring an older version back, as a new one")
def bring_text_back(event: str, channel: str, language: str, text_number: int, json_data: TextVersionWanted) -> TextOut:
    """422 if it can't be sent any more."""
    of, session = _slot("texts.edit", event, channel, language), edge.session()
    former = queries.version(session, of, text_number)
    operations.bring_back(session, of, former, version=json_data.version, actor=edge.actor(), now=edge.now())
    return _text(of)


@blueprint.post(f"{TEXT}/preview")
@blueprint.input(TextTrial)
@blueprint.output(PreviewOut)
@blueprint.doc(summary="A text as it would be read; nothing is saved")
def preview_text(event: str, channel: str, language: str, json_data: TextTrial) -> PreviewOut:
    """With the values of a ticket that you may see, or samples."""
    of = _slot("texts.edit", event, channel, language)
    values, ticket = given(json_data, "subject", "body"), _ticket(json_data)
    with edge.parts().database.reading() as session:
        found = previewing.preview(session, of, values, ticket, actor=edge.actor())
    size, message = found.size, found.message
    counted: dict[str, Any] = {name: getattr(size, name, None) for name in ("parts", "places", "plain")}
    return PreviewOut(subject=message.subject, body=message.body, odd=found.odd, **counted)


@blueprint.post(f"{TEXT}/test")
@blueprint.input(TextTrial)
@blueprint.output(TrialOut, 202)
@blueprint.doc(summary="Send a text to your own address; nothing is saved")
def send_text_trial(event: str, channel: str, language: str, json_data: TextTrial) -> TrialOut:
    """At most twenty in an hour."""
    of, session, actor = _slot("texts.edit", event, channel, language), edge.session(), edge.actor()
    values = given(json_data, "subject", "body")
    message = previewing.made(session, of, values, _ticket(json_data), actor=actor)
    return TrialOut(recipient=operations.send_trial(session, of, message, actor=actor, now=edge.now()))


def _slot(permission: str, event: str, channel: str, language: str) -> Slot:
    edge.require(permission)
    return slot(event, channel, language)


def _ticket(body: TextTrial) -> str:
    return "" if body.ticket is None else str(body.ticket)


def _line(row: Row) -> dict[str, Any]:
    event, channel, language = row.slot.key
    return {
        "event": event,
        "channel": channel,
        "language": language,
        "label": str(row.slot.event.label),
        "audience": str(row.slot.event.audience),
        "subject": row.text.subject,
        "body": row.text.body,
        "own": row.is_own,
        "broken": row.is_broken,
        "changed_at": row.at,
        "changed_by": row.by,
    }


def _text(of: Slot) -> TextOut:
    session, shipped = edge.session(), of.shipped()
    variables = [
        VariableOut(
            name=one.name,
            meaning=str(one.meaning),
            sample="" if one.flag else str(one.sample),
            required=of.channel in one.required,
            flag=one.flag,
        )
        for one in of.event.known(of.channel).values()
    ]
    return TextOut(
        **_line(queries.row(session, of)),
        variables=variables,
        shipped=ShippedOut(**shipped._asdict()),
        version=queries.newest_number(session, of),
    )


def _version(one: MessageText) -> TextVersion:
    return TextVersion(
        number=one.number,
        subject=one.subject,
        body=one.body,
        shipped=one.shipped,
        in_force=one.in_force,
        at=one.created_at,
        by=one.created_by,
    )
