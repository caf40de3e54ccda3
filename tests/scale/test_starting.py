"""Settings with which something of value would be lost stop the start, in words."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from config import Settings
from mikroserwis.service import Unready, require_shared
from tests.cli.programs import call, folder
from tests.storage.bad_peer import bad_peer
from tests.support.s3 import settings_of

POSTGRES = "postgresql+psycopg://db/mikroserwis"
KEY = SecretStr("one for all")


def test_processes_that_share_a_bucket_are_not_started_each_with_a_secret_key_of_its_own(
    bucket: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(Unready, match="MIKROSERWIS_SECRET_KEY"):
        require_shared(Settings(data=tmp_path, database_url=POSTGRES, **bucket), alone=False)
    require_shared(Settings(data=tmp_path, database_url=POSTGRES, secret_key=KEY, **bucket), alone=False)
    require_shared(Settings(data=tmp_path, **bucket), alone=True)


def test_a_bucket_that_is_not_ours_stops_the_start_but_one_that_is_away_does_not(tmp_path: Path) -> None:
    with bad_peer("forbidden") as address, pytest.raises(Unready, match="The bucket papers can't be used"):
        require_shared(Settings(data=tmp_path, **settings_of(address, "papers")), alone=True)
    require_shared(Settings(data=tmp_path, **settings_of("http://127.0.0.1:9", "papers")), alone=True)


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_start_that_is_refused_is_one_line(database_url: str, tmp_path: Path) -> None:
    bucket = {"MIKROSERWIS_DATABASE_URL": database_url, "MIKROSERWIS_S3_BUCKET": "papers"}
    done = call(*folder(tmp_path / "machine"), "scheduler", **bucket)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Processes that share a database and a bucket need one secret key")
    assert len(done.stderr.splitlines()) == 1
