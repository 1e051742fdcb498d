"""The language of a page: words of its templates, and messages, in Chinese or English.

The language is part of the address (`lang=en`) and goes along in every link; there is no cookie to remember it.
Report text, and what is read from it, stays as it is. Sentences are in English in the code, in Chinese in
`search/locale`; see `search.messages`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from flask import Flask, g

from search.messages import Message
from search.messages.words import LANGUAGES, Piece, catalogue, render, render_pieces
from web import urls
from web.params import read_language
from web.paths import page_path

CHINESE, ENGLISH = LANGUAGES
HTML_LANGUAGES = {CHINESE: "zh-Hans", ENGLISH: "en"}
_KEPT_WORDS = 1_024
_PAGES = (
    "pages.",
    "instrument_pages.",
    "report_instruments.",
    "citations.",
    "working_set.",
    "corrections.",
    "api_docs.",
    "embed_setup.",
    "operator.",
)


def current_language() -> str:
    """The language of the page that is being made."""
    language = g.get("language")
    if language is None:
        language = g.language = read_language()
    return str(language)


def say(message: Message) -> str:
    """A message in the language of the page."""
    language = current_language()
    return render(message, language) if message.args else _said(message, language)


@lru_cache(maxsize=_KEPT_WORDS)
def _said(message: Message, language: str) -> str:
    return render(message, language)


def say_pieces(message: Message) -> tuple[Piece, ...]:
    """A message in the language of the page, what is quoted told from what is said."""
    return render_pieces(message, current_language())


def translate(text: str, /, **values: object) -> str:
    """Words of the interface in the language of the page, with `{name}` filled in."""
    return _words(current_language()).translate(text, **values)


def translate_in(context: str, text: str, /, **values: object) -> str:
    """Words that are one in English and several in Chinese; the context says which."""
    return _words(current_language()).translate_in(context, text, **values)


def translate_n(one: str, several: str, /, **values: object) -> str:
    """Words for one thing and for several, by `n`, which may have its thousands apart already."""
    return _words(current_language()).translate_n(one, several, **values)


def translate_in_n(context: str, one: str, several: str, /, **values: object) -> str:
    """Words for one thing and for several, in a context."""
    return _words(current_language()).translate_in_n(context, one, several, **values)


class _Words:
    """The words of one language, each looked up once; templates have them without asking which language it is."""

    def __init__(self, language: str) -> None:
        words = catalogue(language)
        self._one = lru_cache(maxsize=_KEPT_WORDS)(words.gettext)
        self._in = lru_cache(maxsize=_KEPT_WORDS)(words.pgettext)
        self._several = lru_cache(maxsize=_KEPT_WORDS)(words.ngettext)
        self._several_in = lru_cache(maxsize=_KEPT_WORDS)(words.npgettext)

    def translate(self, text: str, /, **values: object) -> str:
        return _filled(self._one(text), values)

    def translate_in(self, context: str, text: str, /, **values: object) -> str:
        return _filled(self._in(context, text), values)

    def translate_n(self, one: str, several: str, /, **values: object) -> str:
        return _filled(self._several(one, several, _number(values)), values)

    def translate_in_n(self, context: str, one: str, several: str, /, **values: object) -> str:
        return _filled(self._several_in(context, one, several, _number(values)), values)


_words = cache(_Words)


@cache
def _template_words(language: str) -> dict[str, Callable[..., str]]:
    words = _words(language)
    return {
        "t": words.translate,
        "tn": words.translate_n,
        "tc": words.translate_in,
        "tcn": words.translate_in_n,
        "language": lambda: language,
    }


def phrase(text: str) -> str:
    """The text itself: marks words that are translated where they are used."""
    return text


def _number(values: dict[str, object]) -> int:
    return 1 if str(values.get("n")) == "1" else 2


def _filled(text: str, values: dict[str, object]) -> str:
    return text.format(**values) if values else text


def register_languages(app: Flask) -> None:
    """`t`, `tn`, `tc`, `tcn` and `say` in templates, and the language in every link from page to page."""
    names = app.jinja_env.globals
    names["t"], names["tn"] = translate, translate_n
    names["tc"], names["tcn"] = translate_in, translate_in_n
    names["say"], names["say_pieces"] = say, say_pieces
    names["language"] = current_language
    names["html_language"] = lambda: HTML_LANGUAGES[current_language()]
    names["language_url"] = urls.language_url
    names["suggest_url"], names["search_path"] = urls.suggest_url, urls.search_path
    names["oembed_url"] = urls.oembed_url
    names["page_path"] = page_path

    @app.context_processor
    def words() -> dict[str, Callable[..., str]]:
        return _template_words(current_language())

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, object]) -> None:
        if endpoint.startswith(_PAGES) and current_language() == ENGLISH:
            values.setdefault("lang", ENGLISH)
