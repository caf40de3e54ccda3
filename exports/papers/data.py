"""What a paper is filled from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Party:
    """A company as it signs; an empty field is printed as a dotted line to be filled in by hand."""

    name: str
    tax_id: str = ""
    regon: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    iban: str = ""
    representative: str = ""


@dataclass(frozen=True)
class PointLine:
    """A retail point with the numbers of stations to buy and to exchange."""

    point_id: int
    name: str
    address: str
    buy: int
    exchange: int


@dataclass(frozen=True)
class PaperData:
    """One version of a ticket's papers; `made_on` dates them, `completion_days` is the time the installation may take.

    `by_quote` tells a type whose pay is the accepted quote from one without a quote.
    """

    ticket: int
    ticket_type_label: str
    version: int
    made_on: date
    company: Party
    dealer: Party
    points: tuple[PointLine, ...]
    place: str
    completion_days: int = 30
    by_quote: bool = True
