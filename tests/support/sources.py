"""The project's own files, as git would commit them, for the tests that read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LEAVES = ("backoffice_client", "config", "exports", "sla", "workflows")
PACKAGES = (*LEAVES, "mikroserwis")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def own_files() -> tuple[Path, ...]:
    """Paths below ROOT of every file that git tracks or would take in."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = sorted(set(printed.split("\0")) - {""})
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


@cache
def python_files() -> tuple[Path, ...]:
    """The Python files among them, those in bin/ that have no suffix included."""
    scripts = {Path("bin/demo"), Path("bin/test")}
    return tuple(path for path in own_files() if path.suffix == ".py" or path in scripts)


def package_files(*packages: str) -> tuple[Path, ...]:
    """The Python files of these packages."""
    return tuple(path for path in python_files() if path.parts[0] in packages)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file below ROOT."""
    return ast.parse((ROOT / path).read_text("utf-8"), str(path))


def functions(path: Path) -> Iterator[tuple[str, Function]]:
    """Every function and method of a file with its qualified name, nested ones too."""

    def below(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield f"{prefix}{child.name}", child
            is_scope = isinstance(child, Function | ast.ClassDef)
            yield from below(child, f"{prefix}{child.name}." if is_scope else prefix)  # type: ignore[attr-defined]

    yield from below(tree(path), "")
