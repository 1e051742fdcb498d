"""The search in sites as people have them: MkDocs, React, Vue, strict policies, one page-wide form, GB2312."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.embedded.conftest import page_with
from tests.browser.embedded.grounds import contrast_of
from tests.browser.embedded.test_hosts import SHIFTS, accessibility_faults
from tests.browser.hosts.conftest import Site, Visit, ask, cities_of

pytestmark = pytest.mark.browser

SCOPE = {"通化市"}


def formless(search: str, attributes: str = 'city="通化市"') -> str:
    """The snippet for places where a form can't stand."""
    return (
        f'<script type="module" src="{search}/embed.js"></script><xiesou-search server="{search}/" {attributes}>'
        f'<a href="{search}/search?city=通化市"><svg width="1" height="44" aria-hidden="true"></svg>检索报告</a>'
        "</xiesou-search>"
    )


def with_form(search: str) -> str:
    """The snippet around its form, scope in both places."""
    return (
        f'<script type="module" src="{search}/embed.js"></script><xiesou-search city="通化市">'
        f'<form action="{search}/search" accept-charset="UTF-8"><input type="hidden" name="city" value="通化市">'
        '<input type="search" name="q" aria-label="检索词">'
        '<button><svg width="1" height="38" aria-hidden="true"></svg>检索</button></form></xiesou-search>'
    )


def suggestions_for(page: Any, text: str) -> list[str]:
    box = page.locator("xiesou-search [role=combobox]").first
    with page.expect_response(lambda response: "/api/v1/suggest?" in response.url):
        box.fill(text)
    return [one["text"] for one in page.evaluate(
        "(text) => fetch(performance.getEntriesByType('resource').map((one) => one.name)"
        ".filter((name) => name.includes('/suggest?')).pop()).then((answer) => answer.json())"
        ".then((answer) => answer.suggestions)", text)]  # fmt: skip


# ---- MkDocs Material


@pytest.mark.parametrize("path", ["/mkdocs/", "/mkdocs/pasted/"])
def test_mkdocs_keeps_the_scope_and_nothing_moves(site: Site, search: str, visit: Visit, path: str) -> None:
    page = visit(site.address + path)
    page.locator("xiesou-search [role=combobox]").wait_for()
    assert page.locator("form[action$='/search']:visible").count() == 0
    assert page.evaluate(SHIFTS) < 0.1  # what the web counts as good
    widget = ask(page, "营商环境")
    assert cities_of(widget) == SCOPE
    assert page.locator("xiesou-search a.open").last.get_attribute("href").startswith(f"{search}/search?")
    assert page.troubles == []


def test_mkdocs_changes_between_light_and_dark(site: Site, search: str, visit: Visit) -> None:
    page = visit(site.address + "/mkdocs/")
    widget = ask(page, "营商环境")
    assert not is_dark(widget)
    box = widget.locator("[role=combobox]")
    box.focus()
    page.evaluate(
        "document.querySelector('[data-md-color-scheme]').setAttribute('data-md-color-scheme', 'slate')"
    )
    expect(widget.locator(".root.dark")).to_have_count(1)
    assert page.evaluate("document.activeElement.localName") == "xiesou-search"  # typing goes on
    assert contrast_of(widget.locator(".text").first) >= 4.5
    assert page.troubles == []


def test_mkdocs_instant_navigation_takes_it_away_and_brings_it_back(
    site: Site, search: str, visit: Visit
) -> None:
    page = visit(site.address + "/mkdocs/", width=1400)
    ask(page, "营商环境")
    page.locator("nav a", has_text="照贴的表单").first.click()
    page.wait_for_url("**/pasted/")
    assert cities_of(ask(page, "提案")) == SCOPE
    page.go_back()
    assert cities_of(ask(page, "营商环境")) == SCOPE
    assert page.troubles == []


# ---- React


def test_react_takes_properties_events_and_the_ref(site: Site, search: str, visit: Visit) -> None:
    page = visit(f"{site.address}/react/?server={search}/")
    widget = ask(page, "营商环境")
    assert cities_of(widget) == SCOPE
    assert widget.locator(".hit").count() <= 3
    assert "第 0 次" in page.locator("#said").inner_text()
    page.click("#render")
    assert widget.locator(".hit").count() > 0  # drawing again touches nothing
    ask(page, "提案")
    assert "第 1 次" in page.locator("#said").inner_text()  # and handlers are the newest
    widget.locator(".line a").first.click()
    expect(page.locator("#said")).to_contain_text(f"{search}/reports/")
    assert len(page.context.pages) == 1
    page.click("#choose")
    expect(widget.locator(".line").first).to_contain_text("绍兴市")
    page.click("#ask")
    page.wait_for_function("document.querySelector('xiesou-search').answer?.query.q === '提案'")
    assert widget.get_attribute("class") == "mine"
    page.click("#toggle")
    page.click("#toggle")
    assert ask(page, "营商环境").locator(".hit").count() > 0
    page.click("#move")
    assert ask(page, "营商环境").locator(".hit").count() > 0
    assert page.troubles == []


# ---- Vue and its router


@pytest.mark.parametrize(("path", "key"), [("wrapped", "q"), ("plain", "s")])
def test_vue_router_keeps_the_search_in_the_address(
    site: Site, search: str, visit: Visit, path: str, key: str
) -> None:
    page = visit(f"{site.address}/vue/{path}?server={search}/")
    page.click("#to-about")
    page.click(f"#to-{path}")
    ask(page, "营商环境")
    page.wait_for_function(f"new URL(location.href).searchParams.get('{key}') === '营商环境'")
    ask(page, "提案")
    page.wait_for_function(f"new URL(location.href).searchParams.get('{key}') === '提案'")
    page.click("#to-about")
    page.wait_for_url("**/about")
    page.go_back()
    page.wait_for_function(f"new URL(location.href).searchParams.get('{key}') === '提案'")
    page.wait_for_function("document.querySelector('xiesou-search').answer?.query.q === '提案'")
    page.go_back()
    page.wait_for_function("document.querySelector('xiesou-search').answer?.query.q === '营商环境'")
    assert page.locator("xiesou-search [role=combobox]").input_value() == "营商环境"
    assert page.troubles == []


def test_vue_hides_it_and_takes_lists(site: Site, search: str, visit: Visit) -> None:
    page = visit(f"{site.address}/vue/wrapped?server={search}/")
    widget = ask(page, "营商环境")
    assert cities_of(widget) <= {"通化市", "绍兴市"}
    assert "段" in page.locator("#said").inner_text()
    page.click("#toggle")  # v-show
    expect(widget).to_be_hidden()
    page.click("#toggle")
    expect(widget).to_be_visible()
    page.click("#to-plain")
    ask(page, "营商环境")
    page.click("#choose")
    expect(page.locator("xiesou-search .line").first).to_contain_text("绍兴市")
    assert "段" in page.locator("#said").inner_text()
    assert page.troubles == []


# ---- a page with a strict policy


@pytest.mark.parametrize("snippet", [formless, with_form])
def test_strict_policy_with_trusted_types_is_kept(
    site: Site, search: str, visit: Visit, snippet: Any
) -> None:
    policy = (
        f"default-src 'none'; script-src {search}; connect-src {search}; form-action {search}; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page = visit(site.put("/strict", page_with(snippet(search)), csp=policy))
    widget = ask(page, "营商环境")
    widget.locator("button.value").first.click()
    widget.locator(".chip").first.wait_for()
    assert page.troubles == []


def test_policy_that_forbids_asking_is_named(site: Site, search: str, visit: Visit) -> None:
    policy = f"script-src {search}; connect-src 'self'"
    page = visit(site.put("/forbidden", page_with(formless(search)), csp=policy))
    warned: list[str] = []
    page.on("console", lambda said: warned.append(said.text) if said.type == "warning" else None)
    page.locator("[role=combobox]").fill("营商环境")
    page.locator("[role=combobox]").press("Enter")
    expect(page.locator("xiesou-search .note")).to_contain_text(f"connect-src 里加上 {search}")
    assert any("connect-src" in text for text in warned)


# ---- one form about the whole page, as in ASP.NET Web Forms


@pytest.mark.parametrize("snippet", [formless, with_form])
def test_page_wide_form_keeps_its_button_and_the_search_its_scope(
    site: Site, search: str, visit: Visit, snippet: Any
) -> None:
    body = (
        '<form method="post" action="/save" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="x">'
        f'<input name="title" value="题目">{snippet(search)}<input type="submit" id="save" value="保存"></form>'
    )
    page = visit(site.put("/aspnet", page_with(body)))
    widget = ask(page, "营商环境")
    assert cities_of(widget) == SCOPE
    assert "city=%E9%80%9A%E5%8C%96%E5%B8%82" in widget.locator("a.open").last.get_attribute("href")
    page.locator("[role=combobox]").press("Enter")
    assert page.url.endswith("/aspnet")  # Enter searches, it does not post the page
    if snippet is formless:
        page.click("#save")
        page.locator("#saved").wait_for()
        assert b"__VIEWSTATE=x" in site.posted[-1]
        assert b"q=" not in site.posted[-1]
    assert page.troubles == []


# ---- a page in GB2312


def test_gb2312_page_searches_with_and_without_scripts(site: Site, search: str, visit: Visit) -> None:
    address = site.put("/gb2312", page_with(with_form(search)).replace("utf-8", "gb2312"), encoding="gb2312")
    page = visit(address)
    assert page.evaluate("document.characterSet") == "GBK"
    assert cities_of(ask(page, "营商环境")) == SCOPE
    for form in (with_form(search), with_form(search).replace(' accept-charset="UTF-8"', "")):
        site.put("/gb2312", page_with(form).replace("utf-8", "gb2312"), encoding="gb2312")
        page = visit(address, javascript=False)
        page.get_by_role("searchbox").fill("营商环境")
        page.get_by_role("button").click()
        page.wait_for_url(f"{search}/search?*")
        assert page.locator("mark", has_text="营商环境").count() > 0
        assert page.locator(".chip", has_text="通化市").count() == 1


# ---- everywhere


def test_suggestions_stay_within_the_scope(site: Site, search: str, visit: Visit) -> None:
    page = visit(site.put("/scope", page_with(formless(search))))
    assert "通化市" in suggestions_for(page, "通化")
    for text in ("白山", "绍兴"):
        assert text + "市" not in suggestions_for(page, text)


def test_a_deep_link_cant_leave_the_scope(site: Site, search: str, visit: Visit) -> None:
    site.put("/deep", page_with(formless(search, 'city="通化市" deep-link')))
    page = visit(site.address + "/deep?q=营商环境&q-city=白山市")
    page.locator("xiesou-search .hit").first.wait_for()
    assert cities_of(page.locator("xiesou-search")) == SCOPE
    asked = "document.querySelector('xiesou-search').search('营商环境', {city: ['绍兴市']})"
    assert page.evaluate(f"{asked}.then((answer) => answer.query.city)") == ["通化市"]


@pytest.mark.parametrize("path", ["/mkdocs/", "/react/?server={search}/", "/vue/plain?server={search}/"])
def test_it_is_accessible_in_its_host(
    site: Site, search: str, visit: Visit, path: str, screenshots: Any
) -> None:
    page = visit(site.address + path.format(search=search))
    widget = ask(page, "营商环境")
    if screenshots:
        page.screenshot(path=str(screenshots / f"host{path.partition('?')[0].replace('/', '-')}.png"))
    assert accessibility_faults(page, "xiesou-search") == []
    assert widget.locator("h2.line, h3.line").count() == widget.locator(".hit").count()


def test_figures_in_each_host(site: Site, search: str, visit: Visit) -> None:
    """Requests, weight, movement and the time to a first result; printed for those who compare."""
    for path in ("/mkdocs/", f"/react/?server={search}/", f"/vue/plain?server={search}/", "/plain"):
        if path == "/plain":
            site.put(path, page_with(with_form(search)))
        page = visit(site.address + path)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))  # noqa: B023
        page.locator("[role=combobox]").wait_for()
        moved = page.evaluate(SHIFTS)
        took = page.evaluate(
            "(() => { const from = performance.now(); const element = document.querySelector('xiesou-search');"
            "return element.search('营商环境').then(() => performance.now() - from); })()"
        )
        ours = [url for url in asked if url.startswith(search)]
        print(
            f"{path.partition('?')[0]}: {len(ours)} requests, moved {moved:.4f}, first result {took:.0f} ms"
        )
        assert len(ours) == 1
        assert moved < 0.1
        assert took < 5000


def is_dark(widget: Any) -> bool:
    return bool(widget.locator(".root").evaluate("(node) => node.classList.contains('dark')"))
