"""What the API takes and gives for programs, tokens and webhooks."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mikroserwis.bodies import VERSION, Body, Moment, Text, Whole, given
from mikroserwis.clients import forms, operations, queries
from mikroserwis.clients.queries import Sending
from mikroserwis.models import ApiClient, ClientToken, WebhookEndpoint

Codes = Annotated[list[Text], Field(max_length=100)]
State = Literal["waiting", "retrying", "delivered", "failed"]
Off = Literal["", "person", "gone", "failing"]


class ClientChange(Body):
    """Fields that are left out stay as they are; a new client needs a name and at least one scope."""

    name: Text | None = Field(None, examples=["CRM"], description="As the history names it; no two have the same.")
    purpose: Text | None = Field(None, examples=["Sends tickets in and follows them."])
    contact: Text | None = Field(None, examples=["integracje@crm.example"])
    scopes: Codes | None = Field(None, examples=[["intake:write", "tickets:read"]], description="The most it may.")
    version: Whole | None = Field(None, description=VERSION)

    def values(self) -> dict[str, str]:
        return given(self, *forms.LENGTHS)

    def chosen(self) -> list[str] | None:
        return (self.scopes or []) if "scopes" in self.model_fields_set else None


class ClientOut(BaseModel):
    id: int
    name: str
    purpose: str
    contact: str
    scopes: list[str]
    active: bool
    used_at: Moment | None = Field(description="The last use of any of its tokens, right to within a minute.")
    version: int


class Clients(BaseModel):
    items: list[ClientOut]


class NewToken(Body):
    """Its scopes are some of its client's; left out: all of them."""

    name: Text = Field(examples=["production"])
    scopes: Codes | None = Field(None, examples=[["tickets:read"]])
    expires_on: Text | None = Field(None, examples=["2027-12-31"], description="Its last day. Left out: no end.")


class Rotation(Body):
    grace_hours: Literal[0, 1, 24, 168] = Field(24, description="So long the former one is valid too.")


class TokenOut(BaseModel):
    """`state`: live, expired or revoked. `hint` is how the secret ends."""

    id: int
    name: str
    hint: str
    scopes: list[str]
    state: Literal["live", "expired", "revoked"]
    created_at: Moment
    expires_at: Moment | None
    used_at: Moment | None = Field(description="Right to within a minute.")
    used_from: str
    revoked_at: Moment | None


class TokenShown(TokenOut):
    secret: str = Field(description="Shown in this answer and never again.", examples=["mkc_…"])


class Tokens(BaseModel):
    items: list[TokenOut]


class WebhookChange(Body):
    """Fields that are left out stay as they are; a new one needs both."""

    url: Text | None = Field(None, examples=["https://crm.example.com/mikroserwis"])
    events: Codes | None = Field(None, examples=[["ticket.taken", "ticket.closed"]])
    version: Whole | None = Field(None, description=VERSION)

    def values(self) -> dict[str, str]:
        return given(self, "url")

    def chosen(self) -> list[str] | None:
        return (self.events or []) if "events" in self.model_fields_set else None


class WebhookOut(BaseModel):
    """`off_because`, while it isn't active: person, gone (it answered 410) or failing."""

    id: int
    url: str
    events: list[str]
    active: bool
    off_because: Off
    failing_since: Moment | None
    failures: int
    version: int


class WebhookShown(WebhookOut):
    secret: str = Field(description="Signs every message. Shown in this answer and never again.", examples=["whsec_…"])


class Webhooks(BaseModel):
    items: list[WebhookOut]


class DeliveriesQuery(BaseModel):
    """What can't be read in it is as if it weren't there."""

    state: str = Field("", description="waiting, delivered or failed.")
    type: str = Field("", description="Of event, such as ticket.taken.")
    from_: str = Field("", alias="from", description="First day on which the message was made, in Warsaw.")
    to: str = Field("", description="Last day.")
    page: str = "1"


class DeliveryLine(BaseModel):
    id: int
    event_id: str
    type: str
    created_at: Moment
    state: State
    attempts: int = Field(description="Since it was last put into the queue.")
    next_attempt_at: Moment | None
    done_at: Moment | None


class WebhookDeliveries(BaseModel):
    """`total` is exact up to a bound; past it `total_is_bounded` is true."""

    items: list[DeliveryLine]
    total: int
    total_is_bounded: bool
    page: int
    pages: int


class AttemptMade(BaseModel):
    """`outcome`: delivered, http_… with the status, or a code such as timeout; `answer` begins the answer's body."""

    started_at: Moment
    ended_at: Moment | None
    outcome: str | None
    answer: str | None


class WebhookDeliveryOut(DeliveryLine):
    body: str = Field(description="The bytes that are sent, as text.")
    tries: list[AttemptMade]


class Window(Body):
    """Days in Warsaw, both included."""

    first: Text = Field(alias="from", examples=["2026-11-20"])
    last: Text = Field(alias="to", examples=["2026-11-22"])


class Replayed(BaseModel):
    count: int


class Put(BaseModel):
    """A message that waits to be sent."""

    delivery: int


def client_out(one: ApiClient, used_at: Moment | None) -> ClientOut:
    kept = {name: getattr(one, name) for name in ("id", "name", "purpose", "contact", "active", "version")}
    return ClientOut(**kept, scopes=one.scopes.split(), used_at=used_at)


def token_out(one: ClientToken, now: Moment) -> TokenOut:
    state = "revoked" if one.revoked_at else "live" if operations.is_live(one, now) else "expired"
    names = ("id", "name", "hint", "created_at", "expires_at", "used_at", "used_from", "revoked_at")
    return TokenOut.model_validate(
        {**{name: getattr(one, name) for name in names}, "scopes": one.scopes.split(), "state": state}
    )


def webhook_out(one: WebhookEndpoint) -> WebhookOut:
    names = ("id", "url", "active", "off_because", "failing_since", "failures", "version")
    return WebhookOut.model_validate({**{name: getattr(one, name) for name in names}, "events": one.events.split()})


def delivery_line(one: Sending) -> DeliveryLine:
    return DeliveryLine.model_validate(_line(one))


def delivery_out(one: Sending) -> WebhookDeliveryOut:
    tries = [
        AttemptMade(started_at=each.started_at, ended_at=each.ended_at, outcome=each.outcome, answer=each.detail)
        for each in one.attempts
    ]
    return WebhookDeliveryOut.model_validate({**_line(one), "body": one.delivery.body, "tries": tries})


def _line(one: queries.Sending) -> dict[str, object]:
    return {
        **{name: getattr(one.delivery, name) for name in ("id", "event_id", "type", "created_at")},
        "state": one.state,
        "attempts": one.item.attempts,
        "next_attempt_at": one.item.due_at if one.item.state == "queued" else None,
        "done_at": one.item.done_at,
    }
