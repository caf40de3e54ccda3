"""A sample of the formal quote form, for those who want to see it before they make one."""

from datetime import date
from decimal import Decimal
from functools import cache

from exports import papers
from exports.papers import Party, QuoteData, QuoteLine, VatTotal

# No ticket has this number: a sample that is uploaded is refused as another ticket's.
NOBODYS_TICKET = 999_999_999


@cache
def quote_form() -> bytes:
    """As PDF, in Polish as every paper; nothing of it changes while the program runs."""
    price, vat = Decimal("200.00"), Decimal("46.00")
    line = QuoteLine(1, "WZÓR: nazwa towaru lub usługi", "szt.", Decimal(2), Decimal("100.00"), price, "23")
    data = QuoteData(
        ticket=NOBODYS_TICKET,
        number=1,
        ticket_type_label="WZÓR",
        made_on=date(2026, 1, 1),
        valid_until=date(2026, 1, 31),
        company=Party(name="WZÓR: nazwa detalisty"),
        dealer=Party(name="WZÓR: nazwa dealera"),
        points=(),
        lines=(line,),
        vat_totals=(VatTotal("23", price, vat, price + vat),),
        net=price,
        vat=vat,
        gross=price + vat,
        place="",
        remark="To jest wzór z przykładowymi kwotami. Właściwą wycenę przygotujesz w zgłoszeniu, w części „Wycena”.",
    )
    return papers.quote_pdf(data)
