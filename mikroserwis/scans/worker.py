"""The inspecting process: one task as JSON on standard input, its answer on standard output."""

import json
import logging
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mikroserwis.scans import binding, kinds, office, paper, pdf, pictures
from mikroserwis.scans.inspection import REFUSED
from mikroserwis.scans.marks import code_in, hidden_code_in
from mikroserwis.scans.model import JPEG, OFFICE, PDF, PNG, Code, Limits, UnusableFile
from mikroserwis.scans.page import Pages

OPENERS: dict[str, Callable[[Path, Limits], Pages]] = {
    PDF: pdf.open_pages,
    JPEG: pictures.open_pages,
    PNG: pictures.open_pages,
}

log = logging.getLogger(__name__)


def main(verbs: Mapping[str, Callable[..., bytes]]) -> int:
    """Does the one task with one of these verbs; the exit code."""
    task = json.load(sys.stdin)
    limits = Limits(**task.pop("limits"))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    verb, path = verbs[task.pop("verb")], Path(task.pop("path"))
    try:
        answer = verb(path, limits=limits, **task)
    except UnusableFile as refusal:
        return _refuse(refusal)
    except OSError:
        raise  # the disk's fault, not the file's
    except MemoryError:
        return _refuse(UnusableFile(Code.TOO_COMPLEX, {"memory": limits.memory}))
    except Exception:  # a library tripped over the file in a way that it doesn't document
        log.exception("unreadable file")
        return _refuse(UnusableFile(Code.BROKEN))
    sys.stdout.buffer.write(answer)
    return 0


def _inspect(path: Path, *, name: str, accept: Sequence[str], limits: Limits) -> bytes:
    raw = path.read_bytes()
    content = kinds.content_type(raw, name, accept)
    if content in OFFICE:
        office.check(path, content, limits)
        return _answer(content, [None], [])
    kinds.refuse_second_meaning(raw, content)
    codes: list[str | None] = []
    blank: list[int] = []
    for number, page in enumerate(OPENERS[content](path, limits), start=1):
        grey = page.grey()
        code = code_in(grey)
        if code is None and paper.is_blank(grey):
            blank.append(number)
        elif code is None:
            code = hidden_code_in(page)
        codes.append(code)
    if len(blank) == len(codes):
        raise UnusableFile(Code.BLANK, {"pages": len(codes)})
    return _answer(content, codes, blank)


def _answer(content: str, codes: list[str | None], blank: list[int]) -> bytes:
    return json.dumps({"content_type": content, "codes": codes, "blank_pages": blank}).encode()


def _thumbnail(path: Path, *, content_type: str, page: int, width: int, limits: Limits) -> bytes:
    if content_type not in OPENERS:
        raise UnusableFile(Code.UNSUPPORTED_TYPE, {"content": content_type, "accepted": sorted(OPENERS)})
    pages = OPENERS[content_type](path, limits)
    if not 1 <= page <= len(pages):
        raise UnusableFile(Code.NO_SUCH_PAGE, {"page": page, "pages": len(pages)})
    return pictures.webp(pages[page - 1].coloured(width))


def _bind(path: Path, *, others: Sequence[str], leaves: Sequence[tuple[int, str, int]], limits: Limits) -> bytes:
    """`leaves` name the file, 0 for `path`, its content type and the page."""
    files = (path, *map(Path, others))
    return binding.bind([(files[file], content_type, page) for file, content_type, page in leaves], limits)


VERBS: dict[str, Callable[..., bytes]] = {"inspect": _inspect, "thumbnail": _thumbnail, "bind": _bind}


def _refuse(refusal: UnusableFile) -> int:
    json.dump({"code": refusal.code, "detail": refusal.detail}, sys.stdout)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(VERBS))
