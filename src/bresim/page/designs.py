"""Designs, measures and the fields of rules as data, for a page that reads and compiles designs itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from bresim.common.user_files import UNSEEN
from bresim.common.validation_messages import LONGEST_NAME
from bresim.common.yaml_files import DEEPEST, LARGEST, LONGEST_KEY, MOST_VALUES
from bresim.governance import Design, design_names, load_design, measures
from bresim.governance.codings import SWITCHES, is_whole
from bresim.governance.compile import FIELDS, NUMBERS, PARTNER_SEATS, RAMPS
from bresim.governance.schema import RULE_TYPES, Coding, Kind, Measure
from bresim.governance.words import FIELD_LABELS, WORD_LABELS, meaning
from bresim.kernel.state import ARENAS
from bresim.page.texts import both

#: Fields that are lists of names, or the name of a design.
_NAMES, _DESIGN = ("position.board", "boundary.eligible", "scope.themes"), ("scope.successor",)


def label(thing: Any) -> dict[str, str]:
    """Label in both languages."""
    return {"nl": thing.label_nl, "en": thing.label_en}


def _description(thing: Any) -> dict[str, str]:
    return {"nl": thing.description_nl, "en": thing.description_en}


def stream_of(what: str) -> str:
    """The number, in hexadecimal, that names the stream of a coding's draws (as ``codings.Readings`` takes it)."""
    return hashlib.sha256(what.encode()).digest()[:8].hex()


def _codings(entry: Design | Measure, codings: Mapping[str, Coding]) -> dict[str, Any]:
    kind = "measure " if isinstance(entry, Measure) else ""
    return {
        path: {
            "evidence": coding.evidence,
            "source": coding.source,
            "range": list(coding.range) if coding.range else None,
            "stream": stream_of(f"{kind}{coding.origin or entry.name}.{path}"),
        }
        for path, coding in codings.items()
    }


def design(one: Design) -> dict[str, Any]:
    """A design with all its fields and what they rest on."""
    return {
        "name": one.name,
        "label": label(one),
        "description": _description(one),
        "source": one.source,
        "rules": {section: json.loads(getattr(one, section).model_dump_json()) for section in RULE_TYPES},
        "codings": _codings(one, one.codings),
    }


def all_designs(chosen: tuple[Design, ...]) -> list[dict[str, Any]]:
    """The chosen designs, then all shipped ones that others may refer to."""
    names = {one.name for one in chosen}
    return [design(one) for one in chosen] + [design(load_design(name)) for name in design_names() if name not in names]


def measure(one: Measure) -> dict[str, Any]:
    """A measure with its targets."""
    return {
        "name": one.name,
        "label": label(one),
        "description": _description(one),
        "targets": one.targets,
        "lowers": list(one.lowers),
        "codings": _codings(one, one.codings),
    }


def all_measures() -> list[dict[str, Any]]:
    """The shipped measures."""
    return [measure(one) for one in measures().values()]


def fields() -> list[dict[str, Any]]:
    """Every field of the seven rule types: meaning, kind, bounds and default."""
    return [_field(section, name) for section, model in RULE_TYPES.items() for name in model.model_fields]


def _field(section: str, name: str) -> dict[str, Any]:
    info = RULE_TYPES[section].model_fields[name]
    path = f"{section}.{name}"
    bounds = {
        key: value for part in info.metadata for key in ("ge", "le") if (value := getattr(part, key, None)) is not None
    }
    words = _words(info.annotation)
    kind = "share"
    if path in _NAMES:
        kind = "names"
    elif path in _DESIGN:
        kind = "design"
    elif info.annotation is bool:
        kind = "flag"
    elif is_whole(path):
        kind = "whole"
    elif words:
        kind = "word"
    known = WORD_LABELS.get(path, {})
    return {
        "rules": section, "name": name, "label": both(FIELD_LABELS[path]), "meaning": both(meaning(path)), "kind": kind,
        "wordLabels": {word: both(label) for word, label in known.items()},
        "low": bounds.get("ge", 0), "high": bounds.get("le", 1), "words": words, "default": info.default,
    }  # fmt: skip


def _words(annotation: Any) -> list[str]:
    """The words that a field can be, also where it can be a list instead."""
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    return next((found for part in get_args(annotation) if (found := _words(part))), [])


def design_file() -> dict[str, Any]:
    """What a design's file holds beside the rules, and what it can refer to: for a page that checks one."""
    return {
        "about": [_about(name) for name in Design.model_fields if name not in (*RULE_TYPES, "codings")],
        "evidence": list(get_args(Kind)),
        "switches": list(SWITCHES),
        "shipped": design_names(),
    }


def _about(name: str) -> dict[str, Any]:
    info = Design.model_fields[name]
    least, most, pattern = (
        next((value for part in info.metadata if (value := getattr(part, limit, None)) is not None), otherwise)
        for limit, otherwise in (("min_length", 0), ("max_length", None), ("pattern", None))
    )
    kind = "flag" if info.annotation is bool else "text"
    return {
        "name": name, "kind": kind, "required": info.is_required(), "least": least, "most": most, "pattern": pattern
    }  # fmt: skip


def file_limits() -> dict[str, Any]:
    """What a file of a user holds at most, for a page that reads one."""
    return {
        "values": MOST_VALUES, "depth": DEEPEST - 1, "name": LONGEST_NAME, "key": LONGEST_KEY, "number": str(LARGEST),
        "unseen": UNSEEN,
    }  # fmt: skip


def compiling() -> dict[str, Any]:
    """What turns a design into numbers: the order of fields, and the numbers behind words."""
    return {
        "numbers": [f"{section}.{name}" for section, name in NUMBERS],
        "columns": len(FIELDS),
        "whole": [f"{section}.{name}" for section, name in NUMBERS if is_whole(f"{section}.{name}")],
        "ramps": [bool(ramp) for ramp in RAMPS],
        "partnerSeats": {word: list(numbers) for word, numbers in PARTNER_SEATS.items()},
        "slotsBeforeArenas": ARENAS,
    }
