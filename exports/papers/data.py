"""What a paper is filled from."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

QUOTE_MOST = Decimal("9999999.99")
QUANTITY_MOST = Decimal("9999.99")
_GROSZ = Decimal("0.01")
_VAT_PERCENT = {"23": 23, "8": 8, "5": 5, "0": 0, "zw": 0}


@dataclass(frozen=True)
class Party:
    """A company as it signs; an empty field is printed as a dotted line to be filled in by hand.

    `tax_id_name` is what the tax id is called in its country; only Polish companies have a REGON.
    """

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
    tax_id_name: str = "NIP"

    @property
    def is_polish(self) -> bool:
        return self.tax_id_name == "NIP"


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


@dataclass(frozen=True)
class QuoteLine:
    """Line `position` (from 1) of a quote; `net` is quantity × `unit_net`, rounded half up to the grosz.

    `vat_rate` is `23`, `8`, `5`, `0` or `zw` (exempt). Under a special offer, `offer` names it and `list_net` is the
    usual price.
    """

    position: int
    name: str
    unit: str
    quantity: Decimal
    unit_net: Decimal
    net: Decimal
    vat_rate: str
    list_net: Decimal | None = None
    offer: str = ""


@dataclass(frozen=True)
class VatTotal:
    """All lines of one rate together: VAT is reckoned from their net sum, rounded half up to the grosz."""

    rate: str
    net: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True)
class QuoteData:
    """Quote `number` (from 1) of a ticket, amounts in PLN; ValueError unless every sum in it is right.

    Neither an amount beyond `QUOTE_MOST` nor a quantity beyond `QUANTITY_MOST` has room on the form.
    """

    ticket: int
    number: int
    ticket_type_label: str
    made_on: date
    valid_until: date
    company: Party
    dealer: Party
    points: tuple[PointLine, ...]
    lines: tuple[QuoteLine, ...]
    vat_totals: tuple[VatTotal, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    place: str
    remark: str = ""

    @property
    def label(self) -> str:
        return f"W/{self.ticket}/{self.number}"

    def __post_init__(self) -> None:
        if [line.position for line in self.lines] != list(range(1, len(self.lines) + 1)) or not self.lines:
            raise ValueError(f"lines of {self.label} are not numbered from 1")
        for line in self.lines:
            _within(f"quantity of line {line.position}", line.quantity, QUANTITY_MOST)
            for price in (line.unit_net, line.list_net or Decimal(0)):
                _within(f"price of line {line.position}", price, QUOTE_MOST)
            _expect(f"net of line {line.position}", line.net, line.quantity * line.unit_net)
        rates = [total.rate for total in self.vat_totals]
        of_lines = {line.vat_rate for line in self.lines}
        if not of_lines <= _VAT_PERCENT.keys() or sorted(of_lines) != sorted(rates):
            raise ValueError(f"VAT totals of {self.label} are not those of its lines")
        for total in self.vat_totals:
            of_rate = sum((line.net for line in self.lines if line.vat_rate == total.rate), Decimal(0))
            _expect(f"net at {total.rate}", total.net, of_rate)
            _expect(f"VAT at {total.rate}", total.vat, total.net * _VAT_PERCENT[total.rate] / 100)
            _expect(f"gross at {total.rate}", total.gross, total.net + total.vat)
        for part in ("net", "vat", "gross"):
            _expect(part, getattr(self, part), sum((getattr(total, part) for total in self.vat_totals), Decimal(0)))
        _within("gross", self.gross, QUOTE_MOST)


def _within(what: str, found: Decimal, most: Decimal) -> None:
    """Neither less than nothing nor finer than two decimals, which the form could not show."""
    if not 0 <= found <= most or found != found.quantize(_GROSZ):
        raise ValueError(f"{what} is {found}")


def _expect(what: str, found: Decimal, reckoned: Decimal) -> None:
    if found != reckoned.quantize(_GROSZ, ROUND_HALF_UP):
        raise ValueError(f"{what} is {found}, not {reckoned}")
