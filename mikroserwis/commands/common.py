"""What the commands share: settings from the environment and `--data`, and errors of one line."""

import getpass
import sys
from pathlib import Path

import click
import structlog
from pydantic import ValidationError

from config import Settings
from config.settings import PREFIX
from mikroserwis.access import Actor
from mikroserwis.edge import Parts
from mikroserwis.serve import PortTaken, listen
from mikroserwis.service import ready_parts

HOST = "127.0.0.1"
_JSON = structlog.processors.JSONRenderer()


def settings(**given: object) -> Settings:
    """From the environment and the command's `--data`; `given` goes before both."""
    folder: Path | None = click.get_current_context().find_root().params.get("data")
    values = given if folder is None else {"data": folder, **given}
    try:
        return Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = (f"{PREFIX}{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors())
        raise click.ClickException("; ".join(wrong)) from error
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def actor() -> Actor:
    """Whoever sits at the machine, by the system's own name for them."""
    return Actor(user_id=None, name=f"{getpass.getuser()} (CLI)", role="system", source="cli")


def parts(with_settings: Settings | None = None) -> Parts:
    """The service's parts over a database that is ready. Raises Unready."""
    return ready_parts(with_settings or settings())


def check_port(host: str, port: int) -> None:
    """Ends the command with advice if somebody listens there."""
    try:
        listen(host, port).close()
    except PortTaken as taken:
        raise port_taken(taken) from taken
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}") from error


def port_taken(taken: PortTaken) -> click.ClickException:
    return click.ClickException(
        f"Port {taken.port} is in use by another program. End it, or choose another port with --port."
    )


def log_to_stderr(level: int) -> None:
    """For people on a terminal, as JSON for machines; what a command was asked for goes to standard output."""
    people = sys.stderr.isatty()
    # Not the library's own choice: where `rich` is installed it prints local variables, passwords among them.
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    last = [console] if people else [structlog.processors.format_exc_info, _JSON]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
