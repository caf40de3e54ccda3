"""Another side that plays what it is told, over a real socket: the servers one doesn't want to meet."""

import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType

Play = Callable[[socket.socket], None]


def http(status: int, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} As told", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def then(first: bytes, rest: Play) -> Play:
    def play(connection: socket.socket) -> None:
        connection.sendall(first)
        rest(connection)

    return play


class Peer:
    """Answers the first connection with the first play, and so on; the last one again for all that follow.

    `requests` keeps what came, raw. A play is the bytes to send or a function that gets the socket.
    """

    def __init__(self, *plays: bytes | Play, reads_body: bool = True, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self._plays = plays
        self._reads_body = reads_body
        self._tls = tls
        self._leaving = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self._listener.getsockname()[1]}"

    def drip(self, data: bytes, every: float) -> Play:
        """Send byte after byte, each well within the socket's timeout."""

        def play(connection: socket.socket) -> None:
            for byte in data:
                connection.sendall(bytes([byte]))
                if self._leaving.wait(every):
                    return

        return play

    def hang(self, connection: socket.socket) -> None:
        self._leaving.wait(10)

    def play_next(self, *plays: bytes | Play) -> None:
        self._plays = plays

    def __enter__(self) -> "Peer":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._leaving.set()
        # Wakes the accept; closing the listener alone would not.
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join(10)
        self._listener.close()

    def _run(self) -> None:
        for number in range(1000):
            connection, _ = self._listener.accept()
            with connection:
                if self._leaving.is_set():
                    return
                self._serve(connection, number)

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self.requests.append(_request(connection, self._reads_body))
            play = self._plays[min(number, len(self._plays) - 1)]
            if isinstance(play, bytes):
                connection.sendall(play)
            else:
                play(connection)
        except OSError:
            # The client has hung up, as it should when it is held.
            return
        finally:
            connection.close()


def _request(connection: socket.socket, reads_body: bool) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while reads_body and len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
