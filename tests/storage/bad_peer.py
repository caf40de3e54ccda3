"""A storage service on its worst days, over a real socket."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REFUSALS = {
    "full": (507, "<Code>XMinioStorageFull</Code>"),
    "forbidden": (403, "<Code>AccessDenied</Code>"),
    "stranger": (403, "<Code>InvalidAccessKeyId</Code><AWSAccessKeyId>AKIAEXAMPLE</AWSAccessKeyId>"),
}
DATE = "Sat, 21 Nov 2026 12:00:00 GMT"


@contextmanager
def bad_peer(behaviour: str) -> Iterator[str]:
    """Its address. `behaviour`: silent, rotten (other bytes), cut (half of them), or one of REFUSALS."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if behaviour == "silent":
                ended.wait(30)
            elif behaviour in REFUSALS:
                status, said = REFUSALS[behaviour]
                self._send(status, f"<Error>{said}</Error>".encode())
            else:
                self._send(200, b"something else", missing=1000 if behaviour == "cut" else 0)
            self.close_connection = True

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

        def _send(self, status: int, body: bytes, missing: int = 0) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) + missing))
            self.send_header("Last-Modified", DATE)
            self.send_header("ETag", '"x"')
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
