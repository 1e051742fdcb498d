"""What templates keep is the same on every page; and what isn't can't be kept."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import TemplateSyntaxError

from web.app import WebConfig, create_app


def test_a_stretch_is_made_once_for_each_language_and_prefix(app: Flask) -> None:
    made: list[str] = []

    def page_path(name: str) -> str:
        made.append(name)
        return f"/{len(made)}"

    app.jinja_env.globals["page_path"] = page_path
    template = '{% kept %}<a href="{{ page_path("pages.home") }}">{{ t("Kept") }}</a>{% endkept %}{{ said }}'
    said: list[str] = []
    for root, asked in [("", "/"), ("", "/?lang=en"), ("/ab", "/")] * 2:
        with app.test_request_context(asked, environ_overrides={"SCRIPT_NAME": root}):
            said.append(app.jinja_env.from_string(template).render(said=len(said)))
    assert len(made) == 3
    assert [html[:-1] for html in said[:3]] == [html[:-1] for html in said[3:]]
    assert [html[-1] for html in said] == list("012345")
    assert len({html[:-1] for html in said}) == 3


@pytest.mark.parametrize("differs", ["query.text", "language_url('en')", "request.path", "oembed_url()"])
def test_what_differs_from_page_to_page_is_not_kept(app: Flask, differs: str) -> None:
    with app.test_request_context("/"), pytest.raises(TemplateSyntaxError, match="can't be kept"):
        app.jinja_env.from_string("{% kept %}{{ " + differs + " }}{% endkept %}")


def test_pages_of_two_prefixes_do_not_mix(client: FlaskClient) -> None:
    for _ in range(2):
        for root in ("", "/ab"):
            html = client.get("/", environ_overrides={"SCRIPT_NAME": root}).text
            assert f'action="{root}/search"' in html
            assert f'href="{root}/reports"' in html


def test_a_template_that_changes_while_it_is_worked_on_is_made_again() -> None:
    app = create_app(WebConfig(searcher=lambda: pytest.fail("no page of the collection is made")))
    app.config["TEMPLATES_AUTO_RELOAD"] = app.jinja_env.auto_reload = True
    with app.test_request_context("/"):
        for version in ("1", "2"):
            template = app.jinja_env.from_string("{% kept %}" + version + "{% endkept %}")
            assert template.render() == version
