"""Makes `.venv` from the locked requirements with nothing but Python's standard library.

`prepare("run")` serves bin/demo and `prepare("test")` bin/test, whose lock is a superset. uv, itself installed by hash,
does the work in seconds. Where it can't (an index that only pip is configured for), pip does the same slowly.

A stamp inside `.venv` says which lock a finished install came from. It is taken away before anything is changed, so an
interrupted install leaves none, and the next run starts over instead of trusting half a folder.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the whole point is to be read by an older Python
    sys.exit(f"Mikroserwis needs Python 3.11 or newer, and {sys.executable} is {sys.version.split()[0]}.")
if sys.platform == "win32":
    sys.exit("Mikroserwis runs on Linux and macOS; on Windows use WSL.")

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["run", "test"]

ROOT = Path(__file__).resolve().parent.parent

# What pip, uv, venv and the system say, and what a newcomer can do about it. The first that fits is shown.
ADVICE = (
    (("No space left on device", "os error 28"), "The disk is full. Free about 1 GB and run this again."),
    (
        ("ensurepip",),
        "This Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv; then run this again.",
    ),
    (
        ("DO NOT MATCH THE HASHES", "Hash mismatch", "hashes are required"),
        "A downloaded package is not the one that bin/locks names, so it was not used. Is there a proxy or mirror?",
    ),
    (
        ("name resolution", "Could not find a version", "NewConnectionError", "timed out", "SSLError"),
        "The packages could not be fetched. Check the network (and pip's own configuration), then run this again.",
    ),
    (("Permission denied",), "A file or folder could not be written. Does this folder belong to you?"),
)


class Stamp(NamedTuple):
    """Which lock was installed, by which Python and where, and the lock's own hash."""

    kind: Kind
    place: str
    lock: str


class StepFailed(Exception):
    """A command of the installation ended with an error; the argument is all that it printed."""


def prepare(kind: Kind, root: Path = ROOT) -> Path:
    """Makes sure that `.venv` holds what the lock `kind` names, and returns its bin folder.

    Ends the program with the reason and advice where it can't."""
    venv = root / ".venv"
    try:
        if not _is_ready(venv, kind, root):
            with _one_at_a_time(root) as lock_fd:
                if not _is_ready(venv, kind, root):
                    _install(venv, _wanted(venv, kind), root, lock_fd)
    except (StepFailed, OSError) as error:
        last_words = "\n".join(str(error).strip().splitlines()[-8:])
        sys.exit(f"\n{last_words}\n\n{_advice(str(error))}")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run this again: it starts the installation over.")
    return venv / "bin"


def _is_ready(venv: Path, kind: Kind, root: Path) -> bool:
    return _read_stamp(venv) == _stamp(venv, _wanted(venv, kind), root) and os.access(venv / "bin/python", os.X_OK)


def _wanted(venv: Path, kind: Kind) -> Kind:
    """A `.venv` made for the tests serves the demo too, so the demo never takes packages away."""
    stamp = _read_stamp(venv)
    return "test" if stamp and stamp.kind == "test" else kind


def _stamp(venv: Path, kind: Kind, root: Path) -> Stamp:
    place = f"{sys.implementation.cache_tag} {venv}"
    lock = (root / f"bin/locks/{kind}.txt").read_bytes() + Path(__file__).read_bytes()
    return Stamp(kind, hashlib.sha256(place.encode()).hexdigest(), hashlib.sha256(lock).hexdigest())


def _read_stamp(venv: Path) -> Stamp | None:
    try:
        kind, place, lock = (venv / "stamp").read_text().split()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return Stamp("test" if kind == "test" else "run", place, lock)


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[int]:
    """Yields the lock's descriptor; children inherit it, so a pip that outlives a killed bootstrap holds it still."""
    descriptor = os.open(root / "bin/locks", os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another start is preparing .venv; waiting for it …")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _install(venv: Path, kind: Kind, root: Path, lock_fd: int) -> None:
    _say("Preparing .venv from the locked requirements; the first time takes a little while …")
    new, old = _stamp(venv, kind, root), _read_stamp(venv)
    (venv / "stamp").unlink(missing_ok=True)
    if not old or old.place != new.place:
        _create(venv, lock_fd)
    try:
        _install_with_uv(venv, root, kind, lock_fd)
    except StepFailed:
        _say("uv could not do it; pip takes over, more slowly …")
        _pip(venv, lock_fd, "--requirement", str(root / f"bin/locks/{kind}.txt"))
    _add_project(venv, root)
    unfinished = venv / "stamp.new"
    unfinished.write_text(" ".join(new))
    unfinished.rename(venv / "stamp")
    _say("Ready.")


def _create(venv: Path, lock_fd: int) -> None:
    """The interpreter behind an activated `.venv` is asked, not the one inside the folder that is being replaced."""
    _run([str(Path(sys.executable).resolve()), "-I", "-m", "venv", "--clear", str(venv)], lock_fd)


def _install_with_uv(venv: Path, root: Path, kind: Kind, lock_fd: int) -> None:
    """uv lives beside the packages, because its own sync takes away whatever the lock doesn't name."""
    uv = venv / "tools/bin/uv"
    if not uv.exists():
        _pip(venv, lock_fd, "--target", str(venv / "tools"), "--requirement", str(root / "bin/locks/uv.txt"))
    sync = ["pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", str(venv / "bin/python")]
    try:
        _run([str(uv), *sync, str(root / f"bin/locks/{kind}.txt")], lock_fd)
    except StepFailed:
        _create(venv, lock_fd)  # what uv left half done would confuse pip
        raise


def _pip(venv: Path, lock_fd: int, *arguments: str) -> None:
    pip = [str(venv / "bin/python"), "-I", "-m", "pip"]
    _run([*pip, "install", "--quiet", "--require-hashes", "--no-deps", *arguments], lock_fd)


def _add_project(venv: Path, root: Path) -> None:
    """Makes the packages importable and `.venv/bin/mikroserwis` callable, without a build: a changed source counts.

    The shell line finds the interpreter because a `#!` line bears neither spaces nor long paths."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (venv / "lib" / version / "site-packages/mikroserwis.pth").write_text(f"{root}\n")
    script = venv / "bin/mikroserwis"
    script.write_text(
        f"""#!/bin/sh
'''exec' "{venv}/bin/python" "$0" "$@"
'''
import sys
from mikroserwis.__main__ import main
sys.exit(main())
"""
    )
    script.chmod(0o755)


def _run(command: list[str], lock_fd: int) -> None:
    done = subprocess.run(  # noqa: S603 - the commands are this file's own
        command,
        check=False,
        pass_fds=[lock_fd],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise StepFailed(done.stdout)


def _advice(printed: str) -> str:
    fitting = (advice for signs, advice in ADVICE if any(sign in printed for sign in signs))
    return next(fitting, "The installation failed for the reason above. Mend it and run this again.")


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()
