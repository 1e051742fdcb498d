"""The interface's two languages: Chinese as written in the templates, English from english.tsv.

The language is part of the address (`lang=en`) and goes along in every link; there is no cookie to remember it.
Report text, and what is read from it, stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, g

from web import urls
from web.params import read_language

CHINESE, ENGLISH = "zh", "en"
HTML_LANGUAGES = {CHINESE: "zh-Hans", ENGLISH: "en"}
_PAGES = ("pages.", "citations.", "api_docs.", "embed_setup.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `is_source` where it is a query's or a report's, and so Chinese in any language."""

    text: str
    is_source: bool


@cache
def english() -> dict[str, str]:
    """Chinese -> English, as english.tsv has it."""
    lines = (Path(__file__).with_name("english.tsv")).read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def current_language() -> str:
    """The language of the page that is being made."""
    language = g.get("language")
    if language is None:
        language = g.language = read_language()
    return str(language)


def translate(text: str, /, **values: object) -> str:
    """The interface text in the language of the page, with `{name}` filled in.

    English that differs for one thing and for several is written "one|several" and chosen by `n`. What the
    catalogue lacks (names from reports, above all) comes back as it is.
    """
    if current_language() == ENGLISH:
        text = english().get(text, text)
        one, several, more = text.partition("|")
        if several:
            text = one if str(values.get("n")) == "1" else more
    return text.format(**values) if values else text


_FILLED = re.compile(
    r"“[^”]*”"  # what was typed
    r"|（.*）$"  # what the engine adds, in its own words
    r"|(?<=可用的值：)[^。]*|(?<=没有编号为 ).*(?= 的报告)"
    r"|\b\w+=\S+"  # a parameter
    r"|[0-9][0-9,]*"
)
_SENTENCES = re.compile(r"(?<=。) ")


def translate_sentence(text: str) -> str:
    """Sentences that were filled in: found in the catalogue with {0}, {1} … for numbers, quotations and parameters."""
    if current_language() == CHINESE or text in english():
        return translate(text)
    return " ".join(_translate_filled(sentence) for sentence in _SENTENCES.split(text))


def _translate_filled(text: str) -> str:
    if text in english():
        return translate(text)
    filled: list[str] = []

    def take(match: re.Match[str]) -> str:
        filled.append(match[0])
        return "{" + str(len(filled) - 1) + "}"

    pattern = _FILLED.sub(take, text)
    return english()[pattern].format(*filled) if pattern in english() else text


def phrase(text: str) -> str:
    """The text itself: marks a Chinese text that is translated where it is used."""
    return text


def register_languages(app: Flask) -> None:
    """`t` in templates, and the language in every link from page to page."""
    app.jinja_env.globals["t"] = translate
    app.jinja_env.globals["say"] = translate_sentence
    app.jinja_env.globals["language"] = current_language
    app.jinja_env.globals["html_language"] = lambda: HTML_LANGUAGES[current_language()]

    app.jinja_env.globals["language_url"] = urls.language_url
    app.jinja_env.globals["suggest_url"] = urls.suggest_url

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, object]) -> None:
        if endpoint.startswith(_PAGES) and current_language() == ENGLISH:
            values.setdefault("lang", ENGLISH)
