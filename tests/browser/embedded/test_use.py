"""The widget as a reader of another site uses it: pasted as documented, by mouse, keyboard and input method."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.embedded.conftest import Host, page_with, snippet

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def ask(page: Any, text: str, at: int = 0) -> Any:
    """Search by typing; gives the element when results stand."""
    widget = page.locator("xiesou-search").nth(at)
    widget.locator("[role=combobox]").fill(text)
    widget.locator("[role=combobox]").press("Enter")
    widget.locator(".count").wait_for()
    return widget


def test_paste_search_facets_and_pages(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    widget = ask(page, "营商环境")
    total = int(widget.locator(".count").inner_text().split()[0])
    assert total > 10
    assert {mark.inner_text() for mark in widget.locator("mark").all()} == {"营商环境"}
    assert widget.locator(".hit").count() == 10

    facet = widget.locator("button.value", has_text="四平市")
    wanted = int(facet.locator(".n").inner_text())
    facet.click()
    widget.locator(".chip").wait_for()
    assert int(widget.locator(".count").inner_text().split()[0]) == wanted
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.dataset.key") == "city 四平市"
    widget.locator(".chip").click()
    widget.locator(".chip").wait_for(state="detached")

    first = widget.locator(".text").first.inner_text()
    widget.get_by_role("button", name="下一页").click()
    widget.get_by_text("第 2 /").wait_for()
    assert widget.locator(".text").first.inner_text() != first
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.className") == "count"
    assert page.evaluate("location.search") == ""
    link = widget.locator("a.open").first
    assert re.match(rf"{service}/reports/[^#]+#p\d+$", link.get_attribute("href"))
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    assert page.troubles == []
    assert page.context.cookies() == []


def test_without_javascript_the_form_leads_to_results(host: Host, service: str, visit: Visit) -> None:
    scope = '<input type="hidden" name="city" value="四平市">'
    page = visit(host.put("/", page_with(snippet(service, "", scope))), javascript=False)
    page.get_by_role("searchbox").fill("营商环境")
    page.get_by_role("button").click()
    page.wait_for_url(f"{service}/search?*")
    assert page.locator(".chip", has_text="四平市").count() == 1


def test_keyboard_and_suggestions(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service, 'target="_self"'))))
    said = '{"suggestions":[{"text":"营商环境","kind":"term","count":9,"url":null},{"text":"营商"}]}'
    cors = {"Access-Control-Allow-Origin": host.address}
    page.route(
        "**/api/v1/suggest?*",
        lambda route: route.fulfill(body=said, headers=cors, content_type="application/json"),
    )
    page.evaluate(
        "document.addEventListener('keydown', (e) => { window.heard = (window.heard || '') + e.key; })"
    )
    box = page.locator("[role=combobox]")
    box.press_sequentially("营s/j")
    option = page.get_by_role("option").first
    option.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    box.press("Escape")
    assert page.get_by_role("option").count() == 0
    assert box.input_value() == "营s/j"
    box.press("x")
    page.get_by_role("option").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    page.locator(".count").wait_for()
    assert box.input_value() == "营商环境"
    assert page.evaluate("window.heard") is None  # a host's shortcuts don't hear what is typed
    assert page.get_by_role("status").inner_text().startswith(page.locator(".count").inner_text())
    page.locator("#after").click()
    page.keyboard.press("/")
    assert page.evaluate("window.heard") == "/"
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_a_server_without_suggestions_is_asked_once(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    asked: list[str] = []
    cors = {"Access-Control-Allow-Origin": host.address}

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=404, body="{}", headers=cors, content_type="application/json")

    page.route("**/api/v1/suggest?*", refuse)
    box = page.locator("[role=combobox]")
    with page.expect_response("**/api/v1/suggest?*"):
        box.press_sequentially("营")
    ask(page, "营商")
    ask(page, "营商环境")
    assert len(asked) == 1
    assert page.locator(".note").count() == 0


def test_enter_that_ends_a_composition_does_not_search(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    box = page.locator("[role=combobox]")
    box.focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "yingshang", "selectionStart": 9, "selectionEnd": 9})
    page.keyboard.press("Enter")
    assert asked == []
    session.send("Input.insertText", {"text": "营商环境"})
    assert box.input_value() == "营商环境"
    page.keyboard.press("Enter")
    page.locator(".count").wait_for()
    assert sum("/search?" in url for url in asked) == 1


def test_two_elements_keep_apart(host: Host, service: str, visit: Visit) -> None:
    scope = '<input type="hidden" name="city" value="四平市">'
    both = snippet(service, 'label="甲"') + snippet(
        service, 'label="乙" lang="en" facets="year" per-page="3"', scope
    )
    page = visit(host.put("/", page_with(both)))
    first, second = ask(page, "营商环境", 0), ask(page, "提案", 1)
    assert first.locator("[role=combobox]").input_value() == "营商环境"
    assert second.locator(".hit").count() == 3
    assert second.locator(".group").count() == 1
    assert all(text.startswith("四平市") for text in second.locator(".line").all_inner_texts())
    assert "paragraphs" in second.locator(".count").inner_text()
    assert second.locator("a.open").last.get_attribute("href").count("city=") == 1
    assert page.troubles == []


def test_events_methods_slots_and_attributes(host: Host, service: str, visit: Visit) -> None:
    slots = '<p slot="empty" hidden>这里没有</p><p slot="start" hidden>从这里开始</p>'
    body = snippet(service, 'city="四平市"').replace("</xiesou-search>", slots + "</xiesou-search>")
    page = visit(host.put("/", page_with(body)))
    page.evaluate(
        """() => { window.told = [];
        for (const name of ['search', 'results', 'select', 'error'])
          document.addEventListener('xiesou-' + name, (event) => {
            told.push(name);
            if (name === 'select') event.preventDefault();
          });
        }"""
    )
    assert page.get_by_text("从这里开始").is_visible()
    call = "document.querySelector('xiesou-search').search"
    assert page.evaluate(
        f"{call}('营商环境', {{year: [2021, 2023]}}).then((a) => [a.total, a.query.year])"
    ) == [
        page.evaluate("document.querySelector('xiesou-search').answer.total"),
        [2021, 2023],
    ]
    page.locator("a.open").first.click()
    assert page.evaluate("told") == ["search", "results", "select"]
    assert len(page.context.pages) == 1
    assert page.evaluate(f"{call}('没有这样的话').then((a) => a.total)") == 0
    assert page.get_by_text("这里没有").is_visible()
    page.evaluate("document.querySelector('xiesou-search').clear()")
    assert page.get_by_text("从这里开始").is_visible()
    page.evaluate("document.addEventListener('xiesou-search', (e) => e.preventDefault())")
    assert page.evaluate(f"{call}('营商环境')") is None


def test_results_may_stand_elsewhere_or_on_the_results_page(host: Host, service: str, visit: Visit) -> None:
    body = snippet(service, 'results="#there"') + '<div id="there"></div>'
    page = visit(host.put("/", page_with(body)))
    page.locator("[role=combobox]").fill("营商环境")
    page.locator("[role=combobox]").press("Enter")
    page.locator("#there .hit").first.wait_for()
    assert page.locator("xiesou-search:not(#there *) .hit").count() == 0
    page = visit(host.put("/", page_with(snippet(service, 'results="page"'))))
    page.locator("[role=combobox]").fill("营商环境")
    page.locator("[role=combobox]").press("Enter")
    page.wait_for_url(f"{service}/search?q=*")


def test_deep_links_go_back_and_forth(host: Host, service: str, visit: Visit) -> None:
    address = host.put("/", page_with(snippet(service, 'deep-link="s"')))
    page = visit(address + "?s=营商环境&s-city=四平市&other=1")
    page.locator(".chip", has_text="四平市").wait_for()
    assert page.locator("[role=combobox]").input_value() == "营商环境"
    ask(page, "提案")
    page.wait_for_url("**s=%E6%8F%90%E6%A1%88*")
    assert "other=1" in page.url
    page.go_back()
    page.wait_for_function("document.querySelector('xiesou-search').answer?.query.q === '营商环境'")
    assert page.locator("[role=combobox]").input_value() == "营商环境"


def test_text_of_reports_stays_text(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    widget = ask(page, "营商环境 市")
    widget.locator("[role=combobox]").fill("“onerror=window”")  # a heading elsewhere has onerror too
    widget.locator("[role=combobox]").press("Enter")
    widget.locator("mark", has_text="onerror").wait_for()
    text = widget.locator(".text").first
    shown = text.evaluate("(node) => node.textContent")
    assert shown == (
        "甲𠮷&amp;<script>window.ran=1</script>]]>营商环境<img src=x onerror=window.ran=1>"
        "\u202e倒\u202c\ufffd单\u2407尾营商环境"
    )
    assert text.locator("mark").count() == 1  # marked by code points, although 𠮷 is two units in a script
    assert "凶<i>市" in widget.locator(".line").first.inner_text()
    assert page.evaluate("window.ran") is None
    assert text.evaluate("(node) => getComputedStyle(node).unicodeBidi") == "isolate"
