"""The signature of a webhook: over the moment of sending and the exact bytes, by each secret that is valid now."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

HEADER = "Mikroserwis-Signature"


def sign(secrets: Iterable[str], body: bytes, at: datetime) -> str:
    """As the header says it: t=…,v1=…, and a second v1 while a secret is being changed."""
    moment = str(int(at.timestamp()))
    made = (hmac.new(one.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest() for one in secrets)
    return ",".join([f"t={moment}", *(f"v1={one}" for one in made)])
