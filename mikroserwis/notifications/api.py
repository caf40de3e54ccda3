"""One's own notifications, for programs."""

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment, Whole, read_body
from mikroserwis.models import Notification
from mikroserwis.notifications import operations, queries

blueprint = APIBlueprint("notifications_api", __name__, url_prefix="/api/v1", tag="Notifications")
blueprint.before_request(read_body)
ONE = f"/notifications/<int(max={2**31 - 1}):notification_id>"


class NotificationsQuery(BaseModel):
    """What can't be read in it is as if it weren't there."""

    unread: str = Field("", description="yes: those that are unread alone.")
    size: str = Field("25", description="25, 50 or 100.")
    page: str = "1"


class NotificationOut(BaseModel):
    """`ticket` is the number of the ticket that it is about, if it is about one."""

    id: int
    at: Moment
    event: str = Field(examples=["offered"])
    subject: str
    body: str
    ticket: int | None
    read_at: Moment | None


class Notifications(BaseModel):
    """`unread` counts all of them, at most 100; `newest` is the id to name when all are marked as read."""

    items: list[NotificationOut]
    unread: int
    newest: int
    total: int
    page: int
    pages: int


class AllRead(Body):
    """Those up to this id: what came after the list was read stays unread."""

    up_to: Whole = Field(examples=[4711])


class Marked(BaseModel):
    marked: int = Field(description="How many were unread.")


@blueprint.get("/notifications")
@blueprint.input(NotificationsQuery, location="query")
@blueprint.output(Notifications)
@blueprint.doc(summary="One's own notifications, the newest first, by pages")
def notifications(query_data: NotificationsQuery) -> Notifications:  # noqa: ARG001 - documents what `read` reads
    """What this person is told on the page."""
    edge.require("notifications.own")
    session, actor = edge.session(), edge.actor()
    page = queries.fetch(session, actor, queries.read(request.args))
    return Notifications(
        items=[_out(one, page.numbers.get(one.ticket_id or 0)) for one in page.items],
        unread=queries.count_unread(session, actor),
        newest=page.newest,
        total=page.total,
        page=page.page,
        pages=page.pages,
    )


@blueprint.get(ONE)
@blueprint.output(NotificationOut)
@blueprint.doc(summary="One notification; reading it here doesn't mark it")
def notification(notification_id: int) -> NotificationOut:
    """Others' are not there."""
    return _whole(_load(notification_id))


@blueprint.post(f"{ONE}/reading")
@blueprint.output(NotificationOut)
@blueprint.doc(summary="Mark a notification as read")
def read_notification(notification_id: int) -> NotificationOut:
    """Done already: nothing happens."""
    found = _load(notification_id)
    operations.mark_read(found, now=edge.now())
    return _whole(found)


@blueprint.post(f"{ONE}/unreading")
@blueprint.output(NotificationOut)
@blueprint.doc(summary="Mark a notification as unread, to come back to it")
def unread_notification(notification_id: int) -> NotificationOut:
    """Done already: nothing happens."""
    found = _load(notification_id)
    operations.mark_unread(found)
    return _whole(found)


@blueprint.post("/notifications/reading")
@blueprint.input(AllRead)
@blueprint.output(Marked)
@blueprint.doc(summary="Mark all notifications up to one as read")
def read_notifications(json_data: AllRead) -> Marked:
    """All of one's own."""
    edge.require("notifications.own")
    up_to = min(json_data.up_to, 2**31 - 1)
    return Marked(marked=operations.mark_all_read(edge.session(), up_to, actor=edge.actor(), now=edge.now()))


def _load(notification_id: int) -> Notification:
    edge.require("notifications.own")
    return queries.load(edge.session(), edge.actor(), notification_id)


def _whole(found: Notification) -> NotificationOut:
    return _out(found, queries.numbers(edge.session(), [found]).get(found.ticket_id or 0))


def _out(one: Notification, number: int | None) -> NotificationOut:
    return NotificationOut(
        id=one.id,
        at=one.at,
        event=one.event,
        subject=one.subject,
        body=one.body,
        ticket=number,
        read_at=one.read_at,
    )
