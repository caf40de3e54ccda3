"""The one secret that all processes share: it signs cookies, and makes the secrets of links that nothing keeps."""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path
from tempfile import NamedTemporaryFile

from config import Settings

KEY_FILE = "secret_key"


def secret_key(settings: Settings) -> str:
    """From the settings; the embedded default makes its own on first start, readable by its user alone."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given
    keep_secret_key(settings, secrets.token_hex(32))
    return (settings.data / KEY_FILE).read_text("utf-8")


def keep_secret_key(settings: Settings, key: str) -> bool:
    """False if the data folder has another one, which stays."""
    path: Path = settings.data / KEY_FILE
    with NamedTemporaryFile("w", dir=settings.data, encoding="utf-8") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
        try:
            # Whole at once: another process that starts just now reads the whole key or makes its own, and loses.
            os.link(file.name, path)
        except FileExistsError:
            return path.read_text("utf-8") == key
    return True


def signature(key: str, purpose: str, text: str) -> str:
    """43 characters that only who has the key can make of the text; another purpose, another signature."""
    made = hmac.new(key.encode(), f"{purpose}\n{text}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode().rstrip("=")
