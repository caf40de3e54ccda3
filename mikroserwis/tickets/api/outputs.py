"""What the API answers with. Moments are UTC in ISO 8601, days are dates in Warsaw."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from mikroserwis.bodies import Moment


class DealerOut(BaseModel):
    crm_id: int
    name: str


class HolderOut(DealerOut):
    """With how to reach it."""

    phone: str
    email: str


class BlockerOut(BaseModel):
    """What stands in the way: a stable code, and a sentence for people."""

    code: str = Field(examples=["contract_is_uploaded"])
    message: str


class ActionOut(BaseModel):
    """An act that the asker may do at all; `needs` names what has to be written with it: note or reason."""

    trigger: str = Field(examples=["suspend"])
    allowed: bool
    needs: str | None
    blockers: list[BlockerOut]


class DueOut(BaseModel):
    """`state`: due, overdue, paused, met or late."""

    stage: str
    at: Moment
    state: str


class DeadlineOut(DueOut):
    start: Moment
    warn_from: Moment
    met_at: Moment | None
    used: int = Field(description="Percent of the stage's own time that is gone; what stood in a pause doesn't count.")


class ShareOut(BaseModel):
    """`holder`: dealer (then with whom), other_dealers (for a dealer: all but itself), customer (suspended),
    backoffice (scans handed in, no receipt yet), pool (nobody)."""

    holder: str = Field(examples=["dealer"])
    dealer: DealerOut | None
    seconds: int


class ChoiceOut(BaseModel):
    """Why the rules gave the ticket to its present dealer: what was so at that moment."""

    area: str = Field(examples=["26-9"], description="The postal prefix that covers the company.")
    open_tickets: int
    capacity: int
    decided_by: str | None = Field(None, examples=["longest_without_a_ticket"])
    message: str


class CompanyLine(BaseModel):
    tax_id: str
    name: str
    city: str


class CompanyOut(CompanyLine):
    regon: str
    street: str
    postal_code: str
    phone: str
    email: str
    iban: str
    representative: str
    account_manager_name: str
    account_manager_phone: str
    account_manager_email: str
    version: int = Field(description="Send it back with a change, so that nobody's work is overwritten.")
    confirmed: bool
    missing: list[str] = Field(description="Fields without which it can't be confirmed.")


class PointLine(BaseModel):
    id: int
    name: str
    street: str
    postal_code: str
    city: str


class PointOut(PointLine):
    phone: str
    email: str
    contact: str
    opening_hours: str
    version: int
    subticket: int = Field(description="The sub-ticket through which it is seen.")
    saved_at: Moment | None


class Stations(BaseModel):
    buy: int
    exchange: int


class ContactOut(BaseModel):
    role: str = Field(examples=["rms"])
    vendor: str
    name: str
    phone: str
    email: str


class CheckOut(BaseModel):
    """The newest check that didn't pass."""

    at: Moment
    verdict: str = Field(examples=["stations_silent"])
    silent: list[dict[str, Any]]
    failure: str
    message: str


class SubticketOut(BaseModel):
    id: int
    ticket: int
    state: str
    outcome: str | None
    point: PointLine
    stations: Stations
    dealer: HolderOut | None
    closed_at: Moment | None
    actions: list[ActionOut]
    contacts: list[ContactOut]
    last_check: CheckOut | None


class FileOut(BaseModel):
    """`state`: current, replaced or rejected. `source_name` and `source_pages` (`3–4`): the upload and the pages in it
    that the paper was taken from; null where the file is the upload itself."""

    id: int
    kind: str
    version: int
    name: str
    size: int
    content_type: str
    pages: int
    sha256: str
    uploaded_at: Moment
    uploaded_by: str
    state: str
    rejection: str | None
    source_name: str | None
    source_pages: str | None


class Files(BaseModel):
    items: list[FileOut]


class TicketLine(BaseModel):
    """A line of the list."""

    number: int
    type: str
    state: str
    outcome: str | None
    acquired_by_dealer: bool
    company: CompanyLine
    caretaker: str | None
    opened_on: date
    closed_on: date | None
    days: int
    due_stage: str | None
    due_at: Moment | None


class TicketPage(BaseModel):
    """`total` is exact up to a bound; past it `total_is_bounded` is true."""

    items: list[TicketLine]
    total: int
    total_is_bounded: bool
    page: int
    pages: int
    size: int


class TicketOut(BaseModel):
    number: int
    crm_id: int | None
    type: str
    state: str
    outcome: str | None
    acquired_by_dealer: bool
    opened_on: date
    closed_on: date | None
    days: int
    caretaker: DealerOut | None
    company: CompanyLine
    due: DueOut | None
    deadlines: list[DeadlineOut]
    age: list[ShareOut] = Field(description="How long it has been open, by who had it: up to its closing, or now.")
    choice: ChoiceOut | None = Field(description="For its dealer and staff; null where somebody named the dealer.")
    subtickets: list[SubticketOut]
    files: list[FileOut]
    actions: list[ActionOut]
    undoable_handover: int | None = Field(description="The last change of dealer while staff can undo it, for them.")
    version: int = Field(description="It changes with the ticket.")


class NoteOut(BaseModel):
    id: int
    at: Moment
    author: str
    text: str
    act: str | None = Field(description="The act that it was written with.")
    subticket: int | None


Older = Annotated[int | None, Field(description="There is more: send this as `before`. null: nothing is older.")]


class Notes(BaseModel):
    items: list[NoteOut]
    older: Older


class EventOut(BaseModel):
    id: int
    at: Moment
    actor: str
    source: str
    verb: str
    subticket: int | None
    data: dict[str, Any]


class Events(BaseModel):
    items: list[EventOut]
    older: Older


class AttemptOut(BaseModel):
    started_at: Moment
    ended_at: Moment | None
    outcome: str | None
    detail: str | None


class DeliveryOut(BaseModel):
    """`state`: queued, retrying, stuck, rejected or acknowledged."""

    id: int
    purpose: str
    package_id: str
    state: str
    requested_at: Moment
    requested_by: str
    files: list[int]
    attempts: list[AttemptOut]
    next_attempt_at: Moment | None
    receipt: str | None
    acknowledged_at: Moment | None
    rejection: str | None


class Deliveries(BaseModel):
    items: list[DeliveryOut]


class ImportFault(BaseModel):
    line: int
    column: str
    code: str
    message: str


class ImportOut(BaseModel):
    """What came in, or would in a dry run."""

    dry_run: bool
    created: int
    updated: int
    unchanged: int
    subtickets: int
    errors: list[ImportFault]
