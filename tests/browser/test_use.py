"""What a reader does: search, narrow, drop, page, read, by mouse and by keyboard alone, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import follow
from tests.web import sample

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]


def count(page: Any) -> str:
    return str(page.inner_text(".count"))


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [390, 1280])
def test_search_narrow_drop_and_page(open_page: Opener, width: int, javascript: bool) -> None:
    page = open_page("/", width=width, javascript=javascript)
    page.fill("#q", "营商环境")
    page.press("#q", "Enter")
    page.wait_for_url("**/search?q=*")
    assert count(page).startswith("34 段")
    assert page.locator("mark").first.inner_text() == "营商环境"

    facet = page.locator("[data-facet=city] a", has_text="通化市")
    if width == 390:
        assert not facet.is_visible()
        page.click("summary:has-text('筛选')")
    assert facet.is_visible()
    facet.click()
    page.wait_for_url("**city=*")
    assert count(page).startswith("3 段")
    if width == 390:
        assert page.inner_text(".badge").strip().startswith("1")
        if not javascript:
            page.click("summary:has-text('筛选')")
    page.locator("[data-facet=city] a", has_text="宜昌市").click()
    page.wait_for_url("**city=*city=*")
    both = int(count(page).split()[0])
    assert both > 3

    follow(page, ".chip:has-text('通化市')")
    assert page.locator(".chip").count() == 1
    assert int(count(page).split()[0]) == both - 3
    follow(page, ".chip:has-text('宜昌市')")
    assert page.locator(".chip").count() == 0

    follow(page, "a[rel=next]")
    assert page.get_attribute(".hits", "start") == "11"
    page.go_back()
    assert page.get_attribute(".hits", "start") == "1"


def test_filters_on_a_phone_stay_open_until_the_results_are_asked_for(open_page: Opener) -> None:
    page = open_page("/search?q=营商环境", width=390)
    sheet = page.locator("#filters details.sheet")
    expect(sheet).not_to_have_attribute("open", "")
    page.click("summary:has-text('筛选')")
    for city in ("通化市", "宜昌市"):
        page.locator("[data-facet=city] a", has_text=city).click()
        expect(page.locator(".chip", has_text=city)).to_have_count(1)
        expect(sheet).to_have_attribute("open", "")
    done = page.locator(".sheet-done a")
    assert done.inner_text() == f"查看 {count(page).split()[0]} 段"
    done.click()
    expect(sheet).not_to_have_attribute("open", "")
    expect(page.locator(".hit").first).to_be_in_viewport()
    page.goto("/search?q=营商环境&city=通化市")
    expect(page.locator(".chip")).to_have_count(1)
    expect(sheet).not_to_have_attribute("open", "")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_report_says_whose_it_is_wherever_one_reads(open_page: Opener, width: int) -> None:
    page = open_page(f"/reports/{sample.id_of('tonghua-2020-cppcc.txt')}?q=委员", width=width)
    head = page.locator(".running")
    assert head.inner_text().startswith("通化市 · 2020")
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    expect(head).to_be_in_viewport(ratio=1)
    below_top = page.evaluate(
        "() => document.elementFromPoint(...(({left, top, height}) => [left + 20, top + height / 2])"
        "(document.querySelector('.running').getBoundingClientRect())).closest('.running') !== null"
    )
    assert below_top, "the head of the page lies over it"
    page.locator(".has-hit").nth(1).locator("[data-step]").first.click()
    target, top = page.locator(":target").bounding_box(), head.bounding_box()
    assert target["y"] >= top["y"] + top["height"] - 1


def test_years_can_be_limited_to_a_range(open_page: Opener) -> None:
    page = open_page("/search?q=营商环境&city=通化市")
    page.fill("[name=plan_year_from]", "2020")
    page.fill("[name=plan_year_to]", "2021")
    page.click("text=限定年份")
    page.wait_for_url("**plan_year=2020..2021")
    assert page.locator(".chip", has_text="2020–2021").count() == 1
    assert page.locator(".chip", has_text="通化市").count() == 1


def test_open_the_paragraph_in_its_report(open_page: Opener) -> None:
    page = open_page("/search?q=营商环境&city=通化市")
    page.locator(".hit").first.hover()
    text = page.locator(".hit .text").first.inner_text()
    page.locator(".hit").first.locator("[data-open]").click()
    page.wait_for_url("**/reports/**")
    target = page.locator(":target")
    assert target.locator(".text").inner_text() == text
    assert target.bounding_box()["y"] >= page.locator(".top").bounding_box()["height"]
    assert target.locator("mark").count() == 3


def test_keyboard_alone(open_page: Opener) -> None:
    page = open_page("/reports")
    page.keyboard.press("/")
    page.keyboard.insert_text("营商环境")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    for _ in range(2):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.value") == "通化市":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**city=*")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "hit-1"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.open") == ""
    assert page.evaluate("getComputedStyle(document.activeElement.closest('.actions')).opacity") == "1"


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/search?q=营商环境", ".hit .line a"),
        ("/search?q=营商环境&view=concordance", ".kwic [data-open]"),
        ("/search?q=营商环境&view=distribution", ".scroll-plot"),
        ("/search?q=火星移民&city=通化市", ".nothing a"),
        (f"/reports/{sample.id_of('tonghua-2020-cppcc.txt')}?q=营商环境", "#text a"),
    ],
)
def test_the_first_skip_link_leads_to_what_was_asked_for(
    open_page: Opener, path: str, first: str, javascript: bool
) -> None:
    page = open_page(path, javascript=javascript)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class("skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(first).first).to_be_focused()


def test_slash_and_escape_keep_the_place_in_a_report(open_page: Opener) -> None:
    page = open_page(f"/reports/{sample.id_of('tonghua-2020-cppcc.txt')}?q=委员")
    page.set_viewport_size({"width": 1280, "height": 400})
    page.locator(".has-hit [data-cite]").last.focus()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    place = page.evaluate("scrollY")
    assert place > 200
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("们")  # with scroll padding Chromium scrolls at each key
    assert page.evaluate("scrollY") == place
    page.keyboard.press("Escape")
    expect(page.locator(".has-hit [data-cite]").last).to_be_focused()
    assert page.evaluate("scrollY") == place


def test_slash_brings_the_box_of_the_home_page_into_sight(open_page: Opener) -> None:
    page = open_page("/")
    page.set_viewport_size({"width": 1280, "height": 300})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_be_in_viewport()


@pytest.mark.parametrize("path", ["/", "/search?q=营商环境", "/search?q=营商环境&lang=en"])
def test_a_question_mark_shows_the_keys_and_gives_focus_back(open_page: Opener, path: str) -> None:
    page = open_page(path)
    keys = page.locator("#keys")
    expect(keys).to_be_hidden()
    page.locator(".name").focus()
    page.keyboard.press("?")
    expect(keys).to_be_focused()
    assert keys.locator("kbd").all_inner_texts() == ["/", "j", "k", "Enter", "s", "?"]
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(page.locator(".name")).to_be_focused()
    page.keyboard.press("?")
    page.keyboard.press("?")
    expect(keys).to_be_hidden()
    page.click(".keys-button")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    page.focus("#q")
    page.keyboard.press("End")
    page.keyboard.type("?")
    expect(keys).to_be_hidden()
    assert page.input_value("#q").endswith("?")


def test_keys_are_told_only_where_there_are_any(open_page: Opener) -> None:
    assert not open_page("/", javascript=False).locator(".keys-button").is_visible()
    assert not open_page("/", width=390).locator(".keys-button").is_visible()
    assert open_page("/").locator(".keys-button").is_visible()


def test_enter_that_ends_a_composition_does_not_search(open_page: Opener) -> None:
    page = open_page("/")
    page.focus("#q")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "yingshang", "selectionStart": 9, "selectionEnd": 9})
    page.keyboard.press("Enter")
    page.evaluate("document.querySelector('[data-search]').requestSubmit()")
    assert page.url.endswith("/")
    session.send("Input.insertText", {"text": "营商"})
    assert page.input_value("#q") == "营商"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")


def test_slash_is_text_inside_the_box(open_page: Opener) -> None:
    page = open_page("/")
    page.focus("#q")
    page.keyboard.type("a/b")
    assert page.input_value("#q") == "a/b"


def test_copy_link_copies_the_permanent_address(open_page: Opener, address: str) -> None:
    page = open_page("/search?q=营商环境&city=通化市")
    link = page.locator(".hit [data-copy]").first
    page.locator(".hit").first.hover()
    link.click()
    expect(link).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == address + link.get_attribute("href")
    assert "/search" in page.url


def test_theme_is_chosen_by_hand_and_kept(open_page: Opener) -> None:
    page = open_page("/", dark=False)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("[data-theme-toggle]")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.goto("/reports")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.click("[data-theme-toggle]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "path", ["/", "/search?q=营商环境&city=通化市", "/search?q=营商环境&view=distribution"]
)
def test_nothing_moves_while_a_page_settles(open_page: Opener, path: str, width: int) -> None:
    page = open_page(path, width=width)
    shift = page.evaluate(
        """() => new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => list.getEntries().forEach((e) => (sum += e.value)))
            .observe({type: 'layout-shift', buffered: true});
          requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
        })"""
    )
    assert shift == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_the_head_stands_still_though_it_is_painted_before_all_of_it_came(
    open_page: Opener, width: int
) -> None:
    page = open_page("/search?q=营商环境", width=width)
    before = page.locator(".top .box").bounding_box()["y"]
    page.evaluate("document.querySelector('.top-nav').remove()")
    assert page.locator(".top .box").bounding_box()["y"] == pytest.approx(before, abs=0.01)


def test_nothing_is_painted_before_all_that_could_move_has_come(open_page: Opener) -> None:
    page = open_page("/")
    served = page.request.get("/search?q=营商环境").text()
    head, tail = served[: served.index("</nav>")], served[served.index("</nav>") :]
    assert '<link rel="expect" href="#main" blocking="render">' in head
    assert '<main id="main"' in tail


def test_text_of_a_report_runs_no_script(open_page: Opener) -> None:
    page = open_page(f"/reports/{sample.id_of(sample.AWKWARD)}?q=营商环境")
    page.on("dialog", lambda dialog: pytest.fail(f"a script of the report ran: {dialog.message}"))
    assert page.locator("mark").count() == 2
    assert '<script>alert("营商环境")</script>' in page.inner_text("#p3")


def test_print_leaves_the_text_and_nothing_around_it(open_page: Opener) -> None:
    page = open_page(f"/reports/{sample.id_of('tonghua-2020-cppcc.txt')}?q=营商环境")
    page.emulate_media(media="print")
    assert not page.locator(".top").is_visible()
    assert not page.locator(".rail").is_visible()
    assert page.locator("#p5").is_visible()
    assert page.pdf()[:5] == b"%PDF-"
