"""Modules joined: everything runs once, in order, in a scope of its own."""

from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

import web
from web.scripts import join_modules

STATIC = Path(web.__file__).parent / "static"


def test_modules_are_joined_in_the_order_in_which_they_run(tmp_path: Path) -> None:
    (tmp_path / "main.js").write_text(
        'import { b } from "./b-x.js";\nimport { a, N } from "./a.js";\nb(a, N);\n'
    )
    (tmp_path / "a.js").write_text("export const N = 1;\nexport function a() {}\nconst own = 2;\n")
    (tmp_path / "b-x.js").write_text(
        'import { a } from "./a.js";\n\nexport async function b() {\n  a();\n}\n'
    )
    assert join_modules(tmp_path, "main") == (
        "const $a = (() => {\nconst N = 1;\nfunction a() {}\nconst own = 2;\nreturn { N, a };\n})();\n"
        "const $b_x = (() => {\nconst { a } = $a;\n\nasync function b() {\n  a();\n}\nreturn { b };\n})();\n"
        "const $main = (() => {\nconst { b } = $b_x;\nconst { a, N } = $a;\nb(a, N);\nreturn {  };\n})();\n"
    )


def test_nothing_of_our_modules_is_left_out_or_left_over() -> None:
    script = join_modules(STATIC, "main")
    main = (STATIC / "main.js").read_text("utf-8")
    modules = re.findall(r'from "\./([\w-]+)\.js"', main)
    assert len(modules) >= 7
    assert script.count("= (() => {\n") >= len(modules) + 1
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    for name in modules:
        source = (STATIC / f"{name}.js").read_text("utf-8")
        last = [line for line in source.splitlines() if line.startswith("  ")][-1]
        assert last in script


def test_pages_ask_for_one_script_beside_the_theme(client: FlaskClient) -> None:
    html = client.get("/").text
    scripts = re.findall(r'<script[^>]* src="/static/\w+/([\w-]+\.js)"', html)
    assert scripts == ["theme.js", "xiesou.js"]
