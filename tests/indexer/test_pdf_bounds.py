"""PDFs that ask for more work than any real one are refused before the work is done, whatever the machine."""

from __future__ import annotations

import time
import zlib
from functools import lru_cache

import pytest

from benchmarks.pdf.drawing import Placed, assemble_pdf, draw_pdf
from indexer.bounds import DEFAULT
from indexer.readers.pdf import iter_documents
from indexer.readers.source import Source
from search.errors import SourceError

BOX = "/BBox [0 0 1 1]"


def stream(entries: str, data: bytes) -> str:
    return f"<< {entries} /Length {len(data)} >>\nstream\n{data.decode('latin-1')}\nendstream"


def page_of(
    *objects: str, contents: str = "4 0 R", resources: str = "<< /XObject << /F 5 0 R >> >>"
) -> bytes:
    """A file of one page; the objects that are given are numbered from 4."""
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {resources} /Contents {contents} >>"
    )
    pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return assemble_pdf(["<< /Type /Catalog /Pages 2 0 R >>", pages, page, *objects])


def calling_forms(depth: int, width: int, *, packed: bool = False) -> bytes:
    """Forms that each call the next one so often."""
    call = b"/F Do\n" * width
    objects = [stream("", call)]
    for number in range(6, 6 + depth):
        last = number == 5 + depth
        data = b"0 0 m 1 1 l S\n" if last else call
        entries = f"/Type /XObject /Subtype /Form {BOX}"
        if not last:
            entries += f" /Resources << /XObject << /F {number} 0 R >> >>"
        objects.append(
            stream(entries + packed * " /Filter /FlateDecode", zlib.compress(data) if packed else data)
        )
    return page_of(*objects)


def outcome(data: bytes) -> str:
    """What is said about a file, which takes no time to speak of."""
    begun = time.process_time()
    with pytest.raises(SourceError) as caught:
        list(iter_documents(Source(data, "炸弹.pdf", "炸弹.pdf")))
    assert time.process_time() - begun < 5
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("depth", "width"), [(9, 10), (20, 4), (50, 2)])
def test_forms_that_call_forms_are_counted_before_they_are_drawn(
    depth: int, width: int, packed: bool
) -> None:
    assert "swells" in outcome(calling_forms(depth, width, packed=packed))


def test_few_calls_are_no_bomb() -> None:
    assert "no text layer" in outcome(calling_forms(3, 10))


def test_form_that_calls_itself_is_refused() -> None:
    form = stream(
        f"/Type /XObject /Subtype /Form {BOX} /Resources << /XObject << /F 5 0 R >> >>", b"/F Do " * 9
    )
    assert "swells" in outcome(page_of(stream("", b"/F Do"), form))


def test_form_that_calls_itself_by_its_pages_name_is_refused() -> None:
    form = stream(f"/Type /XObject /Subtype /Form {BOX}", b"/F Do " * 9)
    assert "swells" in outcome(page_of(stream("", b"/F Do"), form))


@lru_cache(maxsize=1)
def swelling() -> bytes:
    """280 MB of zeros, packed."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(280)) + packer.flush()


@pytest.mark.parametrize("times", [1, *(pytest.param(times, marks=pytest.mark.thorough) for times in (2, 3))])
def test_stream_that_swells_is_refused_however_often_it_is_packed(times: int) -> None:
    data = swelling()
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    filters = "/FlateDecode " * times
    assert "swells" in outcome(page_of(stream(f"/Filter [{filters}]", data)))


def test_page_of_too_many_instructions_is_refused() -> None:
    packed = zlib.compress(b"0 0 m 1 1 l S\n" * (3 << 20), 9)
    assert "swells" in outcome(page_of(stream("/Filter /FlateDecode", packed)))


def test_contents_that_are_named_again_and_again_count_each_time() -> None:
    packed = zlib.compress(b"0 0 m 1 1 l S\n" * 100_000, 9)
    assert "swells" in outcome(
        page_of(stream("/Filter /FlateDecode", packed), contents=f"[{'4 0 R ' * 1000}]")
    )


def test_glyphs_of_a_page_are_bounded() -> None:
    font = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    text = b"BT /F1 10 Tf " + b"(abcdefghij) Tj " * 30_000 + b"ET"
    assert "swells" in outcome(page_of(stream("", text), resources=font))


def test_large_picture_is_no_bomb() -> None:
    picture = stream(
        "/Type /XObject /Subtype /Image /Width 20000 /Height 20000 /BitsPerComponent 8 /ColorSpace /DeviceGray"
        " /Filter /FlateDecode",
        zlib.compress(bytes((DEFAULT.stream_mb << 20) + 1), 9),
    )
    assert "no text layer" in outcome(page_of(stream("", b"/F Do"), picture))


@pytest.mark.parametrize("box", ["3 0 R", "4 0 R", "[0 0 3 0 R 3 0 R]", "[1e99 -1e99 0 nan]"])
def test_page_whose_box_is_itself_or_no_box_is_read_or_refused(box: str) -> None:
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox {box} >>"
    pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    assert outcome(assemble_pdf(["<< /Type /Catalog /Pages 2 0 R >>", pages, page, "4 0 R"]))


@pytest.mark.parametrize("kids", ["[2 0 R]", "[2 0 R 2 0 R 2 0 R]", "[3 0 R]", "[]"])
def test_pages_that_name_one_another_are_refused(kids: str) -> None:
    pages = f"<< /Type /Pages /Kids {kids} /Count 2000000000 >>"
    assert outcome(
        assemble_pdf(["<< /Type /Catalog /Pages 2 0 R >>", pages, "<< /Type /Pages /Kids [2 0 R] >>"])
    )


def test_ordinary_page_is_within_the_bounds() -> None:
    data = draw_pdf([[Placed(50.0, 700.0, "政协工作报告")]] * 3)
    (document,) = iter_documents(Source(data, "报告.pdf", "报告.pdf"))
    assert [line.text for line in document.lines] == ["政协工作报告"] * 3
