"""What page and API share: the question to the platform, and the names of uploaded files."""

import unicodedata
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backoffice_client import BackofficeClient
from mikroserwis.errors import Blocker
from mikroserwis.i18n import speaking
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import connectivity
from mikroserwis.tickets.operations.closing import check_params
from mikroserwis.tickets.uploads import LONGEST_NAME, clean_name
from mikroserwis.tickets.wording import sentence
from tests.support.cast import POINT
from tests.support.other_side import TOKEN, Platform
from workflows import Connectivity


@pytest.fixture
def client(platform: Platform) -> BackofficeClient:
    return BackofficeClient(platform.url, TOKEN, timeout=(1, 0.3), deadline=1, retries=0)


def test_every_station_counts_also_one_that_the_platform_does_not_list(
    client: BackofficeClient, platform: Platform
) -> None:
    platform.switch(POINT, 1, 3, 4, online=True)
    platform.switch(POINT, 3, online=False)
    check = connectivity.ask(client, POINT, 3)
    assert check.verdict is Connectivity.STATIONS_SILENT
    missing, silent = check.silent
    assert dict(missing) == {"station": 2, "name": "", "last_contact": None}
    assert (silent["station"], silent["name"]) == (3, "Stanowisko 3")
    local = datetime.strptime(str(silent["last_contact"]), "%Y-%m-%d %H:%M").replace(tzinfo=RULES.tz)
    assert datetime.now(RULES.tz) - local < timedelta(minutes=5)


def test_a_station_of_the_point_beyond_those_of_the_ticket_counts_too(
    client: BackofficeClient, platform: Platform
) -> None:
    platform.switch(POINT, 1, 2, online=True)
    platform.switch(POINT, 3, online=False)
    check = connectivity.ask(client, POINT, 2)
    assert check.verdict is Connectivity.STATIONS_SILENT
    assert [dict(one) for one in check.silent] == [{"station": 3, "name": "Stanowisko 3", "last_contact": None}]
    platform.switch(POINT, 3, online=True)
    proven = connectivity.ask(client, POINT, 2)
    assert (proven.verdict, proven.silent, proven.evidence["point_id"]) == (Connectivity.PROVEN, (), POINT)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Kasa 2 (no. 2, last contact 2026-05-27 10:00); Kasa 3 (no. 3, has never reported); 4 (has never"),
        ("pl", "Kasa 2 (nr 2, ostatni kontakt 2026-05-27 10:00); Kasa 3 (nr 3, jeszcze się nie zgłosiło); nr 4"),
    ],
)
def test_a_silent_station_is_called_by_its_name(language: str, words: str) -> None:
    silent = [
        {"station": 2, "name": "Kasa 2", "last_contact": "2026-05-27 10:00"},
        {"station": 3, "name": "Kasa 3", "last_contact": None},
        {"station": 4, "name": "", "last_contact": None},
    ]
    with speaking(language):
        assert words in sentence(Blocker("every_station_reports", {"stations": silent}))


@pytest.mark.parametrize(
    ("fault", "failure", "words"),
    [
        ({"delay_ms": 900}, "timeout", "it takes too long"),
        ({"drop_rate": 1.0}, "unreachable", "it cannot be reached"),
        ({"error_rate": 1.0}, "server_error", "it has an error of its own"),
    ],
)
def test_a_platform_in_trouble_is_no_answer_told_in_words(
    client: BackofficeClient, platform: Platform, fault: dict[str, float], failure: str, words: str
) -> None:
    platform.switch(POINT, 1, online=True)
    platform.faults(**fault)
    check = connectivity.ask(client, POINT, 1)
    assert (check.verdict, check.failure) == (Connectivity.NO_ANSWER, failure)
    with speaking("en"):
        told = sentence(Blocker("platform_has_answered", check_params(check)["platform_has_answered"]))
    assert words in told


@given(st.text(max_size=400))
@example("../../etc/passwd")
@example("C:\\Users\\x\\umowa.pdf")
@example("\u202efdp.exe")
@example("x" * 500 + ".pdf")
@example("a." + "x" * 500)
@example("\ud800")
@example("..")
def test_a_files_name_is_one_line_without_a_path_and_fits(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= LONGEST_NAME
    assert "/" not in clean
    assert "\\" not in clean
    assert clean not in {".", ".."}
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in clean)


def test_a_files_name_keeps_its_words_and_its_extension() -> None:
    assert clean_name("C:\\skany\\Umowa nr 12 – Sieciechów.PDF") == "Umowa nr 12 – Sieciechów.PDF"
    assert clean_name("x" * 500 + ".pdf").endswith("x.pdf")
