"""How soon the demo answers, and how much memory its process holds then: as a newcomer starts it, in a fresh folder."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Figure, report
from benchmarks.serving import resident
from mikroserwis.serve import listen

COLD_S, WARM_S, MEMORY_MB = 40, 4, 150
ROUNDS = 3


def run() -> list[Figure]:
    """With the libraries installed; the first start also loads the data. The best of three warm starts."""
    with tempfile.TemporaryDirectory() as folder:
        cold, _memory = _started(Path(folder) / "demo")
        warm, memory = min(_started(Path(folder) / "demo") for _ in range(ROUNDS))
    return report(
        "the demo",
        [
            _figure("first start, data loaded", cold, "s", COLD_S),
            _figure("next start", warm, "s", WARM_S),
            _figure("memory of the process", memory, "MB", MEMORY_MB),
        ],
    )


def _figure(name: str, value: float, unit: str, limit: float) -> Figure:
    return Figure(name=name, said=f"{value:.1f} {unit}", value=value, limit=limit, against=f"asked for: {limit} {unit}")


def _started(data: Path) -> tuple[float, float]:
    """Seconds until it says its address, and MB that it holds then."""
    port = _free_pair()
    command = [sys.executable, "-m", "mikroserwis", "--data", str(data), "demo", "--port", str(port)]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        try:
            next(line for line in process.stdout if str(port) in line)
            return time.perf_counter() - began, resident(process.pid)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)


def _free_pair() -> int:
    """A port whose next one is free too."""
    while True:
        with listen("127.0.0.1", 0) as first:
            port: int = first.getsockname()[1]
            with contextlib.suppress(OSError), listen("127.0.0.1", port + 1):
                return port
