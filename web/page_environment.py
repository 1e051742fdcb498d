"""The environment of templates: what they say is written as HTML in one step, since a page says hundreds of things.

Templates are compiled once for each language, with the words of the interface written into them. What was compiled is
kept beside them as Python keeps modules: compiling takes a third of a first page.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import jinja2
from flask import has_request_context
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from search.media import for_markup
from search.messages.words import FOLDER as LOCALE
from search.messages.words import catalogue
from web import kept_markup
from web.i18n import current_language
from web.kept_markup import KeptStretch
from web.markup import escape_text


def to_markup(value: object) -> str:
    """What a template says as HTML, in characters that a page can hold; markup was made of such already.

    The same as `escape` of what `finalize` gives, without making markup of each piece on the way.

    Example:
        >>> to_markup("经济 & <社会>"), to_markup(5)
        ('经济 &amp; &lt;社会&gt;', '5')
    """
    if type(value) is str:
        return escape_text(value)
    if type(value) is int:
        return str(value)
    return value if type(value) is Markup else escape(value)


def finalize(value: object) -> object:
    """What a template that escapes nothing says, in characters that its page can hold."""
    return for_markup(value) if type(value) is str else value


_IN_ONE = "in_one"
"""Names a list that is never made: what would be added to it is given at once."""


class _Generator(CodeGenerator):
    """Writes `to_markup` where `escape` and `finalize` would stand, and blocks in one piece each.

    Hundreds of pieces of a page would else pass through the generators of four templates one by one.
    """

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Write a line of Python."""
        if x.startswith("yield from context.blocks["):
            x = f"yield concat({x.removeprefix('yield from ')})"
        elif x.startswith(_IN_ONE):
            x = "yield concat((" if x.endswith("((") else "yield str("
        super().writeline(x, node, extra)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """Give what stands together as one text."""
        if frame.buffer is None and len(node.nodes) > 1:
            frame = frame.copy()
            frame.buffer = _IN_ONE
        super().visit_Output(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Look at an attribute without a function of Python's between; what has none by this name may be an item."""
        of = node.node
        while isinstance(of, nodes.Getattr):
            of = of.node
        if not isinstance(of, nodes.Name):
            super().visit_Getattr(node, frame)
            return
        self.write("(_seen if (_seen := getattr(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else ")
        super().visit_Getattr(node, frame)
        self.write(")")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """Call what takes no context without asking whether it does."""
        if forward_caller or not _is_plain(node.node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.call_plain(")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.to_markup(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)


def _is_plain(called: nodes.Node) -> bool:
    if isinstance(called, nodes.Name):
        return called.name in _PLAIN
    return isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Const)


def _call_plain(called: Callable[..., Any], *args: Any, **options: Any) -> Any:
    return called(*args, **options)


_PLAIN = {"t", "tn", "tc", "tcn", "say", "language", "page_path", "facet_items", "bars_of_years", "href"}
"""Functions of templates that are given no context."""
_WORDS = {"t": "gettext", "tc": "pgettext"}
"""Functions of templates that say always the same in one language where they are given constants alone."""


class _WriteWords(NodeTransformer):
    """Puts words of the interface in the place of the calls for them."""

    def __init__(self, language: str) -> None:
        self._words = catalogue(language)

    def visit_Call(self, node: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:
        self.generic_visit(node, *args, **kwargs)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        given = [each.value for each in node.args if isinstance(each, nodes.Const)]
        is_constant = len(given) == len(node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if name not in _WORDS or not is_constant:
            return node
        return nodes.Const(getattr(self._words, _WORDS[name])(*given), lineno=node.lineno)


@cache
def _form() -> str:
    """Names what compiled templates depend on beside their sources and Python, which Jinja compares."""
    words = [path.read_bytes() for path in sorted(LOCALE.rglob("*.mo"))]
    ours = [Path(module).read_bytes() for module in (__file__, kept_markup.__file__)]
    made_of = [jinja2.__version__.encode(), *ours, *words]
    return hashlib.sha256(b"\n".join(made_of)).hexdigest()[:12]


class KeptTemplates(BytecodeCache):
    """Compiled templates in a folder; where it can't be written, they are compiled at every start.

    Whoever can write there can write the templates themselves, and the modules beside them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """A name for a template in the language of the page that is being made."""
        return f"{super().get_cache_key(name, filename)}-{_current_language() or 'any'}"

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}-{_form()}.{sys.implementation.cache_tag}.pyc"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if it is of the same source; what is damaged is no more than absent."""
        with suppress(OSError), self._path(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, whole or not at all."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, suffix=".pyc", delete=False) as file:
                file.write(bucket.bytecode_to_string())
            os.replace(file.name, self._path(bucket))


class PageEnvironment(Environment):
    """What `flask.Flask` makes its templates of."""

    code_generator_class = _Generator
    to_markup, call_plain = staticmethod(to_markup), staticmethod(_call_plain)
    language: str | None = None
    """The language whose words are written into what is compiled here; None: templates ask for each."""

    def __init__(self, app: App, **options: Any) -> None:
        ours = {
            "trim_blocks": True,
            "lstrip_blocks": True,
            "finalize": finalize,
            "extensions": [KeptStretch],
            "bytecode_cache": KeptTemplates(Path(__file__).parent / "templates" / "__pycache__"),
        }
        super().__init__(app, **(ours | options))
        self._of_languages: dict[str, PageEnvironment] = {}

    def _load_template(
        self, name: str, globals: MutableMapping[str, Any] | None
    ) -> Template:  # the name of Jinja's parameter
        language = _current_language() if self.language is None else None
        if language is None:
            return super()._load_template(name, globals)
        return self._in(language)._load_template(name, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template may name beside what it is given: one dictionary, since each page walks it several times."""
        return {**self.globals, **(d or {})}

    def _in(self, language: str) -> PageEnvironment:
        """The same environment, with templates of one language."""
        made = self._of_languages.get(language)
        if made is None:
            made = self.overlay()
            made.language = language
            made = self._of_languages.setdefault(language, made)
        return made

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        if self.language is not None:
            source = _WriteWords(self.language).visit(source)
        return super()._generate(source, name, filename, defer_init)


def _current_language() -> str | None:
    """The language of the page that is being made, if one is."""
    return current_language() if has_request_context() else None
