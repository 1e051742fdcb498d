"""A page as a browser meets it: Chromium over `xiesou serve`, timed from asking to complete, on loopback.

    python benchmarks/page_load.py INDEX [--rounds 5]

Each page is opened in a fresh profile ("first": nothing is kept, and the renderer has just started) and in one that
comes from the home page ("next": styles and scripts are kept). The times are the browser's own: navigation timing,
and layout shifts as it observes them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import serving
from benchmarks.timings import percentile

PAGES = {
    "nothing (/healthz)": "/healthz",
    "results, a common word": "/search?q=" + quote("营商环境"),
    "results, two words": "/search?q=" + quote("乡村振兴 产业"),
    "results, one of the commonest": "/search?q=" + quote("发展"),
    "results, an exact string": "/search?q=" + quote('"有事好商量"'),
    "concordance": "/search?view=concordance&q=" + quote("新质生产力"),
    "distribution": "/search?view=distribution&q=" + quote("营商环境"),
    "home": "/",
    "reports": "/reports",
}
OPENING = "/?lang=en"
"""Seen before a "next" page: the same styles and scripts, and no page of those measured."""
ROUNDS = 5
WIDTHS = (1280, 390)

_SEEN = """
() => new Promise((done) => {
  let shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => (shift += one.value)))
    .observe({type: 'layout-shift', buffered: true});
  const tell = () => {
    const [page] = performance.getEntriesByType('navigation');
    const all = [page, ...performance.getEntriesByType('resource')];
    done({
      first_byte_ms: page.responseStart - page.requestStart,
      complete_ms: page.loadEventEnd,
      wire_bytes: all.reduce((sum, one) => sum + one.transferSize, 0),
      requests: all.length,
      shift,
    });
  };
  const settled = () => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(tell)));
  document.readyState === 'complete' ? settled() : addEventListener('load', settled);
})
"""


class NoBrowser(Exception):
    """Chromium or its driver is absent; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page opened once: until its first byte, until complete; what came over the wire; how far things moved."""

    first_byte_ms: float
    complete_ms: float
    wire_bytes: int
    requests: int
    shift: float


@contextmanager
def open_browser() -> Iterator[Any]:
    """A headless Chromium.

    Raises:
        NoBrowser: it is not installed.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise NoBrowser("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise NoBrowser("The driver is not installed: pip install playwright") from error
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def visit(page: Any, address: str) -> Visit:
    """Open the address and wait until it has settled."""
    page.goto(address)
    return Visit(**page.evaluate(_SEEN))


def visit_often(browser: Any, address: str, *, width: int, rounds: int) -> tuple[list[Visit], list[Visit]]:
    """The visits of a fresh profile, and those of one that has just seen the opening page."""
    firsts, nexts = [], []
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": width, "height": 900}, is_mobile=width < 600)
        try:
            page = context.new_page()
            firsts.append(visit(page, address))
        finally:
            context.close()
        context = browser.new_context(viewport={"width": width, "height": 900}, is_mobile=width < 600)
        try:
            page = context.new_page()
            visit(page, urljoin(address, OPENING))
            nexts.append(visit(page, address))
        finally:
            context.close()
    return firsts, nexts


def row(name: str, width: int, order: str, visits: Sequence[Visit]) -> str:
    """A line of the table."""
    complete = [one.complete_ms for one in visits]
    cells = (
        name,
        str(width),
        order,
        f"{statistics.median(one.first_byte_ms for one in visits):.0f}",
        f"{statistics.median(complete):.0f}",
        f"{percentile(complete, 95):.0f}",
        f"{max(complete):.0f}",
        f"{max(one.wire_bytes for one in visits) / 1000:.1f}",
        str(visits[0].requests),
        f"{max(one.shift for one in visits):g}",
    )
    return f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path, help="an index made by xiesou index")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="visits of each kind (default %(default)s)"
    )
    options = parser.parse_args()
    try:
        with serving(options.index.resolve()) as (port, _), open_browser() as browser:
            print(
                "| page | width | visit | first byte, ms | complete, ms | p95 | worst | kB | requests | shift |"
            )
            print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
            for name, path in PAGES.items():
                address = f"http://127.0.0.1:{port}{path}"
                visit_often(browser, address, width=WIDTHS[0], rounds=1)  # the index is read from disk once
                for width in WIDTHS:
                    firsts, nexts = visit_often(browser, address, width=width, rounds=options.rounds)
                    print(
                        row(name, width, "first", firsts),
                        row(name, width, "next", nexts),
                        sep="\n",
                        flush=True,
                    )
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
