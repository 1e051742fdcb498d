"""Addresses of collections on a cluster: what they say, and what is said of those that can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from search.errors import StoreError
from search.messages.words import render
from search.opensearch.address import is_url, read_address
from search.settings import Settings, read_index
from xiesou import main

GOOD = "opensearch+https://reader@one.example:9201,[::1]:9202,three/county_reports-2"


def test_an_address_says_hosts_user_and_prefix() -> None:
    address = read_address(GOOD, {"XIESOU_OPENSEARCH_PASSWORD": "s3cret", "XIESOU_OPENSEARCH_CA": "/ca.pem"})
    assert address.hosts == (("one.example", 9201), ("[::1]", 9202), ("three", 9200))
    assert (address.user, address.password, address.prefix) == ("reader", "s3cret", "county_reports-2")
    assert (address.is_secure, address.ca, address.text) == (True, "/ca.pem", GOOD)
    assert "s3cret" not in repr(address)
    assert not read_address("opensearch+http://h/p/", {}).is_secure


def test_a_password_comes_from_a_file_before_the_variable(tmp_path: Path) -> None:
    kept = tmp_path / "password"
    kept.write_text("from file\n", "utf-8")
    names = {"XIESOU_OPENSEARCH_PASSWORD": "other", "XIESOU_OPENSEARCH_PASSWORD_FILE": str(kept)}
    assert read_address(GOOD, names).password == "from file"
    with pytest.raises(StoreError, match="XIESOU_OPENSEARCH_PASSWORD_FILE"):
        read_address(GOOD, {"XIESOU_OPENSEARCH_PASSWORD_FILE": str(tmp_path / "nothing")})


@pytest.mark.parametrize(
    "address",
    [
        "opensearch+https://host:9200",
        "opensearch+https://host:9200/",
        "opensearch+https:///prefix",
        "opensearch+https://host:0/prefix",
        "opensearch+https://host:70000/prefix",
        "opensearch+https://host:9200,/prefix",
        "opensearch+https://a b/prefix",
        "opensearch+https://host/Prefix",
        "opensearch+https://host/_all",
        "opensearch+https://host/a*",
        "opensearch+https://host/prefix/more",
        "opensearch+https://host/prefix?x=1",
        "opensearch+ftp://host/prefix",
        "https://host/prefix",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        read_address(address, {})
    assert caught.value.hint is not None
    assert "prefix" in render(caught.value.said, "en")


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(StoreError) as caught:
        read_address("opensearch+https://user:s3cret@host/prefix", {})
    assert "s3cret" not in str(caught.value)


def test_folders_and_urls_are_told_apart() -> None:
    assert is_url(read_index(GOOD))
    assert read_index("index_data/index") == Path("index_data/index")
    assert not is_url(Path("a://b"))
    assert Settings.from_environment({"XIESOU_INDEX": GOOD}).index == GOOD


@pytest.mark.parametrize("command", [["search", "发展"], ["reports"], ["verify"], ["index", "."], ["serve"]])
def test_every_command_takes_an_address(command: list[str]) -> None:
    """One that can't be read is told of by each, so each reads it."""
    result = CliRunner().invoke(main, [*command, "--index", "opensearch+https://host:9200"])
    assert result.exit_code != 0
    assert "opensearch+https://user@host:9200" in result.output


def test_files_of_an_index_are_not_looked_for_on_a_cluster(tmp_path: Path) -> None:
    for command in ("snapshot", "restore"):
        result = CliRunner().invoke(main, [command, str(tmp_path / "s"), "--index", GOOD, "--lang", "en"])
        assert result.exit_code == 2
        assert "docs/cluster.md" in result.output
