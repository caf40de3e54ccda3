"""docs/performance.md out of the kept figures: what was measured, when, and what isn't kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parent.parent / "docs/performance.md"
TEXT = Path(__file__).with_name("performance.md")
MORE = Path(__file__).with_name("scans_and_sheets.md")
TITLES = {
    "pages": "List, ticket page and taking among 100 000 tickets",
    "million": "The list among a million tickets",
    "crowd": "Eight people on the list",
    "sweep": "The nightly sweep",
    "engine": "The workflow engine",
    "papers": "Papers",
    "start": "The demo",
}


def made() -> str:
    """The whole page: what is said once, then a table for each benchmark."""
    return "\n".join([TEXT.read_text("utf-8").rstrip(), *_tables(), f"\n{MORE.read_text('utf-8').rstrip()}\n"])


def _tables() -> Iterator[str]:
    for name, title in TITLES.items():
        measured: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
        yield f"\n## {title} (`{name}`)\n"
        yield f"{measured['measured'][:10]}, Python {measured['python']}, load {measured['load']}.\n"
        yield "| what | figure | beside its limit | |\n|---|---|---|---|"
        for one in measured["figures"]:
            kept = "" if one["limit"] is None else "kept" if one["kept"] else "**not kept**"
            yield f"| {one['name']} | {one['said']} | {one['against']} | {kept} |"


if __name__ == "__main__":
    PAGE.write_text(made(), "utf-8")
