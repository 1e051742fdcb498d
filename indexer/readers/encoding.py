"""Bytes to characters, and why so.

byte order mark -> zero bytes (UTF-16 without a mark) -> strict UTF-8 -> what the file declares, if Chinese is written
in it -> GB18030 or Big5, whichever gives likelier Chinese -> a text that is UTF-8 or GB18030 but for a few damaged
bytes -> detection -> refusal. What decodes but was garbled before is refused, too.

GB18030 decodes nearly anything, so that it succeeds says little: Big5 bytes read as GB18030 are mostly valid
and make rare characters. What tells them apart is how many of the characters are among the commonest ones.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from indexer.readers.common_han import common_share
from indexer.readers.garbled import count_lost, garbled_by
from indexer.readers.source import Source
from search.messages import Message
from search.messages import sources as says

SAMPLE_BYTES = 65_536
DETECTION_BYTES = 16_384
MOST_DAMAGED_SHARE = 0.005
LEAST_COMMON_SHARE = 0.06
LEAST_UTF16_SHARE = 0.15
MOST_CONTROL_SHARE = 0.02

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_DECLARED = {
    **dict.fromkeys(
        ("gb18030", "gbk", "gb2312", "gb_2312-80", "x-gbk", "cp936", "chinese", "euc-cn"), "gb18030"
    ),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5", "cp950"), "cp950"),
    **{name: name for name in ("shift_jis", "euc-jp", "euc-kr", "hz-gb-2312", "iso-2022-jp")},
}
"""What a file may declare and be believed -> the codec. What isn't UTF-8 and declares Latin or UTF-16 is neither."""
_GB18030_2022 = {
    0xE5E5: 0x3000,
    0xE7C7: 0x1E3F,
    **dict(zip(range(0xE78D, 0xE797), (0xFE10, 0xFE12, 0xFE11, *range(0xFE13, 0xFE1A)), strict=True)),
    **{0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE831: 0x215D7, 0xE83B: 0x2298F, 0xE855: 0x241FE},
    **{0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7, 0xE832: 0x9FB8, 0xE843: 0x9FB9},
    **{0xE854: 0x9FBA, 0xE864: 0x9FBB},
}
"""Private-use characters that Python's codec gives for pairs of bytes which have characters of their own by now.

Source: GB 18030-2022, and the WHATWG's index gb18030 (A3 A0 is an ideographic blank).
"""

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with how it was decoded: `encoding` names the codec and, in brackets, why."""

    text: str
    encoding: str
    problem: Message | None = None


def decode(source: Source) -> Decoded:
    """The characters of a text file.

    Raises:
        SourceError: the file is empty, is not text, or is in no encoding that can be told.
    """
    data = source.data
    if not data:
        raise source.refuse(says.FILE_EMPTY_BYTES(), hint=says.GET_FILE_AGAIN())
    for mark, codec in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            wrong = None if codec != "utf-8" or _strict_utf8(rest) else _chinese(rest)
            return _checked(source, wrong or _with_mark(rest, codec))
    if b"\0" in data:
        wide = _utf16_without_mark(data)
        if wide is not None:
            return _checked(source, wide)
        if data.count(b"\0") > MOST_CONTROL_SHARE * len(data):
            raise _binary(source)
    decoded = _strict_utf8(data) or _chinese(data) or _damaged(data) or _detected(data)
    if decoded is None:
        raise source.refuse(
            says.ENCODING_UNKNOWN(),
            hint=says.SAVE_AS_UTF8_TEXT(),
        )
    return _checked(source, decoded)


def decode_declared(source: Source, declared: str) -> Decoded:
    """The characters of a file that names its encoding: what is valid UTF-8 is that, whatever it says.

    Raises:
        SourceError: as `decode`.
    """
    data, name = source.data, declared.strip().lower()
    codec = _DECLARED.get(name, name)
    marked = b"\0" in data or any(data.startswith(mark) for mark, _ in _MARKS)
    if not marked and _strict_utf8(data) is None and name in _DECLARED:
        try:
            text = _decode_as(data, codec)
        except UnicodeDecodeError:
            text = ""
        if common_share(text[:SAMPLE_BYTES]) >= LEAST_COMMON_SHARE:
            return _checked(source, Decoded(text, f"{codec} (declared as {name})"))
    found = decode(source)
    if found.encoding.startswith(codec.replace("utf8", "utf-8")) or data.isascii():
        return found
    return replace(found, problem=found.problem or says.ENCODING_DECLARED(codec=name))


def _decode_as(data: bytes, codec: str, errors: str = "strict") -> str:
    """As `bytes.decode`, with the characters that GB18030 has got since."""
    text = data.decode(codec, errors)
    return text.translate(_GB18030_2022) if codec == "gb18030" else text


def _with_mark(data: bytes, codec: str) -> Decoded:
    try:
        return Decoded(data.decode(codec), f"{codec} (byte order mark)")
    except UnicodeDecodeError as error:
        text = data.decode(codec, "replace")
        problem = says.INVALID_FROM(codec=codec, byte=error.start + 1)
        return Decoded(text, f"{codec} (byte order mark, damaged)", problem)


def _utf16_without_mark(data: bytes) -> Decoded | None:
    """UTF-16, if one of its byte orders gives a text: ASCII (its line ends at least) has zero bytes there."""
    best: tuple[float, str, str] | None = None
    for codec in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        sample = text[:SAMPLE_BYTES]
        share = max(common_share(sample), sum(c.isascii() for c in sample) / len(sample))
        if (
            _control_share(text) <= MOST_CONTROL_SHARE
            and _is_readable(text)
            and (best is None or share > best[0])
        ):
            best = (share, codec, text)
    if best is None or best[0] < LEAST_UTF16_SHARE:
        return None
    return Decoded(best[2], f"{best[1]} (zero bytes, and {best[0]:.0%} common characters)")


def _strict_utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8"), "utf-8 (valid throughout)")
    except UnicodeDecodeError:
        return None


def _chinese(data: bytes) -> Decoded | None:
    candidates: list[tuple[float, str, str]] = []
    for codec in ("gb18030", "cp950", "big5hkscs"):
        try:
            text = _decode_as(data, codec)
        except UnicodeDecodeError:
            continue
        candidates.append((common_share(text[:SAMPLE_BYTES]), codec, text))
    if not candidates:
        return None
    share, codec, text = max(candidates, key=lambda candidate: candidate[0])
    if share < LEAST_COMMON_SHARE:
        return None
    why = f"{share:.0%} of its Han characters are common ones"
    others = [other for other in candidates if other[1] != codec]
    if others:
        why += f", {max(others)[0]:.0%} as {max(others)[1]}"
    return Decoded(text, f"{codec} ({why})")


def _damaged(data: bytes) -> Decoded | None:
    """A text in UTF-8, GB18030 or Big5 but for a few bytes: those become U+FFFD, and it is said."""
    best: tuple[float, int, str, str] | None = None
    for codec in ("utf-8", "gb18030", "cp950"):
        text = _decode_as(data, codec, "replace")
        lost = text.count("\ufffd")
        if lost <= max(1, MOST_DAMAGED_SHARE * len(text)):
            share = common_share(text[:SAMPLE_BYTES])
            if share >= LEAST_COMMON_SHARE and (best is None or share > best[0]):
                best = (share, lost, codec, text)
    if best is None:
        return None
    _, lost, codec, text = best
    return Decoded(text, f"{codec} (but for {lost} damaged places)", says.DAMAGED_PLACES(n=lost, codec=codec))


def _detected(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    if sum(byte < 9 or 13 < byte < 32 for byte in data[:DETECTION_BYTES]) > MOST_CONTROL_SHARE * len(
        data[:DETECTION_BYTES]
    ):
        return None
    guess = from_bytes(data[:DETECTION_BYTES]).best()
    if guess is None:
        return None
    try:
        text = data.decode(guess.encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    if not _is_readable(text):
        return None
    return Decoded(text, f"{guess.encoding} (detected)", says.ENCODING_GUESSED(codec=guess.encoding))


def _checked(source: Source, decoded: Decoded) -> Decoded:
    if _control_share(decoded.text[:SAMPLE_BYTES]) > MOST_CONTROL_SHARE:
        raise _binary(source)
    if how := garbled_by(decoded.text):
        raise source.refuse(
            says.NO_CHINESE(why=how),
            hint=says.SAVE_IN_OWN_ENCODING(),
        )
    lost = 0 if decoded.problem else count_lost(decoded.text)
    return replace(decoded, problem=says.PLACES_DESTROYED(n=lost)) if lost else decoded


def _control_share(text: str) -> float:
    sample = text[:SAMPLE_BYTES]
    return len(_CONTROL.findall(sample)) / max(1, len(sample))


def _is_readable(text: str) -> bool:
    """Whether most characters are letters, digits, marks or blanks that a text would have."""
    sample = text[:SAMPLE_BYTES]
    return sum(c.isalnum() or c.isspace() or c.isascii() for c in sample) >= 0.8 * len(sample)


def _binary(source: Source) -> Exception:
    return source.refuse(
        says.NOT_TEXT(),
        hint=says.GIVE_OWN_SUFFIX(),
    )
