"""`python -m antipode.healthy`: whether a worker is well; for containers, which have no curl.

With an address: it answers with 200. With `--process WORDS`: a process whose command holds them
runs. The exit status is 0 for yes and 1 for no.
"""

import http.client
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

LONGEST = 5.0  # seconds


def answers(url: str) -> bool:
    """Return whether `url`, of this machine, answers with 200."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname != "127.0.0.1":
        return False
    with closing(http.client.HTTPConnection("127.0.0.1", parts.port, timeout=LONGEST)) as server:
        try:
            server.request("GET", parts.path)
            return server.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def runs(words: str, processes: Path = Path("/proc")) -> bool:
    """Return whether a process other than this one has `words` in its command."""
    for command in processes.glob("[0-9]*/cmdline"):
        try:
            line = command.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:  # it has just ended
            continue
        if words in line and "antipode.healthy" not in line:
            return True
    return False


def main(arguments: list[str]) -> int:
    """Return the exit status."""
    if len(arguments) == 2 and arguments[0] == "--process":
        return 0 if runs(arguments[1]) else 1
    if len(arguments) == 1:
        return 0 if answers(arguments[0]) else 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
