"""A proxy before the S3 server that fails a share of requests, or strikes at a table's commit."""

import random
import re
import select
import socket
import struct
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from faults.proxy import SLOW_DOWN, Proxy

_BLOCK = 1 << 16
_REQUEST = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.1\r\n")
_RESET = struct.pack("ii", 1, 0)  # a socket that is closed so tells the other side by a reset
Strike = Callable[[], None]


class UnreliableS3(Proxy):
    """Forwards requests to the S3 server at `port`, except those that it fails.

    `share` of all requests fail: a third is answered by 503 SlowDown, a third meets a reset before
    it is forwarded, and of a third the answer is lost. `at_commit` is (before, during or after, the
    address of a table's log, what to do); it happens at the first commit, once.
    """

    def __init__(self, port: int, chance: random.Random) -> None:
        self.share = 0.0
        self.at_commit: tuple[str, str, Strike] | None = None
        self.failed: Counter[str] = Counter()
        self.requests = 0
        self._chance = chance
        super().__init__(port)

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        fate, strike = "", None
        while True:
            ready, _, _ = select.select([server, client], [], [])
            one = ready[0]
            data = one.recv(_BLOCK)
            if not data:
                return
            if one is client:
                if found := _REQUEST.match(data):
                    fate, strike = self._fate(found[1].decode(), found[2].decode())
                if fate in ("busy", "reset"):
                    self._fail(client, fate)
                    return
                if fate == "before" and strike:
                    strike()
                    return
                server.sendall(data)
                continue
            if fate == "lost":
                self.failed["answer lost"] += 1
                return
            if fate == "during" and strike:
                strike()
                return
            client.sendall(data)
            if fate == "after" and strike:
                strike()
                fate, strike = "", None

    def _fate(self, method: str, path: str) -> tuple[str, Strike | None]:
        with self._alone:
            self.requests += 1
            if self.at_commit and method == "PUT" and self.at_commit[1] in path:
                moment, _, strike = self.at_commit
                self.at_commit = None
                return moment, strike
            if self._chance.random() < self.share:
                return self._chance.choice(["busy", "reset", "lost"]), None
        return "", None

    def _fail(self, client: socket.socket, fate: str) -> None:
        if fate == "reset":
            self.failed["connection reset"] += 1
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            client.close()
            return
        self.failed["503 SlowDown"] += 1
        client.sendall(SLOW_DOWN)
        client.settimeout(0.2)
        with suppress(TimeoutError):  # a body that is on its way is not met by a reset
            while client.recv(_BLOCK):
                pass
