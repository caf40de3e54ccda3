"""The retailer's power of attorney for the dealer, in Polish."""

from collections.abc import Iterator

from exports.papers import wording
from exports.papers.blocks import Block, Clause, Dateline, Heading, Paper, Parties, Prose, Signatory, Signatures, Title
from exports.papers.data import PaperData
from exports.papers.terms import Terms, Worded, terms_of

TITLE = "Pełnomocnictwo"
_POWERS = (
    "zgłaszania i rejestrowania w M/platform punktów handlowo-usługowych i stanowisk Mocodawcy,",
    "podawania i poprawiania danych firmy, punktów i stanowisk oraz odbierania ich identyfikatorów,",
    "przekazywania operatorowi podpisanych dokumentów i ich skanów oraz odbierania potwierdzeń,",
    "składania i odbierania oświadczeń dotyczących uruchomienia stanowisk i sprawdzenia ich łączności.",
)
_LIMITS = (
    "Pełnomocnictwo nie obejmuje zaciągania zobowiązań finansowych ani odbioru należności Mocodawcy.",
    "Dalsze pełnomocnictwo wymaga pisemnej zgody Mocodawcy.",
    "Pełnomocnictwo wygasa z zamknięciem zgłoszenia; do tego czasu można je odwołać na piśmie.",
)


def power_of_attorney(data: PaperData) -> Paper:
    return POWER_OF_ATTORNEY.paper(data)


def _terms(data: PaperData) -> Terms:
    return terms_of(
        data,
        Parties(wording.card("Mocodawca", data.company), wording.card("Pełnomocnik", data.dealer)),
        Signatures(
            Signatory("Mocodawca", wording.blank_or(data.company.name)),
            Signatory("Przyjmuję pełnomocnictwo", wording.blank_or(data.dealer.name)),
        ),
        _facts(data),
    )


def _facts(data: PaperData) -> dict[str, bool]:
    """With one point the whole paper fits on one page; more go on a page of their own."""
    return {"annex": len(data.points) > 1, "by_quote": data.by_quote}


def _flow(terms: Terms) -> Iterator[Block]:
    grant = (
        "Mocodawca upoważnia Pełnomocnika do reprezentowania go wobec operatora M/platform w sprawach zgłoszenia "
        f"nr {terms.ticket}{terms.kind}, w szczególności do:"
    )
    annexed = Prose(
        wording.glued(f"{terms.points_summary} Wykaz zawiera załącznik nr 1, który jest częścią pełnomocnictwa.")
    )
    yield from (Dateline(terms.dateline), Title(TITLE, terms.subtitle), terms.parties)
    yield Heading("Zakres")
    yield Prose(wording.glued(grant))
    yield from (Clause(f"{number})", wording.glued(text)) for number, text in enumerate(_POWERS, 1))
    yield Heading(wording.glued("Punkty i stanowiska"))
    yield from terms.choose("annex", (annexed,), (terms.points,))
    yield Heading(wording.glued("Granice i czas trwania"))
    yield from (Clause(f"{number}.", wording.glued(text)) for number, text in enumerate(_LIMITS, 1))
    yield terms.signatures
    yield from terms.choose("annex", wording.annex_of(terms.points_summary, terms.points), ())


POWER_OF_ATTORNEY = Worded("power_of_attorney", TITLE, _terms, _facts, _flow)
