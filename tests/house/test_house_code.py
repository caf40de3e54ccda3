"""Promises of the architecture that the import contracts in pyproject.toml can't express."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import LEAVES, PACKAGES, functions, package_files, tree

# Measuring how long something takes (time.monotonic) and waiting are no knowledge of what time it is.
CLOCKS = {"datetime": {"now", "today", "utcnow"}, "date": {"today"}, "time": {"time", "time_ns", "localtime", "gmtime"}}
ENVIRONMENT = {"os": {"environ", "environb", "getenv", "getenvb"}}


def uses(syntax: ast.Module, forbidden: dict[str, set[str]]) -> Iterator[int]:
    """Lines that use `owner.name`, whatever stands before the owner, or import the name from it."""
    for node in ast.walk(syntax):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).rpartition(".")[2]
            if node.attr in forbidden.get(owner, ()):
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and {alias.name for alias in node.names} & forbidden.get(
            node.module or "", set()
        ):
            yield node.lineno


def places(files: tuple[Path, ...], forbidden: dict[str, set[str]]) -> list[str]:
    return [f"{path}:{line}" for path in files for line in uses(tree(path), forbidden)]


def test_the_leaves_are_told_the_time_and_never_ask_for_it():
    assert places(package_files(*LEAVES), CLOCKS) == []


def test_the_leaves_do_not_read_the_environment():
    assert places(package_files(*LEAVES), ENVIRONMENT) == []


@pytest.mark.parametrize(
    "line", ["datetime.now(UTC)", "datetime.datetime.utcnow()", "dt.date.today", "time.time()", "from time import time"]
)
def test_a_look_at_the_clock_is_noticed(line: str):
    assert list(uses(ast.parse(line), CLOCKS)) == [1]


@pytest.mark.parametrize("line", ["os.environ['A']", "os.getenv('A')", "from os import environ"])
def test_a_look_at_the_environment_is_noticed(line: str):
    assert list(uses(ast.parse(line), ENVIRONMENT)) == [1]


def test_nothing_is_imported_inside_a_function():
    inside = {
        f"{path}:{node.lineno}"
        for path in package_files(*PACKAGES)
        for _, function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inside == set()
