"""The program as people start it, in a process of its own."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.sources import ROOT

COMMAND = (sys.executable, "-m", "mikroserwis")


def environment(**more: str) -> dict[str, str]:
    """Without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MIKROSERWIS_")} | more


def call(*arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        cwd=ROOT,
        env=environment(**settings),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
    )


@dataclass
class Running:
    """A program that goes on until it is told to end; `lines` is what it has printed so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _ended: bool = False

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def line_with(self, text: str) -> str:
        """Waits for it: a demo's first start has a lot to do, and other tests run beside it."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or any(text in line for line in self.lines), 200)
            found = [line for line in self.lines if text in line]
        assert found, "".join(self.lines)
        return found[0]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """The exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def running(*arguments: str, **settings: str) -> Iterator[Running]:
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    program = Running(process)
    reader = threading.Thread(target=program.read)
    reader.start()
    try:
        yield program
    finally:
        process.kill()
        process.wait()
        reader.join()
        if process.stdout is not None:
            process.stdout.close()


def folder(path: Path) -> tuple[str, str]:
    """`--data` and its value."""
    return ("--data", str(path))
