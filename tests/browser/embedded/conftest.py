"""Another site, on another origin than the search, whose pages the tests write; and the search that allows it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from search.model import Paragraph, Report, ReportText
from tests.browser.conftest import in_two_parts
from tests.browser.serving import serving
from tests.web.invented import make_texts
from tests.web.memory_searcher import searcher_of
from web.app import WebConfig, create_app
from web.origin_policy import OriginPolicy

HOSTILE_TEXT = (
    "甲𠮷&amp;<script>window.ran=1</script>]]>营商环境<img src=x onerror=window.ran=1>"
    "\u202e倒\u202c\ud83d单\u0007尾营商环境"
)


def make_hostile() -> ReportText:
    report = Report(
        "hostile", "h.txt", "<b>题</b>", "其他", "凶<i>市", None, None, 2022, None, None, None, None, 1
    )
    return ReportText(report, (Paragraph("hostile-p1", 1, "paragraph", ("<u>节</u>\u202e",), HOSTILE_TEXT),))


@dataclass
class Host:
    """A site of someone else: pages by path, each with the policy it is served under."""

    port: int = 0
    pages: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def stranger(self) -> str:
        """The same pages by an origin that nobody allowed."""
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, body: str, *, csp: str = "", kind: str = "text/html") -> str:
        """Have the site serve this; gives its address."""
        self.pages[path] = (body, csp, kind)
        return self.address + path


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    site = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = site.pages.get(self.path.partition("?")[0])
            self.send_response(200 if found else 404)
            body, csp, kind = found or ("", "", "text/plain")
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            if csp:
                self.send_header("Content-Security-Policy", csp)
            self.end_headers()
            self.wfile.write(body.encode("utf-8"))

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def service(host: Host) -> Iterator[str]:
    """The search, which allows the host."""
    searcher = searcher_of([*make_texts(), make_hostile()])
    app = create_app(WebConfig(searcher=searcher, origins=OriginPolicy((host.address,))))
    with serving(in_two_parts(app)) as address:
        yield address


def snippet(service: str, attributes: str = "", inner: str = "") -> str:
    """What docs/embedding.md tells an owner to paste."""
    return (
        f'<script type="module" src="{service}/embed.js"></script>'
        f'<xiesou-search {attributes}><form action="{service}/search" accept-charset="UTF-8">{inner}'
        '<input type="search" name="q" aria-label="检索词">'
        '<button><svg width="1" height="38" aria-hidden="true"></svg>检索</button></form></xiesou-search>'
    )


def page_with(body: str, head: str = "") -> str:
    """A page of the host about a snippet."""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>别人的网站</title>{head}</head>'
        f"<body><main><h1>别人的网站</h1>{body}<p id=after>后面的文字</p></main></body></html>"
    )
