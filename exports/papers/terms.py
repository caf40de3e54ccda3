"""What the wording of contract and power of attorney takes from its ticket."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from exports.papers import wording
from exports.papers.blocks import Block, Paper, Parties, Signatures
from exports.papers.data import PaperData
from exports.plain import plain

Blocks = tuple[Block, ...]


@dataclass(frozen=True)
class Terms:
    """Values for the paper itself, placeholders for its form.

    `choose(fact, these, those)` gives these blocks where the fact (`by_quote`, `annex`) holds, else those.
    """

    ticket: str
    kind: str
    version: str
    place: str
    made_on: str
    completion_days: str
    points_summary: str
    parties: Block
    points: Block
    signatures: Block
    choose: Callable[[str, Blocks, Blocks], Blocks]

    @property
    def dateline(self) -> str:
        return f"{self.place}, {self.made_on}"

    @property
    def subtitle(self) -> str:
        return f"do zgłoszenia nr {self.ticket}{self.kind}, wersja {self.version}"


def terms_of(data: PaperData, parties: Parties, signatures: Signatures, facts: dict[str, bool]) -> Terms:
    kind = plain(data.ticket_type_label)
    return Terms(
        ticket=str(data.ticket),
        kind=f" ({kind})" if kind else "",
        version=str(data.version),
        place=wording.blank_or(data.place),
        made_on=wording.polish_date(data.made_on),
        completion_days=str(data.completion_days),
        points_summary=wording.counts(data),
        parties=parties,
        points=wording.points_table(data),
        signatures=signatures,
        choose=lambda fact, these, those: these if facts[fact] else those,
    )


@dataclass(frozen=True)
class Worded:
    """One paper's wording: its title, what it takes from a ticket, which facts decide, and the text itself."""

    kind: str
    title: str
    terms: Callable[[PaperData], Terms]
    facts: Callable[[PaperData], dict[str, bool]]
    flow: Callable[[Terms], Iterable[Block]]

    def paper(self, data: PaperData) -> Paper:
        return Paper(self.kind, self.title, wording.letterhead(data.dealer), tuple(self.flow(self.terms(data))))
