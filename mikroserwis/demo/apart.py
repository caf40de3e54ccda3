"""Loading in a process of its own: what it leaves in memory, twice what the service needs, goes with it."""

import os
import threading
from importlib import import_module
from multiprocessing import get_context

from config import Settings
from mikroserwis import service
from mikroserwis.demo.house import DemoError
from mikroserwis.scheduler import utc_now


def load(settings: Settings) -> None:
    """The database is migrated and filled when this returns. Raises DemoError."""
    listening, held = os.pipe()
    child = get_context("fork").Process(target=_load, args=(settings, listening, held))
    child.start()
    try:
        child.join()
    finally:
        # Its other end closes too if we are killed: the child must not go on in a folder that the next start empties.
        os.close(held)
        os.close(listening)
        child.join()
    if child.exitcode != 0:
        raise DemoError(f"The made-up data could not be loaded into {settings.data}. The reason stands above.")


def _load(settings: Settings, listening: int, held: int) -> None:
    os.close(held)
    threading.Thread(target=_end_with_parent, args=(listening,), daemon=True).start()
    # Not imported above: a start that finds its data does without what makes it.
    import_module("mikroserwis.demo.load").load(service.ready_parts(settings), utc_now())


def _end_with_parent(listening: int) -> None:
    os.read(listening, 1)
    os._exit(1)
