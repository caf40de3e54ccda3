"""What each application would make anew from the same code, made once for all tests of a process.

Thousands of tests make an application of their own, and two thirds of that time went into compiling the same routes and
templates again. Nothing that a test could see is shared: Werkzeug binds a builder to its rule, Jinja runs the code in
the environment that asks for it.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from mikroserwis.edge import TransactionalFlask


class _Kept(BytecodeCache):
    """In memory; a bucket's key knows the template's name and place, and its checksum the text."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def keep() -> None:
    """From now on, in this process."""
    TransactionalFlask.jinja_options = {**TransactionalFlask.jinja_options, "bytecode_cache": _Kept()}
    compile_builder: Callable[..., Any] = Rule._compile_builder
    builders: dict[tuple[Any, ...], Any] = {}

    def kept(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    Rule._compile_builder = kept  # type: ignore[assignment, method-assign]
