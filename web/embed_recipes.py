"""How the search is put into the systems that sites are made with: a file, what to write in it, why."""

from __future__ import annotations

from dataclasses import dataclass

from web.i18n import phrase


@dataclass(frozen=True, slots=True)
class Recipe:
    """One system's way.

    Args:
        name: the system.
        note: what to know, to be translated where it is shown.
        steps: (file or place, what to write there).
    """

    name: str
    note: str
    steps: tuple[tuple[str, str], ...]


def make_recipes(script: str, with_form: str, formless: str, attributes: dict[str, str]) -> list[Recipe]:
    """The recipes for one choice of options.

    Args:
        script: the `<script>` element.
        with_form: the element around its form, which works without scripts.
        formless: the element around a link, for places where a form can't stand.
        attributes: of the element, for frameworks that write them their own way.
    """
    return [
        *_in_systems(script, with_form, formless),
        *_in_generators(script, with_form, formless),
        *_in_applications(attributes),
    ]


def _in_systems(script: str, with_form: str, formless: str) -> list[Recipe]:
    return [
        Recipe(
            "WordPress",
            phrase(
                "放进“自定义 HTML”区块。账号没有脚本权限时 script 会被去掉：请改用内嵌页，或直接贴检索页的网址。"
            ),
            (("Custom HTML", f"{script}\n{with_form}"),),
        ),
        Recipe(
            "ASP.NET Web Forms",
            phrase("整页是一个表单，里面不能再有表单，否则页面自己的按钮会失灵；所以用不带表单的写法。"),
            (("Site.Master", script), ("Default.aspx", formless)),
        ),
    ]


def _in_generators(script: str, with_form: str, formless: str) -> list[Recipe]:
    address = _address_of(script)
    return [
        Recipe(
            "MkDocs",
            phrase("Markdown 会把表单移出段落，所以用不带表单的写法，外面包一层 div，前后空行。"),
            (
                ("mkdocs.yml", f"extra_javascript:\n  - path: {address}\n    type: module"),
                ("docs/index.md", f"<div>\n{formless}\n</div>"),
            ),
        ),
        Recipe(
            "VitePress",
            phrase("要告诉 Vue 这是自定义元素，不是组件。"),
            (
                (
                    ".vitepress/config.mts",
                    "export default {\n"
                    f"  head: [['script', {{ type: 'module', src: '{address}' }}]],\n"
                    "  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'xiesou-search' } } },\n"
                    "}",
                ),
                ("index.md", formless),
            ),
        ),
        Recipe(
            "Hugo",
            phrase("短代码里的 HTML 不经过 Markdown。"),
            (
                ("layouts/shortcodes/xiesou.html", f"{script}\n{with_form}"),
                ("content/_index.md", "{{< xiesou >}}"),
            ),
        ),
    ]


def _in_applications(attributes: dict[str, str]) -> list[Recipe]:
    jsx = "".join(f"\n      {_camel(name)}={_quoted(value)}" for name, value in attributes.items())
    vue = "".join(f"\n    {name}={_quoted(value)}" for name, value in attributes.items())
    return [
        Recipe(
            "React",
            phrase("npm install xiesou-search；事件是 onResults、onSelect 等属性。"),
            (
                (
                    "Search.jsx",
                    'import { XiesouSearch } from "xiesou-search/react";\n\n'
                    f"export default function Search() {{\n  return (\n    <XiesouSearch{jsx}\n    />\n  );\n}}",
                ),
            ),
        ),
        Recipe(
            "Next.js",
            phrase("自定义元素只在浏览器里醒来，所以放在客户端组件里；服务器先给出空的元素。"),
            (
                (
                    "app/search.jsx",
                    '"use client";\nimport { XiesouSearch } from "xiesou-search/react";\n\n'
                    f"export default function Search() {{\n  return (\n    <XiesouSearch{jsx}\n    />\n  );\n}}",
                ),
            ),
        ),
        Recipe(
            "Vue",
            phrase("npm install xiesou-search；用 Vue Router 时网址里的检索词由它保管。"),
            (
                (
                    "Search.vue",
                    '<script setup>\nimport { XiesouSearch } from "xiesou-search/vue";\n</script>\n\n'
                    f"<template>\n  <XiesouSearch{vue}\n  />\n</template>",
                ),
            ),
        ),
    ]


def _address_of(script: str) -> str:
    return script.partition('src="')[2].partition('"')[0]


def _camel(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(part.capitalize() for part in others)


def _quoted(value: str) -> str:
    return '"' + value.replace("&", "&amp;").replace('"', "&quot;") + '"'
