"""Markdown for the generated parts of the documents, and where their sources are."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
DATA = ROOT / "src" / "bresim" / "data"


class DocsError(Exception):
    """A document asks for a part that does not exist, or a source cannot be read."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; ``|`` in a cell is escaped."""

    def line(cells: Sequence[object]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(head), "|" + "---|" * len(head), *(line(row) for row in rows)])


def number(value: float) -> str:
    """Short, without a trailing .0."""
    return f"{value:g}"


def code(text: object) -> str:
    """Text as code."""
    return f"`{text}`"


def comments(text: str) -> tuple[str, dict[str, str]]:
    """(comment at the top, comment beside each key) of a design file; a key is ``section`` or ``section.field``."""
    lines = text.splitlines()
    top = " ".join(line.lstrip("# ").strip() for line in itertools.takewhile(lambda one: one.startswith("#"), lines))
    found: dict[str, str] = {}
    section = ""
    for line in lines:
        match = re.match(r"( *)(\w+):(.*)$", line)
        if match is None:
            continue
        indent, key, rest = match.groups()
        note = re.search(r"\s#\s(.*)$", rest)
        if not indent:
            section = key
        if note is not None:
            found[key if not indent else f"{section}.{key}"] = note.group(1).strip()
    return top, found


def bounds(info: dict[str, Any]) -> str:
    """What a field may be, from its JSON schema."""
    if "enum" in info:
        return ", ".join(map(str, info["enum"]))
    if "anyOf" in info:
        return " or ".join(bounds(option) for option in info["anyOf"])
    if "minimum" in info:
        return f"{number(info['minimum'])}–{number(info['maximum'])}"
    kinds = {"string": "text", "array": "list of names", "null": "none"}
    return kinds.get(info.get("type", ""), str(info.get("const", "")))


def anchor(heading: str) -> str:
    """The anchor that GitHub makes of a heading."""
    return "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
