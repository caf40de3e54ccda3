"""Forms on their way in, and papers made on them for a look."""

from dataclasses import replace
from typing import BinaryIO, cast

from werkzeug.datastructures import FileStorage

from exports import forms
from exports.forms import Problem, Rendered, sample_quote
from exports.papers import PaperData, QuoteData
from mikroserwis import edge, printing
from mikroserwis.errors import Blocker, FieldError, Invalid, NotFound, Refused
from mikroserwis.file_answers import clean_name
from mikroserwis.models import PaperForm, Ticket
from mikroserwis.paper_forms.operations import Upload
from mikroserwis.pricing import today
from mikroserwis.printing import paper_data
from mikroserwis.scans import UnusableFile
from mikroserwis.scans import forms as form_scans

LARGEST, LONGEST_NUMBER = 5_000_000, 15


def receive(given: FileStorage | None, paper: str) -> tuple[Upload, tuple[Problem, ...]]:
    """Store and check a form of this paper before a transaction begins; what comes with it are warnings.

    Raises Invalid with all that is wrong, TooLarge, EmptyFile, StorageFull, Busy.
    """
    if given is None or not given.filename:
        raise Invalid([FieldError("file", "required")])
    store, name = edge.parts().store, clean_name(given.filename)
    stored = store.put(cast(BinaryIO, given.stream), limit=LARGEST)
    try:
        with store.at_hand(stored.sha256) as path:
            problems = form_scans.check(path, name, paper)
    except UnusableFile as error:
        params = {"unusable": error.code, "detail": error.detail}
        raise Invalid([FieldError("file", "form_file", params)]) from error
    refuse(problems)
    return Upload(name, stored.sha256, stored.size), problems


def refuse(problems: tuple[Problem, ...]) -> None:
    """Raises Invalid with each problem that stands in the way."""
    wrong = [FieldError("file", "form_refused", {"problem": one}) for one in problems if one.refused]
    if wrong:
        raise Invalid(wrong)


def recheck(form: PaperForm) -> tuple[Problem, ...]:
    """What is wrong with a form that was accepted once: what a form may say can have changed since."""
    return forms.check(content(form), form.paper)


def content(form: PaperForm) -> bytes:
    return printing.content(edge.parts().store, form)


def tried(paper: str, form: bytes, ticket: Ticket) -> Rendered:
    """The paper of a real ticket on this form, with a head that says it isn't to be signed. Raises UnusableForm."""
    return forms.render(paper, _data(paper, ticket), form, trial=True)


def trial(paper: str, form: PaperForm | None, ticket: Ticket, ending: str) -> bytes:
    """The same as `pdf` or `docx`; None is the shipped form. Raises Refused with the reasons."""
    try:
        made = tried(paper, content(form) if form else forms.shipped(paper), ticket)
    except forms.UnusableForm as error:
        params = {"paper": paper, "number": form.number if form else 0, "problems": error.problems}
        raise Refused("trial", [Blocker("trial_fails", params)]) from error
    return made.docx if ending == "docx" else made.pdf


def parse_number(text: str) -> int:
    """A ticket's number as it was typed. Raises Invalid for nothing, NotFound for what can't be one."""
    if not text:
        raise Invalid([FieldError("ticket", "required")])
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise NotFound(record="ticket", id=text[:LONGEST_NUMBER])
    return int(text)


def _data(paper: str, ticket: Ticket) -> PaperData | QuoteData:
    """A quote is tried with made-up lines: a ticket may have none yet."""
    data = paper_data(ticket, today(edge.now()))
    if paper != "quote":
        return data
    return replace(
        sample_quote(0),
        ticket=data.ticket,
        number=1,
        ticket_type_label=data.ticket_type_label,
        company=data.company,
        dealer=data.dealer,
        points=data.points,
        place=data.place,
    )
