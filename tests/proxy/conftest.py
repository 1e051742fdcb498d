"""Proxies as Debian has them, with the recipes of docs/examples/proxies, before a real server of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from tests.web import sample

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "docs" / "examples" / "proxies"
NAME = "www.example.org"
PUBLIC = f"https://{NAME}/xiesou"


def need(program: str) -> str:
    """The path of a program; tests that want it skip where it is absent, or fail where CI requires it."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        reason = f"{program} is not installed (on Debian: apt install {program})"
        if os.environ.get("XIESOU_REQUIRE_PROXY"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, "it ended instead of listening"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


def stop(process: subprocess.Popen[bytes], by: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(by)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass(frozen=True)
class Front:
    """A proxy: how to ask it by its public name.

    Args:
        trust: knows the certificate of the proxy.
    """

    port: int
    plain_port: int
    trust: ssl.SSLContext = field(repr=False)

    def get(
        self, path: str, *, headers: dict[str, str] | None = None, source: str = "127.0.0.1", name: str = NAME
    ) -> Answer:
        """Ask over TLS; `source` is one of this machine's loopback addresses, each another client."""
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=20, source_address=(source, 0))
        connection = HTTPSConnection(NAME, timeout=20)
        connection.sock = self.trust.wrap_socket(raw, server_hostname=NAME)
        return _ask(connection, path, {"Host": name, **(headers or {})})

    def get_plain(self, path: str) -> Answer:
        return _ask(HTTPConnection("127.0.0.1", self.plain_port, timeout=20), path, {"Host": NAME})


def _ask(connection: HTTPConnection, path: str, headers: dict[str, str]) -> Answer:
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with fullchain.pem and privkey.pem for the public name, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [need("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def trust(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate / "fullchain.pem")


Serve = Callable[..., int]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts `xiesou serve` over the sample reports as the recipes say; gives its port."""
    folder = tmp_path_factory.mktemp("served")
    sample.build(folder).close()
    started: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> int:
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "xiesou",
            "serve",
            "--index",
            str(folder / "index"),
            "--port",
            str(port),
        ]
        command += ["--public-url", PUBLIC, "--trusted-proxies", "127.0.0.1", *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
        wait_for(port, started[-1])
        return port

    yield start
    for process in started:
        stop(process)


def start_nginx(
    folder: Path, certificate: Path, upstream: int, trust: ssl.SSLContext
) -> tuple[Front, subprocess.Popen[bytes]]:
    """Debian's nginx with the recipe; only ports and paths are other ones."""
    port, plain_port = free_port(), free_port()
    recipe = (RECIPES / "nginx.conf").read_text("utf-8")
    for said, here in (
        ("listen [::]:80;", ""),
        ("listen [::]:443 ssl;", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/ssl/xiesou", str(certificate)),
        ("/var/cache/nginx/xiesou", str(folder / "cache")),
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
    ):
        assert said in recipe, said
        recipe = recipe.replace(said, here)
    (folder / "xiesou.conf").write_text(recipe, "utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n"
        f"{'user root;' if os.geteuid() == 0 else ''}\nevents {{}}\n"
        f"http {{\naccess_log {folder}/access.log;\n{temporary}\ninclude {folder}/xiesou.conf;\n}}\n",
        "utf-8",
    )
    command = [
        need("nginx"),
        "-p",
        str(folder),
        "-e",
        str(folder / "error.log"),
        "-c",
        str(folder / "nginx.conf"),
    ]
    process = subprocess.Popen(command)
    wait_for(port, process)
    return Front(port, plain_port, trust), process


def start_caddy(
    folder: Path, certificate: Path, upstream: int, trust: ssl.SSLContext
) -> tuple[Front, subprocess.Popen[bytes]]:
    """Debian's Caddy with the recipe, and a certificate at hand in place of one that it would fetch."""
    port, plain_port = free_port(), free_port()
    recipe = (RECIPES / "Caddyfile").read_text("utf-8")
    head = f"{NAME} {{\n"
    assert head in recipe
    recipe = recipe.replace(
        head, f"{head}\tbind 127.0.0.1\n\ttls {certificate}/fullchain.pem {certificate}/privkey.pem\n"
    )
    recipe = recipe.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    options = f"{{\n\tadmin off\n\thttp_port {plain_port}\n\thttps_port {port}\n}}\n"
    (folder / "Caddyfile").write_text(options + recipe, "utf-8")
    environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = [need("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    wait_for(port, process)
    return Front(port, plain_port, trust), process


@pytest.fixture(scope="session", params=[start_nginx, start_caddy], ids=["nginx", "caddy"])
def front(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    certificate: Path,
    serve: Serve,
    trust: ssl.SSLContext,
) -> Iterator[Front]:
    """Each proxy, with its recipe, before a server."""
    need(request.param.__name__.removeprefix("start_"))
    found, process = request.param(tmp_path_factory.mktemp("proxy"), certificate, serve(), trust)
    yield found
    stop(process)


@pytest.fixture(scope="session")
def nginx(
    tmp_path_factory: pytest.TempPathFactory, certificate: Path, serve: Serve, trust: ssl.SSLContext
) -> Iterator[Front]:
    """nginx before a server that lets a client ask for little."""
    need("nginx")
    upstream = serve("--client-rate", "20", "--allow-origin", "https://a.example.org")
    found, process = start_nginx(tmp_path_factory.mktemp("nginx"), certificate, upstream, trust)
    yield found
    stop(process)
