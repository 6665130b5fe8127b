"""What a name in the code means: parameters, fields of a design, and the arrays and records of a run and its world.

A name may be given as the code has it (``p.stance``, ``s.region.stance``, ``w.severity``, ``payoff.binding``) or, where
only one thing has it, alone (``trust_gain``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bresim.common.errors import nearest
from bresim.governance.schema import RULE_TYPES
from bresim.parameters import PARAMETERS
from bresim.rulebook.description import RulebookError, Symbol

Kind = Literal["parameter", "field", "state", "world"]

#: Fields of an institution that are made of another one (``governance.compile``): field of a design, meaning, unit.
DERIVED: Mapping[str, tuple[str, str, str]] = {
    "partner_weight": ("position.partners", "share of their effort that comes in, by where partners sit", "share"),
    "partner_seats": ("position.partners", "seats that partners take at the table, by where they sit", "count"),
    "pooled_by_board": ("choice.pooled_by", "whether only the board supplies the shared bureau", "0 or 1"),
    "services_by_board": ("choice.services_by", "whether only the board supplies the services", "0 or 1"),
    "services_by_province": (
        "choice.services_by",
        "whether the province supplies the services of the region",
        "0 or 1",
    ),
    "successor_if_agreed": ("scope.successor_if", "whether the successor asks for enough agreements", "0 or 1"),
    "successor_if_not_agreed": ("scope.successor_if", "whether it asks that there are not enough", "0 or 1"),
}
#: Arrays over municipalities or themes that are made of a field of a design.
MASKS: Mapping[str, str] = {
    "beside": "boundary.beside",
    "eligible": "boundary.eligible",
    "invited": "boundary.eligible",
    "n_invited": "boundary.eligible",
    "board": "position.board",
    "seated": "position.board",
    "rotation": "position.board",
    "in_scope": "scope.themes",
    "has_successor": "scope.successor",
}
STATE_FILE = Path(__file__).parents[1] / "kernel" / "state.py"
#: Records of a run: the field of the state that holds one, and the name of its type.
RECORDS = {"region": "REGION_DTYPE", "counts": "COUNTS_DTYPE", "log": "INITIATIVE_DTYPE"}
_ARRAY = re.compile(r"^    (\w+): (?:np\.ndarray|int|Any)(?:  # (.*))?$", re.MULTILINE)
_MEMBER = re.compile(r"\(\"(\w+)\", np\.\w+\),(?:  # (.*))?")
_COMMENT = re.compile(
    r"(?:\((?P<shape>[^)]*)\),?\s*)?(?P<kind>u?int\d+|bool)?,?\s*(?:\[(?P<unit>[^\]]+)\]\s*)?(?P<text>.*)"
)


@dataclass(frozen=True)
class Entry:
    """What a name means; ``field`` is the field of a design that it is, or is made of, if any."""

    code: str
    kind: Kind
    meaning: str
    unit: str
    source: str = ""
    field: str = ""
    shape: str = ""


@dataclass(frozen=True)
class Glossary:
    """All names."""

    entries: Mapping[str, Entry]

    def entry(self, name: str) -> Entry | str:
        """The entry of a name, or what is wrong with it."""
        if name in self.entries:
            return self.entries[name]
        found = [entry for code, entry in self.entries.items() if code.rpartition(".")[2] == name]
        if len(found) == 1:
            return found[0]
        if found:
            return f"'{name}' has several meanings: write {' or '.join(entry.code for entry in found)}"
        known = {code for code in self.entries if "." in name} or {code.rpartition(".")[2] for code in self.entries}
        return f"'{name}' is no parameter, field of a design, or array or record of a run; {nearest(name, known)}"

    def of(self, symbol: Symbol, where: Path) -> Entry:
        """What a symbol of a rule means, with its own words where it has them; raises RulebookError."""
        if symbol.name is None:
            return Entry("", "state", symbol.words, symbol.unit)
        entry = self.entry(symbol.name)
        if isinstance(entry, str):
            raise RulebookError(f"{where}:{symbol.line}: {entry}")
        if not symbol.words and not symbol.unit:
            return entry
        if entry.kind in ("parameter", "field"):
            what = f"what {entry.code} means stands where it is declared: leave out '; {symbol.words}'"
            raise RulebookError(f"{where}:{symbol.line}: {what}")
        meaning, unit = symbol.words or entry.meaning, symbol.unit or entry.unit
        return Entry(entry.code, entry.kind, meaning, unit, entry.source, entry.field, entry.shape)


@functools.cache
def glossary() -> Glossary:
    """The glossary of the model."""
    found = [*_parameters(), *_fields(), *_arrays()]
    return Glossary({entry.code: entry for entry in found})


def _parameters() -> list[Entry]:
    return [Entry(f"p.{p.name}", "parameter", p.meaning, p.unit, p.source) for p in PARAMETERS.values()]


def field_unit(name: str, info: Mapping[str, Any]) -> str:
    """Unit of a field of a design, from its JSON schema: all numbers that are no count are shares."""
    if info.get("type") == "integer":
        return "quarters" if name.endswith("quarters") else "count"
    return "share" if info.get("type") == "number" else "name"


def _fields() -> list[Entry]:
    found = [
        Entry(f"{section}.{name}", "field", info["description"], field_unit(name, info), field=f"{section}.{name}")
        for section, model in RULE_TYPES.items()
        for name, info in model.model_json_schema()["properties"].items()
    ]
    made = [Entry(name, "field", meaning, unit, field=of) for name, (of, meaning, unit) in DERIVED.items()]
    return [*found, *made]


def _arrays() -> list[Entry]:
    """Arrays and records, from the comments that stand beside them."""
    text = STATE_FILE.read_text(encoding="utf-8")
    found = []
    for holder in ("region", "counts"):
        found += [_entry(f"s.{holder}.{name}", "state", comment) for name, comment in record_comments(text, holder)]
    for letter, kind in (("w", "World"), ("s", "State")):
        for name, comment in array_comments(text, kind):
            found.append(_entry(f"{letter}.{name}", "world" if letter == "w" else "state", comment))
    return found


def record_comments(text: str, holder: str) -> list[tuple[str, str]]:
    """(member, comment beside it) of the record in the field ``holder`` of the state, from ``kernel/state.py``."""
    block = re.search(rf"^{RECORDS[holder]} = .*?^\]", text, re.MULTILINE | re.DOTALL)
    return _MEMBER.findall(block[0]) if block else []


def array_comments(text: str, kind: str) -> list[tuple[str, str]]:
    """(array, comment beside it) of the named tuple ``kind``, from the source of ``kernel/state.py``."""
    block = re.search(rf"^class {kind}\(.*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    return _ARRAY.findall(block[0]) if block else []


def _entry(code: str, kind: Kind, comment: str) -> Entry:
    match = _COMMENT.fullmatch(comment)
    assert match is not None
    unit, text = match["unit"], match["text"].strip()
    if unit is None:
        raise RulebookError(f"{STATE_FILE}: '{code}' has no unit: write it in [ ] before what it means")
    name = code.rpartition(".")[2]
    meaning = text or name.replace("_", " ")
    made_of = MASKS.get(name, "") if code.count(".") == 1 else ""
    return Entry(code, kind, meaning, unit, "", made_of, match["shape"] or "")
