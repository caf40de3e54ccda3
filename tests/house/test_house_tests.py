"""The tests themselves: every name says one thing once, and every test can fail."""

import ast
from collections import Counter
from pathlib import Path

from tests.support.sources import Function, functions, python_files, tree

CHECKING_HELPERS = ("assert_", "check_", "expect_")


def files_of_tests() -> tuple[Path, ...]:
    return tuple(path for path in python_files() if path.parts[0] == "tests" and path.name.startswith("test_"))


def cases(path: Path) -> list[tuple[str, Function]]:
    return [(name, node) for name, node in functions(path) if node.name.startswith("test_")]


def can_fail(test: Function) -> bool:
    """Whether the test asserts: by itself, by an expected exception or by a helper whose name says that it checks."""
    return any(isinstance(node, ast.Assert) or _is_check(node) for node in ast.walk(test))


def _is_check(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    # Playwright's `expect(…)` raises after its patience, as an assert does at once.
    return ast.unparse(node.func) in {"pytest.raises", "expect"} or name.startswith(CHECKING_HELPERS)


def test_every_test_can_fail():
    idle = [f"{path}::{name}" for path in files_of_tests() for name, test in cases(path) if not can_fail(test)]
    assert idle == []


def test_no_two_tests_have_the_same_name():
    names = Counter(test.name for path in files_of_tests() for _, test in cases(path))
    assert [name for name, count in names.items() if count > 1] == []


def test_no_two_test_files_have_the_same_name():
    names = Counter(path.name for path in files_of_tests())
    assert [name for name, count in names.items() if count > 1] == []


def test_no_test_is_skipped():
    forbidden = {"pytest.skip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.importorskip", "pytest.xfail"}
    skipping = [
        f"{path}:{node.lineno}"
        for path in python_files()
        if path.parts[0] == "tests"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in forbidden
    ]
    assert skipping == []
