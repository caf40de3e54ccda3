"""Which passwords are refused, and what is said about them. No network, no server: the lists come along."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mikroserwis.accounts import passwords
from mikroserwis.errors import Invalid
from mikroserwis.i18n import speaking

ANNA = ("Anna Wójcik", "anna.wojcik@sam-sieciechow.example", "PPHU SAM Sieciechów", "7974569439")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_short"),
        ("kN7#pQ2x!", "password_short"),
        ("x" * 1001, "password_long"),
        ("qwertyuiop", "password_common"),
        (";lkjhgfdsa", "password_pattern"),
        ("1234567890", "password_common"),
        ("Password123", "password_common"),
        ("P4ssw0rd123!", "password_common"),
        ("Wiosna2026!", "password_common"),
        ("kochamcie1", "password_common"),
        ("aaaaaaaaaaaa", "password_pattern"),
        ("          ", "password_pattern"),
        ("10.11.1987 ", "password_pattern"),
        ("AnnaWojcik1", "password_personal"),
        ("Wójcik2026!", "password_personal"),
        ("sieciechow26", "password_personal"),
        ("7974569439", "password_personal"),
        ("Mikroserwis1", "password_personal"),
        ("siwresorkim!", "password_personal"),
    ],
)
def test_a_password_that_thieves_try_early_is_refused_with_the_reason(password: str, code: str):
    assert [one.code for one in passwords.check(password, ANNA)] == [code]


@pytest.mark.parametrize(
    "password",
    [
        "zielony rower gra w szachy",
        "kN7#pQ2x!vLm",
        "cztery-krzywe-latarnie",
        "ćma na żyrandolu ze śledziem",
        "zielony rower gra w szachy " * 30,
    ],
)
def test_a_password_of_unrelated_words_or_of_chance_is_taken(password: str):
    assert passwords.check(password, ANNA) == []


def test_the_refusal_names_the_form_s_own_field():
    with pytest.raises(Invalid) as refused:
        passwords.require_good("short", field="new_password")
    assert [(one.field, one.code, one.params) for one in refused.value.errors] == [
        ("new_password", "password_short", {"least": 10})
    ]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_each_reason_is_said_in_a_sentence_of_its_own(language: str):
    reasons = ["password_short", "password_long", "password_common", "password_personal", "password_pattern"]
    with speaking(language):
        said = {passwords.field_sentence(code, {"least": 10, "most": 1000}) for code in [*reasons, "password_weak"]}
    assert len(said) == 6
    assert "" not in said
    assert passwords.field_sentence("somebody_elses", {}) == ""


def test_the_words_of_one_person_never_count_against_another():
    people = [(f"Zbyszko{number:02}kowalczewski",) for number in range(40)]
    with ThreadPoolExecutor(4) as at_once:
        own = at_once.map(lambda about: passwords.weigh(f"{about[0]}!", about).code, people)
        others = at_once.map(lambda about: passwords.weigh("kN7#pQ2x!vLm", about).code, people)
        assert set(own) == {"password_personal"}
        assert set(others) == {""}


def test_the_lists_are_only_read_when_somebody_chooses_a_password():
    code = "import sys, mikroserwis.app, mikroserwis.accounts.passwords; print('zxcvbn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
