"""A cluster behind TLS with an authority of one's own and a password: a real node, and a proxy that asks for both.

The distribution that tests get has no security plugin; what the client has to do is the same.
"""

from __future__ import annotations

import base64
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from search.errors import CollectionUnavailable, StoreError
from search.opensearch.address import AUTHORITY, PASSWORD, PASSWORD_FILE, ClusterAddress, read_address
from search.opensearch.collection import ClusterCollection
from search.opensearch.writer import begin_writing
from tests.contract.drafts import invented_drafts
from tests.contract.stores import Store
from tests.loaded import loaded_analyzer

pytestmark = pytest.mark.cluster

USER, SECRET = "xiesou", "四平 s3cret"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority (ca.pem), what it signed for localhost (node.pem, node.key), and another authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    for name in ("ca", "other"):
        files = ("-keyout", f"{name}.key", "-out", f"{name}.pem")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", *files)
    (folder / "names").write_text("subjectAltName=DNS:localhost", "utf-8")
    asked = ("-subj", "/CN=localhost", "-keyout", "node.key", "-out", "node.csr")
    openssl("req", "-newkey", "rsa:2048", "-nodes", *asked)
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    openssl("x509", "-req", "-in", "node.csr", "-out", "node.pem", *signed)
    return folder


def living_host(address: ClusterAddress) -> tuple[str, int]:
    """The first node that can be reached: another test may have killed one."""
    for host in address.hosts:
        with suppress(OSError), socket.create_connection(host, timeout=5):
            return host
    raise ConnectionError("no node can be reached")


@contextmanager
def secured(address: ClusterAddress, certificates: Path) -> Iterator[int]:
    """A port of this machine that speaks TLS, asks for the password, and hands on to the cluster."""
    wanted = "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def hand_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("authorization") != wanted:
                self.answer(401, b'{"error": "Unauthorized"}')
                return
            there = HTTPConnection(*living_host(address), timeout=60)
            kept = {
                name: of for name, of in self.headers.items() if name.lower() in ("content-type", "accept")
            }
            there.request(self.command, self.path, body, kept)
            got = there.getresponse()
            self.answer(got.status, got.read())
            there.close()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = hand_on

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def get_request(self) -> tuple[socket.socket, object]:
            plain, client = super().get_request()
            return context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), client

        def handle_error(self, *_: object) -> None:
            """A client that doesn't trust the certificate hangs up."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "node.pem", certificates / "node.key")
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_cluster_is_read_and_written_over_tls_with_a_password(
    on_cluster: Store, certificates: Path
) -> None:
    on_cluster.write(invented_drafts()[:1])
    plain = read_address(on_cluster.open().address, {})
    secret = certificates / "password"
    secret.write_text(SECRET + "\n", "utf-8")
    with secured(plain, certificates) as port:
        said = f"opensearch+https://{USER}@localhost:{port}/{plain.prefix}"
        address = read_address(said, {PASSWORD_FILE: str(secret), AUTHORITY: str(certificates / "ca.pem")})
        assert SECRET not in repr(address)
        analyzer = loaded_analyzer()
        with begin_writing(address, analyzer) as writer:
            for draft in invented_drafts()[1:3]:
                writer.add(writer.preparer(draft))
            committed = writer.commit()
        collection = ClusterCollection(address, analyzer)
        assert collection.verify() == committed.version
        assert collection.at().stats().paragraphs == committed.paragraphs
        assert SECRET not in collection.address
        collection.close()


def test_without_the_password_or_the_authority_nothing_is_read(on_cluster: Store, certificates: Path) -> None:
    on_cluster.write(invented_drafts()[:1])
    plain = read_address(on_cluster.open().address, {})
    with secured(plain, certificates) as port:
        said = f"opensearch+https://{USER}@localhost:{port}/{plain.prefix}"
        right = {PASSWORD: SECRET, AUTHORITY: str(certificates / "ca.pem")}
        for name, value, words in (
            (PASSWORD, "wrong", "password"),
            (AUTHORITY, str(certificates / "other.pem"), "CERTIFICATE_VERIFY_FAILED"),
        ):
            address = read_address(said, {**right, name: value})
            began = time.monotonic()
            with pytest.raises(StoreError, match=words) as caught:
                ClusterCollection(address, loaded_analyzer())
            assert not isinstance(caught.value, CollectionUnavailable)
            assert time.monotonic() - began < 10, "what can't get better is not asked again"
