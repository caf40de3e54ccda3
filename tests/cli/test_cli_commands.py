"""The commands, each in a process of its own: what they print, how they end."""

import io
import signal
import socket
from pathlib import Path

import pytest
import requests

from exports.intake_columns import INTAKE_COLUMNS
from tests.cli.programs import call, folder, running

EMAIL = "szef@office.example"
PASSWORD = "dwanaście-znaków"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """`--data` of a migrated database with one administrator."""
    where = folder(tmp_path_factory.mktemp("cli") / "data")
    added = call(*where, "user", "add", EMAIL, "--name", "Szef", "--role", "admin", stdin=f"{PASSWORD}\n")
    assert added.returncode == 0, added.stderr
    return where


def sheet(*rows: dict[str, str]) -> str:
    names = [column.name for column in INTAKE_COLUMNS]
    out = io.StringIO()
    for row in ({name: name for name in names}, *rows):
        out.write(";".join(row.get(name, "") for name in names) + "\n")
    return out.getvalue()


ROW = {
    "crm_id": "4711",
    "type": "insoft",
    "opened_on": "2026-01-02",
    "tax_id": "7974569439",
    "company_name": "PPHU SAM",
    "postal_code": "26-922",
    "city": "Sieciechów",
    "point_id": "735",
    "point_name": "Sklep SAM",
    "stations_buy": "1",
    "stations_exchange": "0",
}


def test_a_token_opens_the_api_of_the_service_and_sigterm_ends_it(data: tuple[str, str]):
    token = call(*data, "token", EMAIL).stdout.strip()
    with running(*data, "serve", "--port", "0") as service:
        address = service.line_with("Mikroserwis:").split()[-1]
        me = requests.get(f"{address}/api/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=20)
        assert me.json()["name"] == "Szef"
        assert service.end() == 0
    assert "Traceback" not in "".join(service.lines)


def test_the_scheduler_alone_ends_on_ctrl_c(data: tuple[str, str]):
    with running(*data, "scheduler") as scheduler:
        scheduler.line_with("running")
        assert scheduler.end(signal.SIGINT) == 0
    assert "Traceback" not in "".join(scheduler.lines)


def test_the_sandbox_keeps_what_it_knows(tmp_path: Path):
    known: list[list[int]] = []
    for _ in range(2):
        with running(*folder(tmp_path), "sandbox", "--port", "0") as sandbox:
            address = sandbox.line_with("Sandbox:").split()[-1]
            points = requests.get(f"{address}/sandbox/points", timeout=10).json()["points"]
            known.append([point["point_id"] for point in points])
            requests.put(f"{address}/sandbox/points/735/stations/1", json={"online": True}, timeout=10)
            assert sandbox.end() in {0, 130}
    assert known == [[], [735]]


def test_a_file_with_a_bad_row_is_refused_whole_with_its_place_and_reason(data: tuple[str, str], tmp_path: Path):
    file = tmp_path / "bad.csv"
    file.write_text(sheet({**ROW, "crm_id": "1"}, {**ROW, "crm_id": "2", "tax_id": "7974569430", "point_id": "9"}))
    done = call(*data, "import", "tickets", str(file))
    assert done.returncode == 1
    assert "line 3, tax_id: This NIP's check digit" in done.stderr
    file.write_text(sheet({**ROW, "crm_id": "1", "point_id": "10"}))
    assert "1 tickets" in call(*data, "import", "tickets", str(file)).stdout


def test_a_dry_run_says_what_would_be_and_writes_nothing(data: tuple[str, str], tmp_path: Path):
    file = tmp_path / "good.csv"
    file.write_text(sheet(ROW))
    printed = [call(*data, "import", "tickets", "--dry-run", str(file)).stdout for _ in range(2)]
    assert printed == ["1 tickets with 1 sub-tickets would be new, 0 would change, 0 were known already.\n"] * 2
    assert call(*data, "import", "tickets", str(file)).returncode == 0
    assert "0 tickets" in call(*data, "import", "tickets", str(file)).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("token", "nobody@office.example"), "There is no active account nobody@office.example."),
        (("user", "add", EMAIL, "--name", "X", "--role", "operator"), f"There is an account {EMAIL} already."),
        (("user", "add", "a@b.example", "--name", "X", "--role", "dealer"), "--dealer CRM_ID goes with --role dealer"),
        (("user", "add", "a@b.example", "--name", "X", "--role", "dealer", "--dealer", "7"), "no dealer with the CRM"),
        (("user", "add", "a b", "--name", "X", "--role", "operator"), "'a b' is not an e-mail address."),
        (("import", "tickets", "/nowhere.csv"), "No such file"),
    ],
)
def test_an_expected_error_is_one_line_and_an_exit_code(data: tuple[str, str], arguments: tuple[str, ...], says: str):
    done = call(*data, *arguments, stdin=f"{PASSWORD}\n")
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_short_password_is_refused(data: tuple[str, str]):
    done = call(*data, "user", "add", "nowy@office.example", "--name", "N", "--role", "operator", stdin="krótkie\n")
    assert (done.returncode, done.stderr) == (1, "Error: A password needs at least 10 characters.\n")


def test_a_wrong_setting_is_named(tmp_path: Path):
    done = call(*folder(tmp_path), "migrate", MIKROSERWIS_UPLOAD_LIMIT_MB="many")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: MIKROSERWIS_UPLOAD_LIMIT_MB: ")


def test_a_port_in_use_is_said_before_anything_else(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in ("serve", "demo", "sandbox"):
            done = call(*folder(tmp_path / "data"), command, "--port", str(port))
            assert (done.returncode, f"Port {port} is in use" in done.stderr) == (1, True)
    assert not (tmp_path / "data").exists()


def test_a_database_of_your_own_is_migrated_only_when_you_say_so(tmp_path: Path, postgres_url: str):
    own = {"MIKROSERWIS_DATABASE_URL": postgres_url}
    refused = call(*folder(tmp_path), "token", EMAIL, **own)
    assert (refused.returncode, refused.stderr) == (
        1,
        "Error: The database has an older schema. Run: mikroserwis migrate\n",
    )
    assert call(*folder(tmp_path), "migrate", **own).returncode == 0
    assert "no active account" in call(*folder(tmp_path), "token", EMAIL, **own).stderr
