"""A served application and a real headless Chromium: Debian's own, driven by playwright."""

from __future__ import annotations

import importlib.util
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wsgi import ClosingIterator

from tests.browser.serving import serving
from tests.web import sample
from web.app import WebConfig, create_app

PAUSE_SECONDS = 0.05
EXPECTED_WITHIN_MS = 20_000
"""A test waits so long for what it expects: on a machine with other work five seconds were once too few."""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the pages over the sample reports are served, on loopback, until the tests end."""
    searcher = sample.build(tmp_path_factory.mktemp("collection"))
    with serving(in_two_parts(create_app(WebConfig(searcher=searcher)))) as address:
        yield address


def in_two_parts(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The same answers, but the second half of a page comes later than the first, as over a slow line.

    A test that looks at a page before all of it has come fails here every time, not once in a hundred.
    """

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = app(environ, start_response)
        if "text/html" not in environ.get("HTTP_ACCEPT", ""):
            return answer
        return ClosingIterator(_halves(answer), getattr(answer, "close", None))

    return application


def _halves(answer: Iterable[bytes]) -> Iterator[bytes]:
    for part in answer:
        if middle := len(part) // 2:
            yield part[:middle]
            time.sleep(PAUSE_SECONDS)
        yield part[middle:]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; the tests skip, saying why, where it or its driver is absent."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        _absent("chromium is not installed (apt-get install chromium fonts-noto-cjk)")
    if importlib.util.find_spec("playwright") is None:
        _absent("the driver is not installed (pip install playwright)")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=EXPECTED_WITHIN_MS)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def _absent(reason: str) -> None:
    if os.environ.get("XIESOU_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def open_page(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens a page of some width and theme; no script error and no foreign request may come of it."""
    contexts: list[Any] = []
    troubles: list[str] = []

    def open_at(path: str, *, width: int = 1280, dark: bool = False, javascript: bool = True) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="zh-CN",
            has_touch=width < 600,
            is_mobile=width < 600,
            base_url=address,
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("console", lambda said: _note_error(said, troubles))
        page.on("request", lambda request: _note_foreign(request.url, address, troubles))
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page in a context of its own; `page.troubles` gathers errors of scripts and violations of policies."""
    contexts: list[Any] = []

    def open_at(
        url: str, *, width: int = 1000, dark: bool = False, javascript: bool = True, first: str = ""
    ) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        page.troubles = []
        page.on("pageerror", lambda error: page.troubles.append(f"script error: {error}"))
        page.on(
            "console",
            lambda said: page.troubles.append(said.text) if "Content Security Policy" in said.text else None,
        )
        if first:
            page.add_init_script(first)
        page.goto(url)
        return page

    yield open_at
    for context in contexts:
        context.close()


def follow(page: Any, link: str) -> None:
    """Click a link and wait for all of the page that it leads to; a click alone goes on when that page begins."""
    with page.expect_event("load"):
        page.click(link)


def _note_error(said: Any, troubles: list[str]) -> None:
    """What the console calls an error; that an address answers with a status of its own is none."""
    if said.type == "error" and "responded with a status" not in said.text:
        troubles.append(said.text)


def _note_foreign(url: str, address: str, troubles: list[str]) -> None:
    if not url.startswith((address, "data:")):
        troubles.append(f"asks another host: {url}")


@pytest.fixture
def screenshots() -> Path | None:
    """Where screenshots are kept: the folder that XIESOU_SCREENSHOTS names; None keeps none."""
    folder = os.environ.get("XIESOU_SCREENSHOTS")
    if not folder:
        return None
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    return path
