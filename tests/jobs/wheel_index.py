"""A private package index on loopback: simple pages (PEP 503), for who signs in."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from packaging.utils import parse_wheel_filename

USER, PASSWORD = "reader", "very-secret"


@contextmanager
def serving(folder: Path, asked: list[str]) -> Iterator[str]:
    """Serve the wheels of a folder; yield the index's address, with user and password in it.

    `asked` gets the path of each request that was signed.
    """

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            if self.headers.get("Authorization") != f"Basic {token}":
                self.answer(401, b"", "text/plain")
                return
            asked.append(self.path)
            name = self.path.strip("/").rsplit("/", 1)[-1]
            if self.path.startswith("/files/"):
                self.answer(200, (folder / name).read_bytes(), "application/octet-stream")
            else:
                self.answer(200, page(folder, name).encode(), "text/html")

        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("WWW-Authenticate", 'Basic realm="index"')
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{USER}:{PASSWORD}@127.0.0.1:{server.server_port}/simple"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(folder: Path, library: str) -> str:
    """Return the page of a library: a link for each of its wheels."""
    wheels = [path.name for path in sorted(folder.glob("*.whl"))]
    found = [name for name in wheels if parse_wheel_filename(name)[0] == library]
    return "".join(f'<a href="/files/{name}">{name}</a>\n' for name in found)
