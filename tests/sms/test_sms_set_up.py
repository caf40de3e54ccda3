"""Setting the gateway up: wrong settings stop the start, and the sandbox is one that can be started by itself."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config import Settings
from mikroserwis.sms import Accepted, Gateway
from tests.cli.programs import folder, running
from tests.sms.desk import PHONE

URL = "https://api.smsapi.example"


@pytest.mark.parametrize(
    "given",
    [
        {"sms_url": URL},
        {"sms_token": SecretStr("x")},
        {"sms_url": URL, "sms_token": SecretStr("two words")},
        {"sms_url": URL, "sms_token": SecretStr("żółć")},
        {"sms_url": "smsapi", "sms_token": SecretStr("x")},
        {"sms_sender": "Mikroserwis24"},
        {"sms_sender": "Żabka"},
    ],
)
def test_settings_of_a_gateway_that_cannot_work_stop_the_start(given: dict[str, object]):
    with pytest.raises(ValidationError):
        Settings(**given)  # type: ignore[arg-type]


def test_the_token_may_stand_in_a_file_and_never_shows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "token").write_text("hush\n", "utf-8")
    monkeypatch.setenv("MIKROSERWIS_SMS_URL", f"{URL}/")
    monkeypatch.setenv("MIKROSERWIS_SMS_TOKEN_FILE", str(tmp_path / "token"))
    settings = Settings()
    assert (settings.sms_url, settings.sms_token.get_secret_value()) == (URL, "hush")
    assert "hush" not in f"{settings!r} {settings}"


def test_the_sandbox_started_by_itself_keeps_what_it_took(tmp_path: Path):
    heard = []
    for _ in range(2):
        with running(*folder(tmp_path), "sms-sandbox", "--port", "0") as sandbox:
            url = sandbox.line_with("SMS sandbox:").split()[2]
            heard.append(Gateway(url, "sandbox").send(f"+{PHONE}", "Dzień dobry", idx="a" * 32))
            assert sandbox.end() in {0, 130}
    assert heard[0].gateway_id
    assert heard[1] == Accepted()
    assert "Dzień dobry" in (tmp_path / "sms-sandbox" / "taken.json").read_text("utf-8")
