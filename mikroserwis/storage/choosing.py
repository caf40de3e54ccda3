"""Which store the settings ask for."""

from functools import lru_cache
from importlib import import_module
from typing import cast

from config import Settings
from mikroserwis.storage.local import LocalStore
from mikroserwis.storage.model import Store


def shelf(settings: Settings, name: str) -> Store:
    """The files under this name: in the bucket if one is set, else in the data folder."""
    if settings.s3_bucket:
        return in_bucket(settings, name)
    return in_folder(settings, name)


def in_folder(settings: Settings, name: str) -> LocalStore:
    return LocalStore(settings.data / name)


def require_bucket(settings: Settings) -> None:
    """Raises StorageRefused, or StorageUnavailable, unless the bucket lets us in; nothing where none is set."""
    if settings.s3_bucket:
        next(in_bucket(settings, "files").every(), None)


@lru_cache(maxsize=32)
def in_bucket(settings: Settings, name: str) -> Store:
    """One client for all who ask: it keeps its connections."""
    # Not imported above: a service whose files lie in a folder does without the client's ten megabytes.
    s3 = import_module("mikroserwis.storage.s3")
    store = s3.S3Store(
        settings.s3_bucket,
        name,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key.get_secret_value(),
        timeout=settings.s3_timeout_seconds,
    )
    return cast(Store, store)
