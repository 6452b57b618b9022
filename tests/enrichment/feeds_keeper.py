"""Whoever publishes lists, as a real HTTP server on this machine, for the tests of updates."""

from collections import deque
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from enrichment import reputation

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class Keeper(ThreadingHTTPServer):
    """Whoever publishes lists: answers as told, and remembers what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {}  # path -> answers, the last one for good
        self.asked = []  # (method, path, headers, body)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def says(self, path, *answers):
        self.answers[path] = deque(answers)


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        left = self.server.answers[self.path]
        status, data, headers = left.popleft() if len(left) > 1 else left[0]
        etag = headers.get("ETag")
        if etag and self.headers.get("If-None-Match") == etag:
            status, data = 304, b""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_):
        """Keep the tests quiet."""


def ok(text, **headers):
    return 200, text.encode(), {name.replace("_", "-"): value for name, value in headers.items()}


def addresses(count, first=1):
    return "".join(f"45.1.{n // 200}.{n % 200}\n" for n in range(first, first + count))


def hits(settings, address):
    (row,) = reputation.open(settings)([address])["reputation"].to_pylist()
    return {hit["list"]: hit["as_of"] for hit in row}
