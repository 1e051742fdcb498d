"""Sites as their own tools make them, built by .ci/hosts into built/, served beside the search on another origin."""

from __future__ import annotations

import mimetypes
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.serving import serving
from tests.web import sample
from web.app import WebConfig, create_app
from web.origin_policy import OriginPolicy

HOSTS = Path(__file__).resolve().parents[3] / "packages" / "hosts"
BUILT = HOSTS / "built"
PLACEHOLDER = b"https://search.invalid"
"""How pages that are built beforehand name the search."""


@dataclass
class Site:
    """A site of someone else: built folders, and pages that a test writes, in any encoding."""

    port: int = 0
    search: str = ""
    pages: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)
    posted: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def put(self, path: str, body: str, *, encoding: str = "utf-8", csp: str = "") -> str:
        """Have the site serve this page; gives its address."""
        headers = {"Content-Type": f"text/html; charset={encoding}"}
        if csp:
            headers["Content-Security-Policy"] = csp
        self.pages[path] = (body.encode(encoding), headers)
        return self.address + path

    def find(self, path: str) -> tuple[bytes, dict[str, str]] | None:
        """What stands at a path; an application answers its own paths with its one page."""
        if path in self.pages:
            return self.pages[path]
        app = path.split("/")[1]
        file = BUILT / path.removeprefix("/")
        if file.is_dir():
            file = file / "index.html"
        elif not file.is_file() and app == "vue":
            file = BUILT / "vue" / "index.html"
        if not file.is_file():
            return None
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return file.read_bytes().replace(PLACEHOLDER, self.search.encode()), {"Content-Type": kind}


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of built sites; the tests skip where nobody built them."""
    if not (BUILT / "vue" / "index.html").is_file():
        reason = "the sites are not built (.ci/hosts builds them)"
        if os.environ.get("XIESOU_REQUIRE_HOSTS"):
            pytest.fail(reason)
        pytest.skip(reason)
    return BUILT


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[Site]:
    """The site, on a port of its own."""
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = made.find(unquote(urlsplit(self.path).path))
            body, headers = found or (b"", {"Content-Type": "text/plain"})
            self.send_response(200 if found else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            made.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write("<p id=saved>已保存</p>".encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def search(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served index of the sample reports, which allows the site."""
    searcher = sample.build(tmp_path_factory.mktemp("collection"))
    app = create_app(WebConfig(searcher=searcher, origins=OriginPolicy((site.address,))))
    with serving(app) as site.search:
        yield site.search


def ask(page: Any, text: str, *, at: int = 0) -> Any:
    """Type and press Enter; gives the element when results stand."""
    widget = page.locator("xiesou-search").nth(at)
    box = widget.locator("[role=combobox]")
    box.fill(text)
    box.press("Enter")
    widget.locator(".results:not([aria-busy]) .count").wait_for()
    return widget


def cities_of(widget: Any) -> set[str]:
    """The cities of the hits that are shown."""
    return {line.split(" · ")[0].strip() for line in widget.locator(".line").all_inner_texts()}


Visit = Callable[..., Any]
