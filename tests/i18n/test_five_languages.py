"""Five languages, each complete: no message is left in another one's words."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from mikroserwis import i18n

CATALOGUES = Path(i18n.__file__).parent / "translations"
OFFERED = {"pl": "Polski", "en": "English", "ro": "Română", "es": "Español", "fa": "فارسی"}


def test_five_languages_are_on_offer_under_their_own_names():
    assert i18n.LANGUAGES == OFFERED


@pytest.mark.parametrize("code", sorted(OFFERED.keys() - {i18n.SOURCE}))
def test_a_catalogue_has_a_text_for_each_message_and_form(code: str):
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    with (CATALOGUES / "pl.po").open("rb") as file:
        polish = read_po(file, locale="pl")
    said = {one.id: one.string for one in catalogue if one.id}
    assert len(said) == sum(1 for one in polish if one.id)
    for wanted, text in said.items():
        forms = text if isinstance(text, tuple) else (text,)
        assert len(forms) == (catalogue.num_plurals if isinstance(wanted, tuple) else 1), wanted
        assert all(forms), wanted


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        ("ro", ["1 pagină", "2 pagini", "20 de pagini"]),
        ("es", ["1 página", "2 páginas", "20 páginas"]),
        ("fa", ["1 صفحه", "2 صفحه", "20 صفحه"]),
    ],
)
def test_each_language_counts_in_its_forms(code: str, counted: list[str]):
    with i18n.speaking(code):
        assert [i18n.ngettext("%(n)s page", "%(n)s pages", n) for n in (1, 2, 20)] == counted
