from dataclasses import asdict, replace
from typing import Any

import pytest

from exports import forms
from exports.forms.samples import quote as sample_quote
from exports.papers import contract_docx, contract_pdf, power_of_attorney_docx, power_of_attorney_pdf
from exports.papers.data import PaperData
from exports.papers.quote_form import quote
from tests.exports.form_cast import flow
from tests.exports.paper_cast import HOSTILE, LONG, docx_marks, docx_text, filled_with, opened, paper, pdf_marks

CASES = [paper(0), paper(1), paper(5), paper(12), replace(paper(), by_quote=False, completion_days=14)]
SHIPPED = {
    "contract": (contract_docx, contract_pdf),
    "power_of_attorney": (power_of_attorney_docx, power_of_attorney_pdf),
}


@pytest.mark.parametrize("kind", ["quote", *SHIPPED])
def test_nothing_is_wrong_with_a_shipped_form(kind: str) -> None:
    assert forms.check(forms.shipped(kind), kind) == ()


@pytest.mark.parametrize("data", CASES)
@pytest.mark.parametrize("kind", SHIPPED)
def test_a_paper_on_the_shipped_form_is_the_shipped_paper(kind: str, data: PaperData) -> None:
    made = forms.render(kind, data, forms.shipped(kind))
    docx, pdf = SHIPPED[kind]
    assert (made.docx, made.pdf) == (docx(data), pdf(data))


@pytest.mark.parametrize(
    "data", [sample_quote(0), sample_quote(1), sample_quote(12), replace(sample_quote(1), remark="")]
)
def test_a_quote_on_the_shipped_form_says_what_the_shipped_quote_says(data: Any) -> None:
    def said(blocks: Any) -> str:
        return str([(type(one).__name__, asdict(one)) for one in blocks]).replace("\\xa0", " ")

    assert said(flow(forms.shipped("quote"), data, "quote")) == said(quote(data).flow)


def test_clauses_of_a_shipped_form_are_lists_that_word_counts() -> None:
    document = opened(forms.shipped("contract"))
    clauses = [one for one in document.paragraphs if one._p.pPr is not None and one._p.pPr.numPr is not None]
    assert len(clauses) > 15
    assert not [one.text for one in clauses if one.text[:1].isdigit()]


@pytest.mark.parametrize("data", [filled_with(LONG, 12), filled_with(HOSTILE, 3), filled_with("", 2)])
def test_hostile_data_on_a_form_give_the_same_pages_and_marks_in_both_formats(data: PaperData) -> None:
    made = forms.render("contract", data, forms.shipped("contract"))
    marks = pdf_marks(made.pdf)
    assert docx_marks(made.docx) == marks
    assert [len(page) for page in marks] == [1] * len(marks)


def test_a_trial_says_on_every_page_that_it_is_not_to_be_signed() -> None:
    made = forms.render("contract", paper(12), forms.shipped("contract"), trial=True)
    header = opened(made.docx).sections[0].header.paragraphs[0].text
    assert header == "PODGLĄD – nie podpisywać"
    assert "Dealer Alfa" in docx_text(made.docx)
