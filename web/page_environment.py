"""The environment of templates: what they say is written as HTML in one step, since a page says hundreds of things.

Compiled templates are kept beside them as Python keeps modules: compiling them takes a third of a first page.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import jinja2
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from search.media import for_markup
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


class _Generator(CodeGenerator):
    """Writes `to_markup` where `escape` and `finalize` would stand."""

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


@cache
def _form() -> str:
    """Names what compiled templates depend on beside their sources and Python, which Jinja compares."""
    return hashlib.sha256(f"{jinja2.__version__}\n".encode() + Path(__file__).read_bytes()).hexdigest()[:12]


class KeptTemplates(BytecodeCache):
    """Compiled templates in a folder; where it can't be written, they are compiled at every start.

    Whoever can write there can write the templates themselves, and the modules beside them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
    to_markup = staticmethod(to_markup)

    def __init__(self, app: App, **options: Any) -> None:
        ours = {
            "trim_blocks": True,
            "lstrip_blocks": True,
            "finalize": finalize,
            "bytecode_cache": KeptTemplates(Path(__file__).parent / "templates" / "__pycache__"),
        }
        super().__init__(app, **(ours | options))
