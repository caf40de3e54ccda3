"""Uploaded files become papers: taken apart, put together, or taken as they are."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from mikroserwis import edge, scans
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.file_answers import LONGEST_NAME, clean_name
from mikroserwis.scans import Leaf, Muddle, Muddled, Sheaf, UnusableFile
from mikroserwis.storage import EmptyFile, TooLarge
from mikroserwis.tickets.operations.papers import BY_CODE, Origin, Upload

PAPER_NAMES = {
    "quote": "wycena",
    "contract": "umowa",
    "power_of_attorney": "pelnomocnictwo",
    "final_invoice": "faktura-koncowa",
}
Refusal = Invalid | UnusableFile | TooLarge | EmptyFile


@dataclass(frozen=True)
class Source:
    """A file that lies in the store and was looked into."""

    kind: str
    name: str
    sha256: str
    size: int
    content_type: str
    leaves: tuple[Leaf, ...]

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def marked(self) -> bool:
        return any(leaf.mark for leaf in self.leaves)


@dataclass(frozen=True)
class Batch:
    """What is filed together or not at all: places in what was asked, and the papers or why there are none."""

    places: tuple[int, ...]
    kind: str
    uploads: tuple[Upload, ...] = ()
    refusal: Refusal | None = None


class Sorting:
    """Which of the files make up papers, alone or together."""

    def __init__(self, number: int, sources: Mapping[int, Source]) -> None:
        self._number = number
        self._sources = sources

    def batches(self) -> list[Batch]:
        done, loose = [], []
        for place, source in self._sources.items():
            if source.marked:
                batch = self._sorted([place])
                if batch.refusal is not None and _waits(batch.refusal):
                    loose.append(place)
                else:
                    done.append(batch)
        groups = [self._with_unread(group) for group in self._joined(loose)]
        taken = {place for group in groups for place in group}
        unmarked = [place for place, source in self._sources.items() if not source.marked and place not in taken]
        return [*done, *map(self._sorted, groups), *self._as_chosen(unmarked)]

    def _joined(self, loose: Sequence[int]) -> list[list[int]]:
        """Incomplete files that hold pages of the same papers."""
        groups: list[tuple[set[str], list[int]]] = []
        for place in loose:
            papers, places = {leaf.mark.paper for leaf in self._leaves([place]) if leaf.mark}, [place]
            for group in [one for one in groups if one[0] & papers]:
                groups.remove(group)
                papers, places = papers | group[0], [*group[1], *places]
            groups.append((papers, sorted(places)))
        return [places for _papers, places in groups]

    def _with_unread(self, group: list[int]) -> list[int]:
        """With pictures that the person says are of this paper, if they are as many as its absent pages."""
        leaves = self._leaves(group)
        papers = {leaf.mark.paper: leaf.mark.pages for leaf in leaves if leaf.mark}
        pictures = [
            place
            for place, source in self._sources.items()
            if source.is_picture and not source.marked and source.kind in papers
        ]
        fit = len(papers) == 1 and len(leaves) + len(pictures) == sum(papers.values())
        return sorted([*group, *pictures]) if fit else group

    def _leaves(self, places: Iterable[int]) -> list[Leaf]:
        return [leaf for place in places for leaf in self._sources[place].leaves]

    def _sorted(self, places: Sequence[int]) -> Batch:
        """The papers that these files make up."""
        try:
            sheaves = scans.sort_leaves(self._leaves(places))
            uploads = tuple(self._paper(sheaf, len(sheaves)) for sheaf in sheaves)
        except Muddled as muddled:
            return Batch(tuple(places), BY_CODE, refusal=self._invalid(places, muddled))
        except (UnusableFile, TooLarge) as refusal:
            return Batch(tuple(places), BY_CODE, refusal=refusal)
        return Batch(tuple(places), BY_CODE, uploads)

    def _as_chosen(self, places: Sequence[int]) -> list[Batch]:
        """Files without a code: several pictures of one kind are the pages of one paper."""
        together: dict[str, list[int]] = {}
        batches = []
        for place in places:
            source = self._sources[place]
            if source.kind == BY_CODE:
                unknown = Invalid([FieldError("kind", "no_code_found", {"name": source.name})])
                batches.append(Batch((place,), BY_CODE, refusal=unknown))
            elif source.is_picture and source.kind != "other":
                together.setdefault(source.kind, []).append(place)
            else:
                batches.append(Batch((place,), source.kind, (self._upload(source.leaves, source.kind),)))
        for kind, pictures in together.items():
            try:
                batches.append(Batch(tuple(pictures), kind, (self._upload(self._leaves(pictures), kind),)))
            except (UnusableFile, TooLarge) as refusal:
                batches.append(Batch(tuple(pictures), kind, refusal=refusal))
        return batches

    def _paper(self, sheaf: Sheaf, papers: int) -> Upload:
        return self._upload(sheaf.leaves, sheaf.mark.paper, named=papers > 1)

    def _upload(self, leaves: Sequence[Leaf], kind: str, *, named: bool = False) -> Upload:
        """The file as it came if these are all its pages in their order, else a PDF of them."""
        first = self._sources[leaves[0].source]
        marks = tuple(leaf.mark for leaf in leaves)
        if tuple(leaves) == first.leaves:
            return Upload(first.name, first.sha256, first.size, first.content_type, len(leaves), marks)
        sources = [self._sources[place] for place in dict.fromkeys(leaf.source for leaf in leaves)]
        store = edge.parts().store
        wanted = [(self._sources[leaf.source], leaf.page) for leaf in leaves]
        with ExitStack() as files:
            paths = {one: files.enter_context(store.at_hand(one)) for one in {one.sha256 for one, _page in wanted}}
            bound = scans.bind([(paths[one.sha256], one.content_type, page) for one, page in wanted])
        stored = store.put(BytesIO(bound), limit=edge.parts().settings.upload_limit)
        digest = hashlib.sha256("\n".join(f"{one.sha256} {page}" for one, page in wanted).encode()).hexdigest()
        alone = len(sources) == 1
        origin = Origin(
            ", ".join(one.name for one in sources)[:LONGEST_NAME],
            digest,
            ranges([page for _source, page in wanted]) if alone else "",
        )
        name = self._name(first, kind, named=named) if alone else f"{self._number}-{PAPER_NAMES.get(kind, kind)}.pdf"
        return Upload(name, stored.sha256, stored.size, scans.PDF, len(leaves), marks, origin)

    def _name(self, source: Source, kind: str, *, named: bool) -> str:
        stem = PurePosixPath(source.name).stem
        return clean_name(f"{stem[:200]}-{PAPER_NAMES.get(kind, kind)}.pdf" if named else f"{stem[:250]}.pdf")

    def _invalid(self, places: Sequence[int], muddled: Muddled) -> Invalid:
        common = {
            "name": ", ".join(self._sources[place].name for place in places),
            "several": len({leaf.mark.paper for leaf in self._leaves(places) if leaf.mark}) > 1,
        }
        return Invalid([FieldError("file", one.code, common | self._params(one)) for one in muddled.muddles])

    def _params(self, muddle: Muddle) -> dict[str, Any]:
        found = dict(muddle.detail)
        leaves: list[Leaf] = found.pop("leaves", [])
        at = [(self._sources[leaf.source].name, leaf.page) for leaf in leaves]
        return {**found, **({"at": at} if leaves else {})}


def _waits(refusal: Refusal) -> bool:
    """Whether other pages may still make the paper whole."""
    return isinstance(refusal, Invalid) and all(one.code == "pages_missing" for one in refusal.errors)


def ranges(pages: Iterable[int]) -> str:
    """Page numbers for people: `1–3, 5`; in the order given."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
