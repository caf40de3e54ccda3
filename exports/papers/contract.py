"""The installation contract between a dealer and a retailer, in Polish."""

from collections.abc import Iterator

from exports.papers import wording
from exports.papers.blocks import Block, Clause, Dateline, Heading, Paper, Parties, Prose, Signatory, Signatures, Title
from exports.papers.data import PaperData
from exports.papers.terms import Terms, Worded, terms_of

TITLE = "Umowa o wdrożenie M/platform"
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
_TRANSFER = (
    "Zapłata następuje przelewem na rachunek Dealera wskazany w komparycji, w terminie podanym na fakturze, "
    "wystawionej po zakończeniu wdrożenia."
)
_QUOTED = (
    "Wynagrodzenie Dealera wynika z wyceny przedstawionej Detaliście na obowiązującym formularzu i przez niego "
    "zaakceptowanej. Kwota brutto faktury końcowej jest równa kwocie brutto tej wyceny.",
    "Prace nieobjęte wyceną wymagają nowej wyceny, zaakceptowanej przed ich rozpoczęciem.",
)
_AGREED = "Wynagrodzenie Dealera strony uzgadniają na piśmie przed rozpoczęciem prac."
_DEADLINE = "Dealer zakończy wdrożenie we wszystkich punktach w ciągu {days} dni od przyjęcia zgłoszenia."
_DELAYS = (
    "Termin nie biegnie w czasie, w którym wdrożenie wstrzymano na życzenie Detalisty lub z powodu braku "
    "współdziałania, o które Dealer się zwrócił.",
    "Jeżeli Dealer nie dotrzyma terminu, operator M/platform może powierzyć wdrożenie innemu dealerowi; "
    "Detalista płaci wtedy Dealerowi wyłącznie za prace wykonane i odebrane.",
)


def contract(data: PaperData) -> Paper:
    return CONTRACT.paper(data)


def _terms(data: PaperData) -> Terms:
    return terms_of(
        data,
        Parties(wording.card("Detalista", data.company), wording.card("Dealer", data.dealer, paid=True)),
        Signatures(
            Signatory("Detalista", wording.blank_or(data.company.name)),
            Signatory("Dealer", wording.blank_or(data.dealer.name)),
        ),
        _facts(data),
    )


def _facts(data: PaperData) -> dict[str, bool]:
    """More points than four would push the signatures to a page of their own, so they go into an annex."""
    return {"annex": len(data.points) > 4, "by_quote": data.by_quote}


def _flow(terms: Terms) -> Iterator[Block]:
    subject = (
        f"Dealer wdroży u Detalisty M/platform w ramach zgłoszenia nr {terms.ticket}{terms.kind}, "
        "w punktach i na stanowiskach wymienionych w § 2."
    )
    annexed = Prose(wording.glued(f"{terms.points_summary} Wykaz zawiera załącznik nr 1, który jest częścią umowy."))
    yield from (Dateline(terms.dateline), Title(TITLE, terms.subtitle), Prose("zawarta pomiędzy:"), terms.parties)
    yield from _clauses("§ 1. Przedmiot umowy", subject, _SCOPE, _DONE)
    yield Heading(wording.glued("§ 2. Punkty i stanowiska"))
    yield from terms.choose("annex", (annexed,), (terms.points,))
    yield from _clauses("§ 3. Obowiązki Dealera", *_DEALER_DUTIES)
    yield from _clauses("§ 4. Obowiązki Detalisty", *_RETAILER_DUTIES)
    yield Heading(wording.glued("§ 5. Wynagrodzenie"))
    yield from terms.choose("by_quote", _numbered(*_QUOTED, _TRANSFER), _numbered(_AGREED, _TRANSFER))
    yield from _clauses("§ 6. Terminy", _DEADLINE.format(days=terms.completion_days), *_DELAYS)
    yield from _clauses("§ 7. Dane osobowe i poufność", *_PRIVACY)
    yield from _clauses("§ 8. Postanowienia końcowe", *_FINAL)
    yield terms.signatures
    yield from terms.choose("annex", wording.annex_of(terms.points_summary, terms.points), ())


def _clauses(heading: str, *texts: str) -> tuple[Block, ...]:
    return (Heading(wording.glued(heading)), *_numbered(*texts))


def _numbered(*texts: str) -> tuple[Block, ...]:
    return tuple(Clause(f"{number}.", wording.glued(text)) for number, text in enumerate(texts, 1))


CONTRACT = Worded("contract", TITLE, _terms, _facts, _flow)
