"""Pages at two widths and in two themes: nothing runs over the edge, nothing moves, text can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.web import sample

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "results": "/search?q=营商环境&city=通化市&city=宜昌市&year=2021..2023",
    "all-results": "/search?q=营商环境",
    "concordance": "/search?q=协商&view=concordance",
    "distribution": "/search?q=营商环境&view=distribution&measure=rate",
    "cities": "/search?q=营商环境&view=distribution&city=通化市&city=宜昌市&city=绍兴市",
    "spread": "/search?q=营商环境&view=spread",
    "english-spread": "/search?q=营商环境&view=spread&lang=en",
    "compare": "/compare?q=营商环境&q=协商&q=绝无此词",
    "apart": "/compare?q=营商环境&q=协商&q=提案&q=民生&q=产业&measure=share",
    "collocates": "/collocates?q=协商",
    "keywords": "/keywords?of=type:政府工作报告",
    "match-text": "/match-text?text=持续优化营商环境，助推高质量发展，为民营企业排忧解难",
    "english-compare": "/compare?q=营商环境&q=协商&lang=en",
    "reuse": f"/reuse?of={sample.id_of('tonghua-2020-cppcc.txt')}",
    "diff": f"/diff?of={sample.id_of('tonghua-2020-cppcc.txt')}",
    "numbers": "/numbers?q=提案",
    "cite": f"/reports/{sample.id_of('tonghua-2020-cppcc.txt')}/cite?n=9",
    "english": "/search?q=营商环境&lang=en",
    "nothing": '/search?q="营商环境很好"&city=通化市',
    "reports": "/reports",
    "report": f"/reports/{sample.id_of('tonghua-2020-cppcc.txt')}?q=营商环境",
    "awkward": "/search?q=宝藏 数字经济",
    "follow": "/follow?q=营商环境&city=通化市",
    "error": "/search?year=abc",
    "api": "/api",
    "setup": "/embed/setup",
    "partial": "/search?q=营商环境 火星移民",
    "tiers": "/search?q=产业转型",
    "both-tiers": "/search?q=优化营商环境&match=all",
    "cards": "/search?q=通化 政协常委会工作报告",
    "spelling": "/search?q=数字经纪",
    "grouped": "/search?q=营商环境&group=report",
}

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

CONTRASTS = """
() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    const cell = node.tagName === 'text' && node.parentElement.querySelector(':scope > rect[class^=level]');
    if (cell) return channels(getComputedStyle(cell).fill);
    for (let at = node; at; at = at.parentElement) {
      const found = channels(getComputedStyle(at).backgroundColor);
      if (found[3] === 255) return found;
    }
    return [255, 255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || node.closest('.sr, script, title, option')) continue;
    if (!node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const ink = node.closest('svg') && node.tagName === 'text' ? style.fill : style.color;
    const [a, b] = [light(channels(ink)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 20)}`);
  }
  return poor;
}
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_can_be_read(
    name: str, width: int, dark: bool, open_page: Callable[..., Any], screenshots: Path | None
) -> None:
    page = _open(open_page, name, width=width, dark=dark)
    if screenshots:
        theme = "dark" if dark else "light"
        page.screenshot(path=str(screenshots / f"{name}-{width}-{theme}.png"), full_page=name != "report")
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(CONTRASTS) == []


def _open(open_page: Callable[..., Any], name: str, **options: Any) -> Any:
    return open_page(PAGES[name], **options)
