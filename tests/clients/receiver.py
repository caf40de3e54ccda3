"""A program that waits for webhooks: a real server over a socket, which answers as it is told to."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

Answer = Callable[[socket.socket], None]
Wrap = Callable[[socket.socket], socket.socket]


@dataclass(frozen=True)
class Got:
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def status(code: int, text: str = "", *headers: str) -> Answer:
    """An answer as it should be."""
    body = text.encode()
    head = "\r\n".join([f"HTTP/1.1 {code} X", f"Content-Length: {len(body)}", "Connection: close", *headers])
    return lambda connection: connection.sendall(f"{head}\r\n\r\n".encode() + body)


def hang_up(_connection: socket.socket) -> None:
    """The message was read, and no answer comes."""


def raw(data: bytes) -> Answer:
    return lambda connection: connection.sendall(data)


def drip(data: bytes, pause: float = 0.05) -> Answer:
    """Byte by byte, until the other side has enough."""

    def answer(connection: socket.socket) -> None:
        for one in data:
            connection.sendall(bytes([one]))
            time.sleep(pause)  # the slowness itself is what is tried

    return answer


OK = status(200, "taken")


@dataclass
class Receiver:
    """`answers` are used up one by one, the last one for good."""

    url: str
    answers: list[Answer] = field(default_factory=lambda: [OK])
    got: list[Got] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, got: Got) -> Answer:
        with self.lock:
            self.got.append(got)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def ids(self) -> list[str]:
        return [one.json["id"] for one in self.got]


@contextmanager
def receiving(wrap: Wrap = lambda plain: plain, scheme: str = "http") -> Iterator[Receiver]:
    """On a port of its own; `wrap` makes a connection a safe one."""
    listener = socket.create_server(("127.0.0.1", 0))
    receiver = Receiver(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/hooks")
    thread = threading.Thread(target=_serve, args=(listener, receiver, wrap))
    thread.start()
    try:
        yield receiver
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _serve(listener: socket.socket, receiver: Receiver, wrap: Wrap) -> None:
    workers = []
    while True:
        try:
            plain, _peer = listener.accept()
        except OSError:
            break
        workers.append(threading.Thread(target=_one, args=(plain, receiver, wrap)))
        workers[-1].start()
    for worker in workers:
        worker.join()


def _one(plain: socket.socket, receiver: Receiver, wrap: Wrap) -> None:
    plain.settimeout(5)
    with plain, suppress(OSError):
        connection = wrap(plain)
        with connection, connection.makefile("rb") as stream:
            stream.readline()
            headers = dict(_headers(stream))
            length = int(headers.get("content-length", "-1"))
            got = Got(headers, stream.read(max(length, 0)))
            # Of a sender that was killed a part may come: no program would take that for a message.
            if len(got.body) == length:
                receiver.next(got)(connection)


def _headers(stream: Any) -> Iterator[tuple[str, str]]:
    while line := stream.readline().decode().strip():
        name, _, value = line.partition(":")
        yield name.lower(), value.strip()
