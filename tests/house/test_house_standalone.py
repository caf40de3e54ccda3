"""A clone of this repository is all that anybody needs, and everything in it was written for it."""

import re

import pytest

from tests.support.sources import ROOT, own_files

PICTURES = "docs/pictures/*.png"
LONGEST_LINE = 500

# Put together here, so that this file doesn't contain what it looks for.
FORBIDDEN = {
    "a package registry's host": "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("crates", "io"),
            ("deb.debian", "org"),
        )
    ),
    "a neighbouring folder": re.escape("../" + "shared"),
    "a path of somebody's machine": "|".join(rf"(?<![\w.-])/{name}/" for name in ("work", "root", "home", "Users")),
}


def text_of(path: str) -> str:
    return (ROOT / path).read_bytes().decode("utf-8")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str):
    pattern = re.compile(FORBIDDEN[what])
    texts = [path for path in own_files() if not path.match(PICTURES)]
    naming = {str(path): found.group() for path in texts if (found := pattern.search(text_of(str(path))))}
    assert naming == {}


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a package registry's host", "https://" + "pypi" + ".org/simple"),
        ("a neighbouring folder", "see ../" + "shared/notes"),
        ("a path of somebody's machine", "python /" + "root/x.py"),
    ],
)
def test_the_search_would_find(what: str, text: str):
    assert re.search(FORBIDDEN[what], text)


def test_every_file_is_text_or_a_picture_of_the_documentation():
    def is_text(path: str) -> bool:
        content = (ROOT / path).read_bytes()
        try:
            return "\0" not in content.decode("utf-8")
        except UnicodeDecodeError:
            return False

    assert [str(path) for path in own_files() if not path.match(PICTURES) and not is_text(str(path))] == []


def test_no_file_is_minified():
    sources = [path for path in own_files() if path.suffix in {".css", ".js", ".mjs", ".html", ".svg", ".json"}]
    minified = [
        str(path)
        for path in sources
        if ".min." in path.name or max(map(len, text_of(str(path)).splitlines()), default=0) > LONGEST_LINE
    ]
    assert minified == []


def test_the_locks_name_a_hash_for_every_package_and_no_address():
    for lock in ("run", "test", "uv"):
        lines = text_of(f"bin/locks/{lock}.txt").splitlines()
        packages = [number for number, line in enumerate(lines) if "==" in line and not line.startswith((" ", "#"))]
        assert packages
        assert [lines[number] for number in packages if "--hash=sha256:" not in lines[number + 1]] == []
        assert [line for line in lines if "://" in line or "index-url" in line] == []
