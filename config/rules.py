"""The rules that are data: ticket types with their documents and deadlines."""

import tomllib
from functools import cached_property
from importlib import import_module
from importlib.resources import files
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Documents = Literal["quote", "contract", "power_of_attorney"]
Days = Annotated[int, Field(ge=0, le=366)]
LANGUAGES = ("pl", "en")
HOME = "PL"


def _in_every_language(texts: dict[str, str]) -> dict[str, str]:
    missing = [language for language in LANGUAGES if not texts.get(language, "").strip()]
    if missing:
        raise ValueError(f"no text in: {', '.join(missing)}")
    return texts


Texts = Annotated[dict[str, str], AfterValidator(_in_every_language)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Breach = Literal["reassign", "pool", "tell"]


class OnBreach(_Data):
    """What happens to a ticket whose stage is over: next dealer, the pool, or only that dealer and staff are told."""

    take: Breach = "reassign"
    contract: Breach = "reassign"
    completion: Breach = "reassign"


def _each_later(thresholds: tuple[int, ...]) -> tuple[int, ...]:
    if list(thresholds) != sorted(set(thresholds)):
        raise ValueError("each threshold must be higher than the one before it")
    return thresholds


Thresholds = Annotated[tuple[Annotated[int, Field(gt=0, lt=100)], ...], AfterValidator(_each_later)]


class SlaRule(_Data):
    """Days that a dealer has for each stage, counted from the day it got the ticket (the manual: 3, 7, 30).

    `calendar` says which days count: all, or business days without the public holidays of the rules' country.
    """

    take: Days
    contract: Days
    completion: Days
    calendar: Literal["days", "business"] = "days"
    warn_at: Thresholds = (50, 75, 90)
    on_breach: OnBreach = OnBreach()


class TicketType(_Data):
    """What a type of ticket needs; labels by language code."""

    label: Texts
    about: Texts
    documents: tuple[Documents, ...]
    quote: bool
    connectivity: bool
    sla: SlaRule

    @model_validator(mode="after")
    def _a_quote_is_a_document(self) -> Self:
        if self.quote != ("quote" in self.documents):
            raise ValueError("quote = true and the document 'quote' go together")
        return self


class Numbers(_Data):
    own_tickets_from: int
    points_from: int


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"no such time zone: {name}")
    return name


def _known_country(code: str) -> str:
    # The tables of all the world are loaded only for a country that isn't known to be among them.
    if code != HOME and code not in import_module("holidays").list_supported_countries():
        raise ValueError(f"no public holidays are known of a country {code!r}; write its ISO 3166 code, such as 'PL'")
    return code


class Contacts(_Data):
    hotline: str
    installation_page: str
    operations_mailbox: str


Kept = Annotated[int, Field(ge=0, le=36_600)]


class Retention(_Data):
    """Days after which personal data of a kind go; 0 keeps them. docs/personal-data.md says what each is about."""

    sign_ins: Kept = 365
    mail_texts: Kept = 1095
    notifications: Kept = 365
    requests: Kept = 30
    closed_accounts: Kept = 1095
    unused_accounts: Kept = 1825
    removed_contacts: Kept = 90
    contacts: Kept = 2190

    def days(self) -> dict[str, int]:
        """By kind, those that go one day."""
        return {kind: days for kind, days in self.model_dump().items() if days}


class Rules(_Data):
    zone: Annotated[str, AfterValidator(_known_zone)]
    country: Annotated[str, AfterValidator(_known_country)] = HOME
    ticket_types: dict[str, TicketType]
    numbers: Numbers
    contacts: Contacts
    retention: Retention = Retention()

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def type_names(self) -> tuple[str, ...]:
        return tuple(self.ticket_types)


def load_rules(text: str | None = None) -> Rules:
    """The shipped rules, or those in a TOML text.

    Raises TOMLDecodeError (with line and column) or pydantic's ValidationError (which names each wrong place);
    both are ValueErrors.
    """
    if text is None:
        text = files("config").joinpath("rules.toml").read_text("utf-8")
    return Rules.model_validate(tomllib.loads(text))
