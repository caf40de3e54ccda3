"""Inspect a file in a process of its own.

PDFium is not thread-safe and can't be interrupted, and hostile files aim at such libraries: a crash, an endless page
or a decompression bomb must not take the server along. The process gets no environment, so it has no secret to lose.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from signal import SIGXCPU
from threading import BoundedSemaphore
from typing import Any

from exports.marks import parse
from mikroserwis.scans.model import EXTENSIONS, SCANS, Busy, Code, Inspection, Limits, UnusableFile

REFUSED = 3
WAITING = 3  # wall-clock seconds granted for each second of processor time, for a machine with more to do

log = logging.getLogger(__name__)
_running = BoundedSemaphore(os.cpu_count() or 1)


def inspect(path: Path, name: str, *, accept: Collection[str] = SCANS, limits: Limits = Limits()) -> Inspection:
    """Judge the file at `path` that came under `name`; `accept` are content types.

    Takes about 0.25 s plus 0.1 s a page, 0.4 s for one without a code. Raises UnusableFile, FileNotFoundError.
    """
    task = {"verb": "inspect", "path": str(path.resolve(strict=True)), "name": name, "accept": sorted(accept)}
    found = json.loads(in_a_process(task, limits))
    return Inspection(
        content_type=found["content_type"],
        extension=EXTENSIONS[found["content_type"]][0],
        pages=len(found["codes"]),
        marks=tuple(parse(code) if code else None for code in found["codes"]),
        blank_pages=tuple(found["blank_pages"]),
    )


def thumbnail(path: Path, content_type: str, page: int, width: int, *, limits: Limits = Limits()) -> bytes:
    """A WebP picture of a page (from 1) of an inspected scan, upright, at most `width` × 4 `width` pixels.

    Carries none of the file's metadata. Takes about 0.3 s: keep the answer, it never changes for the same bytes.
    Raises UnusableFile, FileNotFoundError.
    """
    file = str(path.resolve(strict=True))
    task = {"verb": "thumbnail", "path": file, "content_type": content_type, "page": page, "width": width}
    return in_a_process(task, limits)


def bind(leaves: Sequence[tuple[Path, str, int]], *, limits: Limits = Limits()) -> bytes:
    """A PDF of pages (from 1) of inspected scans, in this order: path, content type and page of each.

    Upright, without metadata, actions or notes; JPEG pictures are the same bit for bit. Takes about 0.3 s.
    Raises UnusableFile, FileNotFoundError.
    """
    files = [str(path) for path in dict.fromkeys(path.resolve(strict=True) for path, _type, _page in leaves)]
    places = [(files.index(str(path.resolve())), content_type, page) for path, content_type, page in leaves]
    return in_a_process({"verb": "bind", "path": files[0], "others": files[1:], "leaves": places}, limits)


def in_a_process(task: dict[str, Any], limits: Limits, *, worker: str = "worker") -> bytes:
    """The answer of a worker, a module of this package. Raises UnusableFile, Busy."""
    command = [sys.executable, "-X", "utf8", "-m", f"mikroserwis.scans.{worker}"]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    order = json.dumps({**task, "limits": asdict(limits)}).encode()
    patience = limits.seconds * WAITING
    if not _running.acquire(timeout=limits.queue):
        raise Busy
    try:
        done = subprocess.run(  # noqa: S603 - our own module; what came from outside travels on standard input
            command, input=order, env=environment, capture_output=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnusableFile(Code.TOO_COMPLEX, {"seconds": limits.seconds}) from error
    finally:
        _running.release()
    if done.stderr:
        log.warning("while inspecting %s: %s", task["path"], done.stderr[-2000:].decode(errors="replace"))
    if done.returncode == 0:
        return done.stdout
    if done.returncode == REFUSED:
        refusal = json.loads(done.stdout)
        raise UnusableFile(Code(refusal["code"]), refusal["detail"])
    if done.returncode == -SIGXCPU:
        raise UnusableFile(Code.TOO_COMPLEX, {"seconds": limits.seconds})
    if done.returncode < 0:
        raise UnusableFile(Code.BROKEN)
    raise RuntimeError(f"the inspecting process ended with status {done.returncode}")
