"""The example site of the documents, as it is shipped: it works, breaks no policy of its own, and is accessible."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.embedded.conftest import Host
from tests.browser.embedded.test_hosts import SHIFTS, accessibility_faults

pytestmark = pytest.mark.browser

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
WRITTEN_FOR = "http://127.0.0.1:8000"


@pytest.fixture
def address(host: Host, service: str) -> str:
    """The example site, with the address of this search in place of the one it is written for."""
    host.put("/site.css", (EXAMPLES / "site" / "site.css").read_text("utf-8"), kind="text/css")
    page = (EXAMPLES / "site" / "index.html").read_text("utf-8")
    assert page.count(WRITTEN_FOR) > 5
    return host.put("/example", page.replace(WRITTEN_FOR, service))


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, False), (1280, True)])
def test_example_site_works_as_it_is_shipped(
    address: str, visit: Callable[..., Any], width: int, dark: bool, screenshots: Path | None
) -> None:
    page = visit(address, width=width, dark=dark)
    first, second = page.locator("xiesou-search").first, page.locator("xiesou-search").nth(1)
    assert first.get_by_text("试试").is_visible()
    assert page.evaluate(SHIFTS) == 0
    assert accessibility_faults(page) == []
    for widget, text in ((first, "营商环境"), (second, "提案")):
        widget.locator("[role=combobox]").fill(text)
        widget.locator("[role=combobox]").press("Enter")
        widget.locator(".hit").first.wait_for()
    years = {line.split(" · ")[1] for line in second.locator(".line").all_inner_texts()}
    assert years <= {"2022", "2023", "2024"}
    assert accessibility_faults(page) == []
    if screenshots:
        page.screenshot(path=str(screenshots / f"embed-example-{width}{'-dark' * dark}.png"))
    assert page.troubles == []


def test_example_client_prints_what_the_server_has(service: str) -> None:
    script = EXAMPLES / "ask_from_python.py"
    asked = [sys.executable, str(script), service, "营商环境"]
    environment = {"PYTHONPATH": str(EXAMPLES.parents[1]), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(asked, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "四平市\t" in done.stdout
