"""The pages of the instruments, as a reader uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.browser.conftest import follow
from tests.web import sample

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
SVG = "{http://www.w3.org/2000/svg}"
LIGHT = "#ffffff"


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


@pytest.mark.parametrize(
    "path",
    [
        "/compare?q=协商&q=提案",
        "/search?q=协商&view=spread",
        "/search?q=协商&view=distribution",
        "/numbers?q=提案",
    ],
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_plot_is_taken_away_as_svg_and_png(open_page: Opener, path: str, theme: str) -> None:
    page = open_page(path)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    figures = page.locator("figure.plot:has(svg)")
    assert figures.count()
    for number in range(figures.count()):
        figure = figures.nth(number)
        with page.expect_download() as taken:
            figure.locator(".plot-files button", has_text="SVG").click()
        root = ElementTree.parse(taken.value.path()).getroot()
        assert taken.value.suggested_filename.endswith(".svg")
        drawn = figure.locator("svg")
        said = {
            text.strip()
            for text in drawn.locator("text").all_text_contents()
            if text.strip() and "\n" not in text
        }
        assert said <= {"".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")}
        assert len(root.findall(f"{SVG}svg")) == drawn.count()
        ground = root.find(f"{SVG}rect")
        assert ground is not None
        assert ground.get("fill") == LIGHT, "on white in any theme"
        assert all("fill:" in (one.get("style") or "") for one in root.iter(f"{SVG}text"))
        with page.expect_download() as taken:
            figure.locator(".plot-files button", has_text="PNG").click()
        picture = taken.value.path().read_bytes()
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(picture[16:20], "big") == 2 * int(root.get("width") or 0)
    assert page.evaluate("document.documentElement.dataset.theme") == theme


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_another_search_is_put_beside_one(open_page: Opener, javascript: bool) -> None:
    page = open_page("/search?q=营商环境&province=吉林省", javascript=javascript)
    follow(page, ".instruments a:has-text('与别的词对照')")
    page.locator(".queries input").nth(1).fill("协商")
    with page.expect_event("load"):
        page.locator(".queries input").nth(1).press("Enter")
    assert page.locator(".line-name").all_text_contents() == ["营商环境营商环境", "协商协商"]
    assert page.locator(".chip", has_text="吉林省").count() == 1
    cell = page.locator(".figures td a").first
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator(".chip", has_text="吉林省").count() == 1


def test_a_collocate_leads_to_its_lines(open_page: Opener) -> None:
    page = open_page("/search?q=协商")
    follow(page, ".instruments a:has-text('搭配')")
    follow(page, ".sorts a:has-text('右侧')")
    word = page.locator(".words th a").first
    term = word.inner_text()
    with page.expect_event("load"):
        word.click()
    assert page.locator(".kwic mark").count()
    assert term in page.inner_text(".kwic")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_pasted_paragraph_finds_its_source(open_page: Opener, javascript: bool) -> None:
    page = open_page("/search?q=营商环境", javascript=javascript)
    text = page.locator(".hit .text").first.inner_text().replace("营商", "经商")
    follow(page, ".foot a:has-text('粘贴检索')")
    page.fill("textarea", text)
    with page.expect_event("load"):
        page.click(".asking .ask")
    assert page.input_value("textarea") == text
    assert page.locator(".match").first.locator("mark").count() >= 1
    with page.expect_download() as download:
        page.click(".take:has-text('CSV')")
    assert download.value.suggested_filename == "xiesou-match-text.csv"


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_report_is_put_beside_its_last_one_and_its_sentences_are_traced(
    open_page: Opener, javascript: bool
) -> None:
    page = open_page("/reports?city=通化市", javascript=javascript)
    follow(page, ".cell-title a")
    follow(page, ".report-links a:has-text('逐年对照')")
    page.locator(".neighbours a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/diff?**other=*")
    assert page.locator(".diff-row").count() > 5
    follow(page, ".of-report-tabs a:has-text('相同文句')")
    assert page.locator(".sentence").count() > 5
    page.locator(".sentence a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/**#p*")


def test_a_kept_sentence_stands_once_where_both_reports_stand_below_each_other(open_page: Opener) -> None:
    of, other = (sample.id_of(name) for name in ("tonghua-2020-cppcc.txt", "baishan-2023-cppcc.txt"))
    address = f"/diff?of={of}&other={other}"
    for width, shown in ((390, ["block", "none"]), (1280, ["block", "block"])):
        page = open_page(address, width=width)
        row = page.locator(".diff-row").first
        row.evaluate("row => { row.className = 'diff-row is-same'; }")  # the sample's reports keep none
        sides = row.locator(".side")
        assert sides.evaluate_all("all => all.map((side) => getComputedStyle(side).display)") == shown


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_number_leads_to_its_sentence(open_page: Opener, javascript: bool) -> None:
    page = open_page("/search?q=提案", javascript=javascript)
    follow(page, ".instruments a:has-text('数字与指标')")
    follow(page, ".sorts a:has-text('完成')")
    number = page.locator(".numbers a").first
    clause = number.get_attribute("title")
    number.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/**#p*")
    target = page.locator(page.url[page.url.index("#") :])
    assert clause in target.locator(".text").inner_text()
