"""A real S3 peer: moto's server in a process of its own, on a loopback port.

Fixtures:
  s3_peer   the peer's address, for the whole run
  bucket    settings of an empty bucket of the test's own: `Settings(**bucket)`
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import requests
from pydantic import SecretStr

_numbers = count(1)


@pytest.fixture(scope="session")
def s3_peer() -> Iterator[str]:
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    try:
        said = iter(process.stderr.readline, b"")
        yield next(found.group() for line in said if (found := re.search(r"http://127\.0\.0\.1:\d+", line.decode())))
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.fixture
def bucket(s3_peer: str) -> dict[str, Any]:
    name = f"mikroserwis-{next(_numbers)}"
    requests.put(f"{s3_peer}/{name}", timeout=10).raise_for_status()
    return settings_of(s3_peer, name)


def settings_of(endpoint: str, name: str) -> dict[str, Any]:
    """As keywords for Settings."""
    return {
        "s3_bucket": name,
        "s3_endpoint": endpoint,
        "s3_access_key": "key",
        "s3_secret_key": SecretStr("secret"),
        "s3_timeout_seconds": 2,
    }
