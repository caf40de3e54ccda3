"""JPEG files, segment by segment (ITU-T T.81, annex B)."""

from mikroserwis.scans.model import Code, UnusableFile

START, END, SCAN = 0xD8, 0xD9, 0xDA
COMMENT = 0xFE
APPLICATIONS = range(0xE0, 0xF0)
NEEDED = (0xE0, 0xEE)  # JFIF's density, Adobe's colour transform: what colours are read by
WITHIN_A_SCAN = (0x00, 0xFF, *range(0xD0, 0xD8))  # a stuffed byte, fill bytes, restarts


def only_the_picture(raw: bytes) -> bytes:
    """The same picture bit for bit, without what else the file tells: place, time, device, thumbnail, comments.

    Raises UnusableFile for a file whose segments don't follow each other.
    """
    kept, at = [raw[:2]], 2
    while True:
        start, kind = at, _kind(raw, at)
        if kind == END:
            return b"".join((*kept, raw[start : start + 2]))
        at = start + 2 + int.from_bytes(raw[start + 2 : start + 4])
        if kind == SCAN:
            at = _end_of_scan(raw, at)
        if not (kind == COMMENT or (kind in APPLICATIONS and kind not in NEEDED)):
            kept.append(raw[start:at])


def _kind(raw: bytes, at: int) -> int:
    if len(raw) < at + 4 and raw[at : at + 2] != bytes((0xFF, END)):
        raise UnusableFile(Code.BROKEN)
    if raw[at] != 0xFF or raw[at + 1] in WITHIN_A_SCAN or raw[at + 1] == START:
        raise UnusableFile(Code.BROKEN)
    return raw[at + 1]


def _end_of_scan(raw: bytes, at: int) -> int:
    """Where the next segment begins."""
    while (at := raw.find(b"\xff", at)) != -1 and at + 1 < len(raw):
        if raw[at + 1] not in WITHIN_A_SCAN:
            return at
        at += 1 if raw[at + 1] == 0xFF else 2
    raise UnusableFile(Code.BROKEN)
