"""Made-up tickets of every sort, with which a form is tried before it is accepted. Their values occur nowhere else."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from exports.papers.data import PaperData, Party, PointLine, QuoteData, QuoteLine, VatTotal

_DAY = date(2019, 5, 27)
_COMPANY = Party(
    name="Sklep Próbny Zażółć Gęślą Sp. z o.o.",
    tax_id="9990001112",
    regon="999000111",
    street="ul. Próbna 17",
    postal_code="99-017",
    city="Próbowice",
    phone="22 999 00 11",
    email="sklep@probny.example",
    iban="PL00999000110000000000000017",
    representative="Jaźń Próbna, prezes zarządu",
)
_DEALER = Party(
    name="Dealer Próbny Łódź S.A.",
    tax_id="9990002223",
    street="ul. Próbna 18",
    postal_code="99-018",
    city="Próbowice",
    phone="22 999 00 22",
    email="dealer@probny.example",
)


def samples(paper: str) -> Iterator[tuple[str, PaperData | QuoteData]]:
    """Each with the name of its sort."""
    if paper == "quote":
        for case, points in (("no_points", 0), ("few_points", 1), ("many_points", 12)):
            yield case, quote(points)
        return
    for case, points, by_quote in (
        ("few_points", 1, True),
        ("many_points", 12, True),
        ("few_points_no_quote", 1, False),
        ("many_points_no_quote", 12, False),
    ):
        yield case, ticket_paper(points, by_quote=by_quote)


def ticket_paper(points: int, *, by_quote: bool) -> PaperData:
    return PaperData(
        9_900_017, "Próbny", 1, _DAY, _COMPANY, _DEALER, _points(points), "Próbowice Małe", 30, by_quote=by_quote
    )


def quote(points: int) -> QuoteData:
    lines = (
        QuoteLine(1, "Licencja próbna", "szt.", Decimal(3), Decimal("1200.00"), Decimal("3600.00"), "23"),
        QuoteLine(
            2,
            "Dojazd próbny",
            "km",
            Decimal(40),
            Decimal("1.15"),
            Decimal("46.00"),
            "8",
            Decimal("1.30"),
            "Wiosna próbna",
        ),
    )
    totals = (
        VatTotal("23", Decimal("3600.00"), Decimal("828.00"), Decimal("4428.00")),
        VatTotal("8", Decimal("46.00"), Decimal("3.68"), Decimal("49.68")),
    )
    sums = (Decimal("3646.00"), Decimal("831.68"), Decimal("4477.68"))
    return QuoteData(
        ticket=9_900_017,
        number=17,
        ticket_type_label="Próbny",
        made_on=_DAY,
        valid_until=date(2019, 6, 26),
        company=_COMPANY,
        dealer=_DEALER,
        points=_points(points),
        lines=lines,
        vat_totals=totals,
        net=sums[0],
        vat=sums[1],
        gross=sums[2],
        place="Próbowice Małe",
        remark="Uwaga próbna",
    )


def _points(count: int) -> tuple[PointLine, ...]:
    return tuple(
        PointLine(990_000 + at, f"Punkt próbny nr {at}", f"ul. Próbna {at}, 99-017 Próbowice", 2, 1)
        for at in range(1, count + 1)
    )
