"""Quotes for the tests of this room: sums are reckoned here, as the shell does it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from exports.papers import QuoteData, QuoteLine, VatTotal
from tests.exports.paper_cast import paper

PERCENT = {"23": 23, "8": 8, "5": 5, "0": 0, "zw": 0}
INSOFT = QuoteLine(
    1,
    "PC-POS 7, licencja na stanowisko",
    "szt.",
    Decimal(3),
    Decimal("450.00"),
    Decimal(0),
    "23",
    Decimal("600.00"),
    "Insoft dla GŻ, wiosna 2019",
)
LABOUR = QuoteLine(2, "Instalacja i przeszkolenie", "godz.", Decimal("2.5"), Decimal("120.00"), Decimal(0), "23")
TRAINING = QuoteLine(3, "Szkolenie kasjerów", "kpl.", Decimal(1), Decimal("199.99"), Decimal(0), "zw")


def grosz(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def quoted(lines: Sequence[QuoteLine] = (INSOFT, LABOUR, TRAINING), points: int = 1, **changes: Any) -> QuoteData:
    reckoned = tuple(
        replace(line, position=position, net=grosz(line.quantity * line.unit_net))
        for position, line in enumerate(lines, 1)
    )
    totals = tuple(total(each, reckoned) for each in PERCENT if any(line.vat_rate == each for line in reckoned))
    net, vat, gross = (sum((getattr(each, part) for each in totals), Decimal(0)) for part in ("net", "vat", "gross"))
    usual = paper(points)
    made = QuoteData(
        115,
        2,
        "Insoft",
        date(2019, 5, 27),
        date(2019, 6, 26),
        usual.company,
        usual.dealer,
        usual.points,
        reckoned,
        totals,
        net,
        vat,
        gross,
        "Sieciechów",
        "Płatność przelewem w ciągu 14 dni. Kasy dostarcza Detalista.",
    )
    return replace(made, **changes)


def total(rate: str, lines: Sequence[QuoteLine]) -> VatTotal:
    net = sum((line.net for line in lines if line.vat_rate == rate), Decimal(0))
    vat = grosz(net * PERCENT[rate] / 100)
    return VatTotal(rate, net, vat, net + vat)


def many(count: int) -> list[QuoteLine]:
    """Lines of every rate, some under an offer, some with long names."""
    rates = list(PERCENT)
    return [
        QuoteLine(
            1,
            f"Pozycja {number + 1}" if number % 3 else f"Źdźbło nr {number + 1}: " + "bezprzewodowy czytnik kodów " * 4,
            ("szt.", "godz.", "stanowisko")[number % 3],
            Decimal(number % 7 + 1),
            Decimal("1234.56") + number,
            Decimal(0),
            rates[number % len(rates)],
            Decimal(2000) if number % 4 == 0 else None,
            "Insoft dla Grupy Żywiec, oferta letnia do końca sierpnia" if number % 4 == 0 else "",
        )
        for number in range(count)
    ]
