"""A file in a folder that people look into: whole or not at all."""

import os
from pathlib import Path


def keep(content: bytes, folder: Path, name: str) -> Path:
    """Once more is the same file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, unfinished = folder / name, folder / f".{name}.unfinished"
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return path
