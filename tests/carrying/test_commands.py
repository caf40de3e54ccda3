"""The commands as an operator types them, and the service that goes on at the other place."""

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from mikroserwis import storage
from mikroserwis.app import create_app, make_parts
from mikroserwis.pricing import today
from tests.accounts.browser_client import sign_in
from tests.carrying.conftest import EmptyDatabase
from tests.cli.programs import call, folder
from tests.support.app import clock
from tests.support.cast import ARKLITY, PASSWORD, PEOPLE, SAM
from tests.support.people import Api


@pytest.mark.postgres
def test_the_service_goes_on_where_its_data_was_copied_to(
    sqlite_template: Callable[[date], Path], empty_database: EmptyDatabase, tmp_path: Path
) -> None:
    source, engine = f"sqlite:///{sqlite_template(today(clock()))}", empty_database("postgresql")
    target = engine.url.render_as_string(hide_password=False)
    done = call(*folder(tmp_path), "copy", "--from", source, "--to", target)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("rows were copied and compared.")
    parts = make_parts(Settings(data=tmp_path, database_url=target, base_url="http://localhost"))
    app = create_app(parts.settings, parts)
    assert sign_in(app.test_client(), PEOPLE["alfa"].email, PASSWORD).status_code == 303
    alfa = Api(app.test_client(), PEOPLE["alfa"].token)
    assert {SAM, ARKLITY} & {line["number"] for line in alfa.get("/tickets").json["items"]} == {SAM}
    assert alfa.post(f"/tickets/{SAM}/taking").status_code == 200
    again = call(*folder(tmp_path), "copy", "--from", source, "--to", target)
    assert (again.returncode, "The target is in use" in again.stderr) == (1, True)
    parts.database.engine.dispose()


def test_files_are_carried_to_the_bucket_and_back_and_damaged_ones_are_named(
    bucket: dict[str, Any], tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, **bucket)
    here = storage.in_folder(settings, "files")
    good, bad = (here.put(io.BytesIO(content), limit=100).sha256 for content in (b"good", b"bad"))
    here.path(bad).write_bytes(b"rotten")
    environment = {
        f"MIKROSERWIS_{name.upper()}": value.get_secret_value() if name == "s3_secret_key" else str(value)
        for name, value in bucket.items()
    }
    there = call(*folder(tmp_path), "copy", "--files", "to-s3", **environment)
    assert there.returncode == 1
    assert "files: 1 files were copied and compared, 0 were there already." in there.stdout
    assert f"{bad} is damaged at its source" in there.stderr
    assert list(storage.in_bucket(settings, "files").every()) == [good]
    here.remove(good)
    back = call(*folder(tmp_path), "copy", "--files", "from-s3", **environment)
    assert back.returncode == 0, back.stderr
    assert here.verify(good)


def test_a_backup_is_taken_and_brought_back_with_its_key_on_the_command_line(tmp_path: Path) -> None:
    archive = str(tmp_path / "b.zip")
    assert call(*folder(tmp_path / "old"), "migrate").returncode == 0
    taken = call(*folder(tmp_path / "old"), "backup", archive, "--with-secret-key")
    assert taken.returncode == 0, taken.stderr
    back = call(*folder(tmp_path / "new"), "restore", archive)
    assert (back.returncode, back.stdout.splitlines()[-1]) == (0, "The secret key is back.")
    keys = {(tmp_path / name / "secret_key").read_text() for name in ("old", "new")}
    assert len(keys) == 1
    with closing(sqlite3.connect(tmp_path / "new" / "mikroserwis.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '2026_11_21_first_release'")
        connection.commit()
    checked = call(*folder(tmp_path / "new"), "check")
    assert (checked.returncode, "older schema" in checked.stdout) == (1, True)
