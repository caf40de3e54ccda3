"""The sandbox backoffice as a child process, which ends with its parent however that one ends."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from backoffice_client.sandbox import serve
from mikroserwis.demo.house import DemoError

TOKEN = "sandbox"  # noqa: S105 - guards nothing but the sandbox
SECONDS_TO_END = 5


@contextmanager
def running(host: str, port: int, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """It answers when this is entered, and has ended when it is left. Raises DemoError."""
    child = subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-m", __spec__.name, host, str(port), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C is for the parent: deliveries that it still finishes need somebody to deliver to.
        start_new_session=True,
    )
    try:
        if child.stdout is None or not child.stdout.readline():
            raise DemoError(f"The sandbox backoffice could not be started on {host}:{port}.")
        yield child
    finally:
        _end(child)


def _end(child: subprocess.Popen[str]) -> None:
    """Its standard input closes, which is what it also sees when we are killed."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    try:
        child.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def main(host: str, port: str, folder: str) -> None:
    """Serve until standard input ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    serve(host, int(port), Path(folder), TOKEN, lambda: datetime.now(UTC), ready=_ready)


def _ready(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    sys.stdin.read()
    # Not SIGINT: a program that a shell put into the background may have been told to ignore that one.
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(*sys.argv[1:])
