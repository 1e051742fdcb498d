"""What a first page of results costs a browser that has nothing of us yet."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.page_load import visit, visit_often

pytestmark = pytest.mark.browser

RESULTS = "/search?q=营商环境"
MAX_REQUESTS = 12
"""The page, its style, the theme, the seal, main.js and the seven modules that it imports."""


@pytest.mark.parametrize("width", [390, 1280])
def test_first_results_page_is_light_and_still(chromium: Any, address: str, width: int) -> None:
    (first,), (following,) = visit_often(chromium, address + RESULTS, width=width, rounds=1)
    assert 0 < first.wire_bytes <= 60_000
    assert first.requests <= MAX_REQUESTS
    assert first.shift == following.shift == 0
    assert first.complete_ms > first.first_byte_ms > 0


def test_modules_are_asked_for_before_the_first_of_them_has_come(chromium: Any, address: str) -> None:
    """What is preloaded arrives in one round; an import that is not would wait for the module that has it."""
    context = chromium.new_context()
    try:
        page = context.new_page()
        asked: list[str] = []
        held: list[Any] = []
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        page.route("**/main.js", lambda route: held.append(route))
        with page.expect_request("**/choose-theme.js"):
            page.goto(address + RESULTS, wait_until="commit")
        modules = [name for name in asked if name.endswith(".js") and name != "theme.js"]
        assert len(modules) == len(set(modules)) == MAX_REQUESTS - 4
        (main,) = held
        with page.expect_event("load"):
            main.continue_()
        assert sorted(modules) == sorted(
            name for name in asked if name.endswith(".js") and name != "theme.js"
        )
    finally:
        context.close()


def test_a_next_page_asks_for_itself_alone(chromium: Any, address: str) -> None:
    context = chromium.new_context()
    try:
        page = context.new_page()
        visit(page, f"{address}/")
        visit(page, address + RESULTS)
        came = page.evaluate(
            "performance.getEntriesByType('resource').map((one) => [one.name, one.transferSize])"
        )
        assert len(came) >= 3
        assert [name for name, size in came if size] == []
    finally:
        context.close()
