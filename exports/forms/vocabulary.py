"""The placeholders of each paper, with their meaning: what the page shows, and what a form is checked against."""

from exports.forms.model import Placeholder as Word
from exports.forms.model import Vocabulary


def _party(name: str, pl: str, en: str) -> tuple[Word, ...]:
    return (
        Word(f"{name}.name", f"{pl}: nazwa", f"{en}: name", required=True),
        Word(f"{name}.tax_id", f"{pl}: NIP", f"{en}: tax id", required=name == "company"),
        Word(f"{name}.regon", f"{pl}: REGON", f"{en}: REGON"),
        Word(f"{name}.address", f"{pl}: adres w jednym wierszu", f"{en}: address on one line"),
        Word(f"{name}.street", f"{pl}: ulica i numer", f"{en}: street and number"),
        Word(f"{name}.postal_code", f"{pl}: kod pocztowy", f"{en}: postal code"),
        Word(f"{name}.city", f"{pl}: miejscowość", f"{en}: town"),
        Word(f"{name}.phone", f"{pl}: telefon", f"{en}: telephone"),
        Word(f"{name}.email", f"{pl}: e-mail", f"{en}: e-mail"),
        Word(f"{name}.iban", f"{pl}: rachunek bankowy", f"{en}: bank account"),
        Word(f"{name}.representative", f"{pl}: reprezentacja", f"{en}: representative"),
    )


_COMMON = (
    *_party("company", "Detalista", "Retailer"),
    *_party("dealer", "Dealer", "Dealer"),
    Word("ticket.number", "numer zgłoszenia", "number of the ticket"),
    Word("ticket.type", "typ zgłoszenia, np. Insoft", "type of the ticket, e.g. Insoft"),
    Word("place", "miejscowość, w której sporządzono dokument", "place where the paper is made"),
    Word("made_on", "dzień sporządzenia, np. 27 maja 2019 r.", "day on which the paper is made"),
)
_POINTS = (
    Word("stations.buy", "liczba stanowisk do zakupu we wszystkich punktach", "stations to buy in all points"),
    Word(
        "stations.exchange", "liczba stanowisk do wymiany we wszystkich punktach", "stations to exchange in all points"
    ),
    Word("stations.total", "liczba wszystkich stanowisk", "all stations"),
    Word("points_count", "liczba punktów", "number of points"),
    Word("points_summary", "zdanie z liczbą punktów i stanowisk", "a sentence that counts points and stations"),
)
_PARTIES = Word("parties", "dane obu stron obok siebie", "both parties side by side")
_POINT_TABLE = Word(
    "points", "tabela punktów i stanowisk z sumą", "the table of points and stations with its total", required=True
)
_SIGNATURES = Word("signatures", "miejsca na podpisy obu stron", "places for both signatures", required=True)
_ANNEX = Word(
    "annex",
    "punktów jest tyle, że ich wykaz powinien być załącznikiem",
    "there are so many points that their list belongs into an annex",
)
_POINT = (
    Word("number", "liczba porządkowa", "place in the list"),
    Word("id", "ID punktu", "point id"),
    Word("name", "nazwa punktu", "name of the point"),
    Word("address", "adres punktu", "address of the point"),
    Word("buy", "stanowiska do zakupu", "stations to buy"),
    Word("exchange", "stanowiska do wymiany", "stations to exchange"),
)


def _ticket_paper(paper: str) -> Vocabulary:
    return Vocabulary(
        paper,
        values=(
            *_COMMON,
            Word("version", "wersja dokumentu", "version of the paper"),
            Word("completion_days", "liczba dni na wdrożenie", "days in which the installation has to be done"),
            *_POINTS,
        ),
        blocks=(_PARTIES, _POINT_TABLE, _SIGNATURES),
        facts=(_ANNEX, Word("by_quote", "typ zgłoszenia wymaga wyceny", "the type of the ticket asks for a quote")),
        lists={"points": _POINT},
    )


_QUOTE = Vocabulary(
    "quote",
    values=(
        *_COMMON,
        Word("quote.label", "numer wyceny, np. W/115/2", "label of the quote, e.g. W/115/2", required=True),
        Word("quote.number", "kolejny numer wyceny zgłoszenia", "number of the quote within the ticket"),
        Word("quote.valid_until", "dzień, do którego wycena jest ważna", "day until which the quote is valid"),
        Word("quote.net", "suma netto", "net sum"),
        Word("quote.vat", "suma VAT", "VAT"),
        Word("quote.gross", "suma brutto", "gross sum", required=True),
        Word("quote.gross_in_words", "suma brutto słownie", "gross sum in words"),
        Word("quote.remark", "uwagi", "remark"),
        *_POINTS,
    ),
    blocks=(
        _PARTIES,
        Word("lines", "tabela pozycji wyceny", "the table of the quote's lines", required=True),
        Word(
            "totals",
            "sumy według stawek VAT i kwota do zapłaty",
            "sums by VAT rate and the amount to pay",
            required=True,
        ),
        Word("choices", "pola „akceptuję” i „nie akceptuję”", "boxes to accept or decline", required=True),
        Word("points", _POINT_TABLE.pl, _POINT_TABLE.en),
        _SIGNATURES,
    ),
    facts=(_ANNEX, Word("has_points", "zgłoszenie ma punkty", "the ticket has points")),
    lists={
        "points": _POINT,
        "lines": (
            Word("number", "liczba porządkowa", "place in the list"),
            Word("name", "nazwa", "name"),
            Word("unit", "jednostka miary", "unit"),
            Word("quantity", "ilość", "quantity"),
            Word("unit_net", "cena netto", "net price"),
            Word("net", "wartość netto", "net value"),
            Word("vat_rate", "stawka VAT", "VAT rate"),
            Word("offer", "oferta specjalna i cena przed nią", "special offer and the price before it"),
        ),
        "vat_totals": (
            Word("rate", "stawka VAT", "VAT rate"),
            Word("net", "netto", "net"),
            Word("vat", "VAT", "VAT"),
            Word("gross", "brutto", "gross"),
        ),
    },
)

VOCABULARIES = {one.paper: one for one in (_QUOTE, _ticket_paper("contract"), _ticket_paper("power_of_attorney"))}
