"""The fixtures of the tests; each module says what it gives. A `conftest_*.py` beside this file is taken in too."""

from pathlib import Path

pytest_plugins = [
    "tests.support.app",
    "tests.support.browser",
    "tests.support.examples",
    "tests.support.postgres",
    "tests.support.s3",
    "tests.support.sockets",
    *sorted(f"tests.{file.stem}" for file in Path(__file__).parent.glob("conftest_*.py")),
]
