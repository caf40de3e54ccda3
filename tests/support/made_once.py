"""What each application would make anew from the same code, made once for all tests of a process.

Thousands of tests make an application and a database of their own, and most of that time went into compiling the same
routes, templates and SQL again. Nothing that a test could see is shared: a compiled route is bound to the rule that
asks for it, Jinja runs the code in its own environment, and SQL is text.
"""

from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
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
    _routes()
    _statements()


def _routes() -> None:
    compile_ = Rule.compile
    known: dict[tuple[Any, ...], Rule] = {}

    def compile_once(rule: Rule) -> None:
        assert rule.map is not None
        kinds = rule.map.converters["int"]
        key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults), kinds)
        like = known.get(key)
        if like is None:
            compile_(rule)
            known[key] = rule
            return
        rule.arguments |= like.arguments
        rule._parts, rule._trace, rule._converters = like._parts, like._trace, like._converters
        rule._build = like._build.__func__.__get__(rule)  # type: ignore[attr-defined]
        rule._build_unknown = like._build_unknown.__func__.__get__(rule)  # type: ignore[attr-defined]

    Rule.compile = compile_once  # type: ignore[assignment, method-assign]


def _statements() -> None:
    """One cache of SQL for all engines of a kind, whose dialects are equal: a statement's key begins with one."""
    make = Engine.__init__
    known: dict[type, LRUCache[Any, Any]] = {}

    def made(engine: Engine, *given: Any, **named: Any) -> None:
        make(engine, *given, **named)
        engine._compiled_cache = known.setdefault(type(engine.dialect), LRUCache(2000))

    Engine.__init__ = made  # type: ignore[assignment, method-assign]
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
