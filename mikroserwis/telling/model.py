"""What a message tells: its variables, and the texts that are shipped with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EMAIL, SMS, PDF = "email", "sms", "pdf"
CHANNELS = (EMAIL, SMS, PDF)


@dataclass(frozen=True)
class Variable:
    """Something that a text may speak of; `meaning` and `sample` are said in the reader's language.

    On the channels of `required` a text must say it; `only` are those that it can be said on, if not on all. A flag is
    never written, only asked for: {% if name %}. What stands `alone` on its line bears a secret, which anything that
    touches it could lead elsewhere; it never stands in a subject.
    """

    name: str
    meaning: Any
    sample: Any
    required: tuple[str, ...] = ()
    flag: bool = False
    only: tuple[str, ...] = CHANNELS
    alone: bool = False

    @property
    def written(self) -> str:
        """As it stands in a text."""
        return f"{{% if {self.name} %}} {{% endif %}}" if self.flag else f"{{{{ {self.name} }}}}"


@dataclass(frozen=True)
class Shipped:
    """Lazy texts, said in the language that is being spoken; only mails have a subject."""

    body: Any
    subject: Any = ""


@dataclass(frozen=True)
class Event:
    """What is told, to whom (`audience`, in words), and in which texts, by channel.

    The subject of a `prescribed` one is the manual's and stays what it is.
    """

    code: str
    label: Any
    audience: Any
    variables: tuple[Variable, ...]
    texts: Mapping[str, Shipped] = field(default_factory=dict)
    prescribed: bool = False

    def known(self, channel: str) -> Mapping[str, Variable]:
        """What a text of the channel may speak of."""
        return {one.name: one for one in self.variables if channel in one.only}

    def required(self, channel: str) -> tuple[str, ...]:
        """Names that a text of the channel can't do without."""
        return tuple(one.name for one in self.variables if channel in one.required)

    def samples(self) -> dict[str, Any]:
        """A value for each variable, in the language that is being spoken."""
        return {one.name: one.sample if one.flag else str(one.sample) for one in self.variables}


@dataclass(frozen=True)
class Rendered:
    """A text with its values; the subject is empty where the channel has none."""

    subject: str
    body: str
