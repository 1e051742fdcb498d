"""A digest tells each paragraph once, and its mark moves only after the mail was accepted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from indexer import pipeline
from search import Query, open_searcher
from search.digest.mail import read_mail_server
from search.digest.saved_searches import parse_search, read_searches
from search.errors import MailFailed, QueryError, SourceError
from tests.search.digest.mail_host import MailHost, serve_mail
from xiesou import main

FIRST = "大力发展低空经济，建设低空经济示范区。"
SECOND = "繁荣夜间经济，点亮夜市，低空经济起步。"
THIRD = "夜市开到深夜。"
SEARCHES = """# what the desk follows
低空经济
夜市 = /search?q=夜市&sort=-year

# a search twice is one
低空经济
"""


def write_report(folder: Path, place: str, *paragraphs: str) -> None:
    head = f"# 2024年{place}市人民政府工作报告\n\n2024年1月10日在{place}市人民代表大会上\n\n"
    (folder / f"{place}2024.txt").write_text(head + "\n\n".join(paragraphs) + "\n", "utf-8")


class Desk:
    """A collection that grows, a file of searches, a state."""

    def __init__(self, folder: Path) -> None:
        self.sources, self.index = folder / "sources", folder / "index"
        self.searches, self.state = folder / "searches.txt", folder / "state.json"
        self.sources.mkdir()
        self.searches.write_text(SEARCHES, "utf-8")

    def take_in(self) -> None:
        pipeline.index_sources([self.sources], self.index, jobs=1)

    def run(self, *options: object) -> Result:
        given = [str(option) for option in options]
        return CliRunner().invoke(main, ["digest", str(self.searches), "--index", str(self.index), *given])

    def told(self, *options: object) -> dict[str, Any]:
        result = self.run(*options, "--state", self.state, "--json")
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    def texts(self, *options: object) -> list[str]:
        return [one["text"] for one in self.told(*options)["paragraphs"]]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk that follows two searches of a collection with one report."""
    desk = Desk(tmp_path)
    write_report(desk.sources, "苏州", FIRST)
    desk.take_in()
    assert desk.texts() == [], "followed from now on"
    return desk


@pytest.fixture
def host() -> Iterator[MailHost]:
    with serve_mail() as host:
        yield host


def mail_to(host: MailHost, desk: Desk, *others: object) -> Result:
    options = ("--from", "xiesou@example.org", "--smtp", f"smtp://127.0.0.1:{host.port}", *others)
    return desk.run("--state", desk.state, "--to", "desk@example.org", *options)


def body_of(mail: Any) -> str:
    text: str = mail.get_content()
    return text


def test_what_came_in_is_told_once(desk: Desk) -> None:
    write_report(desk.sources, "无锡", SECOND)
    desk.take_in()
    told = desk.told()
    assert [one["text"] for one in told["paragraphs"]] == [SECOND]
    paragraph = told["paragraphs"][0]["id"]
    assert [(one["name"], one["new"]) for one in told["searches"]] == [
        ("低空经济", [paragraph]),
        ("夜市", [paragraph]),
    ]
    assert desk.texts() == []


def test_what_an_update_puts_into_a_known_report_is_new(desk: Desk) -> None:
    write_report(desk.sources, "苏州", THIRD, FIRST)
    desk.take_in()
    assert desk.texts() == [THIRD]


def test_a_renamed_file_and_a_rebuilt_index_are_no_news(desk: Desk) -> None:
    write_report(desk.sources, "无锡", SECOND)
    desk.take_in()
    state = json.loads(desk.state.read_text("utf-8"))
    assert desk.texts() == [SECOND]
    state = json.loads(desk.state.read_text("utf-8"))
    state["added"] = "2999-01-01T00:00:00Z"  # as if the last report had come in long after these
    desk.state.write_text(json.dumps(state), "utf-8")
    (desk.sources / "苏州2024.txt").rename(desk.sources / "更名.txt")
    desk.take_in()
    assert desk.texts() == []
    pipeline.index_sources([desk.sources], desk.index, jobs=1, rebuild=True)
    assert desk.texts() == []


def test_a_dry_run_sends_nothing_and_moves_nothing(desk: Desk, host: MailHost) -> None:
    write_report(desk.sources, "无锡", SECOND)
    desk.take_in()
    before = desk.state.read_bytes()
    result = mail_to(host, desk, "--dry-run")
    assert result.exit_code == 0
    assert result.output.count(SECOND) == 1
    assert host.commands == []
    assert desk.state.read_bytes() == before
    assert desk.texts() == [SECOND]


def test_one_mail_has_each_paragraph_once_under_each_search(desk: Desk, host: MailHost) -> None:
    write_report(desk.sources, "无锡", SECOND, THIRD)
    desk.take_in()
    result = mail_to(host, desk, "--public-url", "https://search.example.org")
    assert result.exit_code == 0, result.output
    (mail,) = host.mails
    body = body_of(mail)
    assert body.count(SECOND) == body.count(THIRD) == 1
    of_first, of_second = body.split("== 夜市")
    assert "[1]" in of_first
    assert "[1]" in of_second
    assert "见上文 [1]" in of_second
    assert THIRD in of_second
    assert "https://search.example.org/reports/" in of_first
    assert mail["Subject"] == "协搜：新增 2 段（低空经济、夜市）"
    assert (mail["To"], mail["From"]) == ("desk@example.org", "xiesou@example.org")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail_to(host, desk).exit_code == 0
    assert len(host.mails) == 1, "nothing new, no mail"


@pytest.mark.parametrize(
    "answers",
    [
        {"mail": "451 later"},
        {"rcpt": "550 nobody"},
        {"data": "452 full"},
        {".": "554 no"},
        {"data": "hang up"},
    ],
)
def test_the_mark_stays_where_the_mail_was_not_accepted(
    desk: Desk, host: MailHost, answers: dict[str, str]
) -> None:
    write_report(desk.sources, "无锡", SECOND)
    desk.take_in()
    before = desk.state.read_bytes()
    host.answers.update(answers)
    result = mail_to(host, desk)
    assert result.exit_code == 2
    assert "邮件没有寄出" in result.output
    assert desk.state.read_bytes() == before
    host.answers.clear()
    assert mail_to(host, desk).exit_code == 0
    (mail,) = host.mails
    assert SECOND in body_of(mail)


def test_a_mail_that_was_accepted_is_not_sent_again_whatever_comes_after(desk: Desk, host: MailHost) -> None:
    write_report(desk.sources, "无锡", SECOND)
    desk.take_in()
    host.answers["quit"] = "500 what"
    assert mail_to(host, desk).exit_code == 0
    assert mail_to(host, desk).exit_code == 0
    assert len(host.mails) == 1


def test_who_was_refused_is_told_and_the_others_get_it_once(desk: Desk, host: MailHost) -> None:
    write_report(desk.sources, "无锡", SECOND)
    desk.take_in()
    host.answers["rcpt TO:<gone@example.org>"] = "550 gone"
    result = mail_to(host, desk, "--to", "gone@example.org")
    assert result.exit_code == 1
    assert "gone@example.org 没有收下" in result.output
    assert mail_to(host, desk).exit_code == 0
    assert len(host.mails) == 1


def test_a_login_is_not_sent_unencrypted(desk: Desk, host: MailHost, tmp_path: Path) -> None:
    write_report(desk.sources, "无锡", SECOND)
    desk.take_in()
    (tmp_path / "password").write_text("secret\n", "utf-8")
    options = ("--smtp-password-file", tmp_path / "password", "--smtp", f"smtp://me@127.0.0.1:{host.port}")
    result = mail_to(host, desk, *options)
    assert result.exit_code == 2
    assert not any(line.upper().startswith("AUTH") for line in host.commands)


def test_since_tells_from_a_day_of_intake_on(desk: Desk) -> None:
    result = desk.run("--since", "2020-01-01", "--json")
    assert [one["text"] for one in json.loads(result.stdout)["paragraphs"]] == [FIRST]
    result = desk.run("--since", "2999-01-01", "--json")
    assert json.loads(result.stdout)["paragraphs"] == []
    desk.searches.write_text("示范区", "utf-8")
    assert desk.texts("--since", "2020-01-01") == [FIRST]
    assert desk.texts("--since", "2020-01-01") == [], "not again"


def test_tier_2_is_told_where_it_is_asked_for(desk: Desk) -> None:
    desk.searches.write_text("发展示范区\n/search?q=发展示范区&match=all\n", "utf-8")
    told = desk.told("--since", "2020-01-01")
    assert [len(one["new"]) for one in told["searches"]] == [0, 1]


def test_a_long_letter_counts_what_it_leaves_out(desk: Desk) -> None:
    write_report(desk.sources, "无锡", SECOND, THIRD, "夜市整治完成。")
    desk.take_in()
    result = desk.run("--state", desk.state, "--most", 1)
    assert "…… 另有 2 段" in result.output
    assert desk.texts() == []


@pytest.mark.parametrize("damage", ["", "[]", '{"version": 9}', "{"])
def test_a_damaged_state_is_said_and_kept(desk: Desk, damage: str) -> None:
    desk.state.write_text(damage, "utf-8")
    result = desk.run("--state", desk.state)
    assert result.exit_code == 2
    assert "不是摘要的记录" in result.output
    assert desk.state.read_text("utf-8") == damage


def test_two_digests_at_once_do_not_tell_twice(desk: Desk) -> None:
    fcntl = pytest.importorskip("fcntl")
    with desk.state.with_name("state.json.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = desk.run("--state", desk.state)
    assert result.exit_code == 2
    assert "另一个摘要" in result.output


@pytest.mark.parametrize("options", [(), ("--state", "x.json", "--to", "a@example.org")])
def test_what_is_missing_is_said(desk: Desk, options: tuple[str, ...]) -> None:
    assert desk.run(*options).exit_code == 2


@pytest.mark.parametrize(
    ("line", "name", "query"),
    [
        ("营商环境 city:四平市", "营商环境 city:四平市", Query("营商环境 city:四平市")),
        ("夜经济 = 夜经济 | 夜市", "夜经济", Query("夜经济 | 夜市")),
        ("http://x.org/search?q=夜市&city=四平市&city=未知", "夜市", Query("夜市", city=("四平市", None))),
        ("/search?q=a&plan_year=2023..2024&year=未知", "a", Query("a", plan_year=(2023, 2024), year=(None,))),
        ("/search?q=a&match=all&synonyms=off", "a", Query("a", match="all", synonyms=False)),
        ("/search?q=a&page=3&sort=year&lang=en", "a", Query("a")),
    ],
)
def test_a_line_is_a_search_or_its_address(line: str, name: str, query: Query) -> None:
    saved = parse_search(line)
    assert (saved.name, saved.query) == (name, query)


def test_lines_that_are_no_search_are_named(tmp_path: Path) -> None:
    with pytest.raises(QueryError):
        parse_search("/search?q=a&year=abc")
    for text in ("", "# nothing\n", "好\n/search?q=a&year=abc\n"):
        (tmp_path / "searches").write_text(text, "utf-8")
        with pytest.raises(SourceError):
            read_searches(tmp_path / "searches")
    with pytest.raises(SourceError):
        read_searches(tmp_path / "none")


@pytest.mark.parametrize("written", ["mail.example.org", "http://mail", "smtp://", "smtp://a:b:c"])
def test_what_is_no_mail_server_is_refused(written: str) -> None:
    with pytest.raises(MailFailed):
        read_mail_server(written)


def test_a_digest_finds_what_a_search_finds(desk: Desk) -> None:
    write_report(desk.sources, "无锡", *(f"第{n}项低空经济措施。" for n in range(120)))
    desk.take_in()
    hits = {hit.text for hit in open_searcher(desk.index).iter_hits(Query("低空经济"))}
    assert set(desk.texts()) == hits - {FIRST}
