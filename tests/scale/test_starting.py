"""Settings with which something of value would be lost stop the start, in words."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from config import Settings
from mikroserwis.service import Unready, require_shared
from tests.cli.programs import call, folder
from tests.scale.conftest import Service
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


@pytest.mark.parametrize("command", ["serve", "scheduler"])
def test_a_start_that_is_refused_is_one_line(command: str, service: Service, tmp_path: Path) -> None:
    environment = {name: value for name, value in service.environment.items() if name != "MIKROSERWIS_SECRET_KEY"}
    more = ("--port", "0") if command == "serve" else ()
    done = call(*folder(tmp_path), command, *more, **environment)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if line.startswith("Error: ")] == [done.stderr.splitlines()[-1]]
    assert "need one secret key: set MIKROSERWIS_SECRET_KEY" in done.stderr
