"""The demo as a whole: sandbox, data, scheduler and web server, until Ctrl-C."""

from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from config import Settings
from mikroserwis import service
from mikroserwis.demo import apart, house, other_side
from mikroserwis.demo.cast import ABROAD, ACCOUNTS, PASSWORD
from mikroserwis.mail import FOLDER
from mikroserwis.serve import listen
from mikroserwis.sms import FOLDER as SMS_FOLDER

_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to


def run(folder: Path, host: str, port: int, *, fresh: bool, say: Callable[[str], None]) -> None:
    """Both ports, `port` and the next, must be free. Raises DemoError."""
    settings = demo_settings(folder, host, port)
    with house.entered(folder, fresh=fresh) as home, other_side.running(host, port + 1, folder / "sandbox"):
        if not home.is_ready:
            say("Loading about 300 made-up tickets; this happens once …")
            apart.load(settings)
            home.finish()
        listener = listen(host, port)
        parts = service.ready_parts(settings)
        service.serve(parts, listener, with_scheduler=True, ready=lambda: say(welcome(settings)))
    say("The demo has ended; its data is kept.")


def demo_settings(folder: Path, host: str, port: int) -> Settings:
    """Everything within the folder and on this machine, whatever the environment says."""
    reached = _WILDCARDS.get(host, host)
    name = f"[{reached}]" if ":" in reached else reached
    return Settings(
        data=folder.resolve(),
        database_url="",
        smtp_url="",
        sms_url="",
        sms_token=SecretStr(""),
        base_url=f"http://{name}:{port}",
        backoffice_url=f"http://{name}:{port + 1}",
        backoffice_token=SecretStr(other_side.TOKEN),
    )


def welcome(settings: Settings) -> str:
    """Where everything is, and who may sign in."""
    people = "\n".join(f"  {person.email:<26} {person.role:<11} {person.name}" for person in (*ACCOUNTS, *ABROAD))
    return f"""
Mikroserwis        {settings.base_url}
Sandbox backoffice {settings.backoffice_url}   switch the stations of a shop on and off here
API                {settings.base_url}/api/v1/openapi.json

Accounts, all with the password {PASSWORD}
{people}

API token          .venv/bin/mikroserwis --data {settings.data} token {ACCOUNTS[0].email}
Mails              {settings.data / FOLDER}
SMS                {settings.data / SMS_FOLDER}   once an event is told by SMS: Wiadomości, Kto i jak jest informowany
Try                ticket 115 (PPHU SAM, Sieciechów) and 80 (PPHU Spożywcza, Arklity) as {ACCOUNTS[0].email}

Ctrl-C ends the demo; the data is kept, --fresh begins anew.
"""
