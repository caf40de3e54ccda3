"""A person's picture, or its company's logo: drawn anew, so that nothing of what was sent stays but how it looks."""

import shutil
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, cast

from flask import Response, request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from mikroserwis import edge, file_answers, history, scans
from mikroserwis.access import Actor
from mikroserwis.errors import FieldError, Invalid, NotFound
from mikroserwis.models import RetiredPicture, User, UserPicture

LARGEST = 8 * 1024 * 1024
WIDTH = 320


def receive(given: FileStorage | None) -> str:
    """The store's name of the new picture, before a transaction is opened. Raises Invalid, UnusableFile, StorageFull.

    What was sent lies in a folder of the moment alone: place, time and device that it may tell are never kept.
    """
    if given is None or not given.filename:
        raise Invalid([FieldError("picture", "required")])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        with path.open("wb") as file:
            shutil.copyfileobj(cast(BinaryIO, given.stream), file)
        if path.stat().st_size > LARGEST:
            raise Invalid([FieldError("picture", "picture_too_large", {"limit": LARGEST // 1024**2})])
        content_type = _judged(path, file_answers.clean_name(given.filename))
        drawn = scans.thumbnail(path, content_type, 1, WIDTH)
    return edge.parts().store.put(BytesIO(drawn), limit=LARGEST).sha256


def _judged(path: Path, name: str) -> str:
    """Its content type. As a scan a pale logo would be a blank page; as a picture it is one. Raises UnusableFile."""
    try:
        return scans.inspect(path, name, accept=(scans.JPEG, scans.PNG)).content_type
    except scans.UnusableFile as refused:
        if refused.code is not scans.Code.BLANK:
            raise
    with path.open("rb") as file:
        return scans.JPEG if file.read(2) == b"\xff\xd8" else scans.PNG


def keep(session: Session, user: User, sha256: str | None, *, actor: Actor, now: datetime) -> None:
    """This one from now on, or none. The same already: nothing happens. The former one's bytes go in the night."""
    former = of(session, user.id)
    if former == sha256:
        return
    if former is not None:
        session.add(RetiredPicture(sha256=former, at=now))
    session.execute(delete(UserPicture).where(UserPicture.user_id == user.id))
    if sha256 is not None:
        session.add(UserPicture(user_id=user.id, sha256=sha256))
    history.record(session, "user_picture", actor=actor, now=now, user=user)
    session.flush()


def of(session: Session, user_id: int) -> str | None:
    """The store's name of the picture; a removed account has none any more."""
    mine = select(UserPicture.sha256).join(User, User.id == UserPicture.user_id)
    return session.scalar(mine.where(User.id == user_id, User.removed_at.is_(None)))


def serve(sha256: str | None, user_id: int) -> Response:
    """The picture, kept by the person's own browser at most. Raises NotFound where there is none."""
    if sha256 is None:
        raise NotFound(record="picture", id=user_id)
    response = Response(mimetype="image/webp")
    response.set_etag(sha256)
    response.headers["Cache-Control"] = "private, max-age=86400"
    if not request.if_none_match.contains_raw(sha256):
        edge.pause()
        with edge.parts().store.open(sha256) as file:
            response.set_data(file.read())
    response.make_conditional(request)
    return response
