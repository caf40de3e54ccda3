"""Is this DOCX a form of that paper? What is unknown, missing or can't be kept is named with its place."""

import re
from collections.abc import Iterator
from dataclasses import asdict

from exports.forms.filling import filling
from exports.forms.making import placed
from exports.forms.model import Code, Filling, Problem, UnusableForm, Vocabulary
from exports.forms.reading import read
from exports.forms.rendering import blocks
from exports.forms.samples import samples
from exports.forms.source import Source
from exports.forms.vocabulary import VOCABULARIES
from exports.papers.blocks import Block
from exports.papers.pdf import texts


def check(form: bytes, paper: str) -> tuple[Problem, ...]:
    """All that is wrong with a form of `paper` (a key of VOCABULARIES), refusals first; empty for a sound one.

    A form without refusals has been filled with sample tickets of every sort: with one point and with many, and so on.
    """
    try:
        source = read(form, paper)
        found = list(source.problems)
        if not source.refusals:
            found.extend(_tried(source, paper))
    except UnusableForm as refusal:
        found = list(refusal.problems)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: not one.refused))


def _tried(source: Source, paper: str) -> Iterator[Problem]:
    """What is missing in papers made on the form; `hint` names the sort of ticket unless it is missing in all."""
    missing: dict[str, list[str]] = {}
    cases = list(samples(paper))
    for case, data in cases:
        filled = filling(paper, data)
        flow = blocks(source, filled)
        placed(filled, flow)
        for name in _missing(VOCABULARIES[paper], filled, flow):
            missing.setdefault(name, []).append(case)
    for name, where in missing.items():
        yield Problem(Code.MISSING, found=name, hint="" if len(where) == len(cases) else where[0])


def _missing(vocabulary: Vocabulary, filled: Filling, flow: tuple[Block, ...]) -> Iterator[str]:
    """Required placeholders of which something wasn't printed. What a ready block prints counts."""
    printed = _squeezed("".join(text for block in flow for text in texts(asdict(block))))
    for one in (*vocabulary.values, *vocabulary.blocks):
        ready = filled.blocks.get(one.name, ())
        if one.required and not (ready and all(block in flow for block in ready)):
            expected = _expected(one.name, filled)
            if not expected or not all(_squeezed(text) in printed for text in expected):
                yield one.name


def _expected(name: str, filled: Filling) -> list[str]:
    """The texts that tell that a placeholder's meaning was printed; none for what only its block can be."""
    if name in ("points", "lines"):
        return [str(one["name"]) for one in filled.values[name]]
    if name in filled.blocks:
        return []
    first, _, rest = name.partition(".")
    return [str(filled.values[first][rest])]


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text).lower()
