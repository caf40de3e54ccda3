"""How a `.venv` comes to be: with two little packages of our own and no network, so by way of pip."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.sources import ROOT

START = "import bootstrap, sys; print(bootstrap.prepare(sys.argv[1]))"


def wheel(folder: Path, name: str) -> str:
    """Makes a package whose module holds one value, and returns its line in a lock."""
    path = folder / f"{name}-1-py3-none-any.whl"
    information = f"{name}-1.dist-info"
    files = {
        f"{name}.py": "VALUE = 115\n",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{information}/RECORD"])
    with ZipFile(path, "w") as archive:
        for file, content in {**files, f"{information}/RECORD": record}.items():
            archive.writestr(file, content)
    return f"{name}==1 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder with a space in its name, whose uv is not to be had."""
    root = tmp_path / "my project"
    (root / "bin/locks").mkdir(parents=True)
    (root / "mikroserwis").mkdir()
    shutil.copy(ROOT / "bin/bootstrap.py", root / "bin")
    tickets, checks = wheel(tmp_path, "tickets"), wheel(tmp_path, "checks")
    (root / "bin/locks/run.txt").write_text(tickets)
    (root / "bin/locks/test.txt").write_text(tickets + checks)
    (root / "bin/locks/uv.txt").write_text(f"uv==1 --hash=sha256:{'0' * 64}\n")
    (root / "mikroserwis/__main__.py").write_text(
        "import sys, tickets\ndef main():\n    print(tickets.VALUE, *sys.argv[1:])\n"
    )
    return root


def start(project: Path, kind: str) -> subprocess.Popen[str]:
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": project.parent.as_uri(), "PIP_CONFIG_FILE": os.devnull}
    return subprocess.Popen(
        [sys.executable, "-c", START, kind],
        cwd=project / "bin",
        env=os.environ | offline,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def prepare(project: Path, kind: str) -> tuple[int, str]:
    """Exit code, and what a person reads."""
    with start(project, kind) as started:
        _, messages = started.communicate()
    return started.returncode, messages


def value(project: Path, module: str) -> str:
    command = [str(project / ".venv/bin/python"), "-c", f"import {module}; print({module}.VALUE)"]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()


def test_two_first_starts_at_once_give_one_whole_installation_that_is_kept(project: Path):
    with start(project, "run") as demo, start(project, "test") as tests:
        messages = demo.communicate()[1] + tests.communicate()[1]
    assert (demo.returncode, tests.returncode) == (0, 0), messages
    assert "waiting" in messages
    assert prepare(project, "run") == (0, "")
    assert prepare(project, "test") == (0, "")
    assert (value(project, "tickets"), value(project, "checks")) == ("115", "115")
    command = [str(project / ".venv/bin/mikroserwis"), "--data", "a b"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "115 --data a b\n"


def test_a_package_with_another_hash_is_refused(project: Path):
    (project / "bin/locks/run.txt").write_text(f"tickets==1 --hash=sha256:{'0' * 64}\n")
    code, messages = prepare(project, "run")
    assert code == 1
    assert "not the one that bin/locks names" in messages
    assert value(project, "tickets") == ""
    assert not (project / ".venv/stamp").exists()


def test_a_start_after_a_killed_one_begins_again(project: Path):
    with start(project, "run") as killed:
        assert killed.stderr
        assert "Preparing" in killed.stderr.readline()
        os.killpg(killed.pid, signal.SIGKILL)
    assert not (project / ".venv/stamp").exists()
    assert prepare(project, "run")[0] == 0
    assert value(project, "tickets") == "115"
