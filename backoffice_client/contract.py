import json
from importlib.resources import files
from typing import Any


def openapi() -> dict[str, Any]:
    """The contract with the other side as an OpenAPI 3.1 document; a fresh copy at each call."""
    document: dict[str, Any] = json.loads(files(__package__).joinpath("openapi.json").read_text("utf-8"))
    return document
