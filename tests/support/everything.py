"""Every check and every test, whatever fails before: what bin/test runs once `.venv` is ready.

The linters run while PostgreSQL and Chromium are made ready; then the tests have both cores for themselves.
"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, NoReturn

from tests.support.chromium import ChromiumMissing, provide_chromium
from tests.support.postgres import SHARED_SERVER
from tests.support.postgres_server import PostgresMissing, running_server

PROGRAMS = Path(sys.executable).parent
CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports", "--no-logo"),
)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: 0 where everything passed and nothing that CI demands was left out."""
    parser = argparse.ArgumentParser(prog="bin/test", description="Runs every check and every test.")
    parser.add_argument("--quick", action="store_true", help="leave out the tests that need a browser or PostgreSQL")
    options, for_pytest = parser.parse_known_args(arguments)
    signal.signal(signal.SIGTERM, _end)

    with ExitStack() as stack:
        checks = [stack.enter_context(_started(check)) for check in CHECKS]
        left_out = ["browser", "postgres"] if options.quick else _unavailable(stack)
        failed = [name for name, process, output in checks if _report(name, process, output)]
        if _run_pytest(left_out, for_pytest):
            failed.append("pytest")
    return verdict(failed, left_out, is_quick=options.quick, is_ci=os.environ.get("CI") == "true")


def _end(signal_number: int, _frame: object) -> NoReturn:
    sys.exit(128 + signal_number)


@contextmanager
def _started(check: Sequence[str]) -> Iterator[tuple[str, subprocess.Popen[bytes], IO[bytes]]]:
    """Yields the check's name, its process and its output: a file, so that checks side by side don't mix theirs."""
    command = [str(PROGRAMS / check[0]), *check[1:]]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield shlex.join(check), process, output
        finally:
            process.kill()
            process.wait()


def _unavailable(stack: ExitStack) -> list[str]:
    """Makes PostgreSQL and Chromium ready, and returns the markers of the tests that have to do without."""
    missing = []
    try:
        os.environ[SHARED_SERVER] = stack.enter_context(running_server()).folder
    except (PostgresMissing, RuntimeError) as error:
        _shout(str(error))
        missing.append("postgres")
    try:
        os.environ["CHROMIUM"] = provide_chromium()
    except ChromiumMissing as error:
        _shout(str(error))
        missing.append("browser")
    return missing


def _report(name: str, process: subprocess.Popen[bytes], output: IO[bytes]) -> bool:
    """Waits for a check, prints its whole output, and says whether it failed."""
    has_failed = process.wait() != 0
    output.seek(0)
    text = output.read().decode(errors="replace").strip()
    _say(f"── {name}: {'FAILED' if has_failed else 'passed'}\n{text}\n")
    return has_failed


def _run_pytest(left_out: Sequence[str], arguments: Sequence[str]) -> bool:
    """Runs the tests on every core, and says whether any failed."""
    workers = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    command = [sys.executable, "-m", "pytest", f"--numprocesses={workers}", "--dist=worksteal", *arguments]
    if left_out:
        command += ["-m", " and ".join(f"not {marker}" for marker in left_out)]
    _say(f"── pytest {shlex.join(command[3:])}")
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches pytest too, which ends in its own good order
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode != 0


def verdict(failed: Sequence[str], left_out: Sequence[str], *, is_quick: bool, is_ci: bool) -> int:
    """Prints what to think of it all, and returns the exit code."""
    if left_out:
        reason = "--quick" if is_quick else "not to be had on this machine"
        _shout(f"LEFT OUT ({reason}): every test that needs {' or '.join(left_out)}.")
    if failed:
        _say(f"bin/test: FAILED: {', '.join(failed)}")
        return 1
    if left_out and is_ci:
        _say("bin/test: FAILED: CI leaves no test out")
        return 1
    _say("bin/test: everything passed" + (" that was run" if left_out else ""))
    return 0


def _shout(message: str) -> None:
    line = "!" * 100
    _say(f"{line}\n{message}\n{line}")


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nbin/test: interrupted")
