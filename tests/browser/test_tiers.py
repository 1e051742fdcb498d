"""What is counted, in a browser: the switch and the way back, the keys that lead to a hit and into its report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import follow

pytestmark = pytest.mark.browser

STOPS = 40
FOCUSED = "(at => at.closest('.facet') ? 'facet' : at.closest('.sheet') ? 'sheet' : at.tagName)(document.activeElement)"


@pytest.mark.parametrize("javascript", [True, False])
def test_one_click_counts_the_second_tier_too_and_one_leads_back(
    open_page: Callable[..., Any], javascript: bool
) -> None:
    page = open_page("/search?q=优化营商环境", javascript=javascript)
    written = page.inner_text(".count strong")
    assert "原样写明" in written
    follow(page, ".beside a")
    assert page.inner_text(".count strong") != written
    assert "match=all" in page.url
    follow(page, ".tabs a >> nth=1")
    assert "match=all" in page.url
    follow(page, ".beside a")
    assert "match" not in page.url
    assert page.inner_text(".count strong") == written


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("width", "reached"), [(1280, "facet"), (390, "sheet")])
def test_the_tab_key_reaches_the_filters(
    open_page: Callable[..., Any], width: int, reached: str, javascript: bool
) -> None:
    page = open_page("/search?q=提案办理", width=width, javascript=javascript)
    stops = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    assert reached in stops


def test_enter_opens_the_hit_that_j_reached(open_page: Callable[..., Any]) -> None:
    page = open_page("/search?q=提案办理")
    page.keyboard.press("j")
    page.keyboard.press("j")
    wanted = page.locator(".hit").nth(1).locator("[data-open]").get_attribute("href")
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    assert page.url.endswith(wanted)
    assert page.locator(":target.has-hit mark").count()


def test_the_title_of_a_hit_leads_to_its_paragraph_and_marks_the_heading_that_says_it(
    open_page: Callable[..., Any],
) -> None:
    page = open_page("/search?q=提案办理", javascript=False)
    hit = page.locator(".hit:has(.why)").first
    assert hit.locator(".path mark").inner_text() == "提案办理"
    with page.expect_event("load"):
        hit.locator(".line a").click()
    assert page.locator(":target.has-hit").count() == 1
    assert "提案办理" in page.locator(".kind-heading mark").all_inner_texts()


def test_what_one_may_do_with_a_hit_is_in_sight_without_a_pointer(open_page: Callable[..., Any]) -> None:
    page = open_page("/search?q=营商环境")
    assert page.locator(".hit .actions").first.evaluate("node => getComputedStyle(node).opacity") == "1"


def test_reports_that_are_named_stand_above_their_paragraphs(open_page: Callable[..., Any]) -> None:
    page = open_page("/search?q=通化 政协常委会工作报告", javascript=False)
    assert page.locator(".report-cards li").count() == 4
    with page.expect_event("load"):
        page.locator(".report-cards a").first.click()
    assert "/reports/" in page.url


def test_the_line_that_cites_a_number_is_copied(open_page: Callable[..., Any]) -> None:
    page = open_page("/search?q=营商环境")
    page.click(".cite-number summary")
    page.click(".cite-number .actions a")
    assert page.evaluate("navigator.clipboard.readText()").startswith("协搜，营商环境：")
