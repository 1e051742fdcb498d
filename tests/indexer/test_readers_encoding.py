"""Bytes to characters: what is believed, what is mended, what is told."""

from __future__ import annotations

import pytest

from indexer.readers.encoding import decode, decode_declared
from indexer.readers.garbled import count_lost, garbled_by
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages import sources as says
from search.messages.words import render

REPORT = (
    "云川市人民政府工作报告\n——2024年1月10日在云川市第六届人民代表大会第四次会议上\n各位代表：\n"
    "现在，我代表市人民政府向大会报告工作，请予审议。过去一年，我们优化营商环境，改造老旧小区三十六个。\n"
)
NAMES = "龘靐齉齾爩鱻麤龗灪吁龖厵滟爨癵籱饢驫鲡鹂鸾讟钃骉"


def source(data: bytes, name: str = "报告.txt") -> Source:
    return Source(data, name, name)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xa3\xa0", "\u3000"),
        (b"\xa6\xd9\xa6\xda\xa6\xdb\xa6\xdf", "\ufe10\ufe12\ufe11\ufe16"),
        (b"\xa6\xec\xa6\xed\xa6\xf3", "\ufe17\ufe18\ufe19"),
        (b"\xfe\x59\xfe\x61\xfe\x66\xfe\x67\xfe\x6d\xfe\x7e\xfe\x90\xfe\xa0", "龴龵龶龷龸龹龺龻"),
        (b"\xa8\xbc", "ḿ"),
        (b"\xfe\x51\xfe\x91", "\U00020087\U000241fe"),
    ],
)
def test_pairs_that_gb18030_has_filled_are_characters(data: bytes, text: str) -> None:
    assert text in decode(source(REPORT.encode("gb18030") + data)).text


@pytest.mark.parametrize(
    "declared", ["iso-8859-1", "utf-16", "unicode_escape", "gb2312", "Big5", "no-such-codec"]
)
def test_valid_utf8_wins_over_what_a_file_declares(declared: str) -> None:
    found = decode_declared(source(REPORT.encode()), declared)
    assert found.text == REPORT
    assert found.problem is not None
    assert "declared as" in render(found.problem, "en")


@pytest.mark.parametrize("declared", ["utf-8", "UTF-8", "utf8"])
def test_right_declaration_is_no_problem(declared: str) -> None:
    assert decode_declared(source(REPORT.encode()), declared).problem is None


@pytest.mark.parametrize(
    ("codec", "declared"),
    [
        ("gb18030", "gbk"),
        ("gb18030", "iso-8859-1"),
        ("gb18030", "utf-8"),
        ("gb18030", "big5"),
        ("cp950", "big5"),
    ],
)
def test_declared_codec_is_taken_where_it_gives_chinese(codec: str, declared: str) -> None:
    text = "臺灣省政府工作報告，各位代表，過去一年我們改善人民生活。" if codec == "cp950" else REPORT
    assert decode_declared(source(text.encode(codec)), declared).text == text


@pytest.mark.parametrize(
    ("was", "read_as"),
    [
        ("utf-8", "gb18030"),
        ("utf-8", "cp1252"),
        ("utf-8", "latin-1"),
        ("gb18030", "latin-1"),
        ("gb18030", "cp1252"),
        ("gb18030", "cp950"),
    ],
)
def test_text_garbled_by_an_earlier_conversion_is_told(was: str, read_as: str) -> None:
    garbled = REPORT.encode(was).decode(read_as, "replace")
    with pytest.raises(SourceError, match="no Chinese"):
        decode(source(garbled.encode()))
    with pytest.raises(SourceError):
        decode(source(garbled.encode("gb18030")))


def test_text_garbled_twice_is_told() -> None:
    once = REPORT.encode().decode("gb18030", "replace")
    with pytest.raises(SourceError, match="UTF-8 read as GB18030"):
        decode(source(once.encode().decode("gb18030", "replace").encode()))


@pytest.mark.parametrize("lost", ["锟斤拷", "\ufffd", "????，", "烫烫烫"])
def test_text_of_lost_characters_is_told(lost: str) -> None:
    with pytest.raises(SourceError, match="a conversion lost"):
        decode(source((lost * 40 + "报告").encode()))


def test_byte_order_mark_before_another_encoding_is_not_believed() -> None:
    decoded = decode(source(b"\xef\xbb\xbf" + REPORT.encode("gb18030")))
    assert (decoded.text, decoded.encoding.split()[0]) == (REPORT, "gb18030")


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        NAMES,
        "Smart City Report 2024, naïve café résumé façade",
        "，。" * 30,
        "“”——……" * 20,
        "1,2\n" * 90,
    ],
)
def test_text_that_is_whole_is_not_called_garbled(text: str) -> None:
    assert garbled_by(text) is None
    assert decode(source(text.encode())).text == text


@pytest.mark.parametrize(
    ("text", "places"), [("发展锟斤拷，增\ufffd\ufffd长", 2), ("锟斤拷锟斤拷", 1), (REPORT, 0)]
)
def test_lost_places_are_counted(text: str, places: int) -> None:
    assert count_lost(text) == places


def test_lost_places_in_a_text_are_a_problem() -> None:
    problem = decode(source(f"{REPORT}推动高质锟斤拷发展，增\ufffd百分之五。".encode())).problem
    assert problem == says.PLACES_DESTROYED(n=2)
