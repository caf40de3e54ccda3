import pytest
import requests

NO_FAULTS = {"delay_ms": 0, "error_rate": 0.0, "drop_rate": 0.0, "lost_answer_rate": 0.0, "reject_scans": False}


def put(sandbox, path, body):
    return requests.put(sandbox.url + path, json=body, timeout=5)


def get(sandbox, path):
    return requests.get(sandbox.url + path, timeout=5).json()


def test_a_station_is_known_from_the_first_time_it_is_switched(sandbox) -> None:
    assert get(sandbox, "/sandbox/points") == {"points": []}
    answer = put(sandbox, "/sandbox/points/735/stations/2", {"online": True, "name": "Kasa przy wejściu"})
    station = {
        "number": 2,
        "name": "Kasa przy wejściu",
        "online": True,
        "last_contact": "2026-05-27T09:30:00Z",
    }
    assert answer.json() == {"point_id": 735} | station
    assert get(sandbox, "/sandbox/points") == {"points": [{"point_id": 735, "stations": [station]}]}


def test_a_station_keeps_its_name_when_it_is_only_switched(sandbox) -> None:
    put(sandbox, "/sandbox/points/735/stations/1", {"online": True, "name": "Kasa"})
    assert put(sandbox, "/sandbox/points/735/stations/1", {"online": False}).json()["name"] == "Kasa"


@pytest.mark.parametrize(
    "body",
    [{}, [], "on", {"online": 1}, {"online": "true"}, {"online": True, "color": "red"}, {"online": True, "name": 7}],
)
def test_a_switch_that_says_neither_on_nor_off_is_refused(sandbox, body) -> None:
    answer = put(sandbox, "/sandbox/points/735/stations/1", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert get(sandbox, "/sandbox/points") == {"points": []}


def test_a_name_that_is_too_long_is_refused(sandbox) -> None:
    assert put(sandbox, "/sandbox/points/735/stations/1", {"online": True, "name": "x" * 256}).status_code == 422


@pytest.mark.parametrize(
    "path", ["0/stations/1", "735/stations/0", "735/stations/1000", "x/stations/1", "9999999999999/stations/1"]
)
def test_a_point_or_station_that_cannot_be_is_not_found(sandbox, path) -> None:
    assert put(sandbox, f"/sandbox/points/{path}", {"online": True}).status_code == 404


def test_faults_are_changed_one_by_one_and_kept(sandbox) -> None:
    assert get(sandbox, "/sandbox/faults") == NO_FAULTS
    assert put(sandbox, "/sandbox/faults", {"error_rate": 1}).json() == NO_FAULTS | {"error_rate": 1.0}
    put(sandbox, "/sandbox/faults", {"reject_scans": "krzywy skan", "delay_ms": 20})
    assert get(sandbox, "/sandbox/faults") == NO_FAULTS | {
        "error_rate": 1.0,
        "reject_scans": "krzywy skan",
        "delay_ms": 20,
    }


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"error_rate": 1.1},
        {"error_rate": -0.1},
        {"drop_rate": "1"},
        {"drop_rate": True},
        {"lost_answer_rate": None},
        {"delay_ms": -1},
        {"delay_ms": 60_001},
        {"delay_ms": 1.5},
        {"reject_scans": ""},
        {"reject_scans": 1},
        {"explode": True},
    ],
)
def test_faults_out_of_range_or_unknown_are_refused_and_change_nothing(sandbox, body) -> None:
    assert put(sandbox, "/sandbox/faults", body).status_code == 422
    assert get(sandbox, "/sandbox/faults") == NO_FAULTS


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"error_rate": NaN}', b"[" * 100_000])
def test_what_is_no_json_is_refused(sandbox, body) -> None:
    answer = requests.put(f"{sandbox.url}/sandbox/faults", data=body, timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


def test_what_was_received_can_be_forgotten(client, sandbox, event) -> None:
    client.send_event(event)
    assert len(get(sandbox, "/sandbox/received")["events"]) == 1
    assert requests.delete(f"{sandbox.url}/sandbox/received", timeout=5).status_code == 204
    assert get(sandbox, "/sandbox/received") == {"scans": [], "packages": [], "events": []}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "[bad"},
        {"Host": ""},
    ],
)
def test_another_sites_page_cannot_turn_the_knobs(sandbox, headers) -> None:
    answer = requests.put(f"{sandbox.url}/sandbox/faults", json={"error_rate": 1}, headers=headers, timeout=5)
    assert answer.status_code == 403
    assert get(sandbox, "/sandbox/faults") == NO_FAULTS


def test_a_name_that_was_bent_to_the_loopback_reads_nothing(sandbox) -> None:
    answer = requests.get(f"{sandbox.url}/sandbox/received", headers={"Host": "evil.example"}, timeout=5)
    assert answer.json()["code"] == "foreign_host"


def test_a_link_from_another_site_may_lead_here(sandbox) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert requests.get(sandbox.url, headers=headers, timeout=5).status_code == 200


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "[::1]", "127.0.0.2"])
def test_every_name_of_the_loopback_is_ours(sandbox, name) -> None:
    headers = {"Host": f"{name}:{sandbox.port}", "Origin": f"http://{name}:{sandbox.port}"}
    answer = requests.put(f"{sandbox.url}/sandbox/faults", json={}, headers=headers, timeout=5)
    assert answer.status_code == 200
