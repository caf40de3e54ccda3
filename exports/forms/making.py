"""A form filled for one ticket, laid out and written like the shipped papers: fonts, head, foot and marks are ours."""

from exports.forms.filling import filling
from exports.forms.model import Code, Filling, Place, Problem, Rendered, UnusableForm
from exports.forms.reading import read
from exports.forms.rendering import blocks
from exports.papers.blocks import Block, Paper
from exports.papers.data import PaperData, QuoteData
from exports.papers.pages import Layout, laid_out
from exports.papers.pdf import pdf_bytes
from exports.papers.rich_measure import TooTall
from exports.papers.word import docx_bytes

MOST_PAGES = 60


def render(paper: str, data: PaperData | QuoteData, form: bytes) -> Rendered:
    """The paper (a file kind) of a ticket on this form, as DOCX and PDF.

    Raises UnusableForm, which names what is wrong and where.
    """
    source = read(form, paper)
    if source.refusals:
        raise UnusableForm(source.refusals)
    filled = filling(paper, data)
    layout = placed(filled, blocks(source, filled))
    return Rendered(docx_bytes(layout, data.made_on), pdf_bytes(layout, data.made_on))


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
