"""Secrets of programs. A token is made of a nonce that only whoever makes it sees; its hash is all that is kept."""

import hashlib
import secrets

from mikroserwis.keys import signature

PREFIX = "mkc_"
HINT = 4


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


def token(key: str, nonce: str) -> str:
    """What a program sends; `key` is the service's own."""
    return f"{PREFIX}{signature(key, 'client token', nonce)}"


def token_hash(secret: str) -> str:
    """Secrets are long and random: a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def webhook_secret(key: str, endpoint_id: int, nonce: str) -> str:
    """What signs the messages to an endpoint."""
    return f"whsec_{signature(key, 'webhook', f'{endpoint_id} {nonce}')}"
