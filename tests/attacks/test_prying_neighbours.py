"""Somebody else with an account on the same machine, or a look at the terminal."""

import io
import logging
import sys
from pathlib import Path

import pytest
import structlog

from mikroserwis.commands.common import log_to_stderr
from tests.cli.programs import call


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_kept_is_its_owners_alone_even_in_a_folder_open_to_all(tmp_path: Path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    assert call("--data", str(folder), "migrate").returncode == 0
    made = list(folder.rglob("*"))
    assert made
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_a_traceback_on_the_terminal_shows_no_local_variables(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    kept = structlog.get_config()
    try:
        log_to_stderr(logging.INFO)
        _sign_in("Tajne-haslo-" + str(17))
    finally:
        structlog.configure(**kept)
    assert "ZeroDivisionError" in terminal.getvalue()
    assert "Tajne-haslo-17" not in terminal.getvalue()


def _sign_in(password: str) -> None:
    try:
        len(password) / 0
    except ZeroDivisionError as error:
        structlog.get_logger().error("unexpected error", exc_info=error)
