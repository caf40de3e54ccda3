import io
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from backoffice_client import BackofficeClient
from backoffice_client.sandbox import SandboxServer, serve
from tests.backoffice_client.conftest import BYTES, NOW, TOKEN

PROGRAM = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from backoffice_client.sandbox import serve
serve("127.0.0.1", 0, Path(sys.argv[1]), "{TOKEN}", lambda: datetime(2026, 5, 27, 9, 30, tzinfo=UTC),
      ready=lambda url: print(url, flush=True))
"""


def get(url, path):
    return requests.get(url + path, timeout=5).json()


def deliver(url, scan, manifest, event):
    client = BackofficeClient(url, TOKEN, sleep=lambda _: None)
    return client.upload_scan(scan, io.BytesIO(BYTES)), client.send_package(manifest), client.send_event(event)


@pytest.fixture
def run(tmp_path):
    """A sandbox in a process of its own, on the same folder each time."""
    processes = []

    def run():
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "data")], stdout=subprocess.PIPE, text=True
        )
        processes.append(process)
        return process, next(iter(process.stdout or [])).strip()

    yield run
    for process in processes:
        process.kill()
        process.communicate(timeout=10)


def test_a_kill_loses_nothing_and_the_same_things_are_not_accepted_anew(run, scan, manifest, event) -> None:
    process, url = run()
    requests.put(f"{url}/sandbox/points/735/stations/1", json={"online": True}, timeout=5)
    requests.put(f"{url}/sandbox/faults", json={"delay_ms": 1}, timeout=5)
    receipts = deliver(url, scan, manifest, event)
    process.kill()
    _, url = run()
    assert deliver(url, scan, manifest, event) == receipts
    assert [[one["offered"] for one in things] for things in get(url, "/sandbox/received").values()] == [[2], [2], [2]]
    assert get(url, "/sandbox/points")["points"][0]["stations"][0]["online"] is True
    assert get(url, "/sandbox/faults")["delay_ms"] == 1


def test_ctrl_c_ends_it_cleanly() -> None:
    told: list[str] = []

    def press_once_it_answers():
        told.append(requests.get(f"{told[0]}/sandbox/points", timeout=5).text)
        os.kill(os.getpid(), signal.SIGINT)

    def ready(url):
        told.append(url)
        threading.Thread(target=press_once_it_answers).start()

    serve("127.0.0.1", 0, None, TOKEN, lambda: NOW, ready=ready)
    assert told[1] == '{"points": []}'
    with pytest.raises(requests.ConnectionError):
        get(told[0], "/sandbox/points")


def test_without_a_folder_nothing_is_kept(open_sandbox, connect, event) -> None:
    first = open_sandbox()
    connect(first.url).send_event(event)
    first.stop()
    assert get(open_sandbox().url, "/sandbox/received")["events"] == []


def test_a_folder_can_be_opened_again_after_a_stop(open_sandbox, connect, event, tmp_path) -> None:
    first = open_sandbox(tmp_path / "deep" / "down")
    receipt = connect(first.url).send_event(event)
    first.stop()
    again = open_sandbox(tmp_path / "deep" / "down")
    assert connect(again.url).send_event(event) == receipt


def test_of_many_identical_uploads_at_once_one_is_accepted(sandbox, scan) -> None:
    def upload(_):
        return BackofficeClient(sandbox.url, TOKEN).upload_scan(scan, io.BytesIO(BYTES))

    with ThreadPoolExecutor(16) as pool:
        receipts = set(pool.map(upload, range(32)))
    [kept] = get(sandbox.url, "/sandbox/received")["scans"]
    assert (len(receipts), kept["offered"]) == (1, 32)


def test_one_client_may_be_used_by_many_threads(client, sandbox, event) -> None:
    with ThreadPoolExecutor(8) as pool:
        points = set(pool.map(lambda number: client.connectivity(number).point_id, range(1, 33)))
    assert points == set(range(1, 33))


def test_a_server_that_was_never_started_can_be_closed(tmp_path) -> None:
    server = SandboxServer("127.0.0.1", 0, data=tmp_path, token=TOKEN, now=lambda: NOW)
    assert server.port > 0
    server.stop()


def test_a_server_in_the_foreground_ends_when_it_is_stopped_from_elsewhere() -> None:
    server = SandboxServer("127.0.0.1", 0, data=None, token=TOKEN, now=lambda: NOW)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(server.serve_forever)
        assert get(server.url, "/sandbox/points") == {"points": []}
        server.stop()
        assert running.result(5) is None


def test_a_server_is_also_a_context() -> None:
    with SandboxServer("127.0.0.1", 0, data=None, token=TOKEN, now=lambda: NOW) as server:
        assert get(server.url, "/sandbox/points") == {"points": []}


def test_a_port_that_is_taken_is_said_at_once(sandbox) -> None:
    with pytest.raises(OSError):
        serve("127.0.0.1", sandbox.port, None, TOKEN, lambda: NOW)
