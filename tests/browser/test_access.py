"""Every page by machine: axe-core finds no violation in either theme, and an HTML parser no error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web import sample

pytestmark = pytest.mark.browser

TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")
PAGES = {
    "home": "/",
    "results": "/search?q=营商环境&city=通化市&city=宜昌市&year=2021..2023",
    "grouped": "/search?q=营商环境&group=report",
    "concordance": "/search?q=协商&view=concordance",
    "distribution": "/search?q=营商环境&view=distribution&measure=rate",
    "spread": "/search?q=营商环境&view=spread",
    "compare": "/compare?q=营商环境&q=协商&q=绝无此词",
    "collocates": "/collocates?q=协商",
    "compare-split": "/compare?q=营商环境&q=协商&split=level&view=small",
    "keywords": "/keywords?of=type:政府工作报告",
    "new-words": "/keywords?emerging=2023&least_places=1",
    "match-text": "/match-text?text=持续优化营商环境，助推高质量发展",
    "reuse": f"/reuse?of={TONGHUA}",
    "diff": f"/diff?of={TONGHUA}&other={sample.id_of('baishan-2023-cppcc.txt')}",
    "diff-nothing": f"/diff?of={TONGHUA}",
    "numbers": "/numbers?q=提案",
    "nothing": "/search?q=营商环境 火星移民&city=通化市",
    "reports": "/reports",
    "report": f"/reports/{TONGHUA}?q=营商环境",
    "cities": "/search?q=营商环境&view=distribution&city=通化市&city=宜昌市&city=绍兴市",
    "cite": f"/reports/{TONGHUA}/cite?n=9",
    "correct": f"/reports/{TONGHUA}/correct?n=9&year=2019&city=无此市",
    "working-set": "/working-set",
    "follow": "/follow?q=营商环境&city=通化市",
    "error": "/search?year=abc",
    "english": "/search?q=营商环境&lang=en",
    "english-report": f"/reports/{TONGHUA}?q=营商环境&lang=en",
    "english-setup": "/embed/setup?lang=en",
    "setup": "/embed/setup",
    "api": "/api",
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, dark: bool, open_page: Callable[..., Any]) -> None:
    page = open_page(PAGES[name], dark=dark)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_the_list_of_keys(dark: bool, open_page: Callable[..., Any]) -> None:
    page = open_page("/search?q=营商环境", dark=dark)
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("name", PAGES)
def test_html_is_without_errors(name: str, open_page: Callable[..., Any]) -> None:
    page = open_page("/", javascript=False)
    parser = html5lib.HTMLParser()
    parser.parse(page.request.get(PAGES[name]).text())
    assert [(place, code, about) for place, code, about in parser.errors] == []
    twice = page.evaluate(
        "() => [...document.querySelectorAll('[id]')].map((n) => n.id).filter((id, i, all) => all.indexOf(id) !== i)"
    )
    assert twice == []
