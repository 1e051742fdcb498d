"""The search in Debian's Firefox, driven by WebDriver BiDi."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from search.client import Client
from tests.browser.embedded.conftest import page_with
from tests.browser.hosts.conftest import HOSTS, Site
from tests.browser.hosts.test_sites import with_form

pytestmark = pytest.mark.browser

APPS = HOSTS / "apps"


def test_firefox_searches_filters_and_follows_the_ground(site: Site, search: str) -> None:
    firefox = shutil.which("firefox-esr")
    if firefox is None:
        reason = "firefox-esr is not installed"
        if os.environ.get("XIESOU_REQUIRE_HOSTS"):
            pytest.fail(reason)
        pytest.skip(reason)
    snippet = with_form(search).replace("<xiesou-search ", "<xiesou-search deep-link ")
    address = site.put("/firefox", page_with(snippet))
    done = subprocess.run(
        ["node", "firefox.mjs", address, firefox],
        cwd=APPS, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["total"] == Client(search).search("营商环境", city=["通化市"])["total"]
    assert seen["suggested"].startswith("通化")
    assert seen["marked"] == "营商环境"
    assert seen["focused"].startswith("year ")
    assert seen["hidden"]
    assert "q=%E8%90%A5%E5%95%86" in seen["address"]
    assert seen["troubles"] == []
