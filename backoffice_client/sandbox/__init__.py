"""A stand-in for M/platform and the backoffice: a server that speaks `openapi.json`, for the demo and for tests."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from backoffice_client.sandbox.server import SandboxServer

__all__ = ["SandboxServer", "serve"]


def serve(
    host: str,
    port: int,
    data: Path | None,
    token: str,
    now: Callable[[], datetime],
    *,
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Run a sandbox in the foreground until Ctrl-C; `ready` is told its address once it listens."""
    server = SandboxServer(host, port, data=data, token=token, now=now)
    ready(server.url)
    server.serve_forever()
