"""Bytes to characters, and why so.

byte order mark -> zero bytes (UTF-16 without a mark) -> strict UTF-8 -> GB18030 or Big5, whichever gives
likelier Chinese -> a text that is UTF-8 or GB18030 but for a few damaged bytes -> detection -> refusal.

GB18030 decodes nearly anything, so that it succeeds says little: Big5 bytes read as GB18030 are mostly valid
and make rare characters. What tells them apart is how many of the characters are among the commonest ones.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from indexer.readers.source import Source
from search.messages import Said
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

COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天"
    "而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长党政协委员工市建设全"
    "议代表报告各位经济社企业农民群众城乡产改革加强推进坚持实施服务完善增长万元分高新区县省关系组织提案问题情况重点领导"
    "二四五六七八九零百千月"
    "這來國個說們為時對後麼發當開無經頭動兩長黨協員業會區縣學沒還過從見應與農眾鄉產強進堅實務萬關係組織題況點導議報濟設"
)
"""Frequent characters of running Chinese and of reports, in both scripts."""

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with how it was decoded: `encoding` names the codec and, in brackets, why."""

    text: str
    encoding: str
    problem: Said = ""


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
            return _checked(source, _with_mark(data[len(mark) :], codec))
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


def _with_mark(data: bytes, codec: str) -> Decoded:
    try:
        return Decoded(data.decode(codec), f"{codec} (byte order mark)")
    except UnicodeDecodeError as error:
        text = data.decode(codec, "replace")
        where = f"byte {error.start + 1}"
        return Decoded(text, f"{codec} (byte order mark, damaged)", f"not valid {codec} from {where} on")


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
            text = data.decode(codec)
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
        text = data.decode(codec, "replace")
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
    return decoded


def _control_share(text: str) -> float:
    sample = text[:SAMPLE_BYTES]
    return len(_CONTROL.findall(sample)) / max(1, len(sample))


def common_share(text: str) -> float:
    """Which share of the Han characters is among the commonest; 0 where there are none.

    Example:
        >>> common_share("各位委员") > 0.9
        True
    """
    han = [c for c in text if "\u3400" <= c <= "\u9fff" or "\ue000" <= c <= "\uf8ff" or c >= "\U00020000"]
    return sum(c in COMMON_HAN for c in han) / len(han) if han else 0.0


def _is_readable(text: str) -> bool:
    """Whether most characters are letters, digits, marks or blanks that a text would have."""
    sample = text[:SAMPLE_BYTES]
    return sum(c.isalnum() or c.isspace() or c.isascii() for c in sample) >= 0.8 * len(sample)


def _binary(source: Source) -> Exception:
    return source.refuse(
        says.NOT_TEXT(),
        hint=says.GIVE_OWN_SUFFIX(),
    )
