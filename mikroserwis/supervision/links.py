"""Links to pages that stand in other rooms of the house."""

from typing import Any

from flask import current_app, url_for


def link(endpoint: str, **values: Any) -> str | None:
    """None while there is no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
