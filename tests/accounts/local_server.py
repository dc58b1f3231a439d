"""A small web server on this machine, that plays the part of a gateway or of the municipality's sign-in."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Heard:
    """One request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class LocalServer:
    """What to answer per path (status and JSON), and what was heard."""

    url: str = ""
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)


@contextmanager
def local_server() -> Iterator[LocalServer]:
    """Serve on a free port of 127.0.0.1 for as long as the block lasts."""
    served = LocalServer()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            path = self.path.partition("?")[0]
            served.heard.append(
                Heard(str(self.command), path, dict(self.headers.items()), self.rfile.read(length).decode())
            )
            status, content = served.answers.get(path, (404, {}))
            body = json.dumps(content).encode()
            self.send_response(status)
            if status in {301, 302, 307}:
                self.send_header("location", content)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815 - the names in the library

        def log_message(self, format: str, *_args: Any) -> None:  # noqa: A002 - the name in the library
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
