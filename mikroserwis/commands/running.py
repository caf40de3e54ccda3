"""Commands that run until they are told to end."""

import logging
import signal
from contextlib import suppress
from pathlib import Path

import click

from backoffice_client import sandbox as other_side
from mikroserwis import migrate as schema
from mikroserwis import service
from mikroserwis.app import make_parts
from mikroserwis.commands import common
from mikroserwis.demo.house import DemoError
from mikroserwis.demo.run import run as run_demo
from mikroserwis.scheduler import utc_now
from mikroserwis.serve import PortTaken, listen
from mikroserwis.sms.sandbox import SmsSandbox

PORT = click.IntRange(0, 65535)


@click.command()
@click.option("--host", default=common.HOST, show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True, help="0 takes any free one.")
@click.option("--scheduler/--no-scheduler", default=True, help="Whether periodic work is done in this process too.")
def serve(host: str, port: int, scheduler: bool) -> None:
    """Web server and scheduler in one process."""
    try:
        listener = listen(host, port)
    except PortTaken as taken:
        raise common.port_taken(taken) from taken
    address = f"http://{host}:{listener.getsockname()[1]}"
    found = common.settings()
    if "base_url" not in found.model_fields_set:
        found = found.model_copy(update={"base_url": address})
    service.serve(
        common.parts(found), listener, with_scheduler=scheduler, ready=lambda: click.echo(f"Mikroserwis: {address}")
    )


@click.command()
def scheduler() -> None:
    """Periodic work alone; any number of these may run beside each other."""
    service.run_scheduler(common.parts(), ready=lambda: click.echo("Scheduler is running."))


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    schema.upgrade(make_parts(common.settings()).database.engine)
    click.echo("The database has the newest schema.")


@click.command()
@click.option("--host", default=common.HOST, show_default=True)
@click.option("--port", type=PORT, default=8001, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), help="Where it keeps what it knows. [default: DATA/sandbox]")
def sandbox(host: str, port: int, data: Path | None) -> None:
    """A stand-in for M/platform and the backoffice."""
    common.check_port(host, port)
    found = common.settings()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = data or found.data / "sandbox"
    token = found.backoffice_token.get_secret_value()
    other_side.serve(host, port, folder, token, utc_now, ready=lambda url: click.echo(f"Sandbox: {url}"))


@click.command()
@click.option("--host", default=common.HOST, show_default=True)
@click.option("--port", type=PORT, default=8002, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), help="Its folder. [default: DATA/sms-sandbox]")
def sms_sandbox(host: str, port: int, data: Path | None) -> None:
    """A stand-in for the SMS gateway: it takes SMS and shows them, no phone gets any."""
    common.check_port(host, port)
    found = common.settings()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    token = found.sms_token.get_secret_value() or "sandbox"
    server = SmsSandbox(host, port, data=data or found.data / "sms-sandbox", token=token, now=utc_now)
    click.echo(f"SMS sandbox: {server.url}   token: {'as set' if found.sms_url else token}")
    with suppress(KeyboardInterrupt):
        server.serve_forever()


@click.command()
@click.option("--host", default=common.HOST, show_default=True)
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    default=8000,
    show_default=True,
    help="The sandbox backoffice takes the next one.",
)
@click.option("--fresh", is_flag=True, help="Begin anew: throw the demo's data away first.")
def demo(host: str, port: int, fresh: bool) -> None:
    """Everything on this machine, with made-up tickets to try it on."""
    common.check_port(host, port)
    common.check_port(host, port + 1)
    common.log_to_stderr(logging.WARNING)
    try:
        run_demo(common.settings().data, host, port, fresh=fresh, say=click.echo)
    except DemoError as error:
        raise click.ClickException(str(error)) from error
