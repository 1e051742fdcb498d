"""The pages' scripts: native modules, all of them preloaded, none of them unused."""

from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

import web

STATIC = Path(web.__file__).parent / "static"
_IMPORT = re.compile(r'^import .* from "\./([\w-]+\.js)";$', re.MULTILINE)


def imported_by(module: str) -> set[str]:
    """All modules that a module imports, directly or not."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        for name in _IMPORT.findall((STATIC / waiting.pop()).read_text("utf-8")):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def test_pages_preload_exactly_the_modules_that_they_run(client: FlaskClient) -> None:
    html = client.get("/").text
    scripts = re.findall(r'<script[^>]* src="/static/\w+/([\w-]+\.js)"', html)
    assert scripts == ["theme.js", "main.js"]
    preloaded = re.findall(r'<link rel="modulepreload" href="/static/\w+/([\w-]+\.js)"', html)
    assert set(preloaded) == imported_by("main.js")
    assert len(preloaded) == len(set(preloaded)) > 3


def test_modules_are_served_as_they_are_written(client: FlaskClient) -> None:
    html = client.get("/").text
    (address,) = re.findall(r'src="(/static/\w+/main\.js)"', html)
    for name in ["main.js", *imported_by("main.js")]:
        with client.get(address.replace("main.js", name)) as answer:
            assert answer.status_code == 200
            assert answer.mimetype == "text/javascript"
            assert answer.data == (STATIC / name).read_bytes()
            assert "immutable" in answer.headers["Cache-Control"]


def test_every_import_is_found() -> None:
    for path in STATIC.glob("*.js"):
        imports = re.findall(r"^import\b.*", path.read_text("utf-8"), re.MULTILINE)
        assert len(_IMPORT.findall(path.read_text("utf-8"))) == len(imports), path.name
