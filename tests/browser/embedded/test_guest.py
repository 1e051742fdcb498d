"""What hosts do to a guest, and a guest may not do to hosts: grounds, moves, late calls, broken servers, odd pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.embedded.conftest import Host, page_with, snippet
from tests.browser.embedded.grounds import contrast_of
from tests.browser.embedded.test_use import ask
from web.embed_script import load_script

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
WIDGET = "document.querySelector('xiesou-search')"


def slow_down(page: Any, ms: int, *, times: int = 1) -> None:
    """Have the next searches take so long."""
    page.evaluate(
        """([ms, times]) => {
          const own = fetch;
          window.fetch = async (url, options) => {
            const answer = await own(url, options);
            if (String(url).includes('/search?') && times-- > 0) await new Promise((done) => setTimeout(done, ms));
            return answer;
          };
        }""",
        [ms, times],
    )


def test_clicking_and_selecting_text_leaves_the_page_where_it_is(
    host: Host, service: str, visit: Visit
) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    widget = ask(page, "营商环境")
    text = widget.locator(".text").last
    text.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 100
    text.click()
    text.click(click_count=3, position={"x": 20, "y": 20})
    assert page.evaluate("scrollY") == before
    assert page.evaluate(f"{WIDGET}.shadowRoot.getSelection().toString().length") > 0
    assert page.evaluate(f"{WIDGET}.shadowRoot.activeElement") is None


@pytest.mark.parametrize(
    "hide",
    [
        "one.style.display = 'none'",
        "one.hidden = true",
        "one.className = 'gone'",
        "one.parentElement.hidden = true",
    ],
)
def test_hosts_can_hide_it(host: Host, service: str, visit: Visit, hide: str) -> None:
    page = visit(host.put("/", page_with(snippet(service), "<style>.gone { display: none }</style>")))
    widget = ask(page, "营商环境")
    page.evaluate(f"one => {{ {hide} }}", widget.element_handle())
    expect(widget).to_be_hidden()


def test_print_has_results_without_controls(host: Host, service: str, visit: Visit) -> None:
    page = visit(
        host.put("/", page_with(snippet(service), "<style>@media print { h1 { display: none } }</style>"))
    )
    widget = ask(page, "营商环境")
    page.emulate_media(media="print")
    for part in (".rail", ".go", ".sort", ".pages", ".open"):
        expect(widget.locator(part).first).to_be_hidden()
    expect(widget.locator(".text").first).to_be_visible()
    page.add_style_tag(content="@media print { xiesou-search { display: none } }")
    expect(widget).to_be_hidden()


GROUNDS = [
    ("", False), ("body { background: #1c1916 }", True), ("body { background: oklch(20% 0.03 260) }", True),
    ("body { background: oklch(97% 0.01 90) }", False), ("body { background: lab(8% 5 -12) }", True),
    ("body { background: color-mix(in oklab, black 92%, cyan) }", True),
    ("body { background: color(display-p3 0 0 0.1) }", True),
    ("html { background: #101014 } main { background: rgb(255 255 255 / 4%) }", True),
    ("html { background: #101014 } main { background: rgb(255 255 255 / 95%) }", False),
    ("body { background: #fff } main { background: rgb(0 0 0 / 93%) }", True),
    ("html { color-scheme: dark }", True), ("main { background: hsl(210 40% 45%) }", None),
    ("main { background: #777 }", None),
    ("main { background: linear-gradient(#101014, #202028); color: #ddd }", None),
    ("main { background: linear-gradient(#fff, #f0f0f0) }", None),
    ("body { background: #111 } xiesou-search { --xiesou-paper: #ffffff }", False),
]  # fmt: skip


@pytest.mark.parametrize(("css", "dark"), GROUNDS)
def test_ink_is_legible_on_any_ground(
    host: Host, service: str, visit: Visit, css: str, dark: bool | None
) -> None:
    page = visit(host.put("/", page_with(snippet(service), f"<style>{css}</style>")))
    widget = ask(page, "营商环境")
    if dark is not None:
        assert widget.locator(".root").evaluate("(node) => node.classList.contains('dark')") == dark
    for part in (".text", ".count", ".line a", ".foot .open", ".value .n", "mark"):
        assert contrast_of(widget.locator(part).first) >= 4.5, part


def test_ground_that_changes_slowly_or_further_in_is_followed(host: Host, service: str, visit: Visit) -> None:
    css = (
        "#in { background: white; transition: background-color .3s } #in.night { background: oklch(18% 0 0) }"
    )
    page = visit(
        host.put("/", page_with(f"<div id=in><p>{snippet(service)}</p></div>", f"<style>{css}</style>"))
    )
    widget = ask(page, "营商环境")
    for name, count in (("night", 1), ("", 0)):
        page.evaluate(f"document.getElementById('in').className = '{name}'")
        expect(widget.locator(".root.dark")).to_have_count(count)
        assert contrast_of(widget.locator(".text").first) >= 4.5
    page.add_style_tag(content="#in { background: #000 !important; transition: none !important }")
    expect(widget.locator(".root.dark")).to_have_count(1)


def test_words_and_theme_change_while_one_types(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    box = page.locator("[role=combobox]")
    box.press_sequentially("营商")
    page.evaluate(f"{WIDGET}.theme = 'dark'; {WIDGET}.lang = 'en'; {WIDGET}.placeholder = 'here'")
    expect(page.locator("xiesou-search .root.dark")).to_have_count(1)
    expect(box).to_have_attribute("placeholder", "here")
    page.keyboard.type("环境")
    assert box.input_value() == "营商环境"
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_contain_text("paragraphs")


def test_attributes_live(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service, 'q="营商环境"') + "<div id=there></div>")))
    page.locator("xiesou-search .hit").first.wait_for()
    page.evaluate(f"{WIDGET}.setAttribute('q', '提案')")
    page.wait_for_function(f"{WIDGET}.answer.query.q === '提案'")
    assert page.locator("[role=combobox]").input_value() == "提案"
    page.evaluate(f"{WIDGET}.setAttribute('results', '#there')")
    expect(page.locator("#there .hit").first).to_be_visible()
    page.evaluate(f"{WIDGET}.removeAttribute('results')")
    expect(page.locator("#there .hit")).to_have_count(0)
    expect(page.locator("xiesou-search .hit").first).to_be_visible()
    page.evaluate(f"{WIDGET}.city = ['四平市', '长春市']")
    page.wait_for_function(f"{WIDGET}.answer.query.city.length === 2")
    assert page.troubles == []


def test_results_elsewhere_keep_colours_parts_and_slots(host: Host, service: str, visit: Visit) -> None:
    css = (
        "#mine { --xiesou-ink: rgb(1, 2, 3) } .big::part(count) { font-size: 31px }"
        "xiesou-search::part(mark) { color: rgb(9, 8, 7) }"
    )
    body = snippet(service, 'results="#there" id="mine" class="big"').replace(
        "</xiesou-search>", '<p slot="empty" hidden>这里没有</p></xiesou-search>'
    )
    page = visit(host.put("/", page_with(f'<div id="there"></div>{body}', f"<style>{css}</style>")))
    page.locator("#mine [role=combobox]").fill("营商环境")
    page.locator("#mine [role=combobox]").press("Enter")
    there = page.locator("#there")
    there.locator(".hit").first.wait_for()
    style = "(node, name) => getComputedStyle(node)[name]"
    expect(there.locator(".text").first).to_have_css("color", "rgb(1, 2, 3)")
    assert there.locator(".count").evaluate(style, "fontSize") == "31px"
    assert there.locator("mark").first.evaluate(style, "color") == "rgb(9, 8, 7)"
    there.locator("button.value").first.click()
    there.locator(".chip").first.wait_for()
    # whichever of the two a script takes, it is the search
    assert page.evaluate(f"{WIDGET}.search('没有这样的话').then((answer) => answer.total)") == 0
    expect(there.get_by_text("这里没有")).to_be_visible()
    assert page.troubles == []


def test_it_may_be_asked_before_it_is_on_the_page(host: Host, service: str, visit: Visit) -> None:
    page = visit(
        host.put(
            "/", page_with(f'<script type="module" src="{service}/embed.js"></script><div id=app></div>')
        )
    )
    page.wait_for_function("!!customElements.get('xiesou-search')")
    total = page.evaluate(
        """(service) => {
          const one = document.createElement('xiesou-search');
          one.server = service;
          one.clear();
          const first = one.search('提案');
          const second = one.search('营商环境', {city: '四平市'});
          document.getElementById('app').append(one);
          return Promise.all([first, second]).then(([a, b]) => [a, b.total, b.query.city]);
        }""",
        service,
    )
    assert total[0] is None
    assert total[1] > 0
    assert total[2] == ["四平市"]
    expect(page.locator("xiesou-search .hit").first).to_be_visible()


def test_properties_set_before_the_script_comes_are_taken_up(host: Host, service: str, visit: Visit) -> None:
    early = "<xiesou-search></xiesou-search><script>const one = document.querySelector('xiesou-search');"
    body = f"{early} one.server = '{service}/'; one.city = ['四平市']; one.perPage = 2; one.q = '营商环境';</script>"
    page = visit(host.put("/", page_with(f'{body}<script type="module" src="{service}/embed.js"></script>')))
    expect(page.locator("xiesou-search .hit")).to_have_count(2)
    assert page.evaluate("[one.city, one.perPage, one.getAttribute('per-page')]") == ["四平市", "2", "2"]


def test_moved_while_it_searches_it_goes_on(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service) + "<div id=there></div>")))
    page.locator("[role=combobox]").wait_for()
    slow_down(page, 500)
    moved = page.evaluate(
        f"(() => {{ const found = {WIDGET}.search('营商环境'); document.getElementById('there').append({WIDGET});"
        "return found.then((answer) => answer && answer.total); })()"
    )
    assert moved > 0
    assert page.locator("#there .results").get_attribute("aria-busy") is None
    slow_down(page, 500)
    page.evaluate(f"window.gone = {WIDGET}; gone.search('提案'); gone.remove()")
    page.wait_for_timeout(50)
    assert page.evaluate("gone.shadowRoot.querySelector('.results').ariaBusy") is None
    page.evaluate("document.getElementById('there').append(gone)")  # what was under way is asked again
    page.wait_for_function("gone.answer.query.q === '提案'")


def test_a_slow_search_says_so_and_only_then(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    page.locator("[role=combobox]").wait_for()
    slow_down(page, 900)
    page.evaluate(f"void {WIDGET}.search('营商环境')")
    results = page.locator("xiesou-search .results")
    expect(results).to_have_attribute("aria-busy", "true")
    assert page.locator(".wait").count() == 0
    expect(page.locator(".wait")).to_be_visible()
    assert page.get_by_role("status").inner_text() == "正在检索…"
    page.locator(".hit").first.wait_for()
    assert page.locator(".wait").count() == 0
    assert results.get_attribute("aria-busy") is None


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts allow-forms"'])
def test_it_works_in_a_page_without_addresses(host: Host, service: str, visit: Visit, sandbox: str) -> None:
    inner = page_with(snippet(service, "deep-link")).replace("&", "&amp;").replace('"', "&quot;")
    page = visit(
        host.put("/", f'<!doctype html><iframe {sandbox} width=800 height=800 srcdoc="{inner}"></iframe>')
    )
    frame = page.frame_locator("iframe")
    frame.locator("[role=combobox]").fill("营商环境")
    frame.locator("[role=combobox]").press("Enter")
    if sandbox:
        expect(frame.locator(".note")).to_contain_text("--allow-origin '*'")
    else:
        expect(frame.locator(".hit").first).to_be_visible()
    assert page.troubles == []


def test_a_suggested_report_is_told_and_can_be_kept_from_opening(
    host: Host, service: str, visit: Visit
) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    said = json.dumps({"suggestions": [{"text": "题目", "kind": "report", "count": 9, "url": "/reports/x"}]})
    cors = {"Access-Control-Allow-Origin": host.address}
    page.route(
        "**/suggest?*", lambda route: route.fulfill(body=said, headers=cors, content_type="application/json")
    )
    page.evaluate(
        "document.addEventListener('xiesou-select', (event) => { window.told = event.detail; event.preventDefault(); })"
    )
    page.locator("[role=combobox]").press_sequentially("题")
    page.get_by_role("option").click()
    assert page.evaluate("told") == {
        "suggestion": json.loads(said)["suggestions"][0],
        "url": f"{service}/reports/x",
    }
    assert len(page.context.pages) == 1


def test_few_tab_stops_and_arrow_keys_within_a_group(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    widget = ask(page, "营商环境")
    focused = f"{WIDGET}.shadowRoot.activeElement"
    page.keyboard.press("Tab")  # the button
    for _ in range(widget.locator(".group").count()):
        page.keyboard.press("Tab")
        assert page.evaluate(f"{focused}.className") == "value"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(f"{focused}.className") == "value"
    for wanted in ("sort", "report", "report"):
        page.keyboard.press("Tab")
        assert page.evaluate(f"{focused}.className") == wanted
    assert widget.locator("h2.line").count() == widget.locator(".hit").count()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(host: Host, service: str, visit: Visit, status: int) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    cors = {"Access-Control-Allow-Origin": host.address, "Access-Control-Expose-Headers": "Retry-After"}
    body = '{"error":{"code":"internal_error","message":"出错","field":null}}'
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status, body=body, headers=cors, content_type="application/json")

    page.route("**/api/v1/search?*", refuse, times=1)
    page.locator("[role=combobox]").fill("营商环境")
    page.locator("[role=combobox]").press("Enter")
    expect(page.locator(".note")).to_contain_text("1 秒后自动重试")
    page.locator(".hit").first.wait_for()
    assert len(asked) == 1


def test_a_server_that_stays_in_trouble_is_left_alone(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    cors = {
        "Access-Control-Allow-Origin": host.address,
        "Access-Control-Expose-Headers": "Retry-After",
        "Retry-After": "1",
    }
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(
            status=503,
            body='{"error":{"code":"x","message":"建索引中"}}',
            headers=cors,
            content_type="application/json",
        )

    page.route("**/api/v1/search?*", refuse)
    page.locator("[role=combobox]").fill("营商环境")
    page.locator("[role=combobox]").press("Enter")
    expect(page.locator(".note")).to_contain_text("建索引中", timeout=10_000)
    assert len(asked) == 3


def test_hosts_that_add_headers_to_requests_are_answered(host: Host, service: str, visit: Visit) -> None:
    patch = (
        "const own = fetch; window.fetch = (url, options = {}) =>"
        " own(url, {...options, headers: {...options.headers, 'X-Requested-With': 'x', traceparent: '00-1-2-01'}});"
    )
    page = visit(host.put("/", page_with(snippet(service), f"<script>{patch}</script>")))
    assert ask(page, "营商环境").locator(".hit").count() == 10
    host.put("/", page_with(snippet(service), f"<script>{patch}</script>"))
    page = visit(host.stranger + "/")
    page.locator("[role=combobox]").fill("营商环境")
    page.locator("[role=combobox]").press("Enter")
    expect(page.locator(".note")).to_contain_text(f"--allow-origin {host.stranger}")


def test_a_secure_page_and_a_plain_server_are_named(visit: Visit) -> None:
    page = visit("about:blank")
    body = page_with(
        '<script type="module" src="/embed.js"></script><xiesou-search server="http://search.test/"></xiesou-search>'
    )
    page.route("https://host.test/", lambda route: route.fulfill(body=body, content_type="text/html"))
    script = load_script("embed.js").text
    page.route(
        "https://host.test/embed.js", lambda route: route.fulfill(body=script, content_type="text/javascript")
    )
    page.goto("https://host.test/")
    page.locator("[role=combobox]").fill("营商环境")
    page.locator("[role=combobox]").press("Enter")
    expect(page.locator(".note")).to_contain_text("检索服务 http://search.test 是 http")


def test_without_a_server_it_says_what_is_missing(host: Host, visit: Visit) -> None:
    script = re.sub(r'new URL\("\.", ?import\.meta\.url\)\.href', '""', load_script("embed.js").text)
    assert "import.meta" not in script
    page = visit(
        host.put("/", page_with(f'<script type="module">{script}</script><xiesou-search></xiesou-search>'))
    )
    page.locator("[role=combobox]").fill("营商环境")
    page.locator("[role=combobox]").press("Enter")
    expect(page.locator(".note")).to_contain_text("server")
    assert page.troubles == []


def test_english_is_asked_for(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service, 'lang="en"'))))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    ask(page, "营商环境")
    assert asked
    assert all("lang=en" in url for url in asked)
    assert "lang=en" in page.locator("a.open").last.get_attribute("href")
    ask(page, "年份:2023..2021 提案")
    expect(page.locator("p.soft", has_text="Read as")).to_have_text("Read as: year 2021–2023 and 提案")
    assert page.locator(".note").inner_text().isascii()
    page.evaluate(f"{WIDGET}.year = 'x'")
    expect(page.locator("div.note")).to_contain_text("year=x can't be read. A year has four digits")


def test_hits_by_the_host_s_own_template_and_function(host: Host, service: str, visit: Visit) -> None:
    template = (
        '<template slot="hit"><b part="where" data-link><slot name="city"></slot>/<slot name="year"></slot></b>'
        '<slot name="text"></slot><i><slot name="heading"></slot></i></template>'
    )
    css = "<style>xiesou-search::part(where) { color: rgb(1, 2, 3) }</style>"
    body = snippet(service).replace("</xiesou-search>", template + "</xiesou-search>")
    page = visit(host.put("/", page_with(body, css)))
    widget = ask(page, "营商环境")
    where = widget.locator(".hit a").first
    assert "/20" in where.inner_text()
    assert where.get_attribute("href").startswith(f"{service}/reports/")
    expect(where).to_have_css("color", "rgb(1, 2, 3)")
    assert widget.locator("mark").first.inner_text() == "营商环境"
    assert widget.locator(".hit slot").count() == 0
    page.evaluate(
        f"{WIDGET}.renderHit = (hit, rank) => Object.assign(document.createElement('u'), {{textContent: rank}})"
    )
    ask(page, "提案")
    assert widget.locator(".hit u").first.inner_text() == "1"


def test_dialog_opens_by_key_and_button(
    host: Host, service: str, visit: Visit, screenshots: Path | None
) -> None:
    body = (
        f'<script type="module" src="{service}/embed.js"></script>'
        f'<script type="module" src="{service}/embed-modal.js"></script><button data-xiesou-open>检索</button>'
        f'<xiesou-search-modal><xiesou-search server="{service}/"></xiesou-search></xiesou-search-modal>'
    )
    page = visit(host.put("/", page_with(body)))
    page.wait_for_function("!!customElements.get('xiesou-search-modal')")
    widget = page.locator("xiesou-search")
    expect(widget).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("营商环境")
    page.keyboard.press("Enter")
    widget.locator(".hit").first.wait_for()
    if screenshots:
        page.screenshot(path=str(screenshots / "embed-modal.png"))
    assert contrast_of(widget.locator(".text").first) >= 4.5
    page.keyboard.press("Escape")
    expect(widget).to_be_hidden()
    page.click("[data-xiesou-open]")
    expect(widget).to_be_visible()
    assert page.evaluate(f"{WIDGET}.shadowRoot.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.press("Control+k")
    expect(widget).to_be_hidden()
    assert page.troubles == []


def test_frame_that_was_ready_first_is_asked_for_its_height(host: Host, service: str, visit: Visit) -> None:
    body = f'<iframe src="{service}/embed?q=营商环境&theme=light" width="100%" height="160" title="检索报告"></iframe>'
    page = visit(host.put("/", page_with(body)))
    page.frame_locator("iframe").locator(".hits li").first.wait_for()
    assert page.locator("iframe").get_attribute("height") == "160"
    page.add_script_tag(type="module", url=f"{service}/embed-height.js")
    page.wait_for_function("document.querySelector('iframe').height > 800")


def test_typing_that_began_in_the_form_goes_on_in_the_box(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service).replace(f"{service}/embed.js", "/late.js"))))
    page.locator("input[name=q]").press_sequentially("营商")
    page.evaluate(f"import('{service}/embed.js')")
    page.locator("xiesou-search [role=combobox]").wait_for()
    page.keyboard.type("环境")
    assert page.locator("xiesou-search [role=combobox]").input_value() == "营商环境"
