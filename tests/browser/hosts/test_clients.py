"""Clients that generators make of the interface's description: they compile and find what is in a served index."""

from __future__ import annotations

import os
import subprocess

import pytest

from search.client import Client
from tests.browser.hosts.conftest import BUILT, HOSTS

pytestmark = pytest.mark.browser

CLIENTS = BUILT / "clients"


def run(command: list[str], server: str) -> dict[str, list[str]]:
    """What a program prints of each client: name -> what it found."""
    done = subprocess.run([*command, server], capture_output=True, encoding="utf-8", cwd=HOSTS, check=False)
    assert done.returncode == 0, done.stderr
    return {name: found for name, *found in (line.split() for line in done.stdout.splitlines())}


@pytest.fixture
def wanted(search: str) -> list[str]:
    """The same by our own client."""
    asking = Client(search)
    found, none = asking.search("营商环境", city=["通化市"]), asking.search('"绝无此词"')
    return [str(found["total"]), "通化市", "0", none["explanation"]["code"]]


def test_clients_in_typescript(built: object, search: str, wanted: list[str]) -> None:
    found = run(["node", str(CLIENTS / "ask.mjs")], search)
    assert found == dict.fromkeys(("openapi-typescript", "typescript-fetch", "orval"), wanted)


def test_clients_in_python(built: object, search: str, wanted: list[str]) -> None:
    found = run([str(HOSTS / ".venv" / "bin" / "python"), str(HOSTS / "clients" / "ask.py")], search)
    assert found == dict.fromkeys(("python", "openapi-python-client"), wanted)


def test_client_in_java(built: object, search: str, wanted: list[str]) -> None:
    java = CLIENTS / "java"
    path = os.pathsep.join(
        (str(java), str(java / "target" / "classes"), (java / "classpath").read_text("utf-8"))
    )
    assert run(["java", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", path, "Ask"], search) == {
        "java": wanted
    }
