"""The demo as a newcomer starts and ends it, and the folder that is its own."""

import random
import signal
import socket
import threading
from pathlib import Path

import pytest
import requests

from mikroserwis.demo.house import MARKER, DemoError, entered
from tests.cli.programs import Running, call, folder, running


def free_pair() -> int:
    """A port whose next one is free too, below those that the system gives to connections."""
    for _ in range(50):
        port = random.SystemRandom().randrange(15_000, 32_000, 2)
        try:
            for each in (port, port + 1):
                socket.create_server(("127.0.0.1", each)).close()
        except OSError:
            continue
        return port
    raise AssertionError("no two free ports")


def is_silent(port: int) -> bool:
    """Within twenty seconds nobody listens there any more."""
    tick = threading.Event()
    for _ in range(200):
        with socket.socket() as peer:
            if peer.connect_ex(("127.0.0.1", port)) != 0:
                return True
        tick.wait(0.1)
    return False


def started(demo: Running) -> str:
    """The page's address."""
    demo.line_with("Ctrl-C ends the demo")
    return demo.line_with("Mikroserwis  ").split()[-1]


@pytest.mark.timeout(600)
def test_a_demo_starts_keeps_its_data_and_leaves_nothing_behind(tmp_path: Path):
    where, port = folder(tmp_path / "demo"), free_pair()
    with running(*where, "demo", "--port", str(port)) as demo:
        assert requests.get(f"{started(demo)}/sign-in", timeout=20).status_code == 200
        assert "mikroserwis-demo" in demo.line_with("password")
        assert "running already" in call(*where, "demo", "--port", str(free_pair())).stderr
        token = call(*where, "token", "alfa@dealer.example").stdout.strip()
        assert demo.end(signal.SIGINT) == 0
    assert is_silent(port + 1)
    with running(*where, "demo", "--port", str(port)) as again:
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.get(f"{started(again)}/api/v1/tickets/115", headers=headers, timeout=20)
        assert answer.json()["company"]["name"] == "PPHU SAM"
        assert not any("Loading" in line for line in again.lines)
        again.process.kill()
        again.process.wait()
        assert is_silent(port + 1)


@pytest.mark.timeout(600)
def test_a_demo_killed_while_it_loads_starts_cleanly_the_next_time(tmp_path: Path):
    where, port = folder(tmp_path / "demo"), free_pair()
    with running(*where, "demo", "--port", str(port)) as killed:
        killed.line_with("Loading")
        killed.process.kill()
        killed.process.wait()
    assert is_silent(port + 1)
    with running(*where, "demo", "--port", str(port)) as demo:
        assert requests.get(f"{started(demo)}/healthz", timeout=20).json() == {"status": "ok"}
        assert demo.end() == 0


def test_a_folder_that_is_no_demos_is_never_touched(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work")
    for extra in ((), ("--fresh",)):
        done = call(*folder(tmp_path), "demo", "--port", str(free_pair()), *extra)
        assert (done.returncode, "left alone" in done.stderr) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_was_loaded_whole_is_kept_until_a_fresh_start(tmp_path: Path):
    with entered(tmp_path / "demo", fresh=False) as house:
        assert not house.is_ready
        (house.folder / "half").write_text("done")
    with entered(tmp_path / "demo", fresh=False) as house:
        assert not house.is_ready
        assert not (house.folder / "half").exists()
        (house.folder / "data").mkdir()
        (house.folder / "data/whole").write_text("done")
        house.finish()
    with entered(tmp_path / "demo", fresh=False) as house:
        assert house.is_ready
        assert (house.folder / "data/whole").exists()
    with entered(tmp_path / "demo", fresh=True) as house:
        assert [path.name for path in house.folder.iterdir()] == [MARKER]


def test_a_fresh_start_does_not_follow_links_out_of_the_folder(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    with entered(tmp_path / "demo", fresh=False) as house:
        (house.folder / "link").symlink_to(outside)
    with entered(tmp_path / "demo", fresh=True):
        assert (outside / "kept").exists()


def test_two_demos_cannot_share_a_folder(tmp_path: Path):
    with entered(tmp_path, fresh=False), pytest.raises(DemoError, match="running already"):
        entered(tmp_path, fresh=False).__enter__()
