"""The retailer's power of attorney for the dealer, in Polish."""

from exports.papers import wording
from exports.papers.blocks import Block, Clause, Dateline, Heading, Paper, Parties, Prose, Signatory, Signatures, Title
from exports.papers.data import PaperData
from exports.plain import plain

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
    kind = plain(data.ticket_type_label)
    grant = (
        f"Mocodawca upoważnia Pełnomocnika do reprezentowania go wobec operatora M/platform w sprawach zgłoszenia "
        f"nr {data.ticket}{f' ({kind})' if kind else ''}, w szczególności do:"
    )
    flow: tuple[Block, ...] = (
        Dateline(f"{wording.blank_or(data.place)}, {wording.polish_date(data.made_on)}"),
        Title("Pełnomocnictwo", wording.subtitle(data)),
        Parties(wording.card("Mocodawca", data.company), wording.card("Pełnomocnik", data.dealer)),
        Heading("Zakres"),
        Prose(wording.glued(grant)),
        *(Clause(f"{number})", wording.glued(text)) for number, text in enumerate(_POWERS, 1)),
        Heading("Punkty i stanowiska"),
        *_points(data),
        Heading("Granice i czas trwania"),
        *(Clause(f"{number}.", wording.glued(text)) for number, text in enumerate(_LIMITS, 1)),
        Signatures(
            Signatory("Mocodawca", wording.blank_or(data.company.name)),
            Signatory("Przyjmuję pełnomocnictwo", wording.blank_or(data.dealer.name)),
        ),
        *(wording.annex(data) if _has_annex(data) else ()),
    )
    return Paper("power_of_attorney", "Pełnomocnictwo", wording.letterhead(data.dealer), flow)


def _has_annex(data: PaperData) -> bool:
    """With one point the whole paper fits on one page; more go on a page of their own."""
    return len(data.points) > 1


def _points(data: PaperData) -> tuple[Block, ...]:
    if _has_annex(data):
        return (Prose(f"{wording.counts(data)} Wykaz zawiera załącznik nr 1, który jest częścią pełnomocnictwa."),)
    return (wording.points_table(data),)
