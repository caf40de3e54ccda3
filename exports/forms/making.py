"""A form filled for one ticket, laid out and written like the shipped papers: fonts, head, foot and marks are ours."""

from dataclasses import replace

from exports.forms.filling import filling
from exports.forms.model import Code, Filling, Place, Problem, Rendered, UnusableForm
from exports.forms.reading import read
from exports.forms.rendering import blocks
from exports.papers.blocks import Block, Paper
from exports.papers.data import PaperData, QuoteData
from exports.papers.pages import Layout, laid_out
from exports.papers.rich_measure import TooTall

MOST_PAGES = 60
TRIAL = "PODGLĄD – nie podpisywać"


def render(paper: str, data: PaperData | QuoteData, form: bytes, *, trial: bool = False) -> Rendered:
    """The paper (a file kind) of a ticket on this form; a `trial` says on every page that it isn't to be signed.

    Raises UnusableForm, which names what is wrong and where.
    """
    source = read(form, paper)
    if source.refusals:
        raise UnusableForm(source.refusals)
    filled = filling(paper, data)
    if trial:
        filled = replace(filled, letterhead=replace(filled.letterhead, name=TRIAL))
    return Rendered(placed(filled, blocks(source, filled)), data.made_on)


def placed(filled: Filling, flow: tuple[Block, ...]) -> Layout:
    """The blocks on pages. Raises UnusableForm where they find no place."""
    paper = Paper(filled.paper, filled.title, filled.letterhead, flow)
    try:
        layout = laid_out(paper, filled.ticket, filled.version)
    except TooTall as error:
        raise UnusableForm([Problem(Code.ROW_TOO_TALL, Place(error.text))]) from error
    if len(layout.pages) > MOST_PAGES:
        raise UnusableForm([Problem(Code.TOO_MANY_PAGES, found=str(MOST_PAGES))])
    return layout
