"""The table of which act is told over which channel, for programs."""

from apiflask import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from mikroserwis import channels, edge
from mikroserwis.bodies import VERSION, Body, Moment, Whole, read_body
from mikroserwis.messages import operations, queries
from mikroserwis.models import EventChannels
from mikroserwis.telling import EVENTS

blueprint = APIBlueprint("event_channels_api", __name__, url_prefix="/api/v1", tag="Messages")
blueprint.before_request(read_body)


class EventChannelsChange(Body):
    """Channels that are left out stay as they are."""

    email: bool | None = None
    sms: bool | None = None
    in_page: bool | None = None
    version: Whole | None = Field(None, description=VERSION)


class EventChannelsOut(BaseModel):
    """`fixed` are the channels that are not to be chosen; `version` is 0 as long as nobody has chosen."""

    event: str = Field(examples=["offered"])
    label: str
    audience: str
    email: bool
    sms: bool
    in_page: bool
    fixed: list[str]
    changed_at: Moment | None
    changed_by: str | None
    version: int


class EventChannelsList(BaseModel):
    items: list[EventChannelsOut]


@blueprint.get("/messages/events")
@blueprint.output(EventChannelsList)
@blueprint.doc(summary="Over which channels each event is told (staff)")
def message_events() -> EventChannelsList:
    """E-mail, SMS, and on the page."""
    edge.require("messages.see")
    session = edge.session()
    chosen = queries.chosen(session)
    return EventChannelsList(items=[_out(session, event, chosen.get(event)) for event in channels.told()])


@blueprint.put("/messages/events/<event>")
@blueprint.input(EventChannelsChange)
@blueprint.output(EventChannelsOut)
@blueprint.doc(summary="Choose the channels of an event; 409 if somebody chose meanwhile (admins)")
def choose_channels(event: str, json_data: EventChannelsChange) -> EventChannelsOut:
    """From the next act on; what has been told is told."""
    edge.require("messages.route")
    session = edge.session()
    wanted = {name: value for name in channels.CHANNELS if (value := getattr(json_data, name)) is not None}
    operations.choose(session, event, wanted, version=json_data.version, actor=edge.actor(), now=edge.now())
    return _out(session, event, queries.chosen(session).get(event))


def _out(session: Session, event: str, row: EventChannels | None) -> EventChannelsOut:
    ways, known = channels.ways(session, event), EVENTS[event]
    return EventChannelsOut(
        event=event,
        label=str(known.label),
        audience=str(known.audience),
        email=ways.email,
        sms=ways.sms,
        in_page=ways.in_page,
        fixed=sorted(channels.fixed(event)),
        changed_at=row.changed_at if row else None,
        changed_by=row.changed_by if row else None,
        version=ways.version,
    )
