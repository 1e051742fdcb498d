"""What a first page of results costs a browser that has nothing of us yet."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.page_load import visit, visit_often

pytestmark = pytest.mark.browser

RESULTS = "/search?q=营商环境"


@pytest.mark.parametrize("width", [390, 1280])
def test_first_results_page_is_light_and_still(chromium: Any, address: str, width: int) -> None:
    (first,), (following,) = visit_often(chromium, address + RESULTS, width=width, rounds=1)
    assert 0 < first.wire_bytes <= 60_000
    assert first.shift == following.shift == 0
    assert first.complete_ms > first.first_byte_ms > 0


def test_a_next_page_asks_for_itself_alone(chromium: Any, address: str) -> None:
    context = chromium.new_context()
    try:
        page = context.new_page()
        visit(page, f"{address}/")
        visit(page, address + RESULTS)
        came = page.evaluate(
            "performance.getEntriesByType('resource').map((one) => [one.name, one.transferSize])"
        )
        assert len(came) >= 10
        assert [name for name, size in came if size] == []
    finally:
        context.close()
