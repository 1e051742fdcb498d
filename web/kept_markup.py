"""`{% kept %} … {% endkept %}`: a stretch of a template that all pages of one language and prefix share, made once."""

from __future__ import annotations

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from web.paths import kept_markup

_SHARED = {
    *("t", "tc", "language", "html_language", "app_version", "max_query_chars"),
    *("page_path", "search_path", "static_url", "suggest_url"),
}
"""What such a stretch may name: nothing that differs between two pages of one language under one prefix."""


class KeptStretch(Extension):
    """The tag, for Jinja."""

    tags = {"kept"}  # noqa: RUF012 -- Jinja's own way to name them

    def parse(self, parser: Parser) -> nodes.Node:
        """Take the stretch, if all that it names is shared.

        Raises:
            jinja2.TemplateSyntaxError: it names something else.
        """
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        names = [name for part in body for name in _names(part)]
        own = {name.name for name in names if name.ctx == "store"}
        for name in names:
            if name.name not in own | _SHARED:
                parser.fail(f"{name.name} may differ from page to page, so it can't be kept", name.lineno)
        key = nodes.Const(f"{parser.name}:{line}")
        return nodes.CallBlock(self.call_method("_keep", [key]), [], [], body, lineno=line)

    def _keep(self, key: str, caller: nodes.Macro) -> Markup:
        kept = {} if self.environment.auto_reload else kept_markup()
        made = kept.get(key)
        if made is None:
            made = kept[key] = caller()  # type: ignore[operator]  # a macro of a template, not of its tree
        return made


def _names(part: nodes.Node) -> list[nodes.Name]:
    own = [part] if isinstance(part, nodes.Name) else []
    return own + list(part.find_all(nodes.Name))
