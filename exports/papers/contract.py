"""The installation contract between a dealer and a retailer, in Polish."""

from collections.abc import Iterator

from exports.papers import wording
from exports.papers.blocks import Block, Clause, Dateline, Heading, Paper, Parties, Prose, Signatory, Signatures, Title
from exports.papers.data import PaperData
from exports.plain import plain

_SCOPE = (
    "Wdrożenie obejmuje przygotowanie stanowisk, instalację lub wymianę oprogramowania albo urządzeń, wpisanie adresu "
    "serwera M/platform i identyfikatorów punktów, próbę łączności każdego stanowiska oraz przeszkolenie obsługi."
)
_DONE = (
    "Wdrożenie w punkcie jest zakończone, gdy każde jego stanowisko łączy się z M/platform, a Detalista otrzymał "
    "informacje potrzebne do samodzielnej pracy."
)
_DEALER_DUTIES = (
    "Dealer wykonuje prace z należytą starannością, w godzinach uzgodnionych z Detalistą i tak, aby przerwy "
    "w sprzedaży były możliwie krótkie.",
    "Dealer odpowiada za zgodność konfiguracji z danymi punktów podanymi w niniejszej umowie i niezwłocznie zawiadamia "
    "Detalistę o przeszkodach, które mogą opóźnić wdrożenie.",
)
_RETAILER_DUTIES = (
    "Detalista udostępnia punkty i stanowiska w uzgodnionych terminach, zapewnia zasilanie i dostęp do internetu oraz "
    "wskazuje osobę, która bierze udział w przeszkoleniu.",
    "Detalista oświadcza, że dane firmy i punktów podane w umowie są prawdziwe, i zawiadamia Dealera o ich zmianie.",
)
_PRIVACY = (
    "Każda ze stron jest administratorem danych osób reprezentujących drugą stronę i wskazanych do kontaktu. "
    "Przetwarza je wyłącznie w celu zawarcia, wykonania i rozliczenia umowy oraz przez czas wymagany przepisami.",
    "Dane firmy, punktów i stanowisk są przekazywane operatorowi M/platform w zakresie potrzebnym do ich rejestracji "
    "i sprawdzenia łączności. Strony zachowują w poufności informacje handlowe uzyskane przy wdrożeniu.",
)
_FINAL = (
    "Do reprezentowania wobec operatora M/platform Detalista udziela Dealerowi odrębnego pełnomocnictwa.",
    "Zmiana umowy wymaga formy pisemnej pod rygorem nieważności. W sprawach nieuregulowanych stosuje się przepisy "
    "Kodeksu cywilnego.",
    "Umowę sporządzono w dwóch jednobrzmiących egzemplarzach, po jednym dla każdej ze stron.",
)


def contract(data: PaperData) -> Paper:
    flow: tuple[Block, ...] = (
        Dateline(f"{wording.blank_or(data.place)}, {wording.polish_date(data.made_on)}"),
        Title("Umowa o wdrożenie M/platform", wording.subtitle(data)),
        Prose("zawarta pomiędzy:"),
        Parties(wording.card("Detalista", data.company), wording.card("Dealer", data.dealer, paid=True)),
        *_sections(data),
        Signatures(
            Signatory("Detalista", wording.blank_or(data.company.name)),
            Signatory("Dealer", wording.blank_or(data.dealer.name)),
        ),
        *(wording.annex(data) if _has_annex(data) else ()),
    )
    return Paper("contract", "Umowa o wdrożenie M/platform", wording.letterhead(data.dealer), flow)


def _sections(data: PaperData) -> Iterator[Block]:
    kind = plain(data.ticket_type_label)
    subject = (
        f"Dealer wdroży u Detalisty M/platform w ramach zgłoszenia nr {data.ticket}{f' ({kind})' if kind else ''}, "
        "w punktach i na stanowiskach wymienionych w § 2."
    )
    yield from _clauses("§ 1. Przedmiot umowy", subject, _SCOPE, _DONE)
    yield Heading("§ 2. Punkty i stanowiska")
    if _has_annex(data):
        yield Prose(f"{wording.counts(data)} Wykaz zawiera załącznik nr 1, który jest częścią umowy.")
    else:
        yield wording.points_table(data)
    yield from _clauses("§ 3. Obowiązki Dealera", *_DEALER_DUTIES)
    yield from _clauses("§ 4. Obowiązki Detalisty", *_RETAILER_DUTIES)
    yield from _clauses("§ 5. Wynagrodzenie", *_pay(data))
    yield from _clauses("§ 6. Terminy", *_deadlines(data))
    yield from _clauses("§ 7. Dane osobowe i poufność", *_PRIVACY)
    yield from _clauses("§ 8. Postanowienia końcowe", *_FINAL)


def _has_annex(data: PaperData) -> bool:
    """More points than these would push the signatures to a page of their own."""
    return len(data.points) > 4


def _clauses(heading: str, *texts: str) -> Iterator[Block]:
    yield Heading(wording.glued(heading))
    for number, text in enumerate(texts, 1):
        yield Clause(f"{number}.", wording.glued(text))


def _pay(data: PaperData) -> tuple[str, ...]:
    transfer = (
        "Zapłata następuje przelewem na rachunek Dealera wskazany w komparycji, w terminie podanym na fakturze, "
        "wystawionej po zakończeniu wdrożenia."
    )
    if data.by_quote:
        return (
            "Wynagrodzenie Dealera wynika z wyceny przedstawionej Detaliście na obowiązującym formularzu i przez niego "
            "zaakceptowanej. Kwota brutto faktury końcowej jest równa kwocie brutto tej wyceny.",
            "Prace nieobjęte wyceną wymagają nowej wyceny, zaakceptowanej przed ich rozpoczęciem.",
            transfer,
        )
    return ("Wynagrodzenie Dealera strony uzgadniają na piśmie przed rozpoczęciem prac.", transfer)


def _deadlines(data: PaperData) -> tuple[str, ...]:
    return (
        f"Dealer zakończy wdrożenie we wszystkich punktach w ciągu {data.completion_days} dni od przyjęcia zgłoszenia.",
        "Termin nie biegnie w czasie, w którym wdrożenie wstrzymano na życzenie Detalisty lub z powodu braku "
        "współdziałania, o które Dealer się zwrócił.",
        "Jeżeli Dealer nie dotrzyma terminu, operator M/platform może powierzyć wdrożenie innemu dealerowi; "
        "Detalista płaci wtedy Dealerowi wyłącznie za prace wykonane i odebrane.",
    )
