"""Every language's texts are complete, and nothing is said that can't be translated."""

import ast
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from mikroserwis import i18n

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "mikroserwis" / "translations").glob("*.po"))
TEMPLATES = sorted((ROOT / "mikroserwis" / "templates").rglob("*.html"))
PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|%)")
# Names that are the same in every language.
NAMES = {"Mikroserwis", "API", "DOCX", "PDF", "ZIP", "XLSX", "kB", "MB", "Enter"}


def script() -> ModuleType:
    loader = SourceFileLoader("translations", str(ROOT / "bin" / "translations"))
    spec = spec_from_loader("translations", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def template() -> Catalog:
    catalog: Catalog = script().extracted()
    return catalog


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def forms(message: Message) -> tuple[str, str]:
    """Singular and plural, the same where there is but one."""
    return (message.id[0], message.id[1]) if isinstance(message.id, tuple) else (str(message.id), str(message.id))


def said(message: Message) -> list[str]:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return [str(text) for text in texts if text]


def test_every_language_on_offer_has_a_catalogue():
    assert {path.stem for path in CATALOGUES} == set(i18n.LANGUAGES)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_no_message_is_missing_guessed_or_left_over(path, template):
    assert script().faults(path, template) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_has_the_placeholders_of_its_message(path):
    wrong = []
    for message in catalogue(path):
        singular, plural = forms(message)
        known = {frozenset(PLACEHOLDER.findall(singular)), frozenset(PLACEHOLDER.findall(plural))}
        # The form for one thing alone may say "one", or nothing.
        alone = known | {one - {"n"} for one in known} if isinstance(message.string, tuple) else known
        for index, text in enumerate(said(message) if message.id else ()):
            if frozenset(PLACEHOLDER.findall(text)) not in (known if index else alone):
                wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_ends_like_its_message(path):
    """A full stop lost or won shows in a list of sentences."""
    wrong = []
    for message in catalogue(path):
        model = forms(message)[1]
        ends = [(model[-1:], text[-1:].replace("؟", "?")) for text in said(message) if message.id]
        wrong += [(model, end) for end in ends if end[0] != end[1] and set(end) & {".", "?", " ", "\n"}]
    assert wrong == []


def test_polish_counts_in_its_three_forms():
    with i18n.speaking("pl"):
        counted = [i18n.ngettext("%(n)s page", "%(n)s pages", n) for n in (1, 2, 5, 12, 22, 25)]
    assert counted == ["1 strona", "2 strony", "5 stron", "12 stron", "22 strony", "25 stron"]


def test_english_counts_in_its_two_forms():
    with i18n.speaking("en"):
        assert [i18n.ngettext("%(n)s page", "%(n)s pages", n) for n in (1, 2)] == ["1 page", "2 pages"]


def test_a_message_nobody_translated_shows_as_the_difference(template):
    grown = script().extracted()
    grown.add("A text that nobody has translated yet")
    path = next(path for path in CATALOGUES if path.stem == "pl")
    assert script().faults(path, grown) == ["pl.po: missing: A text that nobody has translated yet"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_text_stands_in_a_template_unmarked(path):
    plain = re.sub(r"\{% block page %\}[\w ]*\{% endblock %\}", "", path.read_text("utf-8"))
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "\x00", plain, flags=re.DOTALL)
    text = re.sub(r"<(script|style|code)\b.*?</\1>", "", text, flags=re.DOTALL)
    between = re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"", "\n", text).replace("\x00", " ")
    words = set(re.findall(r"[A-Za-zÀ-ž]{2,}", between)) - NAMES
    attributes = re.findall(
        r"\b(?:placeholder|title|aria-label|alt|label)=\"([^\"\x00]*[A-Za-z]{2,}[^\"\x00]*)\"", text
    )
    assert (words, attributes) == (set(), [])


def test_no_text_stands_inside_another_where_it_is_not_found():
    """Python's tokens don't go into an f-string before 3.12, and so the extraction doesn't either."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "mikroserwis").rglob("*.py"))
        for joined in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {*script().KEYWORDS, "i18n.gettext"}
    ]
    assert hidden == []
