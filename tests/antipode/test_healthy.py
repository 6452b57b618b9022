"""Whether a worker is well."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from antipode import healthy


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/metrics" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    found = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=found.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{found.server_port}"
    found.shutdown()
    thread.join()
    found.server_close()


def test_one_that_answers_is_well_and_one_that_fails_or_is_silent_is_not(server: str) -> None:
    assert healthy.main([f"{server}/metrics"]) == 0
    assert healthy.main([f"{server}/broken"]) == 1
    assert healthy.main(["http://127.0.0.1:9/metrics"]) == 1


def test_no_other_machine_is_asked() -> None:
    assert healthy.main(["http://192.0.2.1/metrics"]) == 1
    assert healthy.main(["file:///etc/hostname"]) == 1


def test_a_process_is_known_by_its_command(tmp_path: Path) -> None:
    for number, command in {
        "7": "python\0antipode\0beat\0",
        "8": "python\0-m\0antipode.healthy",
    }.items():
        (tmp_path / number).mkdir()
        (tmp_path / number / "cmdline").write_text(command)
    assert healthy.runs("antipode beat", tmp_path)
    assert not healthy.runs("antipode.healthy", tmp_path)
    assert not healthy.runs("antipode worker", tmp_path)


def test_without_a_question_it_says_how_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    assert healthy.main([]) == 2
    assert "--process" in capsys.readouterr().err
