"""Accounts over the API: the shapes of what is sent in and answered."""

from typing import Literal

from apiflask.fields import UploadFile
from pydantic import BaseModel, Field

from mikroserwis.accounts import forms
from mikroserwis.bodies import VERSION, Body, Moment, Text, Whole, given
from mikroserwis.i18n import LANGUAGES

State = Literal["active", "invited", "off", "removed"]


class Me(BaseModel):
    """The person that a token stands for."""

    name: str
    role: str
    dealer: str
    language: str
    calendar: str
    digits: str


class OwnChange(Body):
    """Fields that are left out stay as they are."""

    name: Text | None = None
    phone: Text | None = Field(None, examples=["600 100 200"], description="Can be used to sign in.")
    user_name: Text | None = Field(None, examples=["alfa"], description="Can be used to sign in.")
    language: Text | None = Field(None, examples=["pl"], description=f"One of {', '.join(LANGUAGES)}.")
    calendar: Text | None = Field(
        None, examples=["gregory"], description="Of dates as people read them: gregory or persian."
    )
    digits: Text | None = Field(None, examples=["latn"], description="Of numbers as people read them: latn or arabext.")
    version: Whole | None = Field(None, description=VERSION)

    def values(self) -> dict[str, str]:
        return given(self, *forms.OWN)


class PictureForm(Body):
    """multipart/form-data"""

    file: UploadFile


class AccountChange(OwnChange):
    """A new account needs name and email; one of the office its role too."""

    email: Text | None = Field(None, examples=["jan@kasy-radom.example"], description="No two accounts have the same.")
    role: Text | None = Field(None, examples=["operator"], description="Of the office's people alone.")

    def values(self) -> dict[str, str]:
        return given(self, *forms.LENGTHS)


class AccountOut(BaseModel):
    """An account; of a removed one the names to sign in are gone."""

    id: int
    name: str
    email: str
    phone: str
    user_name: str
    role: str
    language: str
    calendar: str
    digits: str
    company: str
    state: State
    signed_in_at: Moment | None
    version: int


class AccountList(BaseModel):
    """A page of accounts."""

    items: list[AccountOut]
    total: int
    page: int
    pages: int
    size: int


class AccountsQuery(BaseModel):
    """What can't be read is as if it weren't there."""

    q: str = Field("", description="Words of name, e-mail, phone or user name.")
    role: str = ""
    state: str = Field("", description="active, invited, off or removed; without it all but removed ones.")
    sort: str = Field("name", description="name, role or seen; a dash before it turns the order round.")
    size: str = "25"
    page: str = "1"


class CompanyQuery(BaseModel):
    """Whose people the account belongs to; without either the office's."""

    dealer: int | None = Field(None, ge=1, le=2**31 - 1, description="The dealer's id here.")
    customer: int | None = Field(None, ge=1, le=2**31 - 1, description="The customer's id here.")


class SignInAttemptOut(BaseModel):
    """One attempt to sign in."""

    at: Moment
    address: str
    device: str
    result: str


class Attempts(BaseModel):
    """The last ones, the newest first."""

    items: list[SignInAttemptOut]
