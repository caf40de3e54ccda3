"""The demo's training material: a text, a checklist to print, a link and a draft."""

from datetime import datetime, timedelta
from io import BytesIO

import typst
from sqlalchemy.orm import Session

from exports.papers.measure import FONT_FILES
from mikroserwis.access import Actor
from mikroserwis.rulebook import RULES
from mikroserwis.storage import Store
from mikroserwis.training import operations
from mikroserwis.training.forms import Content, Pdf

STEPS = """\
Od zgłoszenia do działających stanowisk prowadzi osiem kroków. Strona zgłoszenia zawsze pokazuje, który jest następny.

1. **Znajdź zgłoszenie** na liście i podejmij je w ciągu 3 dni; później trafi do innego dealera.
2. **Sprawdź dane firmy** z dokumentem w ręku: z nich powstają umowa i pełnomocnictwo.
3. **Przygotuj wycenę** z cennika. Pamiętaj o specjalnej ofercie na oprogramowanie.
4. **Wydrukuj** umowę i pełnomocnictwo, zawieź je detaliście razem z wyceną i zbierz podpisy.
5. **Wgraj skany** w ciągu 7 dni, najpierw wycenę. Kody na stronach same rozpoznają, co jest czym.
6. **Wyeksportuj skany** do Backoffice i poczekaj na potwierdzenie.
7. **Podejmij podzgłoszenia**, zapisz numer punktu i zainstaluj stanowiska.
8. **Zamknij podzgłoszenia**, gdy każde stanowisko łączy się z M/platform. Zgłoszenie zamknie się samo.

## Gdy coś się opóźnia

- Dodaj aktualną uwagę: widzą ją także pracownicy.
- Detalista się zastanawia? Wgraj wycenę i zawieś zgłoszenie, a termin poczeka.
- Coś stoi na przeszkodzie? Zadzwoń na infolinię, zanim minie termin.
"""
FISCAL = """\
Kasa fiskalna nie wymaga wyceny ani połączenia z M/platform.

- Umowa i pełnomocnictwo wystarczą, by wyeksportować skany.
- Po fiskalizacji dopisz w uwadze numer unikatowy kasy.
"""
CHECKLIST = """\
#set page(paper: "a4", margin: 2.2cm)
#set text(font: "Inter", size: 11pt, lang: "pl")
#set par(leading: 0.75em)
#show heading: set block(below: 1em, above: 1.6em)
#let box_ = box(width: 0.85em, height: 0.85em, stroke: 0.8pt, radius: 1.5pt, baseline: 0.1em)
#let point(words) = block(below: 0.9em)[#box_ #h(0.6em) #words]
= Lista kontrolna instalacji PC-POS
Punkt: #box(width: 1fr, repeat[.]) #h(1em) Data: #box(width: 5cm, repeat[.])
== Przed wyjazdem
#point[Numer punktu handlowo-usługowego zapisany]
#point[Liczba stanowisk zgadza się z podzgłoszeniem]
#point[Godziny otwarcia uzgodnione z osobą na miejscu]
== Na miejscu
#point[Adres serwera M/platform i identyfikator sklepu wpisane na każdym stanowisku]
#point[Każde stanowisko wysłało pierwszy paragon]
#point[Drukarka fiskalna i terminal płatniczy odpowiadają]
#point[Detalista przeszkolony; wie, gdzie szukać pomocy]
== Po powrocie
#point[Podzgłoszenie zamknięte, łączność potwierdzona]
#point[Faktura końcowa równa wycenie]
"""


def enter(session: Session, store: Store, keeper: Actor, now: datetime) -> None:
    """The newest was published yesterday; nobody has opened any but the keeper."""
    file = _checklist(store)
    entries: tuple[tuple[int, Content, Pdf | None], ...] = (
        (60, _content("text", "Fiskalizacja krok po kroku", "Szkic w opracowaniu.", ("fiscal",), text=FISCAL), None),
        (45, _instructions(), None),
        (20, _content("pdf", "Lista kontrolna instalacji", "Do wydruku i zabrania do sklepu.", ("insoft",)), file),
        (1, _content("text", "Osiem kroków zgłoszenia", "Cała droga na jednej stronie.", (), text=STEPS), None),
    )
    for days, content, pdf in entries:
        operations.add_material(session, content, pdf, actor=keeper, now=now - timedelta(days=days))


def _instructions() -> Content:
    summary = "Szczegóły instalacji M/platform z PC-POS i wzór wyceny."
    return _content("link", "Strona instalacji", summary, ("insoft",), url=RULES.contacts.installation_page)


def _content(kind: str, title: str, summary: str, types: tuple[str, ...], *, text: str = "", url: str = "") -> Content:
    published = not summary.startswith("Szkic")
    return Content(kind=kind, title=title, summary=summary, types=types, text=text, url=url, published=published)


def _checklist(store: Store) -> Pdf:
    made = typst.compile(CHECKLIST.encode(), format="pdf", font_paths=[FONT_FILES], ignore_system_fonts=True)
    stored = store.put(BytesIO(made), limit=len(made))
    return Pdf("lista-kontrolna.pdf", stored.sha256, stored.size, 1)
