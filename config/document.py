"""docs/settings.md, from the settings themselves: `python -m config.document` prints it."""

import sys
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from config.settings import PREFIX, Settings

_INTRO = """# Settings

All settings are environment variables; none is needed for a first start. A wrong value stops the start and names the
setting. A secret can stand in a file instead: give the file's path in the variable that ends in `_FILE`; if both are
given, the variable itself counts, not the file.

"""


def document() -> str:
    """The whole page as Markdown."""
    rows = [("variable", "default", "meaning"), ("---", "---", "---")]
    rows += [
        (f"`{PREFIX}{name.upper()}`", _default(field), _cell(field.description or ""))
        for name, field in Settings.model_fields.items()
    ]
    return _INTRO + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, Path):
        value = value.as_posix()
    return "" if value in ("", None) else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(document())
