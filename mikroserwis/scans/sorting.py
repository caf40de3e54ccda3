"""Which pages make up which paper: pages in any order, some of them blank, some unreadable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exports.marks import Mark


@dataclass(frozen=True)
class Leaf:
    """Page `page` (from 1) of the uploaded file `source` (from 0)."""

    source: int
    page: int
    mark: Mark | None
    blank: bool = False


@dataclass(frozen=True)
class Sheaf:
    """A whole paper, its leaves in the order of its pages; leaves without a mark were placed by their neighbours."""

    mark: Mark
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class Muddle:
    """Why the leaves are no whole papers. `code` and the keys of `detail`:

    several_versions: paper, versions · several_prints: paper, totals · page_twice: paper, page, leaves
    pages_missing: paper, pages, of · page_unread: leaves
    """

    code: str
    detail: Mapping[str, Any]


class Muddled(Exception):
    """Not every leaf has its place, or a paper lacks a page; `muddles` names each reason."""

    def __init__(self, muddles: Sequence[Muddle]) -> None:
        self.muddles = tuple(muddles)
        super().__init__(", ".join(one.code for one in muddles))

    @property
    def incomplete(self) -> bool:
        """Whether nothing is wrong but that pages are still to come."""
        return all(one.code == "pages_missing" for one in self.muddles)


def sort_leaves(leaves: Sequence[Leaf]) -> list[Sheaf]:
    """The papers that the leaves of one ticket make up, in the order of their first leaves; one of them has a mark.

    Blank leaves are left out. A leaf without a readable mark takes the place that is free for it where no other is
    possible; in an upload of a single paper what is left over follows its pages. Raises Muddled.
    """
    written = [leaf for leaf in leaves if leaf.mark is not None or not leaf.blank]
    papers: dict[str, list[tuple[Mark, Leaf]]] = {}
    for leaf in written:
        if leaf.mark is not None:
            papers.setdefault(leaf.mark.paper, []).append((leaf.mark, leaf))
    muddles = [muddle for paper, found in papers.items() for muddle in _mixed(paper, found)]
    if muddles:
        raise Muddled(muddles)
    wanted = {paper: found[0][0].pages for paper, found in papers.items()}
    places = _places(written, wanted)
    absent = {paper: sorted(set(range(1, wanted[paper] + 1)) - places[paper].keys()) for paper in wanted}
    placed = {leaf for pages in places.values() for leaf in pages.values()}
    unread = [leaf for leaf in written if leaf not in placed]
    alone = len(papers) == 1 and not any(absent.values())
    muddles = [
        Muddle("pages_missing", {"paper": paper, "pages": pages, "of": wanted[paper]})
        for paper, pages in absent.items()
        if pages
    ]
    if unread and not alone:
        muddles.append(Muddle("page_unread", {"leaves": unread}))
    if muddles:
        raise Muddled(muddles)
    return [
        Sheaf(papers[paper][0][0], (*(pages[page] for page in sorted(pages)), *unread))
        for paper, pages in places.items()
    ]


def _mixed(paper: str, found: Sequence[tuple[Mark, Leaf]]) -> list[Muddle]:
    """Pages of one paper that can't lie in one file."""
    versions, totals = sorted({mark.version for mark, _ in found}), sorted({mark.pages for mark, _ in found})
    if len(versions) > 1:
        return [Muddle("several_versions", {"paper": paper, "versions": versions})]
    if len(totals) > 1:
        return [Muddle("several_prints", {"paper": paper, "totals": totals})]
    by_page: dict[int, list[Leaf]] = {}
    for mark, leaf in found:
        by_page.setdefault(mark.page, []).append(leaf)
    return [
        Muddle("page_twice", {"paper": paper, "page": page, "leaves": same})
        for page, same in sorted(by_page.items())
        if len(same) > 1
    ]


def _places(written: Sequence[Leaf], wanted: Mapping[str, int]) -> dict[str, dict[int, Leaf]]:
    """Paper → page → leaf: what is read, and what is unread but has one place only.

    That is so when all leaves, in their order, are the papers' pages one after the other, upwards or downwards, or
    when a single leaf is unread and a single page is absent.
    """
    places: dict[str, dict[int, Leaf]] = {paper: {} for paper in wanted}
    for leaf in written:
        if leaf.mark is not None:
            places[leaf.mark.paper][leaf.mark.page] = leaf
    unread = [leaf for leaf in written if leaf.mark is None]
    upwards = [(paper, page) for paper, last in wanted.items() for page in range(1, last + 1)]
    downwards = [(paper, page) for paper, last in wanted.items() for page in range(last, 0, -1)]
    absent = [(paper, page) for paper, page in upwards if page not in places[paper]]
    for order in (upwards, downwards):
        if len(order) == len(written) and all(map(_fits, written, order)):
            return {
                paper: {page: leaf for leaf, (of, page) in zip(written, order, strict=True) if of == paper}
                for paper in wanted
            }
    if len(unread) == len(absent) == 1:
        [(paper, page)] = absent
        places[paper][page] = unread[0]
    return places


def _fits(leaf: Leaf, place: tuple[str, int]) -> bool:
    return leaf.mark is None or (leaf.mark.paper, leaf.mark.page) == place
