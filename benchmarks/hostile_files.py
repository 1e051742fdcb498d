"""Files made to stop a run that reads them, by kind: bombs, loops, damage and endless nesting, seeded and small.

What may not live here: running anything; `benchmarks.hostile` does.
"""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

import xlsxwriter

from benchmarks.pdf.drawing import Placed, assemble_pdf, draw_pdf

TEXT = "过去一年，营商环境持续优化，群众十分满意，各项工作取得新的进展。\n"
Make = Callable[[random.Random], tuple[str, bytes]]
"""Gives a suffix and a file's bytes."""


def good_file(number: int) -> str:
    """A report like any other."""
    return f"四平市人民政府工作报告\n\n{2000 + number % 24}年1月10日在四平市人民代表大会上\n\n第{number}句：{TEXT}"


def pack(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def _deflated(size: int, times: int = 1) -> bytes:
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


# PDF


def _stream(entries: str, data: bytes) -> str:
    return f"<< {entries} /Length {len(data)} >>\nstream\n{data.decode('latin-1')}\nendstream"


def _pdf(*objects: str, box: str = "[0 0 595 842]", kids: str = "[3 0 R]", count: int = 1) -> bytes:
    resources = "<< /XObject << /F 5 0 R >> >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Resources {resources} /Contents 4 0 R >>"
    pages = f"<< /Type /Pages /Kids {kids} /Count {count} >>"
    return assemble_pdf(["<< /Type /Catalog /Pages 2 0 R >>", pages, page, *objects])


def pdf_box(chance: random.Random) -> tuple[str, bytes]:
    box = chance.choice(("3 0 R", "4 0 R", "[4 0 R 0 4 0 R 0]", "[1e99 -1e99 0 nan]", "<< /A 3 0 R >>"))
    return ".pdf", _pdf("4 0 R", box=box, kids=chance.choice(("[3 0 R]", "[2 0 R 3 0 R]")), count=10**9)


def pdf_forms(chance: random.Random) -> tuple[str, bytes]:
    depth, width = chance.choice(((9, 10), (20, 4), (50, 2), (1, 9)))
    call = b"/F Do\n" * width
    objects = [_stream("", call)]
    for number in range(6, 6 + depth):
        following = 5 if depth == 1 else number
        entries = f"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /F {following} 0 R >> >>"
        objects.append(_stream(entries, call))
    return ".pdf", _pdf(*objects)


def pdf_flate(chance: random.Random) -> tuple[str, bytes]:
    times = chance.randint(1, 3)
    return ".pdf", _pdf(_stream(f"/Filter [{'/FlateDecode ' * times}]", _deflated(300 << 20, times)))


def pdf_damaged(chance: random.Random) -> tuple[str, bytes]:
    data = bytearray(draw_pdf([[Placed(50.0, 700.0, TEXT.strip())]] * 3))
    for _ in range(chance.randint(1, 60)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return ".pdf", bytes(data[: chance.randrange(len(data) // 2, len(data))])


# Pages


def html_attributes(chance: random.Random) -> tuple[str, bytes]:
    names = " ".join(f"a{number}=1" for number in range(chance.choice((50_000, 200_000))))
    return ".html", f"<html><body><p {names}>{TEXT}</p></body></html>".encode()


def html_deep(chance: random.Random) -> tuple[str, bytes]:
    tag = chance.choice(("div", "b", "table", "template", "svg", "a", "p><b"))
    return ".html", (f"<{tag}>" * chance.choice((3_000, 100_000)) + TEXT).encode()


def html_open(chance: random.Random) -> tuple[str, bytes]:
    return ".html", (
        chance.choice(("<!--", "<script>", "<p a='", "&", "<![CDATA[", "<")) * 200_000 + TEXT
    ).encode()


def mht_nested(chance: random.Random) -> tuple[str, bytes]:
    depth = chance.choice((50, 5_000))
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return ".mht", ("MIME-Version: 1.0\n" + head + "Content-Type: text/html\n\n<p>" + TEXT).encode()


# Archives


def zip_overlapping(chance: random.Random) -> tuple[str, bytes]:
    size, members = 10 << 20, chance.choice((100, 2_000))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes([97]) * size) + packer.flush()
    crc = zlib.crc32(bytes([97]) * size)
    local = (
        struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(body), size, 5, 0) + b"0.txt" + body
    )
    directory = b""
    for number in range(members):
        name = f"{number:05d}.txt".encode()
        sizes = (len(body), size, len(name), 0, 0, 0, 0, 0, 0)
        directory += struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, *sizes) + name
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, members, members, len(directory), len(local), 0)
    return chance.choice((".zip", ".docx", ".xlsx", ".epub")), local + directory + end


def zip_bomb(chance: random.Random) -> tuple[str, bytes]:
    kind = chance.choice((".txt", ".csv", ".html", ".pdf"))
    return ".zip", pack({f"{number}{kind}": bytes(40 << 20) for number in range(4)})


def zip_nested(chance: random.Random) -> tuple[str, bytes]:
    data = TEXT.encode()
    for _ in range(chance.randint(2, 40)):
        data = pack({f"内.{chance.choice(('zip', 'txt', 'docx'))}": data})
    return ".zip", data


def zip_many(chance: random.Random) -> tuple[str, bytes]:
    names = {f"{number}.txt": "" for number in range(chance.choice((9_000, 20_000)))}
    return ".zip", pack(names, zipfile.ZIP_STORED)


def zip_damaged(chance: random.Random) -> tuple[str, bytes]:
    data = bytearray(pack({f"{number}.txt": good_file(number) for number in range(5)}))
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return ".zip", bytes(data)


# Documents


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def _docx(body: str, *, head: str = "") -> bytes:
    document = f"{head}<w:document {_W}><w:body>{body}</w:body></w:document>"
    return pack({"[Content_Types].xml": _TYPES, "word/document.xml": document})


def docx_entities(chance: random.Random) -> tuple[str, bytes]:
    levels = chance.randint(5, 12)
    entities = '<!ENTITY a0 "营商环境">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels)
    )
    text = f"<w:p><w:r><w:t>&a{levels - 1};</w:t></w:r></w:p>"
    return ".docx", _docx(text, head=f"<!DOCTYPE w [{entities}]>")


def docx_deep(chance: random.Random) -> tuple[str, bytes]:
    depth = chance.choice((200, 5_000, 100_000))
    return ".docx", _docx("<w:tbl><w:tr><w:tc>" * depth + "</w:tc></w:tr></w:tbl>" * depth)


def docx_swollen(chance: random.Random) -> tuple[str, bytes]:
    run = "<w:p><w:r><w:t>营商环境</w:t></w:r></w:p>"
    return ".docx", _docx(run * chance.choice((100_000, 1_000_000)))


def odf_repeated(chance: random.Random) -> tuple[str, bytes]:
    many = chance.choice((10**6, 10**9))
    names = "urn:oasis:names:tc:opendocument:xmlns"
    cell = f'<table:table-cell table:number-columns-repeated="{many}"><text:p>营商环境</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{many}">{cell}</table:table-row>'
    kind = chance.choice(("spreadsheet", "text"))
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0"><office:body><office:{kind}><table:table table:name="a">{row}'
        f"</table:table></office:{kind}></office:body></office:document-content>"
    )
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return (".ods" if kind == "spreadsheet" else ".odt"), pack({"mimetype": mimetype, "content.xml": content})


def rtf_deep(chance: random.Random) -> tuple[str, bytes]:
    inside = chance.choice(
        ("{" * 200_000, "{\\*\\a" * 50_000, "\\bin999999999 ", "\\u-1?" * 500_000, "\\trowd\\cell" * 50_000)
    )
    return ".rtf", ("{\\rtf1\\ansi " + inside + "\\'cb\\'c4}").encode()


def xlsx_wide(chance: random.Random) -> tuple[str, bytes]:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["city", "text"])
        sheet.write(chance.choice((20_000, 1_048_575)), chance.choice((1, 1_000, 16_383)), TEXT)
    return ".xlsx", file.getvalue()


# Tables and texts


def csv_cell(chance: random.Random) -> tuple[str, bytes]:
    text = (TEXT if chance.random() < 0.5 else TEXT.strip()) * 150_000
    return ".csv", f'city,year,text\n四平市,2024,"{text}"\n四平市,2024,{TEXT}'.encode()


def csv_quotes(chance: random.Random) -> tuple[str, bytes]:
    row = chance.choice(
        ('四平市,"2024,营商环境\n', '"四平市"",2024,"\n', '四平市,2024,"' + TEXT, '"\n', '",')
    )
    return ".csv", ("city,year,text\n" + row * 20_000).encode()


def csv_wide(chance: random.Random) -> tuple[str, bytes]:
    columns = chance.choice((5_000, 100_000))
    return ".csv", (",".join(f"列{n}" for n in range(columns)) + "\n" + "," * columns + TEXT).encode()


def json_deep(chance: random.Random) -> tuple[str, bytes]:
    sign = chance.choice(("[", '{"a":', '[{"text":['))
    return chance.choice((".json", ".jsonl")), (sign * chance.choice((500, 1_000_000))).encode()


def json_long(chance: random.Random) -> tuple[str, bytes]:
    value = {"city": "四平市", "text": TEXT * 150_000, "year": "9" * 4000}
    rows = (json.dumps(row, ensure_ascii=False) for row in (value, {"city": "四平市", "text": TEXT}))
    return ".jsonl", "\n".join(rows).encode()


def text_long(chance: random.Random) -> tuple[str, bytes]:
    text = TEXT.strip() * 270_000
    return chance.choice((".txt", ".md", ".html")), text.encode(chance.choice(("utf-8", "gb18030", "utf-16")))


def text_marks(chance: random.Random) -> tuple[str, bytes]:
    mark = chance.choice(("**", "[", "[a](", "`", "> ", "- ", "|", "<!--", "&#", "　", "﻿"))
    return chance.choice((".md", ".txt")), (mark * 200_000 + "\n" + TEXT).encode()


def any_bytes(chance: random.Random) -> tuple[str, bytes]:
    suffixes = (
        ".pdf",
        ".docx",
        ".doc",
        ".rtf",
        ".zip",
        ".xlsx",
        ".xls",
        ".epub",
        ".txt",
        ".html",
        ".csv",
        ".json",
        ".odt",
    )
    heads = (
        b"",
        b"PK\3\4",
        b"%PDF-1.7\n",
        b"{\\rtf1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xff\xfe",
        b"<html>",
    )
    return chance.choice(suffixes), chance.choice(heads) + chance.randbytes(
        chance.choice((0, 1, 300, 100_000))
    )


FAMILIES: tuple[Make, ...] = (
    pdf_box,
    pdf_forms,
    pdf_flate,
    pdf_damaged,
    html_attributes,
    html_deep,
    html_open,
    mht_nested,
    zip_overlapping,
    zip_bomb,
    zip_nested,
    zip_many,
    zip_damaged,
    docx_entities,
    docx_deep,
    docx_swollen,
    odf_repeated,
    rtf_deep,
    xlsx_wide,
    csv_cell,
    csv_quotes,
    csv_wide,
    json_deep,
    json_long,
    text_long,
    text_marks,
    any_bytes,
)
