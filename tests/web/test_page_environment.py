"""Compiled templates are kept beside them, and never believed beyond their sources."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment, UndefinedError

from web.page_environment import KeptTemplates, PageEnvironment


def make(folder: Path, source: str = "{{ said }}!") -> PageEnvironment:
    environment = PageEnvironment(Flask("x"), autoescape=True, bytecode_cache=KeptTemplates(folder))
    environment.loader = DictLoader({"a.html": source})
    return environment


def said(environment: PageEnvironment) -> str:
    return environment.get_template("a.html").render(said="<a>")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a template that was compiled."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder = tmp_path / "kept"
    assert said(make(folder)) == "&lt;a&gt;!"
    assert len(list(folder.iterdir())) == 1
    return folder


def test_a_template_that_is_kept_is_not_compiled_again(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def compile_again(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(PageEnvironment, "_generate", compile_again)
    assert said(make(kept)) == "&lt;a&gt;!"


def test_another_source_is_compiled(kept: Path) -> None:
    assert said(make(kept, "{{ said }}?")) == "&lt;a&gt;?"


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_what_is_damaged_is_compiled_again(kept: Path, damage: bytes | None) -> None:
    (file,) = kept.iterdir()
    file.write_bytes(file.read_bytes()[:-20] if damage is None else damage)
    assert said(make(kept)) == "&lt;a&gt;!"


def test_what_another_generator_wrote_is_not_taken(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.page_environment._form", lambda: "another")
    assert said(make(kept)) == "&lt;a&gt;!"
    assert len(list(kept.iterdir())) == 2


def test_where_nothing_can_be_kept_pages_are_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert said(make(tmp_path / "file")) == "&lt;a&gt;!"


def test_nothing_is_written_where_python_writes_no_bytecode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert said(make(tmp_path / "kept")) == "&lt;a&gt;!"
    assert not (tmp_path / "kept").exists()


class Seen:
    """Something with an attribute."""

    def __init__(self, name: object) -> None:
        self.name = name


@pytest.mark.parametrize(
    "source",
    [
        "{{ one.name }}",
        "<{{ one.name }}>{{ two.name }}{{ one.name }}",
        "{{ held.name }}, {{ held.items }}, {{ held.nothing }}.",
        "{{ one.name.upper() }}{{ nested.name.name }}{{ nested.nothing }}{{ one.name|length }}",
        "{% for each in many if each.name != 'b' %}{{ each.name }}{{ loop.index }}{% endfor %}",
        "{% macro say(of) %}{{ of.name }}-{{ of.name }}{% endmacro %}{{ say(one) }}{{ say(held) }}",
        "{% if one.name == 'a' and held.name %}yes{{ 1 }}{% endif %}{{ [one][0].name }}{{ 'a' 'b' }}",
        "{% set kept = two.name %}{{ kept }}{{ kept }}{% block x %}{{ kept }}b{{ one.name }}{% endblock %}",
    ],
)
def test_a_template_says_what_jinja_has_it_say(tmp_path: Path, source: str) -> None:
    values = {
        "one": Seen("a"),
        "two": Seen("<&>"),
        "held": {"name": "'b'", "items": 5},
        "nested": Seen(Seen(3)),
        "many": [Seen("a"), Seen("b"), {"name": "c"}],
    }
    plain = Environment(autoescape=True, loader=DictLoader({"a.html": source}))
    expected = plain.get_template("a.html").render(values)
    assert make(tmp_path, source).get_template("a.html").render(values) == expected


def test_what_is_not_there_has_no_attributes(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        make(tmp_path, "{{ nothing.name }}!").get_template("a.html").render()
