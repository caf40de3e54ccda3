"""The quote on its formal form, in Polish: what the roll-out of M/platform costs the retailer."""

from collections.abc import Iterator

from exports.papers import wording
from exports.papers.amounts import in_words, money, number
from exports.papers.blocks import (
    Block,
    Card,
    Cell,
    Choices,
    Clause,
    Column,
    Dateline,
    Heading,
    Paper,
    Parties,
    Prose,
    Row,
    Signatory,
    Signatures,
    Table,
    Title,
    Totals,
)
from exports.papers.data import QuoteData, QuoteLine
from exports.plain import plain

TITLE = "Wycena kosztu wdrożenia M/platform"
LINES, REMARK, TERMS, DECISION = "Kosztorys", "Uwagi", "Warunki", "Decyzja Detalisty"
PAYABLE = "Razem do zapłaty (brutto)"
LINE_COLUMNS = (
    Column("Lp.", 26),
    Column("Nazwa", lines=8),
    Column("Ilość", 50, "right"),
    Column("J.m.", 60),
    Column("Cena netto", 80, "right"),
    Column("VAT", 34, "right"),
    Column("Wartość netto", 80, "right"),
)
TOTAL_COLUMNS = (
    Column("Stawka VAT"),
    Column("Netto", 90, "right"),
    Column("VAT", 90, "right"),
    Column("Brutto", 90, "right"),
)


def quote(data: QuoteData) -> Paper:
    flow: tuple[Block, ...] = (
        Dateline(dateline(data)),
        Title(TITLE, subtitle(data)),
        Prose(dates(data)),
        Parties(*parties(data)),
        *_points(data),
        Heading(LINES),
        Table(LINE_COLUMNS, tuple(map(_line, data.lines)), closing=False),
        Totals(Table(TOTAL_COLUMNS, tuple(_totals(data))), PAYABLE, money(data.gross), words(data)),
        *_remark(data),
        Heading(TERMS),
        *(Clause(f"{place}.", text) for place, text in enumerate(terms(data), 1)),
        Heading(DECISION),
        Choices(choices(data)),
        Signatures(
            Signatory("Detalista", wording.blank_or(data.company.name)),
            Signatory("Dealer", wording.blank_or(data.dealer.name)),
        ),
        *(wording.annex(data) if _has_annex(data) else ()),
    )
    return Paper("quote", TITLE, wording.letterhead(data.dealer), flow)


def dateline(data: QuoteData) -> str:
    return f"{wording.blank_or(data.place)}, {wording.polish_date(data.made_on)}"


def subtitle(data: QuoteData) -> str:
    kind = plain(data.ticket_type_label)
    return f"nr {data.label} do zgłoszenia nr {data.ticket}{f' ({kind})' if kind else ''}"


def dates(data: QuoteData) -> str:
    made, until = wording.polish_date(data.made_on), wording.polish_date(data.valid_until)
    return f"Sporządzona {made}, ważna do {until}"


def parties(data: QuoteData) -> tuple[Card, Card]:
    return wording.card("Detalista", data.company), wording.card("Dealer", data.dealer)


def words(data: QuoteData) -> str:
    return f"słownie: {in_words(data.gross)}"


def terms(data: QuoteData) -> tuple[str, ...]:
    """What the quote promises; the second is the manual's: the final invoice equals the quote."""
    texts = (
        "VAT obliczono od sumy wartości netto w każdej stawce.",
        f"Kwota brutto faktury końcowej będzie równa kwocie brutto niniejszej wyceny: {money(data.gross)}.",
        "Prace nieobjęte wyceną wymagają nowej wyceny, zaakceptowanej przed ich rozpoczęciem.",
    )
    return tuple(map(wording.glued, texts))


def choices(data: QuoteData) -> tuple[str, str]:
    """Boxes to tick; they name quote and sum, because the signatures may be on a page of their own."""
    return (
        f"Akceptuję wycenę {data.label} na kwotę {money(data.gross)} brutto i\u00a0zlecam wdrożenie.",
        f"Nie akceptuję wyceny {data.label}.",
    )


def rate(vat_rate: str) -> str:
    return "zw." if vat_rate == "zw" else f"{vat_rate}%"


def _has_annex(data: QuoteData) -> bool:
    """More points than these would leave no room for the lines on the first page."""
    return len(data.points) > 4


def _points(data: QuoteData) -> Iterator[Block]:
    if data.points:
        yield Heading("Punkty i stanowiska")
    if _has_annex(data):
        yield Prose(f"{wording.counts(data)} Wykaz zawiera załącznik nr 1, który jest częścią wyceny.")
    elif data.points:
        yield wording.points_table(data)


def _line(line: QuoteLine) -> Row:
    return (
        Cell(f"{line.position}."),
        Cell(wording.blank_or(line.name), _offer(line)),
        Cell(number(line.quantity)),
        Cell(plain(line.unit)),
        Cell(money(line.unit_net)),
        Cell(rate(line.vat_rate)),
        Cell(money(line.net)),
    )


def _offer(line: QuoteLine) -> str:
    """The price comes first: a long name may be cut, the price not."""
    price = f"zamiast {money(line.list_net)}" if line.list_net is not None else ""
    offer = f"oferta specjalna: {plain(line.offer)}" if line.offer else ""
    return ", ".join(part for part in (price, offer) if part)


def _totals(data: QuoteData) -> Iterator[Row]:
    for total in data.vat_totals:
        amounts = (Cell(money(amount)) for amount in (total.net, total.vat, total.gross))
        yield (Cell(rate(total.rate)), *amounts)
    yield (Cell("Razem"), *(Cell(money(amount)) for amount in (data.net, data.vat, data.gross)))


def _remark(data: QuoteData) -> tuple[Block, ...]:
    remark = plain(data.remark)
    return (Heading(REMARK), Prose(remark)) if remark else ()
