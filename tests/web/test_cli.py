"""`serve`: it answers at the address that it prints, and says clearly why it can't."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from search import Searcher
from search.errors import IndexDamaged, IndexMissing, IndexOutdated, StoreError
from search.messages import quoted
from web import app as web_app
from web.cli import serve


@pytest.mark.parametrize("kind", [IndexMissing, IndexOutdated, IndexDamaged])
def test_unusable_index_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, kind: type[StoreError]
) -> None:
    def fail(index: Path | None) -> Searcher:
        raise kind(quoted("The index can't be used."), hint=quoted("Run xiesou index."))

    monkeypatch.setattr(web_app, "open_index", fail)
    result = CliRunner().invoke(serve, ["--index", "nowhere"])
    assert result.exit_code == 2
    assert "The index can't be used. Run xiesou index." in result.output
    assert "Traceback" not in result.output


def test_port_in_use_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, memory: Searcher) -> None:
    monkeypatch.setattr(web_app, "open_index", lambda index: memory)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = CliRunner().invoke(serve, ["--port", str(taken.getsockname()[1])])
    assert result.exit_code == 2
    assert "已被占用" in result.output
    assert "--port" in result.output
    assert not memory.collection.health().is_ready


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_foreign_host_is_told(monkeypatch: pytest.MonkeyPatch, memory: Searcher, host: str) -> None:
    monkeypatch.setattr(web_app, "open_index", lambda index: memory)
    result = CliRunner().invoke(serve, ["--host", host, "--port", "0"])
    assert result.exit_code == 2
    assert "--host" in result.output


def test_port_out_of_range_is_a_usage_error() -> None:
    assert CliRunner().invoke(serve, ["--port", "70000"]).exit_code == 2


def test_help_shows_examples() -> None:
    result = CliRunner().invoke(serve, ["--help"])
    assert result.exit_code == 0
    assert "xiesou serve --port 8080" in result.output


# A shell that starts a run in the background has it ignore SIGINT, which processes inherit: a person's Ctrl-C doesn't.
SERVE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path[:0] = {paths!r}
from tests.web import invented, memory_searcher
from web import app, cli
app.open_index = lambda index: memory_searcher.searcher_of(invented.make_texts())
cli.serve(["--port", "0"])
"""


def test_serves_at_the_address_that_it_prints() -> None:
    here = Path(__file__).resolve().parent
    code = SERVE.format(paths=[str(here.parent.parent)])
    process = subprocess.Popen(
        [sys.executable, "-u", "-X", "utf8", "-c", code], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        assert process.stdout is not None
        address = re.search(r"http://\S+/", process.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(address[0] + "healthz", timeout=10) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert process.returncode == 0
