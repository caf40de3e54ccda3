"""All files of one store into another, each read back and compared; what is there already is left there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from mikroserwis.storage import Missing, Store

# A store behind a network answers several at once.
AT_ONCE = 8
# As a limit: whatever was taken in once goes on.
ANY_SIZE = 2**63 - 1


@dataclass(frozen=True)
class Files:
    """How many were carried now, and how many were there whole; the hashes of those that the source has lost."""

    carried: int
    present: int
    lost: tuple[str, ...]


def copy(source: Store, target: Store, told: Callable[[int], None] = lambda _: None) -> Files:
    """Go on where an earlier one was cut off. Raises StorageError."""
    every = sorted(source.every())
    found: dict[str, list[str]] = {"carried": [], "present": [], "lost": []}
    with ThreadPoolExecutor(AT_ONCE) as workers:
        outcomes = workers.map(partial(_one, source, target), every)
        for sha256, outcome in zip(every, outcomes, strict=True):
            found[outcome].append(sha256)
            told(sum(map(len, found.values())))
    return Files(len(found["carried"]), len(found["present"]), tuple(found["lost"]))


def _one(source: Store, target: Store, sha256: str) -> str:
    if target.verify(sha256):
        return "present"
    if not source.verify(sha256):
        return "lost"
    try:
        with source.open(sha256) as file:
            target.put(file, limit=ANY_SIZE)
    except Missing:
        return "lost"
    return "carried" if target.verify(sha256) else "lost"
