import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from backoffice_client.sandbox.store import Store


@dataclass(frozen=True)
class Sandbox:
    """What the routes work with. `stopping` wakes answers that are being delayed on purpose."""

    store: Store
    token: str
    now: Callable[[], datetime]
    dice: random.Random
    stopping: threading.Event = field(default_factory=threading.Event)
    deciding: threading.Lock = field(default_factory=threading.Lock)
