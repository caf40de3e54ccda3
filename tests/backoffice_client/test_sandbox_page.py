import io
import re

import pytest
import requests

from backoffice_client.sandbox.texts import POLISH
from tests.backoffice_client.conftest import BYTES


def page(sandbox, language="pl"):
    answer = requests.get(f"{sandbox.url}/?lang={language}", timeout=5)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.text


def post(sandbox, path, form, **headers):
    url = f"{sandbox.url}/page/{path}?lang=en"
    return requests.post(url, data=form, headers=headers, timeout=5, allow_redirects=False)


def faults(sandbox):
    return requests.get(f"{sandbox.url}/sandbox/faults", timeout=5).json()


FAULTS = {"delay_ms": "5", "error_rate": "0,25", "drop_rate": "0", "lost_answer_rate": "1", "reason": "krzywy"}


def test_an_empty_sandbox_says_so_in_polish_and_in_english(sandbox) -> None:
    assert "Żadne stanowisko jeszcze się nie zgłosiło." in page(sandbox)
    assert "No station has reported yet." in page(sandbox, "en")
    assert '<html lang="pl">' in page(sandbox, "xx")


def test_no_english_is_left_on_the_polish_page(client, sandbox, scan, manifest, event) -> None:
    client.upload_scan(scan, io.BytesIO(BYTES))
    client.send_package(manifest)
    client.send_event(event)
    polish = re.sub(r"<[^>]*>", "|", page(sandbox))
    same = {english for english, translation in POLISH.items() if english == translation}
    shown = {text.strip() for text in polish.split("|")}
    assert not shown & (POLISH.keys() - same)
    assert {"Skany", "Paczki", "Zdarzenia", "umowa 115 – Sieciechów.pdf", "ticket-115-scans-1", "suspended"} <= shown


def test_stations_are_added_and_switched_by_forms(sandbox) -> None:
    answer = post(sandbox, "stations", {"point_id": " 735 ", "number": "1", "name": "Kasa 1", "online": "on"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?lang=en")
    assert "Switch off: 735, Kasa 1" in page(sandbox, "en")
    post(sandbox, "stations", {"point_id": "735", "number": "1", "online": "off"})
    shown = page(sandbox, "en")
    assert "Switch on: 735, Kasa 1" in shown
    assert "2026-05-27 09:30:00 UTC" in shown
    post(sandbox, "stations", {"point_id": "735", "number": "2", "online": "off"})
    assert "never" in page(sandbox, "en")


@pytest.mark.parametrize(
    "wrong", [{"point_id": "x"}, {"point_id": ""}, {"number": "0"}, {"number": "1000"}, {"name": "n" * 256}]
)
def test_a_wrong_station_form_comes_back_with_what_was_typed(sandbox, wrong) -> None:
    answer = post(sandbox, "stations", {"point_id": "735", "number": "1", "name": "Kasa Zosi"} | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'value="{wrong.get("name", "Kasa Zosi")}"' in answer.text
    assert "No station has reported yet." in answer.text


def test_faults_are_set_by_a_form_with_a_decimal_comma_too(sandbox) -> None:
    assert post(sandbox, "faults", FAULTS | {"reject": "on"}).status_code == 303
    assert faults(sandbox) == {
        "delay_ms": 5,
        "error_rate": 0.25,
        "drop_rate": 0.0,
        "lost_answer_rate": 1.0,
        "reject_scans": "krzywy",
    }
    assert 'value="krzywy"' in page(sandbox)
    post(sandbox, "faults", FAULTS)
    assert faults(sandbox)["reject_scans"] is False
    post(sandbox, "faults", FAULTS | {"reject": "on", "reason": " "})
    assert faults(sandbox)["reject_scans"] is True
    assert 'value="Skan jest nieczytelny."' in page(sandbox)


@pytest.mark.parametrize(
    "wrong",
    [{"delay_ms": "soon"}, {"error_rate": "2"}, {"drop_rate": ""}, {"lost_answer_rate": "nan"}, {"delay_ms": "-1"}],
)
def test_a_wrong_fault_form_comes_back_with_what_was_typed(sandbox, wrong) -> None:
    answer = post(sandbox, "faults", FAULTS | {"reject": "on"} | wrong)
    assert answer.status_code == 422
    assert f'value="{next(iter(wrong.values()))}"' in answer.text
    assert 'value="krzywy"' in answer.text
    assert 'name="reject" checked' in answer.text
    assert faults(sandbox)["error_rate"] == 0


def test_what_was_received_is_forgotten_by_a_form(client, sandbox, event) -> None:
    client.send_event(event)
    assert post(sandbox, "forgetting", {}).status_code == 303
    assert "event-1" not in page(sandbox)


def test_whatever_others_wrote_is_shown_as_text(sandbox) -> None:
    evil = '"><script>alert(1)</script>'
    post(sandbox, "stations", {"point_id": "735", "number": "1", "name": evil, "online": "on"})
    wrong = post(sandbox, "stations", {"point_id": evil, "number": evil, "name": evil})
    assert "<script" not in page(sandbox) + wrong.text
    assert "&lt;script&gt;" in page(sandbox)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_sites_form_is_refused(client, sandbox, event, origin) -> None:
    client.send_event(event)
    assert post(sandbox, "forgetting", {}, Origin=origin).status_code == 403
    assert "event-1" in page(sandbox)


def test_the_pages_own_form_is_taken(sandbox) -> None:
    headers = {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin"}
    assert post(sandbox, "forgetting", {}, **headers).status_code == 303


def test_the_page_brings_nothing_from_elsewhere_and_runs_no_script(sandbox) -> None:
    answer = requests.get(sandbox.url, timeout=5)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-referrer" not in answer.headers["Referrer-Policy"]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)
    assert requests.get(f"{sandbox.url}/page.css", timeout=5).headers["Content-Type"].startswith("text/css")
