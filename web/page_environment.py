"""The environment of templates: what they say is written as HTML in one step, since a page says hundreds of things."""

from __future__ import annotations

from flask.templating import Environment
from jinja2 import nodes
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


class PageEnvironment(Environment):
    """What `flask.Flask` makes its templates of."""

    code_generator_class = _Generator
    to_markup = staticmethod(to_markup)
