"""The rules that are data: ticket types with their documents and deadlines."""

import tomllib
from functools import cached_property
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Documents = Literal["quote", "contract", "power_of_attorney"]
Days = Annotated[int, Field(ge=0, le=366)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SlaRule(_Data):
    """Days that a dealer has for each stage, counted from the day it got the ticket (the manual: 3, 7, 30)."""

    take: Days
    contract: Days
    completion: Days
    warn_at: tuple[Annotated[int, Field(gt=0, lt=100)], ...] = (50, 75, 90)


class TicketType(_Data):
    """What a type of ticket needs; labels by language code."""

    label: dict[str, str]
    about: dict[str, str]
    documents: tuple[Documents, ...]
    quote: bool
    connectivity: bool
    sla: SlaRule


class Numbers(_Data):
    own_tickets_from: int
    points_from: int


class Rules(_Data):
    ticket_types: dict[str, TicketType]
    numbers: Numbers

    @cached_property
    def type_names(self) -> tuple[str, ...]:
        return tuple(self.ticket_types)


def load_rules(text: str | None = None) -> Rules:
    """The shipped rules, or those in a TOML text. Raises pydantic's ValidationError, which names each wrong place."""
    return Rules.model_validate(tomllib.loads(text or files("config").joinpath("rules.toml").read_text("utf-8")))
