"""How one file is understood: for a person (`render`) and for a program (`inspect_file`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from indexer.bounds import Bounds
from indexer.metadata.parts import Placed, place_blocks
from indexer.model import SetAside, Value, problem_to_json
from indexer.records import is_searched
from indexer.understand import UnderstoodReport, understand
from search.collection import View
from search.json_form import reason_to_json, said_to_json
from search.messages import Message, aside, commands, names, quoted, words
from search.messages.words import LANGUAGES
from search.metadata_columns import STATED_FIELDS
from search.report_ids import report_id

_LABELS = {
    "title": commands.LABEL_TITLE,
    "type": commands.LABEL_TYPE,
    "city": commands.LABEL_CITY,
    "province": commands.LABEL_PROVINCE,
    "year": commands.LABEL_YEAR,
    "review_year": commands.LABEL_REVIEW_YEAR,
    "plan_year": commands.LABEL_PLAN_YEAR,
    "date": commands.LABEL_DATE,
    "session": commands.LABEL_SESSION,
    "speaker": commands.LABEL_SPEAKER,
}
_KINDS = {
    "title": commands.BLOCK_TITLE,
    "session": commands.BLOCK_SESSION,
    "date": commands.BLOCK_DATE,
    "speaker": commands.BLOCK_SPEAKER,
    "salutation": commands.BLOCK_SALUTATION,
    "heading": commands.BLOCK_HEADING,
    "paragraph": commands.BLOCK_PARAGRAPH,
    "list": commands.BLOCK_LIST,
    "table": commands.BLOCK_TABLE,
    "appendix": commands.BLOCK_APPENDIX,
    "source": commands.BLOCK_SOURCE,
    "footnote": commands.BLOCK_FOOTNOTE,
    "textbox": commands.BLOCK_TEXTBOX,
    "comment": commands.BLOCK_COMMENT,
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


AddedOf = Callable[[int], str | None]
"""When a text of the file came into a collection, by its number in the file from 1."""


def added_in(view: View, path: Path) -> AddedOf:
    """When the texts of a file came into a collection; None for those that it doesn't hold."""
    name = next((file.name for file in view.sources() if file.path == os.path.abspath(path)), None)
    if name is None:
        return _never

    def added(number: int) -> str | None:
        report = report_id(name, number)
        return view.report(report).report.added if view.has_report(report) else None

    return added


def _never(number: int) -> str | None:
    return None


def inspect_file(
    path: Path, lang: str = LANGUAGES[0], *, bounds: Bounds | None = None, added: AddedOf = _never
) -> dict[str, Any]:
    """What `xiesou inspect FILE --json` promises: reports with values and blocks, and what was set aside.

    Texts that belong to no report (新闻, 社论, 其他; searchable, and marked) are listed under `others`; their blocks
    stand in `set_aside`, each with the number of its text from 1 in `other`. So `reports` holds reports alone, and
    reports and `set_aside` together have every character once.

    A file of several documents (rows of a table, members of an archive) gives all their reports in order;
    `documents` then lists the documents' names, and each text names its own in `document`.

    Args:
        added: when its texts came in; a file alone doesn't say.

    Raises:
        SourceError: the file can't be read at all.
    """
    documents = understand(path, bounds=bounds)
    result: dict[str, Any] = {
        "path": str(path),
        "format": ", ".join(dict.fromkeys(document.format for document in documents)),
        "encoding": ", ".join(
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
    number = 0
    for document in documents:
        kept: list[dict[str, Any]] = [_set_aside_as_json(entry, lang) for entry in document.set_aside]
        for report in document.reports:
            number += is_searched(report.draft.blocks)
            shown = _values_as_json(report, added(number), lang)
            shown |= {"document": document.document_name} if len(documents) > 1 else {}
            blocks = [_block_as_json(entry) for entry in place_blocks(report.draft.blocks)]
            if report.draft.kind == REPORT:
                result["reports"].append({**shown, "blocks": blocks})
            else:
                result["others"].append(shown)
                kept += _other_as_json(report, blocks, len(result["others"]), lang)
        result["set_aside"] += sorted(kept, key=lambda entry: entry["line"] or 0)
        result["problems"] += [problem_to_json(problem, lang) for problem in document.problems]
        result["notes"] += [problem_to_json(note, lang) for note in document.notes]
    return result


def _values_as_json(report: UnderstoodReport, added: str | None, lang: str) -> dict[str, Any]:
    values = {name: _value_as_json(getattr(report.metadata, name), lang) for name in STATED_FIELDS}
    return {**values, "added": _value_as_json(Value(added), lang), "kind": report.draft.kind}


def _value_as_json(value: Value, lang: str) -> dict[str, Any]:
    if value.evidence is None:
        return {"value": value.value, "evidence": "", "evidence_code": None, "evidence_args": {}}
    return {"value": value.value, **said_to_json("evidence", value.evidence, lang)}


def _other_as_json(
    report: UnderstoodReport, blocks: Sequence[dict[str, Any]], other: int, lang: str
) -> list[dict[str, Any]]:
    """The blocks of a text that belongs to no report, as they stand among what was set aside."""
    kind = names.TYPE_NAMES.get(report.draft.kind) or quoted(report.draft.kind)
    reason = reason_to_json(aside.OTHER_TEXT(kind=kind), lang)
    return [{"line": block["lines"][0], **block, **reason, "other": other} for block in blocks]


def _block_as_json(placed: Placed) -> dict[str, Any]:
    block = placed.block
    return {
        "kind": block.kind,
        "level": block.level,
        "text": block.text,
        "lines": list(block.lines),
        "joined": block.joined,
        "part": placed.part,
        "piece": block.piece,
        "repeated": block.repeated,
        "ocr": block.confidence,
    }


def _set_aside_as_json(entry: SetAside, lang: str) -> dict[str, Any]:
    return {"line": entry.line, "text": entry.text, **reason_to_json(entry.reason, lang)}


def render(result: dict[str, Any], lang: str = LANGUAGES[0]) -> RenderableType:
    """The result of `inspect_file` in colour: each report, its values with their evidence, its blocks."""
    return _Shown(lang).everything(result)


class _Shown:
    """A file's reports as rich shows them, in one language."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def _say(self, message: Message) -> str:
        return words.render(message, self._lang)

    def everything(self, result: dict[str, Any]) -> RenderableType:
        reading = [part for part in (result["format"], result["encoding"]) if part]
        shown: list[RenderableType] = [
            Text.assemble((result["path"], "bold"), "  ", (", ".join(reading), "dim"))
        ]
        for number, report in enumerate(result["reports"], start=1):
            shown += self._text(str(number), report, report["blocks"])
        for number, other in enumerate(result["others"], start=1):
            blocks = [entry for entry in result["set_aside"] if entry.get("other") == number]
            shown += self._text(other["kind"], other, blocks)
        kept = [entry for entry in result["set_aside"] if "other" not in entry]
        if kept:
            shown.append(
                Rule(Text(self._say(commands.ASIDE_COUNT(n=len(kept))), style="yellow"), align="left")
            )
            shown.append(Padding(_set_aside_table(kept), (0, 0, 1, 2)))
        if result["problems"]:
            count = commands.PROBLEM_COUNT(n=len(result["problems"]))
            shown.append(Rule(Text(self._say(count), style="red"), align="left"))
            shown += [Padding(self._problem(problem), (0, 0, 0, 2)) for problem in result["problems"]]
        shown += [Padding(self._problem(note, style="dim"), (0, 0, 0, 2)) for note in result["notes"]]
        return Group(*shown)

    def _text(self, label: str, text: dict[str, Any], blocks: list[dict[str, Any]]) -> list[RenderableType]:
        title = text["title"]["value"] or self._say(commands.TITLE_UNKNOWN())
        return [
            Rule(Text(f"{label}. {title}", style="bold magenta"), align="left"),
            Padding(self._values(text), (0, 0, 1, 2)),
            Padding(self._blocks(blocks), (0, 0, 1, 2)),
        ]

    def _values(self, report: dict[str, Any]) -> Table:
        table = Table.grid(padding=(0, 2))
        unknown = Text(self._say(commands.SHOWN_UNKNOWN()), style="dim")
        for name in STATED_FIELDS:
            value, evidence = report[name]["value"], report[name]["evidence"]
            known = unknown if value is None else Text(str(value), style="bold green")
            table.add_row(Text(self._say(_LABELS[name]()), style="cyan"), known, Text(evidence, style="dim"))
        return table

    def _blocks(self, blocks: list[dict[str, Any]]) -> Table:
        table = Table.grid(padding=(0, 1))
        for column in ("right", "left", "left", "left"):
            table.add_column(justify="right" if column == "right" else "left", no_wrap=column == "right")
        for block in blocks:
            first, last = block["lines"]
            place = str(first) if first == last else f"{first}–{last}"
            kind = self._say(_KINDS[block["kind"]]()) if block["kind"] in _KINDS else block["kind"]
            kind += str(block["level"]) if block["level"] else ""
            table.add_row(
                Text(place, style="dim"), Text(kind, style="cyan"), self._block(block), self._notes(block)
            )
        return table

    def _block(self, block: dict[str, Any]) -> Text:
        text = " ".join(block["text"].split())
        if len(text) > _PREVIEW_CHARS:
            text = self._say(commands.CUT_TEXT(text=text[:_PREVIEW_CHARS], chars=len(text)))
        indent = "  " * max(0, block["level"] - 1)
        return Text(indent + text, style=_KIND_STYLES.get(block["kind"], ""))

    def _notes(self, block: dict[str, Any]) -> Text:
        notes = [(commands.JOINED_MARK(), "green")] if block["joined"] else []
        if block["piece"]:
            notes.append((commands.PART_MARK(part=block["piece"]), "blue"))
        if block["ocr"] is not None:
            notes.append((commands.RECOGNISED_MARK(percent=round(100 * block["ocr"])), "yellow"))
        if block["repeated"]:
            notes.append((commands.REPEATED_MARK(), "yellow"))
        return Text(" ").join(Text(self._say(note), style=style) for note, style in notes)

    def _problem(self, problem: dict[str, Any], *, style: str = "red") -> Text:
        said = problem["reason"]
        if problem["line"] is not None:
            said = self._say(commands.AT_LINE(line=problem["line"], reason=said))
        return Text(f"{problem['path']} {said}", style=style)


def _set_aside_table(entries: list[dict[str, Any]]) -> Table:
    table = Table.grid(padding=(0, 1))
    for entry in entries:
        text = " ".join(entry["text"].split())
        place = "" if entry["line"] is None else str(entry["line"])
        shown = text if len(text) <= _PREVIEW_CHARS else text[:_PREVIEW_CHARS] + "…"
        table.add_row(Text(place, style="dim"), Text(entry["reason"], style="yellow"), Text(shown))
    return table
