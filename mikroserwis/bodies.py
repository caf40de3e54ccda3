"""Bodies that the API takes: read before anything is done, shapes checked first, meanings where forms are."""

from datetime import UTC
from typing import Annotated

from flask import current_app, request
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from mikroserwis import edge

Text = Annotated[str, Field(max_length=4000)]
# No larger than what every JSON reader keeps exactly.
Whole = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1)]
Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
VERSION = "As it was read: 409 if somebody changed it since. Optional."


class Body(BaseModel):
    """Unknown names are refused: a misspelt one would be lost in silence."""

    model_config = ConfigDict(extra="forbid")


def read_body() -> None:
    """Raises BadRequest and UnsupportedMediaType; the body has to be what the resource documents."""
    expected = getattr(current_app.view_functions[request.endpoint or ""], "_spec", {}).get("content_type")
    if request.method in edge.SAFE or expected is None:
        return
    if request.mimetype != expected:
        raise UnsupportedMediaType
    if expected == "application/json":
        try:
            body = request.get_json()
        except RecursionError:
            raise BadRequest from None
        if not isinstance(body, dict):
            raise BadRequest


def given(body: BaseModel, *names: str) -> dict[str, str]:
    """What was sent, as texts; null empties a field."""
    return {name: getattr(body, name) or "" for name in names if name in body.model_fields_set}
