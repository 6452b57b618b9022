"""A proxy on loopback, before a broker or an S3 server, that stops being of help when told to."""

import select
import socket
import threading
import time
from contextlib import suppress

SLOW_DOWN = (
    b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\n"
    b"Content-Length: 74\r\n\r\n"
    b"<Error><Code>SlowDown</Code><Message>Reduce your rate.</Message></Error>  "
)
INTERNAL = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/xml\r\n"
    b"Connection: close\r\nContent-Length: 74\r\n\r\n"
    b"<Error><Code>InternalError</Code><Message>Try again.</Message></Error>    "
)
_BLOCK = 1 << 16
_SLOW = 6.0  # seconds


class Proxy:
    """Forwards connections to a port. `mode` says what becomes of them:

    forward  all is well
    freeze   nothing more is forwarded, in either direction; the sockets stay open
    slow     raw objects are forwarded after a while
    mute     what is asked is forwarded, the answer is lost and the connection closed
    busy     answers 503 SlowDown    error  answers 500    hang  answers nothing, then closes
    """

    def __init__(self, port: int) -> None:
        self.target, self.mode = port, "forward"
        self._struck = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._alone = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def struck(self) -> int:
        """How many connections were not served, or late."""
        return self._struck

    def _strike(self) -> None:
        with self._alone:
            self._struck += 1

    def turn(self, mode: str) -> None:
        """Change the mode; connections end unless they are to freeze."""
        self.mode = mode
        if mode != "freeze":
            self._cut()

    def close(self) -> None:
        self._listening.close()
        self._cut()

    def _cut(self) -> None:
        with self._alone:
            ended, self._open = self._open, set()
        for one in ended:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            self._keep(client)
            if self.mode in ("busy", "error", "hang"):
                self._refuse(client)
                return
            with socket.create_connection(("127.0.0.1", self.target), 5) as server:
                self._keep(server)
                self._forward(client, server)

    def _refuse(self, client: socket.socket) -> None:
        self._strike()
        client.settimeout(2.0)
        mode = self.mode
        while mode == "hang" == self.mode:
            with suppress(TimeoutError):
                if not client.recv(_BLOCK):
                    return
        client.recv(_BLOCK)  # the request, or as much of it as it takes to be asked something
        client.sendall(SLOW_DOWN if mode == "busy" else INTERNAL)
        with suppress(TimeoutError):  # a body that is on its way is not met by a reset
            client.settimeout(0.2)
            while client.recv(_BLOCK):
                pass

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        while True:
            if self.mode == "freeze":
                self._strike()
                while self.mode == "freeze":
                    threading.Event().wait(0.1)
                return
            ready, _, _ = select.select([client, server], [], [], 0.2)
            for one in ready:
                data = one.recv(_BLOCK)
                if not data:
                    return
                if self.mode == "slow" and _is_raw(data):
                    self._strike()
                    time.sleep(_SLOW)
                if one is server and self.mode == "mute":
                    self._strike()
                    return
                if self.mode != "freeze":
                    other[one].sendall(data)

    def _keep(self, one: socket.socket) -> None:
        with self._alone:
            self._open.add(one)


def _is_raw(data: bytes) -> bool:
    """Tell whether the writing of a raw object begins here."""
    request, _, _ = data.partition(b"\r\n")
    return request.startswith(b"PUT ") and b"/raw/" in request
