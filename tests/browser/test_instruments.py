"""The pages of the instruments, as a reader uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import follow

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_first_mention_is_reached_from_a_search_and_leads_to_its_sentence(
    open_page: Opener, javascript: bool
) -> None:
    page = open_page("/search?q=营商环境&province=吉林省", javascript=javascript)
    follow(page, ".tabs a:has-text('溯源与扩散')")
    assert page.locator(".chip", has_text="吉林省").count() == 1
    tile = page.locator(".tile")
    assert tile.count() == 1
    said = tile.get_attribute("aria-label")
    row = page.locator(".mentions:not(.short) tbody tr").first
    assert row.locator(".num").first.inner_text()[:4] in said
    sentence = row.locator(".cell-sentence").inner_text()
    row.locator(".cell-sentence a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/**")
    target = page.locator(page.url[page.url.index("#") :])
    assert sentence in target.locator(".text").inner_text()
    assert "营商环境" in target.locator("mark").first.inner_text()
