"""The operator's page in a browser: its password, both themes and widths, by keyboard alone, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.serving import serving
from tests.web import sample
from web.app import WebConfig, create_app
from web.observing import Observing

pytestmark = pytest.mark.browser

TOKEN = "opensesame"
PHONE, DESK = 390, 1280


@pytest.fixture(scope="module")
def operated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sample reports are served with a token and a state in which two questions were kept."""
    work = tmp_path_factory.mktemp("operated")
    observing = Observing(operator_token=TOKEN, state=work / "state", slow_ms=60_000)
    app = create_app(WebConfig(searcher=sample.build(work), observing=observing))
    with serving(app) as address:
        for text in ("%E7%BB%9D%E6%97%A0%E6%AD%A4%E8%AF%8D", "%E6%8F%90%E6%A1%88"):
            with urlopen(f"{address}/search?q={text}") as answer:
                assert answer.status == 200
        yield address


@pytest.fixture
def operator(chromium: Any, operated: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The operator's page, open; a parameter has other options of the browser's context."""
    options = {"viewport": {"width": DESK, "height": 800}, **getattr(request, "param", {})}
    context = chromium.new_context(
        base_url=operated, http_credentials={"username": "anyone", "password": TOKEN}, **options
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/operator")
    yield page
    context.close()
    assert [text for text in said if "401" not in text] == []  # a browser asks without the password first


def test_without_the_password_it_is_refused(chromium: Any, operated: str) -> None:
    context = chromium.new_context(base_url=operated)
    assert context.request.get("/operator").status == 401
    context.close()


@pytest.mark.parametrize(
    "operator",
    [
        {"viewport": {"width": width, "height": 800}, "color_scheme": theme}
        for width in (PHONE, DESK)
        for theme in ("light", "dark")
    ],
    indirect=True,
    ids=["phone light", "phone dark", "desk light", "desk dark"],
)
def test_it_fits_and_axe_finds_nothing(operator: Any) -> None:
    for summary in operator.locator("summary").all():
        if summary.evaluate("node => !node.parentElement.open"):
            summary.click()
    assert operator.evaluate("document.documentElement.scrollWidth") <= operator.viewport_size["width"]
    found = Axe().run(operator).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []


def focused(page: Any) -> str:
    found: str = page.evaluate("document.activeElement.textContent.trim()")
    return found


def tab_to(page: Any, text: str) -> None:
    """Press Tab until what has the text is reached; in the page's own part, the focus must be seen."""
    for _ in range(200):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "() => { const of = document.activeElement;"
            " return !of.closest('main') || getComputedStyle(of).outlineStyle !== 'none' }"
        )
        assert seen, f"no mark on {focused(page)}"
        if focused(page).startswith(text):
            return
    raise AssertionError(f"{text} is not reached")


def test_every_list_opens_and_every_question_is_followed_by_keyboard(operator: Any) -> None:
    lists = [summary.inner_text().strip() for summary in operator.locator("summary").all()]
    assert len(lists) > 6
    was_open = operator.locator("details[open]").count()
    tab_to(operator, lists[-1])
    operator.keyboard.press("Enter")
    assert operator.locator("details[open]").count() == was_open + 1
    operator.keyboard.press("Enter")
    assert operator.locator("details[open]").count() == was_open
    operator.reload()
    tab_to(operator, "绝无此词")
    operator.keyboard.press("Enter")
    operator.wait_for_url("**/search?**")
    assert operator.locator("#q, input[name=q]").first.input_value() == "绝无此词"


def test_the_lines_for_metadata_are_downloaded_by_keyboard(operator: Any, tmp_path: Path) -> None:
    tab_to(operator, "metadata.csv")
    with operator.expect_download() as started:
        operator.keyboard.press("Enter")
    started.value.save_as(tmp_path / "metadata.csv")
    assert (tmp_path / "metadata.csv").read_text("utf-8-sig").startswith("file,")


@pytest.mark.parametrize("operator", [{"java_script_enabled": False}], indirect=True, ids=["no script"])
def test_it_is_whole_without_javascript(operator: Any) -> None:
    operator.locator("#unknown summary").first.click()
    assert operator.locator("#unknown details[open]").count() == 1
    assert operator.locator("section.part h2").count() == 4
