"""Names of files as text: bytes that are not UTF-8 are read as what they most likely are, else escaped.

A system gives such a name as a string with lone surrogates, by which the file can be opened and nothing else can be
done. A path stays what the system said; a name that is shown, kept or read for a city and a year goes through here.
"""

from __future__ import annotations

from indexer.readers.common_han import common_share

_CODECS = ("utf-8", "gb18030", "cp950")


def readable_name(name: str) -> str:
    """A file's name, or its path, as text that any encoding can hold; names in UTF-8 stay as they are.

    Windows archives that were unpacked on Linux leave names in GBK or Big5, which are read as that where Chinese comes
    out; bytes of which none comes out are written \\xNN.

    Example:
        >>> readable_name("四平市.txt".encode("gbk").decode("utf-8", "surrogateescape"))
        '四平市.txt'
        >>> readable_name("\\udcff.txt")
        '\\\\xff.txt'
    """
    return "/".join(_readable_part(part) for part in name.split("/")) if not is_text(name) else name


def escaped_name(name: str) -> str:
    """A file's name with every byte that is not UTF-8 written \\xNN: names that differ stay different."""
    return (
        name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        if _is_of_bytes(name)
        else name
    )


def is_text(name: str) -> bool:
    """Whether a name has no lone surrogates."""
    return not any("\ud800" <= char <= "\udfff" for char in name)


def decode_name(raw: bytes) -> str | None:
    """Bytes as the text that looks most like Chinese of all that they may be; None where they are no text."""
    candidates = []
    for codec in _CODECS:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        candidates.append((codec == "utf-8", common_share(text), codec == "gb18030", text))
    return max(candidates)[-1] if candidates else None


def _readable_part(part: str) -> str:
    if is_text(part):
        return part
    if not _is_of_bytes(part):  # half pairs of UTF-16, which Windows allows
        return part.encode("utf-8", "backslashreplace").decode("utf-8")
    text = decode_name(part.encode("utf-8", "surrogateescape"))
    return text if text is not None and common_share(text) and text.isprintable() else escaped_name(part)


def _is_of_bytes(name: str) -> bool:
    return all(not "\ud800" <= char <= "\udfff" or "\udc80" <= char <= "\udcff" for char in name)
