"""The description as a page shows it: resources in groups, fields in tables, and a call to copy for each act."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

METHODS = ("get", "post", "put", "patch", "delete")
ORDER = (
    "Tickets",
    "Sub-tickets",
    "Company and points",
    "Quotes",
    "Files",
    "Notes and history",
    "Deliveries",
    "Intake",
    "Prices",
    "Own views",
    "Training material",
    "Paper forms",
    "Messages",
    "Notifications",
    "Account",
    "API clients",
)
SAMPLES = {
    "number": 115,
    "version": 1,
    "ending": "pdf",
    "subticket_id": 1,
    "point_id": 735,
    "file_id": 1,
    "delivery_id": 1,
    "view_id": 1,
    "draft_id": 1,
    "export_id": 1,
    "material_id": 1,
    "paper": "contract",
    "form_number": 1,
    "suffix": "pdf",
    "name": "contract.pdf",
    "item_id": 1,
    "offer_id": 1,
    **dict.fromkeys(("message_id", "notification_id"), 1),
    "event": "offered",
    "channel": "email",
    "language": "pl",
    "text_number": 1,
    "code": "u1",
    "batch": "0" * 32,
    "handover_id": 1,
    "dealer_id": 1,
    "customer_id": 1,
    "user_id": 1,
    "owner_id": 1,
    "absence_id": 1,
    "contact_id": 1,
    "run_id": 1,
    "job": "sweep",
    "request_id": 1,
    **dict.fromkeys(("client_id", "token_id", "endpoint_id", "sending_id"), 1),
}


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Operation:
    """`answers` are (status, text, name of the schema or empty)."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[tuple[str, str, str], ...]
    call: str


@dataclass(frozen=True)
class Schema:
    name: str
    description: str
    fields: tuple[Field, ...]


def context(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Groups of operations in their order, the schemas they answer with, and the words above them."""
    schemas = spec["components"]["schemas"]
    groups: dict[str, list[Operation]] = {}
    for path, methods in spec["paths"].items():
        for method in METHODS:
            if method in methods:
                found = _operation(method, path, methods[method], spec)
                groups.setdefault(methods[method]["tags"][0], []).append(found)
    wanted = {name for operations in groups.values() for one in operations for _status, _text, name in one.answers}
    return {
        "groups": {
            tag: sorted(found, key=lambda one: (one.path, one.method)) for tag in ORDER for found in [groups[tag]]
        },
        "schemas": [_schema(name, schemas[name]) for name in sorted(_closure(wanted - {""}, schemas))],
        "intro": [_marked(text) for text in spec["info"]["description"].strip().split("\n\n")],
        "errors": [(key.removeprefix("Problem"), _marked(each["description"])) for key, each in _problems(spec)],
    }


def _marked(text: str) -> Markup:
    """Names between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just here


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """A body made of the fields' own examples; fields without one are left out unless they are required."""
    schema = _resolved(schema, schemas)
    if "examples" in schema:
        return schema["examples"][0]
    if schema.get("type") == "object":
        needed = schema.get("required", ())
        made = {name: _sample(name, each, schemas) for name, each in schema.get("properties", {}).items()}
        return {name: value for name, value in made.items() if value not in (None, {}, []) or name in needed}
    if schema.get("type") == "array":
        return [example(schema["items"], schemas)]
    if "enum" in schema:
        return schema["enum"][0]
    return None


def _sample(name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    if name == "stations_buy":
        return 2
    return example(schema, schemas)


def _operation(method: str, path: str, told: Mapping[str, Any], spec: Mapping[str, Any]) -> Operation:
    schemas = spec["components"]["schemas"]
    content = next(iter(told.get("requestBody", {}).get("content", {}).items()), None)
    body = _resolved(content[1]["schema"], schemas) if content else {}
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        description=told.get("description", ""),
        parameters=tuple(
            Field(one["name"], kind(one["schema"]), one.get("required", False), _about(one))
            for one in told["parameters"]
        ),
        body=tuple(_fields(body)),
        answers=tuple(_answers(told["responses"])),
        call=_call(method, path, content),
    )


def _about(parameter: Mapping[str, Any]) -> str:
    text: str = parameter.get("description") or parameter["schema"].get("description", "")
    return text


def _answers(responses: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The good ones; the errors are the same everywhere."""
    for status, answer in sorted(responses.items()):
        if "$ref" not in answer:
            content: Mapping[str, Any] = next(iter(answer.get("content", {}).values()), {"schema": {}})
            yield status, answer["description"], _named(content["schema"].get("$ref", ""))


def _fields(schema: Mapping[str, Any]) -> Iterator[Field]:
    needed = schema.get("required", ())
    for name, each in schema.get("properties", {}).items():
        yield Field(name, kind(each), name in needed, each.get("description", ""))


def _schema(name: str, schema: Mapping[str, Any]) -> Schema:
    return Schema(name, _marked(schema.get("description", "")), tuple(_fields(schema)))


def kind(schema: Mapping[str, Any]) -> str:
    """A type in a few words, such as `list of SubticketOut` or `integer or null`."""
    if "$ref" in schema:
        return _named(schema["$ref"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(str(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "any"))


def _named(reference: str) -> str:
    return reference.rpartition("/")[2]


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        return _resolved(schemas[_named(schema["$ref"])], schemas)
    real = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return {**_resolved(real[0], schemas), **{k: v for k, v in schema.items() if k != "anyOf"}} if real else schema


def _closure(names: set[str], schemas: Mapping[str, Any]) -> set[str]:
    """The named schemas and those that they speak of."""
    found: set[str] = set()
    while names:
        found |= names
        texts = (json.dumps(each) for name, each in schemas.items() if name in names)
        names = {_named(ref) for text in texts for ref in re.findall(r'"\$ref": "([^"]+)"', text)} - found
    return found


def _problems(spec: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(spec["components"]["responses"].items())


def _call(method: str, path: str, content: tuple[str, Any] | None) -> str:
    address = re.sub(r"{(\w+)}", lambda found: str(SAMPLES[found[1]]), path)
    lines = ['curl -H "Authorization: Bearer $TOKEN"', *(["-X POST"] if method == "post" and not content else [])]
    if content and content[0] == "application/json":
        body = json.dumps(content[1]["example"], ensure_ascii=False, indent=2)
        lines += [*([f"-X {method.upper()}"] if method != "post" else []), f"--json '{body}'"]
    elif content:
        fields = [f"-F {name}={value}" for name, value in content[1]["example"].items() if value is not None]
        lines += ["-F file=@scan.pdf", *(one for one in fields if not one.startswith("-F file="))]
    return " \\\n  ".join([*lines, f'"$SERVER{address}"'])
