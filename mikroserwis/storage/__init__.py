"""Files known by the SHA-256 of their content: in a local folder, or in S3-compatible storage.

A file is complete or it isn't there. What was uploaded is evidence and is never removed; a shelf of things that can be
made again may let them go.
"""

from mikroserwis.storage.choosing import in_bucket, in_folder, require_bucket, shelf
from mikroserwis.storage.local import LocalStore
from mikroserwis.storage.model import (
    OUT_OF_SPACE,
    EmptyFile,
    InvalidHash,
    Missing,
    StorageError,
    StorageFull,
    StorageRefused,
    StorageUnavailable,
    Store,
    Stored,
    TooLarge,
)

__all__ = [
    "OUT_OF_SPACE",
    "EmptyFile",
    "InvalidHash",
    "LocalStore",
    "Missing",
    "StorageError",
    "StorageFull",
    "StorageRefused",
    "StorageUnavailable",
    "Store",
    "Stored",
    "TooLarge",
    "in_bucket",
    "in_folder",
    "require_bucket",
    "shelf",
]
