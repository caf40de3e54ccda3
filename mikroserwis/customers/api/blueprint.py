"""Customers over the API: the shapes of what is sent in and answered."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, PlainSerializer

from mikroserwis.bodies import VERSION, Body, Moment, Text, Whole, given, read_body
from mikroserwis.companies import POINT_LENGTHS
from mikroserwis.customers import forms

blueprint = APIBlueprint("customers_api", __name__, url_prefix="/api/v1", tag="Customers")
blueprint.before_request(read_body)

CUSTOMER = f"/customers/<int(max={2**31 - 1}):customer_id>"
CONTACT = f"{CUSTOMER}/contacts/<int(max={2**31 - 1}):contact_id>"
POINT = f"{CUSTOMER}/points/<int:point_id>"
Amount = Annotated[Decimal, PlainSerializer(str)]


class CustomerChange(Body):
    """Fields that are left out stay as they are; a new customer needs name and tax_id."""

    country: Text | None = Field(None, examples=["PL"], description="ISO 3166; PL if it is left out of a new one.")
    tax_id: Text | None = Field(
        None, examples=["7974569439"], description="NIP, CUI, RIF …: by the country's own rule. No two are alike."
    )
    name: Text | None = Field(None, examples=["PPHU SAM"])
    regon: Text | None = Field(None, description="Of companies in Poland alone.")
    street: Text | None = None
    postal_code: Text | None = None
    city: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    iban: Text | None = None
    representative: Text | None = None
    account_manager_name: Text | None = None
    account_manager_phone: Text | None = None
    account_manager_email: Text | None = None
    version: Whole | None = Field(None, description=VERSION)

    def values(self) -> dict[str, str]:
        return given(self, *forms.LENGTHS)


class NewCustomer(CustomerChange):
    """Staff may name the seller who owns it; a seller's is its own."""

    owner_id: Whole | None = Field(None, description="An active seller. Of staff alone.")

    def values(self) -> dict[str, str]:
        owner = {"owner_id": str(self.owner_id)} if self.owner_id is not None else {}
        return {**super().values(), **owner}


class CustomerOwnerChange(Body):
    """Which seller owns the customer, and sees it from now on."""

    owner_id: Whole | None = Field(description="An active seller, or null for nobody.")


class CustomerContactChange(Body):
    """Fields that are left out stay as they are; a new person needs a name."""

    name: Text | None = Field(None, examples=["Bożena Ślązak"])
    role: Text | None = Field(None, examples=["księgowość"])
    phone: Text | None = None
    email: Text | None = None
    version: Whole | None = Field(None, description=VERSION)

    def values(self) -> dict[str, str]:
        return given(self, *forms.CONTACT_LENGTHS)


class CustomerPointChange(Body):
    """Fields that are left out stay as they are; a new shop needs name and address."""

    name: Text | None = Field(None, examples=["SAM Sieciechów"])
    street: Text | None = None
    postal_code: Text | None = None
    city: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    contact: Text | None = None
    opening_hours: Text | None = None
    version: Whole | None = Field(None, description=VERSION)

    def values(self) -> dict[str, str]:
        return given(self, *POINT_LENGTHS)


class NewCustomerPoint(CustomerPointChange):
    """Staff may name the number that the stations know already; else the next free one is given."""

    number: Whole | None = Field(None, examples=[735])

    def values(self) -> dict[str, str]:
        number = {"number": str(self.number)} if self.number is not None else {}
        return {**super().values(), **number}


class CustomerPartVersion(BaseModel):
    """What is deleted has been seen."""

    version: int = Field(0, ge=0, le=2**53 - 1, description="As it was read; without it nothing is deleted.")


class CustomerContactOut(BaseModel):
    """One of the customer's people."""

    id: int
    name: str
    role: str
    phone: str
    email: str
    version: int


class CustomerContacts(BaseModel):
    items: list[CustomerContactOut]


class CustomerPointOut(BaseModel):
    """A shop; its id is what the dealer types into the stations."""

    id: int
    name: str
    street: str
    postal_code: str
    city: str
    phone: str
    email: str
    contact: str
    opening_hours: str
    version: int


class CustomerPoints(BaseModel):
    items: list[CustomerPointOut]


class CustomerOwner(BaseModel):
    id: int
    name: str


class CustomerBrief(BaseModel):
    """A line of the list; `open` tickets, and whether somebody of it can sign in."""

    id: int
    country: str
    tax_id: str
    name: str
    city: str
    owner: str | None
    open: int
    has_account: bool


class CustomerList(BaseModel):
    items: list[CustomerBrief]
    total: int
    page: int
    pages: int
    size: int


class CustomerRecord(BaseModel):
    """A customer with its people and shops."""

    id: int
    country: str
    tax_id: str
    name: str
    regon: str
    street: str
    postal_code: str
    city: str
    phone: str
    email: str
    iban: str
    representative: str
    account_manager_name: str
    account_manager_phone: str
    account_manager_email: str
    owner: CustomerOwner | None
    contacts: list[CustomerContactOut]
    points: list[CustomerPointOut]
    version: int


class CustomerOrderOut(BaseModel):
    number: int
    type: str
    state: str
    opened_on: date
    closed_on: date | None


class CustomerOrders(BaseModel):
    """The newest, at most 100 of `total`; the list of tickets has all, by `tax_id`."""

    items: list[CustomerOrderOut]
    total: int


class CustomerFileOut(BaseModel):
    """`id` is that of /files/{file_id}/content."""

    id: int
    ticket: int
    kind: str
    name: str
    version: int
    size: int
    uploaded_at: Moment
    uploaded_by: str
    replaced: bool
    rejected: bool


class CustomerFiles(BaseModel):
    items: list[CustomerFileOut]


class CustomerQuoteOut(BaseModel):
    ticket: int
    number: int
    state: str
    made_on: date
    gross: Amount
    currency: str


class CustomerInvoiceOut(BaseModel):
    ticket: int
    number: str
    issued_on: date
    gross: Amount
    file_id: int


class CustomerDocuments(BaseModel):
    """Quotes as issued, signed papers and invoices that count; the newest first, at most 100 of each."""

    quotes: list[CustomerQuoteOut]
    signed: list[CustomerFileOut]
    invoices: list[CustomerInvoiceOut]


class CustomerActOut(BaseModel):
    """`changes`: by field, old and new; `ticket` by way of which it was done."""

    at: Moment
    by: str
    act: str
    text: str
    ticket: int | None
    point: int | None
    changes: dict[str, list[str]]


class CustomerHistory(BaseModel):
    """`older`: send it as `before` for the entries before these."""

    items: list[CustomerActOut]
    older: int | None


class CustomerHistoryQuery(BaseModel):
    before: int = Field(0, ge=0, le=2**31 - 1, description="The entries before this one; left out: the newest.")


class CustomersQuery(BaseModel):
    """The list's address, as on screen; what can't be read is as if it weren't there."""

    q: str = Field("", description="Words of name, city, address, tax id, phone or e-mail.")
    country: str = Field("", description="ISO 3166.")
    seller: str = Field("", description="The owner's id, or none.")
    account: str = Field("", description="yes or no: whether somebody of it can sign in.")
    sort: str = Field("", description="A column's name; with - in front the other way round. Default name.")
    size: str = Field("", description="10, 25 or 50.")
    page: str = Field("", description="From 1.")
