"""The widget and the frame in sites that are hostile, strict, strangers, narrow, dark, or without their server."""

from __future__ import annotations

import gzip
import importlib.util
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.embedded.conftest import Host, page_with, snippet

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]

HOSTILE_CSS = (
    "* { all: unset } html { font-size: 60px } * { font-size: 44px !important; color: lime !important }"
)
HOSTILE_SCRIPT = """
for (const name of Object.getOwnPropertyNames(Array.prototype)) {
  if (typeof Array.prototype[name] === 'function' && name !== 'constructor')
    Array.prototype[name] = () => { throw new Error('patched ' + name); };
}
Array.prototype[Symbol.iterator] = () => { throw new Error('patched iterator'); };
Array.prototype.extension = 1;
Object.prototype.extension = undefined;
Array.from = () => { throw new Error('patched from'); };
window.define = () => { throw new Error('patched define'); };
window.define.amd = {};
window.require = window.module = window.exports = window.$ = window.define;
"""
OVERFLOWING = """(host) => [...host.shadowRoot.querySelectorAll('.root *:not(.sr, .sr *)')]
  .filter((node) => node.getBoundingClientRect().right > host.getBoundingClientRect().right + 1)
  .map((node) => node.className)"""
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => (sum += e.value)))
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 50)));
})"""


def ask(page: Any, text: str) -> Any:
    box = page.locator("xiesou-search [role=combobox]")
    box.fill(text)
    box.press("Enter")
    page.locator("xiesou-search .count").wait_for()
    return page.locator("xiesou-search")


def test_hostile_css_does_not_reach_the_widget(host: Host, service: str, visit: Visit) -> None:
    style = f"<style>{HOSTILE_CSS}</style>"
    page = visit(host.put("/", page_with(snippet(service), style)))
    widget = ask(page, "营商环境")
    text = widget.locator(".text").first
    read = "(node) => { const s = getComputedStyle(node); return [s.fontSize, s.color, s.display]; }"
    size, colour, display = text.evaluate(read)
    assert 15 <= float(size.removesuffix("px")) <= 19
    assert colour != "rgb(0, 255, 0)"
    assert display == "block"
    assert widget.locator(".root").evaluate("(node) => getComputedStyle(node).display") == "block"
    assert page.locator("#after").evaluate("(node) => getComputedStyle(node).color") == "rgb(0, 255, 0)"


def test_hostile_globals_do_not_break_it_and_it_leaves_none(host: Host, service: str, visit: Visit) -> None:
    patched = f"<script>{HOSTILE_SCRIPT}</script>"
    page = visit(host.put("/", page_with(snippet(service, 'deep-link="q"'), patched)))
    # only locators from here: they look from a world of their own, which the host did not patch
    assert page.troubles == []
    box = page.locator("xiesou-search [role=combobox]")
    box.fill("营商环境")
    box.press("Enter")
    page.locator("xiesou-search .hit").first.wait_for()
    page.locator("xiesou-search button.value").first.click()
    page.locator("xiesou-search .chip").first.wait_for()
    assert page.troubles == []

    before = visit(host.put("/none", page_with("")))
    after = visit(host.put("/", page_with(snippet(service))))
    ask(after, "营商环境")
    names = "Object.getOwnPropertyNames(window).filter((name) => !/^\\d+$/.test(name)).sort()"
    assert set(after.evaluate(names)) - set(before.evaluate(names)) == set()


def test_strict_policy_is_not_violated(host: Host, service: str, visit: Visit) -> None:
    policy = (
        f"default-src 'none'; script-src 'self' {service}; style-src 'self'; connect-src {service}; "
        f"form-action {service}; require-trusted-types-for 'script'"
    )
    violations = (
        "window.violations = []; document.addEventListener('securitypolicyviolation',"
        " (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI));"
    )
    address = host.put("/", page_with(snippet(service)), csp=policy)
    page = visit(address, first=violations)
    widget = ask(page, "营商环境")
    widget.locator("button.value").first.click()
    widget.locator(".chip").wait_for()
    assert widget.locator(".box").evaluate("(node) => getComputedStyle(node).display") == "flex"
    assert page.evaluate("violations") == []
    assert page.troubles == []


def test_integrity_of_the_setup_page_holds(host: Host, service: str, visit: Visit) -> None:
    setup = visit(f"{service}/embed/setup?site={host.address}&pin=1")
    assert "已在允许名单上" in setup.inner_text("[data-check]")
    pasted = setup.inner_text("#code-widget")
    assert 'integrity="sha384-' in pasted
    page = visit(host.put("/", page_with(pasted)))
    ask(page, "营商环境")
    assert page.troubles == []


def test_an_origin_not_on_the_list_learns_what_to_do(host: Host, service: str, visit: Visit) -> None:
    host.put("/", page_with(snippet(service)))
    page = visit(host.stranger + "/")
    warned: list[str] = []
    page.on("console", lambda said: warned.append(said.text) if said.type == "warning" else None)
    box = page.locator("xiesou-search [role=combobox]")
    box.fill("营商环境")
    box.press("Enter")
    note = page.locator("xiesou-search .note")
    note.wait_for()
    assert f"--allow-origin {host.stranger}" in note.inner_text()
    assert any(f"--allow-origin {host.stranger}" in text for text in warned)
    assert page.locator("xiesou-search .hit").count() == 0
    assert page.troubles == []


def test_a_server_that_is_down_leaves_a_useful_state(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    page.route("**/api/v1/**", lambda route: route.abort())
    box = page.locator("xiesou-search [role=combobox]")
    box.fill("营商环境")
    box.press("Enter")
    note = page.locator("xiesou-search .note")
    note.wait_for()
    assert "连不上" in note.inner_text()
    assert note.locator("a").get_attribute("href").startswith(f"{service}/search?q=")
    assert page.locator("#after").is_visible()
    page.unroute("**/api/v1/**")
    note.get_by_role("button", name="重试").click()
    page.locator("xiesou-search .hit").first.wait_for()
    assert note.count() == 0
    page.context.set_offline(True)
    box.fill("提案")
    box.press("Enter")
    note.wait_for()
    assert "断开" in note.inner_text()
    assert page.locator("xiesou-search .hit").count() > 0  # what was found stays
    page.context.set_offline(False)
    note.wait_for(state="detached")
    assert page.evaluate("document.querySelector('xiesou-search').answer.query.q") == "提案"
    assert page.troubles == []


def test_too_many_requests_are_told_and_tried_again(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    refused = {"Access-Control-Allow-Origin": host.address, "Access-Control-Expose-Headers": "Retry-After"}
    body = '{"error":{"code":"too_many_requests","message":"多","field":null}}'
    page.route(
        "**/api/v1/search?*",
        lambda route: route.fulfill(
            status=429, body=body, headers={**refused, "Retry-After": "1"}, content_type="application/json"
        ),
        times=1,
    )
    box = page.locator("xiesou-search [role=combobox]")
    box.fill("营商环境")
    box.press("Enter")
    page.locator("xiesou-search .note").wait_for()
    assert "1 秒后" in page.locator("xiesou-search .note").inner_text()
    page.locator("xiesou-search .hit").first.wait_for()


def test_an_element_can_come_and_go(host: Host, service: str, visit: Visit) -> None:
    body = f'<script type="module" src="{service}/embed.js"></script><div id="app"></div>'
    page = visit(host.put("/", page_with(body)))
    page.evaluate(
        """(service) => {
          const one = document.createElement('xiesou-search');
          one.setAttribute('server', service);
          one.setAttribute('deep-link', '');
          document.getElementById('app').append(one);
        }""",
        service,
    )
    ask(page, "营商环境")
    page.evaluate("window.gone = document.querySelector('xiesou-search'); gone.remove()")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    page.evaluate("dispatchEvent(new PopStateEvent('popstate')); dispatchEvent(new Event('online'))")
    page.evaluate("document.getElementById('app').append(gone)")
    assert page.locator("xiesou-search .hit").count() == 10
    assert asked == []
    # removed while it asks: nothing arrives, nothing breaks
    page.evaluate("gone.search('提案').then((answer) => { window.late = answer; }); gone.remove()")
    page.wait_for_function("window.late === null")
    assert page.troubles == []


def test_a_second_version_on_the_page_gives_way(host: Host, service: str, visit: Visit) -> None:
    twice = snippet(service) + f'<script type="module" src="{service}/embed.js?v=other"></script>'
    page = visit(host.put("/", page_with(twice)))
    page.wait_for_load_state("networkidle")
    ask(page, "营商环境")
    assert page.troubles == []


@pytest.mark.parametrize("width", [320, 1000])
@pytest.mark.parametrize(
    "css", ["", "form { margin: 20px 0; padding: 4px } input, button { font-size: 18px }"]
)
def test_host_does_not_move_when_the_widget_wakes(
    host: Host, service: str, visit: Visit, css: str, width: int
) -> None:
    page = visit(
        host.put("/", page_with(snippet(service), f"<style>{css}</style>")), javascript=False, width=width
    )
    asleep = page.locator("#after").bounding_box()
    page = visit(host.put("/", page_with(snippet(service), f"<style>{css}</style>")), width=width)
    page.locator("xiesou-search [role=combobox]").wait_for()
    assert page.locator("#after").bounding_box() == asleep
    assert page.evaluate(SHIFTS) == 0


@pytest.mark.parametrize(
    ("name", "width", "body", "style"),
    [
        ("light-wide", 1280, "", ""),
        ("dark-wide", 1280, "", "body { background: #1c1916; color: #ece5d8 }"),
        ("light-narrow", 390, "", ""),
        ("dark-narrow", 390, "", "body { background: #111; color: #ddd }"),
        ("tiny", 900, "", "xiesou-search { width: 200px }"),
        ("right-to-left", 900, "", "body { direction: rtl }"),
        ("giant", 900, "", HOSTILE_CSS),
    ],
)
def test_it_fits_and_is_accessible(
    host: Host,
    service: str,
    visit: Visit,
    name: str,
    width: int,
    body: str,
    style: str,
    screenshots: Path | None,
) -> None:
    page = visit(host.put("/", page_with(snippet(service), f"<style>{style}</style>")), width=width)
    widget = ask(page, "营商环境")
    filters = widget.get_by_role("button", name="筛选")
    if filters.is_visible():
        filters.click()
    widget.locator("button.value").first.click()
    widget.locator(".chip").wait_for()
    if screenshots:
        page.screenshot(path=str(screenshots / f"embed-{name}.png"))
    assert widget.evaluate(OVERFLOWING) == []
    assert accessibility_faults(page, "xiesou-search" if name == "giant" else "html") == []


def test_start_and_failure_are_accessible(host: Host, service: str, visit: Visit) -> None:
    page = visit(host.put("/", page_with(snippet(service))))
    page.locator("xiesou-search [role=combobox]").wait_for()
    assert accessibility_faults(page) == []
    page.route("**/api/v1/**", lambda route: route.abort())
    page.locator("xiesou-search [role=combobox]").fill("甲")
    page.locator("xiesou-search [role=combobox]").press("Enter")
    page.locator("xiesou-search .note").wait_for()
    assert accessibility_faults(page) == []


def accessibility_faults(page: Any, part: str = "html") -> list[str]:
    """What axe-core finds wrong in the page and the shadow roots of it."""
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec is not None, "axe-core is not installed (pip install axe-playwright-python)"
    assert spec.origin is not None
    page.evaluate(Path(spec.origin).with_name("axe.min.js").read_text("utf-8"))
    found = page.evaluate("(part) => axe.run(part).then((result) => result.violations)", part)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


def test_frame_grows_to_its_content(host: Host, service: str, visit: Visit) -> None:
    body = (
        f'<script type="module" src="{service}/embed-height.js"></script>'
        f'<iframe src="{service}/embed?theme=light" width="100%" height="160" title="检索报告"></iframe>'
    )
    page = visit(host.put("/", page_with(body)))
    frame = page.frame_locator("iframe")
    frame.locator("input[name=q]").fill("营商环境")
    frame.locator("input[name=q]").press("Enter")
    frame.locator(".hits li").first.wait_for()
    page.wait_for_function("document.querySelector('iframe').height > 800")
    inner = page.frames[1]
    assert inner.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    frame.locator("summary", has_text="城市").click()
    frame.locator("a", has_text="四平市").first.click()
    frame.locator(".chips").wait_for()
    frame.locator("a[rel=next]").click()
    frame.get_by_text("第 2 /").wait_for()
    assert page.troubles == []


def test_frame_works_without_scripts_and_keeps_its_scope(host: Host, service: str, visit: Visit) -> None:
    address = f"{service}/embed?city=四平市&amp;fixed=city&amp;lang=en"
    body = f'<iframe src="{address}" title="x" width="600" height="600"></iframe>'
    page = visit(host.put("/", page_with(body)), javascript=False)
    frame = page.frame_locator("iframe")
    frame.locator("input[name=q]").fill("营商环境")
    frame.locator("input[name=q]").press("Enter")
    frame.locator(".hits li").first.wait_for()
    assert all(line.startswith("四平市") for line in frame.locator(".line").all_inner_texts())
    assert frame.locator("summary", has_text="City").count() == 0
    assert frame.locator(".hits a").first.get_attribute("target") == "_blank"


def test_frame_in_a_site_that_is_not_allowed_says_so(host: Host, service: str, visit: Visit) -> None:
    host.put(
        "/",
        page_with(f'<iframe src="{service}/embed?q=营商环境" title="x" width="600" height="300"></iframe>'),
    )
    page = visit(host.stranger + "/")
    frame = page.frame_locator("iframe")
    assert f"--allow-origin {host.stranger}" in frame.locator("main").inner_text()
    assert frame.locator(".hits").count() == 0


@pytest.mark.parametrize(("theme", "width"), [("light", 900), ("dark", 390)])
def test_frame_and_setup_are_accessible(
    host: Host, service: str, visit: Visit, theme: str, width: int, screenshots: Path | None
) -> None:
    for name, path in {
        "frame": f"/embed?q=营商环境&theme={theme}&city=四平市",
        "setup": f"/embed/setup?site={host.address}",
    }.items():
        page = visit(service + path, width=width, dark=theme == "dark")
        if name == "setup":
            page.locator("xiesou-search [role=combobox]").wait_for()
        if screenshots:
            page.screenshot(path=str(screenshots / f"embed-{name}-{theme}-{width}.png"), full_page=True)
        assert accessibility_faults(page) == []
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        )
        assert page.troubles == []


def test_setup_page_shows_each_choice_at_once(host: Host, service: str, visit: Visit) -> None:
    page = visit(f"{service}/embed/setup")
    page.select_option("[name=lang]", "en")
    expect(page.locator("#code-widget")).to_contain_text('lang="en"')
    page.locator("xiesou-search [role=combobox]").fill("营商环境")
    page.locator("xiesou-search [role=combobox]").press("Enter")
    page.locator("xiesou-search .count", has_text="paragraphs").wait_for()
    assert page.troubles == []


def test_text_of_reports_stays_text_in_the_frame(service: str, visit: Visit) -> None:
    page = visit(f"{service}/embed?q=“onerror=window”")  # a heading elsewhere has onerror too
    assert "<script>window.ran=1</script>]]>营商环境<img" in page.locator(".text").first.inner_text()
    assert page.evaluate("window.ran") is None
    assert page.troubles == []


def test_script_weighs_at_most_14_kb_and_is_soon_of_use(host: Host, service: str, visit: Visit) -> None:
    with urllib.request.urlopen(f"{service}/embed.js") as answer:
        weight = len(gzip.compress(answer.read(), 6, mtime=0))
    assert weight <= 14_000
    page = visit(host.put("/", page_with(snippet(service))))
    page.locator("xiesou-search [role=combobox]").wait_for()
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').find((one) => one.name.endsWith('embed.js')).responseEnd"
    )
    first = page.evaluate(
        "(() => { const from = performance.now(); return document.querySelector('xiesou-search').search('营商环境')"
        ".then(() => performance.now() - from); })()"
    )
    print(
        f"{weight} bytes gzipped; script loaded after {loaded:.0f} ms, first result {first:.0f} ms after asking"
    )
    assert loaded < 5000
    assert first < 5000
