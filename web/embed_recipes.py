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
                "Into a “Custom HTML” block. Accounts that may not use scripts lose the script: use the iframe, "
                "or paste the address of a results page."
            ),
            (("Custom HTML", f"{script}\n{with_form}"),),
        ),
        Recipe(
            "ASP.NET Web Forms",
            phrase(
                "The whole page is one form and can hold no other, or its own buttons stop working; "
                "so use the element without a form."
            ),
            (("Site.Master", script), ("Default.aspx", formless)),
        ),
    ]


def _in_generators(script: str, with_form: str, formless: str) -> list[Recipe]:
    address = _address_of(script)
    return [
        Recipe(
            "MkDocs",
            phrase(
                "Markdown moves a form out of its paragraph, so use the element without one, in a div with blank "
                "lines around."
            ),
            (
                ("mkdocs.yml", f"extra_javascript:\n  - path: {address}\n    type: module"),
                ("docs/index.md", f"<div>\n{formless}\n</div>"),
            ),
        ),
        Recipe(
            "VitePress",
            phrase("Vue must be told that this is a custom element and no component."),
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
            phrase("HTML of a shortcode does not go through Markdown."),
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
            phrase("npm install xiesou-search; events are the properties onResults, onSelect and so on."),
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
            phrase(
                "Custom elements wake in the browser alone, so it stands in a client component; the server gives "
                "the empty element first."
            ),
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
            phrase("npm install xiesou-search; with Vue Router the search in the address is kept by it."),
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
