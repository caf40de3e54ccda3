"""Whether a quote that comes back as DOCX or XLSX is still the form that was made for its ticket."""

from exports.marks import Mark
from exports.papers import QuoteData, quote_docx, quote_xlsx
from exports.quotes.comparing import Difference, Form, compared
from exports.quotes.package import Unreadable, main_part, opened
from exports.quotes.sheet_form import read_sheet
from exports.quotes.word_form import read_document

__all__ = ["Difference", "check_quote_docx", "check_quote_xlsx", "read_quote_mark"]


def check_quote_docx(content: bytes, data: QuoteData, made: bytes | None = None) -> list[Difference]:
    """What keeps the file from being `data`'s form as it was made: empty when only the decision was filled in.

    `made` is the DOCX that was given out, where it wasn't made on the shipped form.
    """
    try:
        found = read_document(opened(content))
    except Unreadable as error:
        return [Difference("unreadable", {"reason": error.reason})]
    return _differences(found, data) or compared(read_document(opened(made or quote_docx(data))), found)


def check_quote_xlsx(content: bytes, data: QuoteData) -> list[Difference]:
    """The same for a sheet."""
    try:
        found = read_sheet(content, opened(content))
    except Unreadable as error:
        return [Difference("unreadable", {"reason": error.reason})]
    ours = quote_xlsx(data)
    return _differences(found, data) or compared(read_sheet(ours, opened(ours)), found)


def read_quote_mark(content: bytes) -> Mark | None:
    """The mark of a DOCX or XLSX, of its first page where there are several; None if it bears none."""
    try:
        parts = opened(content)
        found = read_document(parts) if main_part(parts).startswith("word/") else read_sheet(content, parts)
    except Unreadable:
        return None
    return found.marks[0] if found.marks else None


def _differences(found: Form, data: QuoteData) -> list[Difference]:
    """Why the file is not this quote at all."""
    if not found.marks:
        return [Difference("no_mark")]
    for mark in found.marks:
        if mark.paper != "quote":
            return [Difference("other_paper", {"expected": "quote", "found": mark.paper})]
        if mark.ticket != data.ticket:
            return [Difference("other_ticket", {"expected": data.ticket, "found": mark.ticket})]
        if mark.version != data.number:
            return [Difference("other_number", {"expected": data.number, "found": mark.version})]
    return []
