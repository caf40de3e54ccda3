from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from exports.marks import Mark
from exports.papers import QuoteData, quote_docx, quote_pdf, quote_xlsx
from exports.papers.data import QUANTITY_MOST, QUOTE_MOST
from tests.exports.paper_cast import HOSTILE, LONG, docx_marks, docx_text, filled_with, pdf_marks, pdf_texts
from tests.exports.quote_cast import INSOFT, LABOUR, TRAINING, many, quoted

FULL = filled_with(HOSTILE, 3)
HOSTILE_LINE = replace(INSOFT, name=HOSTILE, unit=HOSTILE, offer=HOSTILE)
CASES = [
    quoted(),
    quoted(many(40), 12),
    quoted([replace(INSOFT, name=LONG[:200], offer=LONG[:200])] * 12, 2, remark=LONG),
    replace(quoted([HOSTILE_LINE]), company=FULL.company, dealer=FULL.dealer, points=FULL.points, remark=HOSTILE),
    quoted([LABOUR], 0, remark=""),
]


@cache
def printed(data: QuoteData) -> bytes:
    return quote_pdf(data)


@pytest.mark.parametrize("data", CASES)
def test_every_page_of_a_quote_bears_its_number_and_word_has_the_same_pages(data: QuoteData) -> None:
    found = pdf_marks(printed(data))
    assert found == [[Mark(115, "quote", 2, page, len(found))] for page in range(1, len(found) + 1)]
    assert docx_marks(quote_docx(data)) == found


@pytest.mark.parametrize("write", [quote_docx, quote_pdf, quote_xlsx])
def test_the_same_quote_gives_the_same_bytes(write: Callable[[QuoteData], bytes]) -> None:
    assert write(quoted()) == write(quoted())


EXPECTED = (
    "Wycena kosztu wdrożenia M/platform",
    "nr W/115/2 do zgłoszenia nr 115 (Insoft)",
    "Sporządzona 27 maja 2019 r., ważna do 26 czerwca 2019 r.",
    "PPHU SAM Bożena Ślązak",
    "7974569439",
    "Dealer Alfa sp. z o.o.",
    "Sklep SAM nr 1",
    "PC-POS 7, licencja na stanowisko",
    "zamiast 600,00 zł, oferta specjalna: Insoft dla GŻ, wiosna 2019",
    "2,5",
    "godz.",
    "450,00 zł",
    "1 350,00 zł",
    "zw.",
    "1 650,00 zł",
    "379,50 zł",
    "1 849,99 zł",
    "2 229,49 zł",
    "słownie: dwa tysiące dwieście dwadzieścia dziewięć złotych 49/100",
    "Płatność przelewem w ciągu 14 dni.",
    "Kwota brutto faktury końcowej będzie równa kwocie brutto niniejszej wyceny: 2 229,49 zł.",
    "Akceptuję wycenę W/115/2 na kwotę 2 229,49 zł brutto i zlecam wdrożenie.",
    "Nie akceptuję wyceny W/115/2.",
    "data i czytelny podpis",
)


def test_word_and_pdf_say_the_same() -> None:
    paper, word = " ".join(pdf_texts(printed(quoted()))), " ".join(docx_text(quote_docx(quoted())).split())
    for expected in EXPECTED:
        assert expected in paper
        assert expected in word


def test_a_name_of_an_offer_without_a_former_price_stands_alone() -> None:
    text = docx_text(quote_docx(quoted([replace(INSOFT, list_net=None), replace(INSOFT, offer="")])))
    assert "\noferta specjalna: Insoft" in text
    assert "\nzamiast 600,00 zł\n" in text


def test_what_a_quote_lacks_leaves_no_empty_heading() -> None:
    text = docx_text(quote_docx(quoted([LABOUR], 0, remark=" \n", ticket_type_label="")))
    assert "Uwagi" not in text
    assert "Punkty i stanowiska" not in text
    assert "do zgłoszenia nr 115\n" in text


def test_the_largest_figures_are_printed_whole() -> None:
    large = [
        replace(LABOUR, quantity=QUANTITY_MOST, unit_net=Decimal("800.00"), unit="stanowisko"),
        replace(TRAINING, quantity=Decimal("0.01"), unit_net=QUOTE_MOST, list_net=QUOTE_MOST),
    ]
    text = docx_text(quote_docx(quoted(large)))
    assert "…" not in text.replace("…" * 12, "")
    assert "9 999,99" in text
    assert "9 999 999,99 zł" in text


@pytest.mark.parametrize("count", range(1, 45, 2))
def test_totals_never_stand_on_a_page_without_a_line(count: int) -> None:
    text = docx_text(quote_docx(quoted([LABOUR] * count)))
    last = text.rpartition("J.m.")[2]
    assert "Instalacja i przeszkolenie" in last
    assert "Razem do zapłaty" in last
    assert text.count("Instalacja i przeszkolenie") == count


def test_a_table_of_lines_repeats_its_header_on_each_page() -> None:
    pages = [page for page in pdf_texts(printed(CASES[1])) if "Źdźbło nr" in page]
    assert len(pages) > 2
    assert all("Lp. Nazwa Ilość" in page for page in pages)


def test_the_decision_names_its_sum_and_stays_with_the_signatures() -> None:
    for data in CASES:
        page = next(page for page in pdf_texts(printed(data)) if "Decyzja Detalisty" in page)
        assert page.count("data i czytelny podpis") == 2
        assert "na kwotę" in page
