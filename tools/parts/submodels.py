"""``docs/odd.md``: its submodels, from the docstrings of the rules, and the order in which a quarter runs them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bresim.governance.compile import PARTNER_SEATS
from bresim.governance.schema import RULE_TYPES
from bresim.rulebook import (
    Call,
    Phase,
    Rule,
    glossary,
    order,
    schedule,
    shipped_rules,
    shipped_uses,
)
from tools.parts.markdown import ROOT, DocsError, anchor, bounds, code, number, table

SECTION = 7


def heading(name: str) -> str:
    """The heading of a rule's section."""
    return f"{SECTION}.{order().index(name) + 1} {shipped_rules()[name].title} (`{name}`)"


def links(names: Iterable[str]) -> str:
    """Links to the sections of some rules."""
    return ", ".join(f"[{name}]({anchor(heading(name))})" for name in names)


def _linked(text: str) -> str:
    """``text`` with every "rule `name`" a link; raises DocsError where there is no such rule."""

    def link(match: re.Match[str]) -> str:
        names = re.findall(r"`(\w+)`", match[0])
        unknown = [name for name in names if name not in shipped_rules()]
        if unknown:
            raise DocsError(f"a rule refers to the rule '{unknown[0]}', which does not exist")
        return re.sub(r"`(\w+)`", lambda one: f"[`{one[1]}`]({anchor(heading(one[1]))})", match[0])

    return re.sub(r"\brules? (?:`\w+`(?:, | and |, and )?)+", link, text)


def _symbols(rule: Rule) -> str:
    rows = []
    for symbol in rule.symbols:
        entry = glossary().of(symbol, rule.path)
        name = code(entry.code.removeprefix("p.")) if entry.code else ""
        name += f" ({code(entry.field)})" if entry.field not in ("", entry.code) else ""
        rows.append((f"$`{symbol.latex}`$", name, _linked(entry.meaning), entry.unit, entry.source))
    head = ["symbol", "in the code", "meaning", "unit", "source"]
    kept = [at for at in range(len(head)) if any(row[at] for row in rows)]
    return table([head[at] for at in kept], ([row[at] for at in kept] for row in rows))


def _submodel(name: str) -> str:
    rule = shipped_rules()[name]
    test = f"tests/rules/test_{name}.py"
    parts = [f"### {heading(name)}", *map(_linked, rule.text)]
    for equation in rule.equations:
        parts.append(f"*{equation.name[0].upper()}{equation.name[1:]}*\n\n```math\n{equation.latex}\n```")
    parts.append(_symbols(rule))
    told = f"Sources: {'; '.join(rule.sources)}. Code: [{name}.py](../src/bresim/rules/{name}.py)."
    if (ROOT / test).is_file():
        told += f" Test: [test_{name}.py](../{test})."
    return "\n\n".join([*parts, told])


def submodels() -> str:
    """Every rule in the order of a quarter: sentences, equations, symbols, sources, code and test."""
    return "\n\n".join(map(_submodel, order()))


def quarter() -> str:
    """What a quarter runs, in turn."""
    lines: list[str] = []
    seen: set[str] = set()

    def add(part: Phase | Call, depth: int) -> None:
        indent = "  " * depth
        if isinstance(part, Call):
            title = shipped_rules()[part.rule].title
            lines.append(f"{indent}- [{title}]({anchor(heading(part.rule))}) (`{part.rule}`)")
            return
        text = re.sub(r"\s*\(\d[^)]*\)(?=\.?$)", "", part.text)
        again = part.name in seen
        seen.add(part.name)
        lines.append(f"{indent}- {text}" + (" As above." if again else ""))
        for one in part.parts if not again else ():
            add(one, depth + 1)

    for part in schedule().parts:
        add(part, 0)
    return "\n".join(lines)


def governance_fields() -> str:
    """Every field of a design, by rule type, and the rules that read it."""
    readers = shipped_uses().fields
    rows = []
    for section, model in RULE_TYPES.items():
        for field, info in model.model_json_schema()["properties"].items():
            default = "none" if info.get("default") is None else info["default"]
            shown = number(default) if isinstance(default, float) else default
            grows = "yes" if info.get("ramps") else ""
            read_by = links(readers.get(f"{section}.{field}", ()))
            rows.append((section, code(field), bounds(info), shown, info["description"], grows, read_by))
    head = ("rule type", "field", "range", "default", "meaning", "grows over set-up", "read by")
    return table(head, rows)


def partner_seats() -> str:
    """What each place of the partners means in numbers."""
    return table(
        ("`position.partners`", "share of their effort that comes in", "seats they take in transaction cost"),
        ((code(name), number(weight), number(seats)) for name, (weight, seats) in PARTNER_SEATS.items()),
    )
