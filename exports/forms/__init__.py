"""Forms of papers that staff write in Word: checked when they come, filled when a paper is made."""

from exports.forms.checking import check
from exports.forms.making import render
from exports.forms.model import WARNINGS, Code, Place, Placeholder, Problem, Rendered, UnusableForm, Vocabulary
from exports.forms.samples import quote as sample_quote
from exports.forms.shipped import shipped
from exports.forms.vocabulary import VOCABULARIES

__all__ = [
    "VOCABULARIES",
    "WARNINGS",
    "Code",
    "Place",
    "Placeholder",
    "Problem",
    "Rendered",
    "UnusableForm",
    "Vocabulary",
    "check",
    "render",
    "sample_quote",
    "shipped",
]
