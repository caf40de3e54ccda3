"""The parties and papers that the tests of this room share, and ways to read papers back."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pypdfium2
import zxingcpp
from docx.document import Document
from PIL import Image

from exports import marks
from exports.papers import PaperData, Party, PointLine

SAM = Party(
    name="PPHU SAM Bożena Ślązak",
    tax_id="7974569439",
    regon="140517018",
    street="ul. Rynek 12",
    postal_code="26-922",
    city="Sieciechów",
    phone="48 621 60 12",
    email="sam@sieciechow.example",
    iban="PL61109010140000071219812874",
    representative="Bożena Ślązak, właścicielka",
)
ALFA = Party(
    name="Dealer Alfa sp. z o.o.",
    tax_id="5260250274",
    street="ul. Żwirki i Wigury 7/3",
    postal_code="02-092",
    city="Warszawa",
    phone="111 333 444",
    email="biuro@alfa.example",
    iban="PL27114020040000300201355387",
    representative="Łukasz Gąska",
)
LONG = "Przedsiębiorstwo Produkcyjno-Handlowo-Usługowe „Źdźbło” Gżegżółka i Brzęczyszczykiewicz spółka komandytowa " * 4
HOSTILE = "<w:p/>{PAGE} #eval(1) $x$ \x00\x07\u202e\ufffe\ud800 ]]> &amp; אבגד العربية 😀👩‍👩‍👧 =1+1 " + "W" * 300


def paper(points: int = 1, **changes: Any) -> PaperData:
    lines = tuple(
        PointLine(735 + number, f"Sklep SAM nr {number + 1}", f"ul. Źródlana {number + 1}, 26-922 Sieciechów", 2, 1)
        for number in range(points)
    )
    usual = PaperData(115, "Insoft", 1, date(2019, 5, 27), SAM, ALFA, lines, "Sieciechów")
    return replace(usual, **changes)


def filled_with(text: str, points: int) -> PaperData:
    party = Party(*[text] * 10)
    lines = tuple(PointLine(number + 1, text, text, 10**9, 0) for number in range(points))
    return replace(paper(), company=party, dealer=party, points=lines, place=text, ticket_type_label=text)


def marks_on(picture: Image.Image) -> list[marks.Mark | None]:
    return [marks.parse(code.text) for code in zxingcpp.read_barcodes(picture)]


def pdf_marks(content: bytes) -> list[list[marks.Mark | None]]:
    """The marks that a scanner would find on each page."""
    with pypdfium2.PdfDocument(content) as document:
        return [marks_on(page.render(scale=200 / 72).to_pil()) for page in document]


def pdf_texts(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def docx_marks(content: bytes) -> list[list[marks.Mark | None]]:
    """The marks in the footer of each section, that is of each page."""
    found = []
    for section in opened(content).sections:
        part = section.footer.part
        names = re.findall(r'r:embed="(rId\d+)"', section.footer._element.xml)
        found.append([mark for name in names for mark in marks_on(Image.open(io.BytesIO(_blob(part, name))))])
    return found


def _blob(part: Any, name: str) -> bytes:
    content: bytes = part.related_parts[name].blob
    return content


def docx_text(content: bytes) -> str:
    return "\n".join(_texts(opened(content)))


def _texts(document: Document) -> Iterator[str]:
    for paragraph in document.element.body.xpath(".//w:p"):
        yield "".join(paragraph.xpath(".//w:t/text()")).replace("\u00a0", " ")
