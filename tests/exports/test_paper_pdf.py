import io
from concurrent.futures import ThreadPoolExecutor

import pypdfium2

from exports.papers import contract_pdf, power_of_attorney_pdf
from tests.exports.paper_cast import HOSTILE, filled_with, paper, pdf_marks, pdf_texts


def test_the_file_says_who_made_what() -> None:
    with pypdfium2.PdfDocument(contract_pdf(paper())) as document:
        described = document.get_metadata_dict()
    assert described["Title"] == "Umowa o wdrożenie M/platform 115, wersja 1"
    assert described["Author"] == "Dealer Alfa sp. z o.o."
    assert described["CreationDate"].startswith("D:20190527")


def test_markup_and_code_in_the_data_are_printed_not_run() -> None:
    text = " ".join(pdf_texts(contract_pdf(filled_with("#panic() *b* $x$ @a \\ [x] // c", 1))))
    assert "#panic() *b* $x$ @a \\ [x] // c" in text


def test_a_page_holds_nothing_beyond_its_margins() -> None:
    with pypdfium2.PdfDocument(contract_pdf(filled_with(HOSTILE, 5))) as document:
        for page in document:
            picture = page.render(scale=1).to_pil().convert("L")
            width, height = picture.size
            assert picture.crop((width - 40, 0, width, height)).getextrema() == (255, 255)


def test_several_threads_set_papers_at_once_each_its_own() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda ticket: power_of_attorney_pdf(paper(ticket=ticket)), range(1, 17)))
    assert [mark.ticket for content in made for mark in pdf_marks(content)[0] if mark] == list(range(1, 17))


def test_the_fonts_travel_with_the_file() -> None:
    content = contract_pdf(paper())
    assert b"Inter" in content
    assert io.BytesIO(content).read(5) == b"%PDF-"
