"""The views of a search, suggestions, citations and the two languages, as a reader uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import follow
from tests.web import sample

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_filters_stay_from_view_to_view(open_page: Opener, javascript: bool) -> None:
    page = open_page("/search?q=营商环境&city=通化市", javascript=javascript)
    count = page.inner_text(".count")
    for name in ("语境", "分布", "段落"):
        follow(page, f".tabs a:has-text('{name}')")
        assert page.inner_text(".tabs [aria-current]") == name
        assert page.inner_text(".count") == count
        assert page.locator(".chip", has_text="通化市").count() == 1


def test_keywords_of_a_concordance_stand_in_one_column(open_page: Opener) -> None:
    page = open_page("/search?q=协商&view=concordance")
    boxes = page.eval_on_selector_all(".kwic mark", "all => all.map((m) => m.getBoundingClientRect().left)")
    assert len(boxes) == 50
    assert max(boxes) - min(boxes) < 2
    rights = page.eval_on_selector_all(
        ".kwic .left bdi", "all => all.map((m) => m.getBoundingClientRect().right)"
    )
    assert max(rights) - min(rights) < 2
    follow(page, ".sorts a:has-text('按右文')")
    shown = page.eval_on_selector_all(".kwic .right-side", "all => all.map((m) => m.innerText)")
    assert len(shown) == 50


def test_a_cell_of_the_matrix_leads_to_its_paragraphs(open_page: Opener) -> None:
    page = open_page("/search?q=营商环境&view=distribution")
    cell = page.locator(".heat a.cell").first
    said = cell.get_attribute("aria-label")
    assert cell.locator(".cell-n").evaluate("n => getComputedStyle(n).opacity") == "0"
    cell.focus()
    assert cell.locator(".cell-n").evaluate("n => getComputedStyle(n).opacity") == "1"
    page.keyboard.press("Enter")
    page.wait_for_url("**year=*")
    assert page.inner_text(".count").split(" · ")[1] == said.split("：")[1]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_bars_of_two_cities_stand_apart_and_lead_to_their_paragraphs(
    open_page: Opener, javascript: bool
) -> None:
    page = open_page("/search?q=营商环境&view=distribution&city=通化市&city=宜昌市", javascript=javascript)
    assert page.locator(".plot").first.locator(".row-label").all_text_contents() == ["通化市", "宜昌市"]
    bar = page.locator(".years a").last
    said = bar.get_attribute("aria-label")
    assert said.startswith("宜昌市 2024：")
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**plan_year=2024*")
    assert page.inner_text(".count").split(" · ")[1] == said.split("：")[1]
    assert page.locator(".chip:not(.clear)").all_text_contents() == [
        "去掉城市：宜昌市 ×",
        "去掉工作年度：2024 ×",
    ]


@pytest.mark.parametrize("path", ["q=协商", "q=&measure=count", "q=协商&city=通化市&city=宜昌市"])
@pytest.mark.parametrize("width", [390, 1280])
def test_labels_of_bars_do_not_touch(open_page: Opener, path: str, width: int) -> None:
    page = open_page(f"/search?view=distribution&{path}", width=width)
    boxes = page.eval_on_selector_all(
        ".years .value-label", "all => all.map((n) => n.getBoundingClientRect().toJSON())"
    )
    assert boxes
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = one["left"] >= other["right"] or other["left"] >= one["right"]
            assert apart or one["bottom"] <= other["top"] + 3 or other["bottom"] <= one["top"] + 3


def test_suggestions_are_a_combobox(open_page: Opener) -> None:
    page = open_page("/")
    page.focus("#q")
    page.keyboard.insert_text("营商")
    page.wait_for_selector("[role=option]")
    assert page.get_attribute("#q", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#q", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    assert page.input_value("#q") == "营商环境"
    page.keyboard.press("Escape")
    assert page.input_value("#q") == "营商"
    assert page.get_attribute("#q", "aria-expanded") == "false"
    page.keyboard.insert_text("环")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.input_value("#q") == "营商环境"


def test_suggestions_are_silent_while_composing(open_page: Opener) -> None:
    page = open_page("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    page.focus("#q")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "yingshang", "selectionStart": 9, "selectionEnd": 9})
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    assert asked == []
    session.send("Input.insertText", {"text": "营商"})
    page.wait_for_selector("[role=option]")
    assert len(asked) == 1


def test_a_citation_opens_in_place_and_is_copied(open_page: Opener) -> None:
    page = open_page(f"/reports/{TONGHUA}")
    block = page.locator("#p9")
    block.hover()
    block.locator("[data-cite]").click()
    said = block.locator(".citation").first
    said.wait_for()
    assert "第9段" in said.inner_text()
    block.locator("[data-copy-text]").first.click()
    expect(block.locator("[data-copy-text]").first).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == said.inner_text()
    block.locator("[data-cite]").click()
    assert block.locator(".citations").count() == 0
    assert page.url.endswith(TONGHUA)


def test_a_citation_is_a_page_without_scripts(open_page: Opener) -> None:
    page = open_page(f"/reports/{TONGHUA}", javascript=False)
    page.locator("#p9 [data-cite]").click(force=True)
    page.wait_for_url("**/cite?n=9")
    assert "@techreport{" in page.inner_text("#bibtex")


def test_years_are_swept_over(open_page: Opener) -> None:
    page = open_page("/search?q=营商环境")
    bars = page.locator(".year-bar")
    first, last = bars.nth(1).bounding_box(), bars.nth(3).bounding_box()
    page.mouse.move(first["x"] + 3, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(last["x"] + 3, last["y"] + 5, steps=4)
    page.mouse.up()
    page.wait_for_url("**plan_year=2021..2023")


def test_a_city_is_looked_for_in_its_list(open_page: Opener) -> None:
    page = open_page("/search?q=营商环境")
    page.fill("[data-facet=city] [data-narrow]", "通")
    shown = page.locator("[data-facet=city] a:visible")
    assert [text.split()[0] for text in shown.all_inner_texts()] == ["通化市"]


def test_language_is_kept_while_one_goes_on(open_page: Opener) -> None:
    page = open_page("/")
    follow(page, "a[hreflang=en]")
    page.fill("#q", "营商环境")
    page.press("#q", "Enter")
    page.wait_for_url("**/search?q=*")
    assert "paragraphs" in page.inner_text(".count")
    follow(page, ".tabs a:has-text('Distribution')")
    assert page.get_attribute("html", "lang") == "en"
    follow(page, "a[hreflang=zh]")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    assert page.locator(".heat").count() == 1
