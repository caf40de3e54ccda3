"""The papers of a ticket, in Polish, as DOCX and PDF with the same pages and page marks; the quote as XLSX too."""

import io
import zipfile

from exports.archives import entry, midnight
from exports.papers.contract import contract
from exports.papers.data import PaperData, Party, PointLine, QuoteData, QuoteLine, VatTotal
from exports.papers.pages import Layout, laid_out
from exports.papers.pdf import pdf_bytes
from exports.papers.power_of_attorney import power_of_attorney
from exports.papers.quote_form import quote
from exports.papers.quote_sheet import quote_xlsx
from exports.papers.word import docx_bytes

__all__ = [
    "PaperData",
    "Party",
    "PointLine",
    "QuoteData",
    "QuoteLine",
    "VatTotal",
    "contract_docx",
    "contract_pdf",
    "papers_zip",
    "power_of_attorney_docx",
    "power_of_attorney_pdf",
    "quote_docx",
    "quote_pdf",
    "quote_xlsx",
]


def contract_docx(data: PaperData) -> bytes:
    return docx_bytes(_contract(data), data.made_on)


def contract_pdf(data: PaperData) -> bytes:
    return pdf_bytes(_contract(data), data.made_on)


def power_of_attorney_docx(data: PaperData) -> bytes:
    return docx_bytes(_power_of_attorney(data), data.made_on)


def power_of_attorney_pdf(data: PaperData) -> bytes:
    return pdf_bytes(_power_of_attorney(data), data.made_on)


def quote_docx(data: QuoteData) -> bytes:
    return docx_bytes(_quote(data), data.made_on)


def quote_pdf(data: QuoteData) -> bytes:
    return pdf_bytes(_quote(data), data.made_on)


def papers_zip(data: PaperData) -> bytes:
    """Both papers in both formats: `115-umowa.docx`, `115-umowa.pdf`, `115-pelnomocnictwo.docx` and so on."""
    moment = midnight(data.made_on)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, layout in (("umowa", _contract(data)), ("pelnomocnictwo", _power_of_attorney(data))):
            archive.writestr(entry(f"{data.ticket}-{name}.docx", moment), docx_bytes(layout, data.made_on))
            archive.writestr(entry(f"{data.ticket}-{name}.pdf", moment), pdf_bytes(layout, data.made_on))
    return out.getvalue()


def _contract(data: PaperData) -> Layout:
    return laid_out(contract(data), data.ticket, data.version)


def _power_of_attorney(data: PaperData) -> Layout:
    return laid_out(power_of_attorney(data), data.ticket, data.version)


def _quote(data: QuoteData) -> Layout:
    return laid_out(quote(data), data.ticket, data.number)
