"""Dealers over the API: the shapes of what is sent in and answered."""

from datetime import date
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from mikroserwis.bodies import VERSION, Body, Moment, Text, Whole, given, read_body
from mikroserwis.dealers import forms

blueprint = APIBlueprint("dealers_api", __name__, url_prefix="/api/v1", tag="Dealers")
blueprint.before_request(read_body)

DEALER = f"/dealers/<int(max={2**31 - 1}):dealer_id>"
ABSENCE = f"/absences/<int(max={2**31 - 1}):absence_id>"


class DealerChange(Body):
    """Fields that are left out stay as they are; a new dealer needs crm_id, name and capacity."""

    crm_id: Whole | None = Field(None, examples=[1003], description="No two dealers have the same.")
    name: Text | None = Field(None, examples=["Kasy Radom"])
    tax_id: Text | None = Field(None, examples=["5260250274"], description="NIP; its check digit must fit.")
    street: Text | None = Field(None, examples=["ul. Długa 7"])
    postal_code: Text | None = Field(None, examples=["26-600"])
    city: Text | None = Field(None, examples=["Radom"])
    phone: Text | None = Field(None, examples=["48 100 20 30"])
    email: Text | None = Field(None, examples=["biuro@kasy-radom.example"])
    areas: list[Text] | None = Field(
        None, max_length=1000, examples=[["26", "05-0"]], description="Beginnings of postal codes, none within another."
    )
    types: list[Text] | None = Field(None, max_length=50, examples=[["insoft"]], description="Types of tickets.")
    capacity: Whole | None = Field(None, examples=[8], description="Open tickets at once, at most 10 000.")
    version: Whole | None = Field(None, description=VERSION)

    def values(self) -> dict[str, str]:
        sent = self.model_fields_set
        whole: tuple[str, ...] = ("crm_id", "capacity")
        lists: tuple[str, ...] = ("areas", "types")
        values = given(self, *(name for name in forms.LENGTHS if name not in {*whole, *lists}))
        for name in sent.intersection(whole):
            number = getattr(self, name)
            values[name] = "" if number is None else str(number)
        return {**values, **{name: " ".join(getattr(self, name) or ()) for name in sent.intersection(lists)}}


class AbsenceChange(Body):
    """Fields that are left out stay as they are; a new absence needs both days."""

    first_day: Text | None = Field(None, examples=["2026-12-24"])
    last_day: Text | None = Field(None, examples=["2026-12-31"], description="Included.")
    reason: Text | None = None
    version: Whole | None = Field(None, description=VERSION)

    def values(self) -> dict[str, str]:
        return given(self, *forms.ABSENCE_LENGTHS)


class ContactChange(Body):
    """Fields that are left out stay as they are; a new contact needs type, role, vendor and name."""

    type: Text | None = Field(None, examples=["insoft"])
    role: Text | None = Field(None, examples=["rms"], description="rms or rks.")
    prefix: Text | None = Field(None, examples=["26"], description="Beginning of a postal code; empty: everywhere.")
    vendor: Text | None = Field(None, examples=["Insoft"])
    name: Text | None = Field(None, examples=["Roman Msz"])
    phone: Text | None = None
    email: Text | None = None
    version: Whole | None = Field(None, description=VERSION)

    def values(self) -> dict[str, str]:
        return given(self, *forms.CONTACT_LENGTHS)


class ContactVersion(BaseModel):
    """What is deleted has been seen."""

    version: int = Field(0, ge=0, le=2**53 - 1, description="As it was read; without it nothing is deleted.")


class Settings(Body):
    """What a dealer chooses itself."""

    digest: Annotated[bool, Field(strict=True)] = Field(
        description="True: one mail a day about deadlines; false: one for each."
    )


class AbsenceOut(BaseModel):
    """Days, both included, on which nothing new is offered."""

    id: int
    first_day: date
    last_day: date
    reason: str
    entered_at: Moment
    entered_by: str
    version: int


class Absences(BaseModel):
    items: list[AbsenceOut]


class DealerBrief(BaseModel):
    """A line of the list. `open` of `capacity` tickets are open; `absent` is today."""

    id: int
    crm_id: int
    name: str
    city: str
    areas: list[str]
    types: list[str]
    open: int
    capacity: int
    absent: bool
    absence: AbsenceOut | None = Field(description="The one that holds, else the next.")
    active: bool


class DealerList(BaseModel):
    items: list[DealerBrief]
    total: int
    page: int
    pages: int
    size: int


class PersonOut(BaseModel):
    """An account of the dealer."""

    name: str
    email: str
    active: bool
    signed_in_at: Moment | None


class DealerRecord(BaseModel):
    """`open` tickets by state; `lost` to missed deadlines in 90 days."""

    id: int
    crm_id: int
    name: str
    tax_id: str
    street: str
    postal_code: str
    city: str
    phone: str
    email: str
    areas: list[str]
    types: list[str]
    capacity: int
    active: bool
    digest: bool
    open: dict[str, int]
    lost: int
    absences: list[AbsenceOut]
    people: list[PersonOut]
    version: int


class ChangeOut(BaseModel):
    """`changes`: by field, old and new."""

    at: Moment
    by: str
    act: str
    text: str
    changes: dict[str, list[str]]


class Changes(BaseModel):
    items: list[ChangeOut]


class AreaOut(BaseModel):
    """How many active dealers cover all of this beginning of a postal code, and how many a part of it."""

    prefix: str
    covered_by: int
    partly_by: int


class TypeAreas(BaseModel):
    type: str
    areas: list[AreaOut]


class Coverage(BaseModel):
    items: list[TypeAreas]


class VendorContactOut(BaseModel):
    """A vendor's person for an area."""

    id: int
    type: str
    role: str
    prefix: str
    vendor: str
    name: str
    phone: str
    email: str
    version: int


class Contacts(BaseModel):
    items: list[VendorContactOut]


class DealersQuery(BaseModel):
    """The list's address, as on screen; what can't be read is as if it weren't there."""

    q: str = Field("", description="Words of name, city, address, NIP, CRM id or phone.")
    view: str = Field("", description="absent, full (at capacity), inactive, all; left out: those in use.")
    type: str = Field("", description="Those who do this type of ticket.")
    area: str = Field("", description="Those who cover this postal code or its beginning, or a part of it.")
    sort: str = Field("", description="A column's name; with - in front the other way round. Default name.")
    size: str = Field("", description="10, 25 or 50.")
    page: str = Field("", description="From 1.")
