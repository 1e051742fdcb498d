"""The working set: what a reader keeps in the browser; by keyboard, in two tabs, full, damaged, out of date."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import follow
from tests.web import sample

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")
SEARCH = "/search?q=营商环境&city=通化市"
KEY = "xiesou:/"


def put(page: Any, stored: Any) -> None:
    text = stored if isinstance(stored, str) else json.dumps(stored, ensure_ascii=False)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])


def kept(page: Any) -> list[dict[str, Any]]:
    text = page.evaluate("key => localStorage.getItem(key)", KEY)
    return json.loads(text)["items"] if text else []


def working_set(*items: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"format": "xiesou-working-set", "version": 1, "items": list(items), **others}


def paragraph(n: int, text: str = "旧文", note: str = "", report: str = TONGHUA) -> dict[str, Any]:
    return {
        "kind": "paragraph",
        "id": f"{report}-p{n}",
        "label": "通化市",
        "title": "报告",
        "text": text,
        "note": note,
    }


def keep_first(page: Any, where: str = ".hits .keep") -> None:
    button = page.locator(where).first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_paragraph_a_report_and_a_search_are_kept_and_found_again(open_page: Opener) -> None:
    page = open_page(SEARCH)
    text = page.locator(".hit .part").first.inner_text()
    keep_first(page)
    keep_first(page, ".takes .keep")
    follow(page, ".hit a[data-open]")
    expect(page.locator(".has-hit .keep").first).to_have_attribute("aria-pressed", "true")
    keep_first(page, ".report-links .keep")
    follow(page, ".top-nav a:has-text('收藏')")
    items = page.locator(".kept-item")
    expect(items).to_have_count(3)
    expect(page.locator("[data-of=search] .kept-item a[data-link]")).to_have_text("营商环境 · 通化市")
    expect(page.locator("[data-of=search] [data-counts]")).to_have_text("现在 3 段")
    of_reports = page.locator("[data-of='paragraph report'] .kept-item")
    assert text in of_reports.nth(1).locator("[data-text]").inner_text()
    assert "通化市" in of_reports.first.locator("a[data-link]").inner_text()
    assert page.locator(".kept-item [data-gone]:visible, .kept-item [data-changed]:visible").count() == 0
    assert Axe().run(page).response["violations"] == []
    follow(page, "[data-of=search] a[data-link]")
    assert "city=" in page.url
    expect(page.locator(".takes .keep")).to_have_attribute("aria-pressed", "true")
    page.locator(".hits .keep").first.click()
    expect(page.locator(".hits .keep").first).to_have_attribute("aria-pressed", "false")
    assert len(kept(page)) == 2


def test_a_line_is_kept_by_the_keyboard_alone(open_page: Opener) -> None:
    page = open_page("/search?q=协商&view=concordance")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator(".kwic tr:nth-child(2) .keep")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(
        "key => JSON.parse(localStorage.getItem(key)).items[0].text.includes('协商')", arg=KEY
    )
    page.keyboard.press("s")
    expect(page.locator(".kwic tr:nth-child(2) .keep")).to_have_attribute("aria-pressed", "false")
    assert kept(page) == []


def test_who_goes_on_at_once_has_kept_it(open_page: Opener) -> None:
    page = open_page(SEARCH)
    page.evaluate("() => { window.fetch = () => new Promise(() => {}) }")
    page.locator(".hits .keep").first.click()
    page.wait_for_function("key => localStorage.getItem(key)", arg=KEY)
    assert kept(page)[0]["text"] == ""
    page.goto("/working-set")
    expect(page.locator(".kept-item [data-text]")).to_contain_text("营商环境")
    assert page.locator(".kept-item [data-changed]:visible").count() == 0
    assert "营商环境" in kept(page)[0]["text"]


def test_an_instrument_is_kept_by_its_address(open_page: Opener) -> None:
    page = open_page("/compare?q=协商&q=提案&measure=rate&lang=en")
    keep_first(page, ".takes .keep")
    assert kept(page)[0]["address"].startswith("compare?q=")
    assert "lang" not in kept(page)[0]["address"]
    page.goto("/working-set")
    follow(page, "a[data-link]")
    assert page.locator("h1").inner_text() == "几个词一起看"


def test_notes_stay_and_what_is_dropped_comes_back(open_page: Opener) -> None:
    page = open_page("/working-set")
    put(page, working_set(paragraph(3), paragraph(4), paragraph(5)))
    page.reload()
    page.locator("textarea").nth(1).fill("要核对")
    page.keyboard.press("Tab")
    page.reload()
    expect(page.locator("textarea").nth(1)).to_have_value("要核对")
    page.locator("[data-drop]").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kept-item")).to_have_count(2)
    assert page.evaluate("document.activeElement.matches('[data-drop]')")
    page.click("[data-status] button")
    expect(page.locator(".kept-item")).to_have_count(3)
    expect(page.locator("textarea").nth(1)).to_have_value("要核对")
    page.click("[data-clear]")
    expect(page.locator(".kept-item")).to_have_count(0)
    assert kept(page) == []
    page.click("[data-status] button")
    expect(page.locator(".kept-item")).to_have_count(3)


def test_copies_are_held_against_the_collection(open_page: Opener) -> None:
    page = open_page("/working-set")
    put(
        page,
        working_set(paragraph(3), paragraph(999, "已经删去的一段话。"), paragraph(2, report="0123456789")),
    )
    page.reload()
    changed, gone, missing = (page.locator(".kept-item").nth(n) for n in range(3))
    expect(changed.locator("[data-changed]")).to_be_visible()
    now = changed.locator("[data-now]").inner_text()
    assert now not in ("", "旧文")
    changed.locator("[data-take]").click()
    expect(changed.locator("[data-text]")).to_have_text(now)
    expect(changed.locator("[data-changed]")).to_be_hidden()
    for one in (gone, missing):
        expect(one.locator("[data-gone]")).to_be_visible()
        expect(one.locator("a[data-cite]")).to_be_hidden()
    assert "已经删去的一段话" in gone.locator("[data-text]").inner_text()
    follow(page, ".kept-item:nth-child(2) [data-look]")
    assert page.input_value("#q") == '"已经删去的一段话。"'


@pytest.mark.parametrize(
    ("name", "sign"), [("GB/T 7714", "[R/OL]"), ("BibTeX", "@techreport"), ("RIS", "TY  - RPRT")]
)
def test_a_bibliography_is_of_what_the_collection_still_has(open_page: Opener, name: str, sign: str) -> None:
    page = open_page("/working-set")
    put(page, working_set(paragraph(3), paragraph(4), paragraph(999)))
    page.reload()
    expect(page.locator(".kept-item [data-gone]:visible")).to_have_count(1)
    with page.expect_download() as taken:
        page.click(f"[data-bibliography] button:has-text('{name}')")
    assert Path(taken.value.path()).read_text("utf-8").count(sign) == 2
    assert f"2 条参考文献已存为文件（{name}）" in page.inner_text("[data-status]")
    assert "1 条没有列入" in page.inner_text("[data-status]")


def test_an_export_is_imported_and_merged_in_another_browser(open_page: Opener, tmp_path: Path) -> None:
    page = open_page("/working-set")
    put(page, working_set(paragraph(3, note="甲"), paragraph(4)))
    page.reload()
    with page.expect_download() as taken:
        page.click("[data-export]")
    other = open_page("/working-set")
    put(other, working_set(paragraph(3, note="乙"), paragraph(5)))
    other.reload()
    other.set_input_files("input[type=file]", taken.value.path())
    expect(other.locator(".kept-item")).to_have_count(3)
    assert "导入 1 条，1 条本来就有，0 条读不懂" in other.inner_text("[data-status]")
    assert [item["note"] for item in kept(other)] == ["乙\n甲", "", ""]


HOSTILE = '<img src=x onerror="window.broken=1">'
NOT_OURS: dict[str, Any] = {
    "no-json": "{",
    "a list": [1, 2],
    "another format": {"format": "other", "version": 1, "items": []},
    "a later version": {"format": "xiesou-working-set", "version": 2, "items": []},
    "no items": {"format": "xiesou-working-set", "version": 1},
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_a_file_that_is_no_working_set_changes_nothing(open_page: Opener, name: str) -> None:
    page = open_page("/working-set")
    put(page, working_set(paragraph(3)))
    page.reload()
    body = NOT_OURS[name] if isinstance(NOT_OURS[name], str) else json.dumps(NOT_OURS[name])
    page.set_input_files(
        "input[type=file]", {"name": "x.json", "mimeType": "text/plain", "buffer": body.encode()}
    )
    expect(page.locator("[data-status]")).to_contain_text("不是协搜的收藏")
    assert len(kept(page)) == 1


def test_what_a_file_holds_is_read_field_by_field_and_shown_as_text(open_page: Opener) -> None:
    items: list[Any] = [
        paragraph(3, text=HOSTILE, note=HOSTILE) | {"label": HOSTILE, "title": HOSTILE, "added": HOSTILE},
        {"kind": "search", "address": "javascript:alert(1)", "label": "a"},
        {"kind": "search", "address": "https://elsewhere.example/search?q=a", "label": "b"},
        {"kind": "search", "address": "//elsewhere.example/", "label": "c"},
        {"kind": "search", "address": "search?q=%3Cb%3E&lang=en&page=3", "label": HOSTILE},
        {"kind": "report", "id": "../../x", "label": "d"},
        {"kind": "report", "id": 7, "label": "e"},
        {"kind": "paragraph", "id": "abc-p1", "text": ["f"]},
        {"kind": "paragraph", "id": "abc-p1", "text": "x" * 70_000},
        {"kind": "other", "id": "abc"},
        None,
        "text",
    ]
    page = open_page("/working-set")
    body = json.dumps(working_set(*items, __proto__={"kind": "report"}))
    page.set_input_files(
        "input[type=file]", {"name": "x.json", "mimeType": "text/plain", "buffer": body.encode()}
    )
    expect(page.locator(".kept-item")).to_have_count(2)
    assert "导入 2 条，0 条本来就有，10 条读不懂" in page.inner_text("[data-status]")
    assert page.evaluate("window.broken") is None
    assert page.locator(".kept-item img").count() == 0
    assert page.locator("[data-of='paragraph report'] [data-text]").inner_text() == HOSTILE
    assert {item["kind"]: item.get("address") for item in kept(page)}["search"] == "search?q=%3Cb%3E"
    assert kept(page)[0]["added"] == ""


def test_a_full_storage_is_said_and_loses_nothing(open_page: Opener) -> None:
    page = open_page(SEARCH)
    keep_first(page)
    page.evaluate(
        """() => { let size = 1 << 22; while (size) {
            try { localStorage.setItem(`fill${size}${Math.random()}`, "x".repeat(size)); } catch { size >>= 1; } } }"""
    )
    page.locator(".hits .keep").nth(1).click()
    expect(page.locator("[role=alert]")).to_contain_text("存储已满")
    expect(page.locator(".hits .keep").nth(1)).to_have_attribute("aria-pressed", "false")
    assert len(kept(page)) == 1
    assert Axe().run(page).response["violations"] == []


def test_a_browser_that_stores_nothing_says_so(visit: Callable[..., Any], address: str) -> None:
    forbid = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } })"
    page = visit(f"{address}{SEARCH}", first=forbid)
    page.locator(".hits .keep").first.click()
    expect(page.locator("[role=alert]")).to_contain_text("不让网页存")
    page.goto(f"{address}/working-set")
    expect(page.locator("[data-status]")).to_contain_text("不让网页存")
    assert page.troubles == []


@pytest.mark.parametrize(
    "stored", ["{broken", json.dumps({"format": "xiesou-working-set", "version": 9, "items": []})]
)
def test_what_cant_be_read_is_left_as_it_is_until_it_is_given_up(open_page: Opener, stored: str) -> None:
    page = open_page(SEARCH)
    put(page, stored)
    page.locator(".hits .keep").first.click()
    expect(page.locator("[role=alert]")).to_contain_text("读不出来")
    assert page.evaluate("key => localStorage.getItem(key)", KEY) == stored
    page.goto("/working-set")
    expect(page.locator("main [data-unreadable]")).to_be_visible()
    with page.expect_download() as taken:
        page.click("[data-export-raw]")
    assert Path(taken.value.path()).read_text("utf-8") == stored
    page.click("[data-start-anew]")
    expect(page.locator("main [data-unreadable]")).to_be_hidden()
    expect(page.locator("[data-empty]")).to_be_visible()


def test_two_tabs_show_and_keep_the_same(open_page: Opener) -> None:
    page = open_page(SEARCH)
    second = page.context.new_page()
    second.goto(SEARCH)
    listed = page.context.new_page()
    listed.goto("/working-set")
    keep_first(page)
    expect(second.locator(".hits .keep").first).to_have_attribute("aria-pressed", "true")
    second.locator(".hits .keep").nth(1).click()
    expect(listed.locator(".kept-item")).to_have_count(2)
    second.locator(".hits .keep").first.click()
    expect(page.locator(".hits .keep").first).to_have_attribute("aria-pressed", "false")
    expect(listed.locator(".kept-item")).to_have_count(1)
    assert len(kept(page)) == 1


def test_at_most_a_thousand_are_kept(open_page: Opener) -> None:
    page = open_page(SEARCH)
    put(page, working_set(*(paragraph(n) for n in range(1, 1001))))
    page.locator(".hits .keep").last.click()
    expect(page.locator("[role=alert]")).to_contain_text("最多 1,000 条")
    assert len(kept(page)) == 1000


@pytest.mark.parametrize("path", ["/working-set", SEARCH, "/search?q=协商&view=concordance"])
def test_without_scripts_the_page_says_what_it_needs_and_no_button_is_dead(
    open_page: Opener, path: str
) -> None:
    page = open_page(path, javascript=False)
    assert page.locator(".keep:visible").count() == 0
    if path == "/working-set":
        assert "需要 JavaScript" in page.inner_text("main")
        assert page.locator("main button:visible").count() == 0
