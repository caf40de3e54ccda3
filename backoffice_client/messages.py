"""What crosses the wire, in both directions. Building one that the contract forbids raises `ValueError`."""

from dataclasses import field
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass
from pydantic_core import to_jsonable_python

T = TypeVar("T")

_STRICT = ConfigDict(strict=True)
_JSON_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue], config=_STRICT)


def _in_utc(moment: datetime) -> datetime:
    """The first and the last year are refused: some of their moments no other zone can tell."""
    if not 1 < moment.year < 9999:
        raise ValueError("a moment outside of the calendar")
    return moment.astimezone(UTC)


def _each_once(stations: "tuple[Station, ...]") -> "tuple[Station, ...]":
    if len({station.number for station in stations}) < len(stations):
        raise ValueError("a station is listed twice")
    return stations


Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
# An own name for a package or an event; starts with a letter or digit so that no URL library takes it for `..`.
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]
MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}$")]
Number = Annotated[int, Field(ge=1, le=999_999_999_999)]
StationNumber = Annotated[int, Field(ge=1, le=999)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Details = Annotated[dict[str, object], AfterValidator(_JSON_OBJECT.validate_python)]


@dataclass(frozen=True, config=_STRICT)
class Station:
    number: StationNumber
    name: Text
    online: bool
    last_contact: Moment | None


@dataclass(frozen=True, config=_STRICT)
class Connectivity:
    """What the platform knew of a point at `checked_at`; a station it has never heard of is not listed."""

    point_id: Number
    check_id: Text
    checked_at: Moment
    stations: Annotated[tuple[Station, ...], AfterValidator(_each_once)]

    def to_json(self) -> dict[str, object]:
        """Plain JSON values, as the contract spells them: what is stored as evidence."""
        return to_json(self)


@dataclass(frozen=True, config=_STRICT)
class Scan:
    """A document's bytes, known by their SHA-256; `size` in bytes."""

    sha256: Sha256
    kind: Word
    name: Text
    content_type: MediaType
    size: Number
    ticket: Number


@dataclass(frozen=True, config=_STRICT)
class ScanReceipt:
    sha256: Sha256
    receipt: Text
    accepted_at: Moment


@dataclass(frozen=True, config=_STRICT)
class ManifestFile:
    sha256: Sha256
    kind: Word
    name: Text
    size: Number
    version: Number


@dataclass(frozen=True, config=_STRICT)
class Manifest:
    """The list that makes single scans one package: of a ticket's documents, or of a ticket that has closed."""

    package_id: Identifier
    ticket: Number
    purpose: Literal["scans", "closing"]
    made_at: Moment
    files: tuple[ManifestFile, ...]
    details: Details = field(default_factory=dict)


@dataclass(frozen=True, config=_STRICT)
class PackageReceipt:
    package_id: Identifier
    receipt: Text
    accepted_at: Moment


@dataclass(frozen=True, config=_STRICT)
class TicketEvent:
    event_id: Identifier
    ticket: Number
    event: Word
    at: Moment
    details: Details = field(default_factory=dict)


@dataclass(frozen=True, config=_STRICT)
class EventReceipt:
    event_id: Identifier
    receipt: Text
    accepted_at: Moment


def to_json(message: object) -> dict[str, object]:
    """A message as plain JSON values; moments in UTC with `Z`."""
    plain: dict[str, object] = to_jsonable_python(message)
    return plain


def why_invalid(error: ValidationError) -> str:
    """Where and why, without the offending values: they may be secret, and long."""
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}".lstrip(": ") for one in error.errors())


def message_from(kind: type[T], body: bytes | str) -> T:
    """Read a message from its JSON text. Fields unknown to the contract are ignored. Raises `ValidationError`."""
    return TypeAdapter(kind).validate_json(body)
