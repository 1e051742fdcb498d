"""How one file is understood: for a person (`render`) and for a program (`inspect_file`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from indexer.model import Block, Problem, SetAside, Value
from indexer.understand import UnderstoodReport, understand

FIELDS = ("title", "type", "city", "province", "year", "review_year", "date", "session", "speaker")
LABELS = {
    "title": "标题",
    "type": "类型",
    "city": "城市",
    "province": "省份",
    "year": "年份",
    "review_year": "回顾年份",
    "date": "日期",
    "session": "届次",
    "speaker": "报告人",
}
KIND_LABELS = {
    "title": "标题",
    "session": "会议",
    "date": "日期",
    "speaker": "报告人",
    "salutation": "称呼",
    "heading": "小标题",
    "paragraph": "段落",
    "list": "列表",
    "table": "表格",
    "appendix": "附录",
    "source": "来源",
    "footnote": "脚注",
    "textbox": "文本框",
    "comment": "批注",
}
_KIND_STYLES = {
    "title": "bold magenta",
    "heading": "bold cyan",
    "paragraph": "",
    "source": "dim",
    "appendix": "blue",
    "footnote": "blue",
    "textbox": "blue",
    "comment": "blue",
}
_PREVIEW_CHARS = 60
REPORT = "report"


def inspect_file(path: Path) -> dict[str, Any]:
    """What `xiesou inspect FILE --json` promises: reports with values and blocks, and what was set aside.

    Texts that belong to no report (新闻, 社论, 其他; searchable, and marked) are listed under `others`; their blocks
    stand in `set_aside`, each with the number of its text from 1 in `other`. So `reports` holds reports alone, and
    reports and `set_aside` together have every character once.

    A file of several documents (rows of a table, members of an archive) gives all their reports in order;
    `documents` then lists the documents' names, and each text names its own in `document`.

    Raises:
        SourceError: the file can't be read at all.
    """
    documents = understand(path)
    result: dict[str, Any] = {
        "path": str(path),
        "format": "、".join(dict.fromkeys(document.format for document in documents)),
        "encoding": "、".join(
            dict.fromkeys(document.encoding for document in documents if document.encoding)
        ),
        "reports": [],
        "others": [],
        "set_aside": [],
        "problems": [],
        "notes": [],
    }
    if len(documents) > 1:
        result["documents"] = [document.document_name for document in documents]
    for document in documents:
        aside: list[dict[str, Any]] = [_set_aside_as_json(entry) for entry in document.set_aside]
        for report in document.reports:
            shown = _values_as_json(report)
            if len(documents) > 1:
                shown["document"] = document.document_name
            blocks = [_block_as_json(block) for block in report.draft.blocks]
            if report.draft.kind == REPORT:
                result["reports"].append({**shown, "blocks": blocks})
                continue
            result["others"].append(shown)
            reason = f"{report.draft.kind}: belongs to no report; it can be searched"
            number = len(result["others"])
            aside += [
                {"line": block["lines"][0], **block, "reason": reason, "other": number} for block in blocks
            ]
        result["set_aside"] += sorted(aside, key=lambda entry: entry["line"] or 0)
        result["problems"] += [_problem_as_json(problem) for problem in document.problems]
        result["notes"] += [_problem_as_json(note) for note in document.notes]
    return result


def _values_as_json(report: UnderstoodReport) -> dict[str, Any]:
    values = {name: _value_as_json(getattr(report.metadata, name)) for name in FIELDS}
    return {**values, "kind": report.draft.kind}


def _value_as_json(value: Value) -> dict[str, Any]:
    return {"value": value.value, "evidence": value.evidence}


def _block_as_json(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "level": block.level,
        "text": block.text,
        "lines": list(block.lines),
        "joined": block.joined,
        "part": block.part,
        "repeated": block.repeated,
        "ocr": block.confidence,
    }


def _set_aside_as_json(entry: SetAside) -> dict[str, Any]:
    return {"line": entry.line, "text": entry.text, "reason": entry.reason}


def _problem_as_json(problem: Problem) -> dict[str, Any]:
    return {"path": problem.path, "line": problem.line, "reason": problem.reason}


def render(result: dict[str, Any]) -> RenderableType:
    """The result of `inspect_file` in colour: each report, its values with their evidence, its blocks."""
    reading = [part for part in (result["format"], result["encoding"]) if part]
    shown: list[RenderableType] = [Text.assemble((result["path"], "bold"), "  ", ("，".join(reading), "dim"))]
    for number, report in enumerate(result["reports"], start=1):
        shown += _text_shown(str(number), report, report["blocks"])
    for number, other in enumerate(result["others"], start=1):
        blocks = [entry for entry in result["set_aside"] if entry.get("other") == number]
        shown += _text_shown(other["kind"], other, blocks)
    aside = [entry for entry in result["set_aside"] if "other" not in entry]
    if aside:
        shown.append(Rule(Text(f"搁置 {len(aside)} 处", style="yellow"), align="left"))
        shown.append(Padding(_set_aside_table(aside), (0, 0, 1, 2)))
    if result["problems"]:
        shown.append(Rule(Text(f"问题 {len(result['problems'])} 个", style="red"), align="left"))
        shown += [Padding(_problem_text(problem), (0, 0, 0, 2)) for problem in result["problems"]]
    shown += [Padding(_problem_text(note, style="dim"), (0, 0, 0, 2)) for note in result["notes"]]
    return Group(*shown)


def _text_shown(label: str, text: dict[str, Any], blocks: list[dict[str, Any]]) -> list[RenderableType]:
    title = text["title"]["value"] or "（标题未知）"
    return [
        Rule(Text(f"{label}. {title}", style="bold magenta"), align="left"),
        Padding(_values_table(text), (0, 0, 1, 2)),
        Padding(_blocks_table(blocks), (0, 0, 1, 2)),
    ]


def _values_table(report: dict[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name in FIELDS:
        value, evidence = report[name]["value"], report[name]["evidence"]
        known = Text("未知", style="dim") if value is None else Text(str(value), style="bold green")
        table.add_row(Text(LABELS[name], style="cyan"), known, Text(evidence, style="dim"))
    return table


def _blocks_table(blocks: list[dict[str, Any]]) -> Table:
    table = Table.grid(padding=(0, 1))
    for column in ("right", "left", "left", "left"):
        table.add_column(justify="right" if column == "right" else "left", no_wrap=column == "right")
    for block in blocks:
        first, last = block["lines"]
        place = str(first) if first == last else f"{first}–{last}"
        kind = KIND_LABELS.get(block["kind"], block["kind"]) + (str(block["level"]) if block["level"] else "")
        table.add_row(
            Text(place, style="dim"), Text(kind, style="cyan"), _block_text(block), _block_notes(block)
        )
    return table


def _block_text(block: dict[str, Any]) -> Text:
    text = " ".join(block["text"].split())
    if len(text) > _PREVIEW_CHARS:
        text = f"{text[:_PREVIEW_CHARS]}…（{len(text)} 字）"
    indent = "  " * max(0, block["level"] - 1)
    return Text(indent + text, style=_KIND_STYLES.get(block["kind"], ""))


def _block_notes(block: dict[str, Any]) -> Text:
    notes = [("接缝", "green")] if block["joined"] else []
    if block["part"]:
        notes.append((f"第{block['part']}段", "blue"))
    if block["repeated"]:
        notes.append(("重复", "yellow"))
    return Text(" ").join(Text(note, style=style) for note, style in notes)


def _set_aside_table(entries: list[dict[str, Any]]) -> Table:
    table = Table.grid(padding=(0, 1))
    for entry in entries:
        text = " ".join(entry["text"].split())
        place = "" if entry["line"] is None else str(entry["line"])
        shown = text if len(text) <= _PREVIEW_CHARS else text[:_PREVIEW_CHARS] + "…"
        table.add_row(Text(place, style="dim"), Text(entry["reason"], style="yellow"), Text(shown))
    return table


def _problem_text(problem: dict[str, Any], *, style: str = "red") -> Text:
    place = "" if problem["line"] is None else f"第 {problem['line']} 行："
    return Text(f"{problem['path']} {place}{problem['reason']}", style=style)
