"""Nothing here is longer than a person can hold in mind: the tail is what separates pleasant code from the rest."""

from collections.abc import Iterator

from tests.support.sources import ROOT, functions, own_files, python_files

LONGEST_FUNCTION, LONGEST_FILE, LONGEST_TEMPLATE = 50, 300, 120

# "path" or "path::function" -> why it may be longer. What has become short enough must leave this table.
FIRST_RELEASE = "mikroserwis/migrations/versions/2026_11_21_first_release.py"
EXCEPTIONS: dict[str, str] = {
    FIRST_RELEASE: "the list of every table of the first release, as it was written once and for all",
    f"{FIRST_RELEASE}::upgrade": "the same",
    f"{FIRST_RELEASE}::downgrade": "the same",
}


def too_long() -> Iterator[tuple[str, int]]:
    """Name and number of lines of everything that is longer than its limit."""
    for path in own_files():
        if path in python_files():
            limit = LONGEST_FILE
        elif "templates" in path.parts:
            limit = LONGEST_TEMPLATE
        else:
            continue
        length = len((ROOT / path).read_text("utf-8").splitlines())
        if length > limit:
            yield str(path), length
    for path in python_files():
        for name, node in functions(path):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path}::{name}", length


def test_functions_files_and_templates_stay_short():
    surplus = {name: length for name, length in too_long() if name not in EXCEPTIONS}
    assert surplus == {}


def test_every_exception_is_needed_and_has_a_reason():
    names = {name for name, _ in too_long()}
    assert set(EXCEPTIONS) <= names
    assert all(EXCEPTIONS.values())
