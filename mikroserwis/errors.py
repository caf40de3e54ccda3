"""What operations raise. Texts for people are found later, by code, in the reader's language."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Blocker:
    """One thing that stands in the way: the code of a guard, and the particulars that its sentence needs."""

    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class FieldError:
    """One wrong value of a form, by the field's name."""

    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Problem(Exception):
    """The family: `status` is what HTTP answers, `code` is stable."""

    status = 400
    code = "bad_request"

    def __init__(self, code: str | None = None, **params: Any) -> None:
        self.code = code or type(self).code
        self.params = params
        super().__init__(self.code)


class NotFound(Problem):
    """No such record, or none that this actor may know of."""

    status = 404
    code = "not_found"


class Forbidden(Problem):
    """The record may be seen, the act isn't this actor's."""

    status = 403
    code = "forbidden"


class Unauthorised(Problem):
    """Nobody is signed in."""

    status = 401
    code = "unauthorised"


class Refused(Problem):
    """The record's state doesn't allow the act now."""

    status = 409
    code = "refused"

    def __init__(self, trigger: str, blockers: Sequence[Blocker]) -> None:
        super().__init__("refused", trigger=trigger)
        self.trigger = trigger
        self.blockers = tuple(blockers)


class Conflict(Problem):
    """Somebody else was first; `params` may hold what changed."""

    status = 409
    code = "changed_meanwhile"


class Invalid(Problem):
    """Wrong values, each named."""

    status = 422
    code = "invalid"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("invalid")
        self.errors = tuple(errors)


class TooMany(Problem):
    """Too many attempts; `seconds` until the next one may be made."""

    status = 429
    code = "too_many_attempts"


class Unavailable(Problem):
    """A part that we need is busy, full or away; trying again later helps."""

    status = 503
    code = "unavailable"


@dataclass(frozen=True)
class Answer:
    """What a person or a program is told about an error; `extra` is what the API adds to problem+json."""

    status: int
    code: str
    title: str
    detail: str = ""
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def sentences(self) -> list[str]:
        """Each thing that is wrong, or what else there is to say."""
        parts = [one["message"] for one in self.extra.get("blockers", self.extra.get("errors", ()))]
        return parts or ([self.detail] if self.detail else [])
