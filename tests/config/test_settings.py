"""Settings: from the environment and from files, wrong ones loud, secret ones silent."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from config import Settings
from config.document import document

ROOT = Path(__file__).parents[2]
SECRETS = ("database_url", "secret_key", "backoffice_token", "smtp_url")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MIKROSERWIS_{name.upper()}", raising=False)


def revealed(value: Any) -> str:
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def test_nothing_has_to_be_set() -> None:
    settings = Settings()
    assert settings.data == Path("var/data")
    assert settings.database == f"sqlite:///{Path('var/data').resolve()}/mikroserwis.sqlite3"
    assert settings.upload_limit == 25 * 1024 * 1024


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MIKROSERWIS_DATA", str(tmp_path))
    monkeypatch.setenv("MIKROSERWIS_UPLOAD_LIMIT_MB", "2")
    monkeypatch.setenv("MIKROSERWIS_PROXIES", "1")
    settings = Settings()
    assert settings.database == f"sqlite:///{tmp_path}/mikroserwis.sqlite3"
    assert (settings.upload_limit, settings.proxies) == (2 * 1024 * 1024, 1)


def test_a_given_database_is_used_instead_of_the_embedded_one() -> None:
    assert (
        Settings(database_url="postgresql+psycopg://db/mikroserwis").database == "postgresql+psycopg://db/mikroserwis"
    )


def test_an_argument_counts_more_than_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIKROSERWIS_PROXIES", "1")
    assert Settings(proxies=2).proxies == 2


def test_names_without_the_prefix_are_other_programs_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXIES", "5")
    assert Settings().proxies == 0


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_can_stand_in_a_file(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("zażółć-1\n", "utf-8")
    monkeypatch.setenv(f"MIKROSERWIS_{name.upper()}_FILE", str(tmp_path / "secret"))
    assert revealed(getattr(Settings(), name)) == "zażółć-1"


def test_the_variable_counts_more_than_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file", "utf-8")
    monkeypatch.setenv("MIKROSERWIS_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("MIKROSERWIS_SECRET_KEY", "from the variable")
    assert Settings().secret_key.get_secret_value() == "from the variable"


def test_a_secret_file_that_is_not_there_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MIKROSERWIS_SECRET_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(FileNotFoundError, match="missing"):
        Settings()


def test_an_empty_secret_file_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(" \n", "utf-8")
    monkeypatch.setenv("MIKROSERWIS_SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ValueError, match=r"MIKROSERWIS_SECRET_KEY_FILE: .*key is empty"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("default_language", "de"),
        ("proxies", "-1"),
        ("proxies", "6"),
        ("proxies", ""),
        ("upload_limit_mb", "0"),
        ("upload_limit_mb", "501"),
        ("upload_limit_mb", "many"),
        ("session_hours", "0"),
        ("remembered_session_days", "0"),
        ("sign_in_failures", "0"),
        ("sign_in_failures_per_address", "0"),
        ("backoffice_timeout_seconds", "0"),
        ("backoffice_timeout_seconds", "61"),
        ("delivery_attempts", "0"),
        ("base_url", "mikroserwis.example"),
        ("base_url", "ftp://mikroserwis.example"),
        ("backoffice_url", ""),
        ("mail_from", "nobody"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_setting(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"MIKROSERWIS_{name.upper()}", value)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert [error["loc"] for error in refused.value.errors()] == [(name,)]


def test_addresses_are_kept_without_the_slash_at_their_end() -> None:
    assert Settings(base_url="https://mikroserwis.example/").base_url == "https://mikroserwis.example"


def test_secrets_do_not_show_when_settings_are_printed_or_logged() -> None:
    settings = Settings(
        database_url="postgresql://app:hush@db/app",
        secret_key=SecretStr("hush"),
        backoffice_token=SecretStr("hush"),
        smtp_url="smtp://app:hush@mail:587",
    )
    assert "hush" not in f"{settings!r} {settings}"


def test_settings_do_not_change_after_the_start() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().proxies = 1  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_page_about_settings_is_what_the_code_says() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    assert page == document()
    assert "| `MIKROSERWIS_UPLOAD_LIMIT_MB` | `25` | Largest file that may be uploaded, in MiB. |" in page
    assert all(f"`MIKROSERWIS_{name.upper()}`" in page for name in Settings.model_fields)


def test_the_page_about_settings_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "config/document.py"), run_name="__main__")
    assert capsys.readouterr().out == document()


def test_roles_that_need_a_second_factor_are_named_and_an_unknown_one_stops_the_start() -> None:
    assert Settings().needing_second_factor == frozenset()
    assert Settings(second_factor_roles=" master, admin,").needing_second_factor == {"master", "admin"}
    with pytest.raises(ValidationError, match="no such role: boss"):
        Settings(second_factor_roles="master,boss")
