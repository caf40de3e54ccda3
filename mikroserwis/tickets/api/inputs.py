"""Bodies that the API takes. Shapes are checked here; what values mean is checked where forms are."""

from typing import Annotated, Literal

from apiflask.fields import UploadFile
from pydantic import BaseModel, Field

from mikroserwis.bodies import Body, Whole, given
from mikroserwis.companies import COMPANY_LENGTHS, POINT_LENGTHS

Words = Annotated[str, Field(min_length=1, max_length=4000)]
SaidWithAct = Annotated[str, Field(max_length=4000)]
Text = Annotated[str, Field(max_length=1000)]
To = Literal["next", "pool"] | Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]


class Note(Body):
    note: Words = Field(examples=["Detalista prosi o tydzień do namysłu."])


class NoteOfAct(Body):
    """Without a note the act is refused: 409 note_is_given."""

    note: SaidWithAct = Field("", examples=["Detalista prosi o tydzień do namysłu."])


class Reason(Body):
    reason: Words = Field(examples=["Podpis jest nieczytelny."])


class ReasonOfAct(Body):
    """Without a reason the act is refused: 409 reason_is_given."""

    reason: SaidWithAct = Field("", examples=["Dealer nie odbiera telefonu."])


class Reassignment(ReasonOfAct):
    to: To = Field("next", description="next (by the rules), pool, or a dealer's CRM id.", examples=["next"])


class Company(Body):
    """Fields that are left out stay as they are."""

    tax_id: Text | None = Field(None, examples=["7974569439"], description="NIP, ten digits; its check digit must fit.")
    name: Text | None = Field(None, examples=["PPHU SAM Bożena Ślązak"])
    regon: Text | None = None
    street: Text | None = Field(None, examples=["ul. Rynek 12"])
    postal_code: Text | None = Field(None, examples=["26-922"])
    city: Text | None = Field(None, examples=["Sieciechów"])
    phone: Text | None = Field(None, examples=["48 621 60 12"])
    email: Text | None = None
    iban: Text | None = None
    representative: Text | None = None
    account_manager_name: Text | None = None
    account_manager_phone: Text | None = None
    account_manager_email: Text | None = None


class CompanyChange(Company):
    version: Whole | None = Field(None, description="As it was read: 409 if somebody changed it since. Optional.")

    def values(self) -> dict[str, str]:
        return given(self, *COMPANY_LENGTHS)


class Point(Body):
    """Fields that are left out stay as they are."""

    name: Text | None = Field(None, examples=["Sklep SAM"])
    street: Text | None = Field(None, examples=["ul. Rynek 12"])
    postal_code: Text | None = Field(None, examples=["26-922"])
    city: Text | None = Field(None, examples=["Sieciechów"])
    phone: Text | None = None
    email: Text | None = None
    contact: Text | None = None
    opening_hours: Text | None = Field(None, examples=["pn–pt 7–19"])


class PointChange(Point):
    version: Whole | None = Field(None, description="As it was read: 409 if somebody changed it since. Optional.")

    def values(self) -> dict[str, str]:
        return given(self, *POINT_LENGTHS)


class NewPoint(Point):
    id: Whole | None = Field(
        None, description="The platform's number of the shop; left out: a new one.", examples=[735]
    )


class NewSubticket(Body):
    point: NewPoint = NewPoint()
    stations_buy: Whole = 0
    stations_exchange: Whole = 0


class NewTicket(Body):
    """A ticket of the CRM, or one that a dealer acquired itself."""

    crm_id: Whole | None = Field(None, description="Makes the intake idempotent. A dealer's own ticket has none.")
    type: Text = Field(examples=["insoft"])
    opened_on: Text | None = Field(None, description="A date such as 2026-05-27; left out: today.")
    acquired_by_dealer: bool = Field(False, strict=True, description="A dealer's own tickets always are.")
    dealer_crm_id: Whole | None = Field(None, description="Left out: the next dealer by the rules, or the open pool.")
    company: Company
    subtickets: list[NewSubticket] = Field(min_length=1, max_length=200)


class UploadForm(Body):
    """multipart/form-data"""

    file: list[UploadFile] = Field(
        min_length=1,
        max_length=40,
        description="PDF, JPEG or PNG; for a quote or other file also DOCX and XLSX. Several parts are filed together.",
    )
    kind: Literal["quote", "contract", "power_of_attorney", "other", "by_code"] = Field(
        description="by_code: what our codes on its pages say."
    )


class ImportForm(Body):
    """multipart/form-data"""

    file: UploadFile = Field(description="XLSX or CSV after the template.")
    dry_run: bool = Field(False, description="Only check.")


class Before(BaseModel):
    """A query that goes on where an answer ended."""

    before: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="Only what is older than the one with this id: the `older` of the answer before."
    )


class ListQuery(BaseModel):
    """The list's address, as on screen; what can't be read is as if it weren't there."""

    q: str = Field("", description="Words of company, city, NIP or number.")
    view: str = Field("", description="mine, to_take, due_this_week, suspended, overdue, pool")
    type: str = ""
    number: str = ""
    tax_id: str = ""
    company: str = ""
    city: str = ""
    acquired: str = Field("", description="yes or no")
    state: str = Field("", description="new, taken, contract, suspended, closed, or open for all but the last.")
    caretaker: str = Field("", description="A dealer asks yes or no; staff give a dealer's id.")
    opened_from: str = Field("", description="A date such as 2026-05-27.")
    opened_to: str = ""
    closed_from: str = ""
    closed_to: str = ""
    days_min: str = ""
    days_max: str = ""
    sort: str = Field("", description="A column's name; with - in front from the largest down. Default -opened.")
    size: str = Field("", description="10, 25 or 50.")
    page: str = Field("", description="From 1; -1 is the last.")
