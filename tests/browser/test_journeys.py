"""Longer ways through the pages: back and forward, without scripts, on paper, from hit to hit."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTContainer
from playwright.sync_api import expect

from tests.browser.conftest import follow
from tests.web import sample

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")


@pytest.mark.parametrize("width", [390, 1280])
def test_back_and_forward_go_through_every_state(open_page: Opener, width: int) -> None:
    page = open_page("/", width=width)
    page.fill("#q", "协商")
    page.press("#q", "Enter")
    page.wait_for_url("**/search?q=*")
    states = [(page.url, page.inner_text(".count"))]
    for link in (
        ".tabs >> text=语境",
        ".sorts >> text=按右文",
        ".tabs >> text=分布",
        ".sorts >> text=每万字",
    ):
        follow(page, link)
        states.append((page.url, page.inner_text(".count")))
    for url, count in reversed(states[:-1]):
        page.go_back()
        assert (page.url, page.inner_text(".count")) == (url, count)
    assert page.input_value("#q") == "协商"
    page.go_back()
    assert page.locator(".seal-name").count() == 1
    for url, _ in states:
        page.go_forward()
        assert page.url == url


def test_without_scripts_every_view_order_group_and_file_is_a_link(open_page: Opener) -> None:
    page = open_page("/search?q=营商环境&city=通化市", javascript=False)
    follow(page, ".switch")
    assert page.locator(".switch[aria-current]").count() == 1
    follow(page, ".sorts >> text=新的在前")
    assert page.locator(".hit .line").first.inner_text().startswith("通化市 · 2024-")
    follow(page, ".tabs >> text=语境")
    follow(page, ".sorts >> text=按先后")
    assert page.locator(".kwic tbody tr").count() == int(
        page.inner_text(".count").split(" · ")[1].removesuffix(" 处")
    )
    follow(page, ".tabs >> text=分布")
    follow(page, ".sorts >> text=占报告比例")
    page.locator("summary", has_text="数字表").nth(1).click()
    assert page.locator(".figures").nth(1).is_visible()
    follow(page, ".takes >> text=订阅")
    assert "/feed.atom?q=" in page.inner_text("#feed-address")
    follow(page, "text=回到检索结果")
    with page.expect_download() as started:
        page.click(".takes >> text=CSV")
    rows = list(csv.reader(io.StringIO(Path(started.value.path()).read_text("utf-8-sig"), newline="")))
    assert len(rows) - 1 == int(page.inner_text(".count").split()[0])


def test_j_and_k_go_on_from_where_the_reader_is(open_page: Opener) -> None:
    page = open_page(f"/reports/{TONGHUA}?q=委员")
    ids = page.eval_on_selector_all(".has-hit", "all => all.map((one) => one.id)")
    assert len(ids) >= 5
    page.goto(f"/reports/{TONGHUA}?q=委员#{ids[2]}")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == ids[3]
    page.locator(f"#{ids[3]} .actions >> text=上一处").click()
    expect(page).to_have_url(re.compile(f"#{ids[2]}$"))
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == ids[1]
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == ids[0]


def test_the_address_follows_from_hit_to_hit_and_fills_no_history(open_page: Opener) -> None:
    page = open_page("/search?q=委员")
    page.goto(f"/reports/{TONGHUA}?q=委员")
    ids = page.eval_on_selector_all(".block.has-hit", "all => all.map((one) => one.id)")
    length = page.evaluate("history.length")
    page.goto(f"/reports/{TONGHUA}?q=委员#{ids[0]}")
    length = page.evaluate("history.length")
    for hit in ids[1:]:
        page.keyboard.press("j")
        expect(page).to_have_url(re.compile(rf"\?q=%E5%A7%94%E5%91%98#{hit}$"))
        assert page.evaluate("document.querySelector(':target').id") == hit
        assert page.evaluate("document.activeElement.id") == hit
        expect(page.locator(f"#{hit}")).to_be_in_viewport()
    page.locator(f"#{ids[-1]} .actions >> text=上一处").click()
    expect(page).to_have_url(re.compile(f"#{ids[-2]}$"))
    assert page.evaluate("history.length") == length
    page.reload()
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == ids[-3]
    address = page.url
    page.goto("/search?q=委员")
    page.keyboard.press("j")
    assert page.url.endswith("/search?q=%E5%A7%94%E5%91%98")
    page.go_back()
    assert page.url == address


def test_the_address_of_a_feed_is_copied(open_page: Opener, address: str) -> None:
    page = open_page("/search?q=营商环境&city=通化市&page=1")
    follow(page, ".takes >> text=订阅")
    page.click("[data-copy-text]")
    expect(page.locator("[data-copy-text]").first).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{address}/feed.atom?q=")
    feed = page.request.get(copied)
    assert feed.status == 200
    assert feed.text().count("<entry>") == 3


PRINTED = {
    "results": ("/search?q=营商环境", "34 段", ["筛选", "限定年份", "复制链接"]),
    "concordance": ("/search?q=协商&view=concordance", "处", ["限定年份"]),
    "distribution": ("/search?q=营商环境&view=distribution", "合计", ["限定年份", "导出"]),
    "report": (f"/reports/{TONGHUA}?q=营商环境", "各位委员", ["复制链接", "报告目录"]),
    "reports": ("/reports", "通化市", []),
    "collocates": ("/collocates?q=营商环境", "搭配", ["导出", "查看"]),
    "keywords": ("/keywords?of=city:通化市", "主题词", ["导出", "查看"]),
    "compare": ("/compare?q=营商环境&q=协商", "几个词一起看", ["导出", "再加一个"]),
}


@pytest.mark.parametrize("name", PRINTED)
def test_on_paper_stands_the_text_in_dark_ink_and_no_way_to_click(
    name: str, open_page: Opener, screenshots: Path | None
) -> None:
    path, wanted, unwanted = PRINTED[name]
    seen = {}
    for dark in (False, True):
        page = open_page(path, dark=dark)
        if dark:
            page.evaluate("document.documentElement.dataset.theme = 'dark'")
        printed = page.pdf(format="A4", print_background=False)
        if screenshots:
            (screenshots / f"{name}-{'dark' if dark else 'light'}.pdf").write_bytes(printed)
        sheets = extract_pages(io.BytesIO(printed), laparams=LAParams())
        chars = [char for sheet in sheets for char in iter_chars(sheet) if char.get_text().strip()]
        seen[dark] = [(char.get_text(), lightness(char.graphicstate.ncolor)) for char in chars]
    # Chromium's fonts have one glyph for 几 and the radical ⼏, and its files may name the radical.
    plain = unicodedata.normalize("NFKC", "".join(text for text, _ in seen[False]))
    assert wanted.replace(" ", "") in plain
    assert [word for word in unwanted if word in plain] == []
    if name not in (
        "distribution",
        "compare",
    ):  # numbers on cells that are printed too, lines in their colours
        assert max(ink for _, ink in seen[False]) < 0.5
    assert {ink for _, ink in seen[True]} == {ink for _, ink in seen[False]}


def iter_chars(node: LTContainer[Any]) -> Iterator[LTChar]:
    for child in node:
        if isinstance(child, LTChar):
            yield child
        elif isinstance(child, LTContainer):
            yield from iter_chars(child)


def lightness(ink: object) -> float:
    """0 is black, 1 is white; a PDF says it in grey or in red, green and blue."""
    channels = [
        each for each in (ink if isinstance(ink, tuple) else (ink,)) if isinstance(each, (int, float))
    ]
    return sum(channels) / len(channels)


@pytest.mark.parametrize("width", [390, 1280])
def test_how_a_value_was_found_can_be_seen_at_any_width(open_page: Opener, width: int) -> None:
    page = open_page(f"/reports/{TONGHUA}", width=width)
    page.click("summary:has-text('这份报告的来历')")
    basis = page.locator(".facts .basis", has_text="第2行：——2020年1月8日").first
    assert basis.is_visible()


def test_a_range_is_typed_by_keyboard_alone(open_page: Opener) -> None:
    page = open_page("/search?q=营商环境")
    page.focus("[name=plan_year_from]")
    page.keyboard.press("Control+a")
    page.keyboard.type("2022")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("2023")
    page.keyboard.press("Enter")
    page.wait_for_url("**plan_year=2022..2023")
    assert page.locator(".chip", has_text="2022–2023").count() == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_suggestions_stay_on_the_page_and_go_with_escape(open_page: Opener, width: int) -> None:
    page = open_page("/search?q=协商", width=width)
    page.fill("#q", "营商")
    page.wait_for_selector("[role=option]")
    box = page.locator("#suggestions").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.keyboard.press("Escape")
    assert not page.locator("#suggestions").is_visible()
    assert page.input_value("#q") == "营商"
