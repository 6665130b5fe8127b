"""Regenerate the generated parts of docs/*.md: ``python tools/docs.py``; ``--check`` exits 1 if a part is stale.

A generated part stands between ``<!-- generated:NAME -->`` and ``<!-- end -->``. Its text is made from the
code and the configuration, so a document cannot contradict them. Write around it, not in it.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import itertools
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from bresim import columns, scenario
from bresim.analysis.patterns import PATTERNS
from bresim.analysis.search import FINDINGS
from bresim.config.presets import LEVELS
from bresim.conventions import UNDERCURRENT_PARTS
from bresim.governance import design_names, load_design, measures, shipped_designs
from bresim.governance.compile import PARTNER_SEATS
from bresim.governance.schema import RULE_TYPES, Design
from bresim.kernel import draws, state
from bresim.parameters import PARAMETERS
from bresim.region import load_region

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = ROOT / "configs"
DATA = ROOT / "src" / "bresim" / "data"
#: Files in rules/ in the order in which a quarter calls them; helpers and the start last.
RULES = (
    "adoption", "events", "urgency", "load", "agenda", "commitment", "aggregation", "delivery", "effort", "trust",
    "grievance", "divide", "support", "partners", "acceptance", "value", "reach", "logit", "initial",
)  # fmt: skip
PART = re.compile(r"(<!-- generated:(?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


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


# --- docs/odd.md -----------------------------------------------------------------------------------------


def parameters() -> str:
    """Every parameter, by rule."""
    rows = (
        (code(p.name), p.unit, number(p.default), f"{number(p.low)}–{number(p.high)}", p.prior.replace("_", "-"),
         p.meaning, p.source, f"[{p.rule}](../src/bresim/rules/{p.rule}.py)")
        for p in PARAMETERS.values()
    )  # fmt: skip
    head = ("name", "unit", "default", "range", "prior", "meaning", "source", "rule")
    return f"{len(PARAMETERS)} parameters.\n\n" + table(head, rows)


def rule_lines(name: str) -> dict[str, str]:
    """The lines ``Rule:``, ``Equation:`` and ``Source:`` of a rule's docstring; a line may go on, indented."""
    text = importlib.import_module(f"bresim.rules.{name}").__doc__ or ""
    found = {}
    for key in ("Rule", "Equation", "Source"):
        match = re.search(rf"^{key}: (.+(?:\n[ ]+\S.*)*)", text, re.MULTILINE)
        if match is None:
            raise DocsError(f"src/bresim/rules/{name}.py: its docstring has no line '{key}:'")
        found[key] = " ".join(match.group(1).split())
    return found


def rules() -> str:
    """Every rule: equation, file, source, test."""
    files = {path.stem for path in (ROOT / "src" / "bresim" / "rules").glob("*.py")} - {"__init__"}
    if files != set(RULES):
        raise DocsError(f"tools/docs.py: RULES and src/bresim/rules/ differ in {sorted(files ^ set(RULES))}")
    rows = []
    for name in RULES:
        lines = rule_lines(name)
        rows.append(
            (lines["Rule"], code(lines["Equation"]), f"[{name}.py](../src/bresim/rules/{name}.py)", lines["Source"],
             code(f"tests/rules/test_{name}.py"))
        )  # fmt: skip
    return table(("rule", "equation (short)", "file", "source", "test"), rows)


def outcomes() -> str:
    """Every outcome column."""
    sign = {1: "more is better", -1: "less is better", 0: "neither"}
    rows = [
        (code(o.name), o.unit, sign[o.direction], o.window, o.label_nl, o.meaning)
        for o in (*columns.STATE_OUTCOMES, *columns.RUN_OUTCOMES)
    ]
    for kind in ("theme", "subregion"):
        name = code(f"public_value_<{kind}>")
        rows.append((name, "share", sign[1], "end", "directe waarde: …", f"direct value of one {kind}"))
    return table(("column", "unit", "direction", "window", "Dutch label", "meaning"), rows)


def _range(info: dict[str, Any]) -> str:
    if "enum" in info:
        return ", ".join(map(str, info["enum"]))
    if "anyOf" in info:
        return " or ".join(_range(option) for option in info["anyOf"])
    if "minimum" in info:
        return f"{number(info['minimum'])}–{number(info['maximum'])}"
    kinds = {"string": "text", "array": "list of names", "null": "none"}
    return kinds.get(info.get("type", ""), str(info.get("const", "")))


def governance_fields() -> str:
    """Every field of a design, by rule type."""
    rows = []
    for section, model in RULE_TYPES.items():
        for field, info in model.model_json_schema()["properties"].items():
            default = "none" if info.get("default") is None else info["default"]
            shown = number(default) if isinstance(default, float) else default
            grows = "yes" if info.get("ramps") else ""
            rows.append((section, code(field), _range(info), shown, info["description"], grows))
    return table(("rule type", "field", "range", "default", "meaning", "grows over set-up"), rows)


def partner_seats() -> str:
    """What each place of the partners means in numbers."""
    return table(
        ("`position.partners`", "share of their effort that comes in", "seats they take in transaction cost"),
        ((code(name), number(weight), number(seats)) for name, (weight, seats) in PARTNER_SEATS.items()),
    )


def state_arrays() -> str:
    """Arrays of ``State`` and ``World`` with the comments that stand beside them."""
    parts = []
    for kind in (state.State, state.World):
        rows = re.findall(r"^    (\w+): (?:np\.ndarray|int)(?:  # (.*))?$", inspect.getsource(kind), re.MULTILINE)
        if {name for name, _ in rows} != set(kind._fields):
            raise DocsError(f"state.{kind.__name__}: a field has a form that tools/docs.py does not read")
        parts.append(
            f"**{kind.__name__}**\n\n" + table(("array", "shape and meaning"), ((code(n), t) for n, t in rows))
        )
    return "\n\n".join(parts)


def streams() -> str:
    """The streams of random numbers."""
    found = {name: value for name, value in vars(draws).items() if name.isupper() and isinstance(value, int)}
    del found["N_STREAMS"]
    return ", ".join(f"{code(name.lower())} ({value})" for name, value in found.items()) + "."


def patterns() -> str:
    """The patterns, with verdicts where src/bresim/data/patterns.csv has them."""
    path = DATA / "patterns.csv"
    found = pd.read_csv(path).set_index("pattern") if path.is_file() else None
    head = ["id", "statement", "source", "statistic", "holds from", "required"]
    if found is not None:
        head += ["mean (95 % interval)", "sets that pass", "verdict"]
    rows = []
    for p in PATTERNS:
        row = [p.id, p.statement, p.source, p.text, number(p.threshold), "no" if p.id in FINDINGS else "yes"]
        if found is not None:
            seen = found.loc[p.id]
            interval = f"{seen['mean']:.3g} ({seen['low']:.3g} to {seen['high']:.3g})"
            row += [interval, f"{seen['share_of_sets']:.0%}", seen["verdict"]]
        rows.append(row)
    note = "" if found is not None else "`bresim patterns` prints each with its mean, interval and verdict.\n\n"
    return note + table(head, rows)


def plausible_set() -> str:
    """How the shipped set was made, from its manifest."""
    path = DATA / "plausible.json"
    if not path.is_file():
        return "No plausible set is shipped with this version: use `parameters=prior` or `parameters=point`."
    about = json.loads(path.read_text(encoding="utf-8"))
    return (
        f"{about['sets']} sets out of {about['drawn']} draws from the priors ({about['acceptance']:.2%}), each judged "
        f"on {about['replicates']} replicates (seed {about['seed']}). "
        f"Not required: {', '.join(about['findings_not_required'])}."
    )


def themes() -> str:
    """The themes of the region as the model reads them."""
    region = load_region("zuid_limburg")
    shares = ("indirect_share", "money", "contention", "economic", "societal", "water_board", "border")
    rows = []
    for t in region.themes:
        severity = "/".join(f"{t.severity[name]:.2f}" for name in region.subregions)
        scales = "/".join(f"{part:.2f}" for part in t.scale_share)
        rows.append((code(t.name), t.label_nl, severity, scales, *(number(getattr(t, share)) for share in shares)))
    head = ("theme", "Dutch", "severity", "scale shares", *(share.replace("_", " ") for share in shares))
    order = ", ".join(region.subregion_labels)
    return f"Severity in {order}; scale shares supraregional, regional, subregional, local.\n\n" + table(head, rows)


# --- docs/designs.md -------------------------------------------------------------------------------------


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


def _founding(design: Design) -> str:
    scope, rule = design.scope, design.aggregation
    if not design.compare:
        return "Not voted on: it holds where the region's file or another design names it."
    if rule.adoption_quota == 0:
        founded = "It needs no founding: it holds from policy start."
    else:
        founded = (
            f"Founded when at least {rule.adoption_quota:.0%} of the eligible municipalities vote for it; the vote is "
            "repeated every `adopt_interval` quarters until then, and until then the status quo holds."
        )
    setup = f" At full strength {f'after {scope.setup_quarters} quarters' if scope.setup_quarters else 'at once'}."
    if not scope.term_quarters:
        return founded + setup + " No term."
    after = f"`{scope.successor}` follows" if scope.successor else "the status quo returns"
    return f"{founded}{setup} Term: {scope.term_quarters} quarters, after which {after}."


def _value(value: object) -> str:
    return number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def design_text(name: str) -> str:
    """One design: words, founding, and every field that its file sets beside the passage it cites."""
    path = CONFIGS / "governance" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    top, notes = comments(text)
    design = load_design(name)
    rows = []
    used = set()
    for section, model in RULE_TYPES.items():
        for field in content.get(section, {}):
            value = getattr(getattr(design, section), field)
            default = model.model_fields[field].default
            shown = _value(value) + (" (default)" if value == default else "")
            key = f"{section}.{field}"
            used.add(key)
            why = notes.get(key) or ("" if section in notes else "judgement")
            rows.append((code(key), shown, _value(default), model.model_fields[field].description, why))
        if section in notes:
            used.add(section)
            rows.append((code(section), "", "", "the whole section", notes[section]))
    lost = set(notes) - used - {"compare"}
    if lost:
        raise DocsError(f"{path.name}: a comment beside {sorted(lost)} is in no table")
    head = ("field", "value", "default", "meaning", "passage or reason")
    return (
        f"### {design.label_en} ({design.label_nl})\n\n"
        f"[`{name}`](../configs/governance/{name}.yaml) — {top}\n\n"
        f"In the words of its source:\n\n> {design.passage}\n\n"
        f"In ours: {design.description_en} ({design.description_nl})\n\n"
        f"Sources: {design.source}.\n\n{_founding(design)}\n\n" + table(head, rows)
    )


def designs() -> str:
    """The designs that are compared by default."""
    return "\n\n".join(design_text(name) for name in shipped_designs())


def other_designs() -> str:
    """Institutions that are not compared: of subregions, and successors."""
    compared = set(shipped_designs())
    return "\n\n".join(design_text(name) for name in design_names() if name not in compared)


def measure_table() -> str:
    """The measures and what they move."""
    rows = []
    for m in measures().values():
        moves = "; ".join(f"`{key}` → {number(value)}" for key, value in m.targets.items())
        rows.append((code(m.name), m.label_nl, m.label_en, moves, m.source))
    head = ("name", "Dutch", "English", "moves towards, at strength 1", "source")
    return f"{len(rows)} measures.\n\n" + table(head, rows)


def scenarios() -> str:
    """The scenarios and their events."""
    parts = []
    for name in sorted(scenario.scenario_names(), key=lambda one: (one != "history", one)):
        file = scenario.read_scenario(name)
        top, _ = comments((CONFIGS / "scenario" / f"{name}.yaml").read_text(encoding="utf-8"))
        text = f"### {file.label_en} ({file.label_nl})\n\n[`{name}`](../configs/scenario/{name}.yaml) — {top}\n\n"
        text += f"> {file.description_nl}\n>\n> {file.description_en}"
        if file.history:
            text += f"\n\nThe events of `{file.history}` hold too."
        changed = file.from_policy_start.model_dump(exclude_defaults=True)
        if changed:
            text += " From policy start: " + ", ".join(f"`{key}` {number(value)}" for key, value in changed.items())
            text += "."
        rows = []
        for e in file.events:
            size = number(e.size) if e.theme or "stance" in e.kind else ""
            rows.append((e.quarter, e.kind.replace("_", " "), e.theme or "", size, e.source))
        if rows:
            text += "\n\n" + table(("quarter", "event", "theme", "size", "source"), rows)
        parts.append(text)
    return "\n\n".join(parts)


def undercurrents() -> str:
    """The presets of the undercurrent."""
    rows = []
    for name in LEVELS:
        text = (CONFIGS / "undercurrent" / f"{name}.yaml").read_text(encoding="utf-8")
        values = yaml.safe_load(text)
        parts = (number(values[part]) for part in UNDERCURRENT_PARTS)
        rows.append((code(name), *parts, comments(text)[0]))
    return table(("preset", *UNDERCURRENT_PARTS, "what it is"), rows)


# --- docs/architecture.md --------------------------------------------------------------------------------


def first_sentence(module: str) -> str:
    """What a module or package of bresim is: the first sentence of its docstring, as Markdown."""
    package = ROOT / "src" / "bresim" / module
    path = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not text:
        raise DocsError(f"{path.relative_to(ROOT)}: has no docstring")
    return re.split(r"\.(?=\s|$)", " ".join(text.split()), maxsplit=1)[0].replace("``", "`")


def layers() -> str:
    """The layers of the import contract in pyproject.toml, from the top down."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rows = [
        (number, code(module), first_sentence(module))
        for number, layer in enumerate(contracts["contracts"][0]["layers"], 1)
        for module in re.findall(r"\w+", layer)
    ]
    return table(("layer", "module", "what it is"), rows)


GENERATORS: dict[str, Callable[[], str]] = {
    function.__name__: function
    for function in (
        parameters, rules, outcomes, governance_fields, partner_seats, state_arrays, streams, patterns, plausible_set,
        themes, designs, other_designs, measure_table, scenarios, undercurrents,
        layers,
    )
}  # fmt: skip


def render(text: str, where: str) -> str:
    """``text`` with every generated part regenerated."""
    if text.count("<!-- generated:") != len(PART.findall(text)):
        raise DocsError(f"{where}: a generated part has no <!-- end -->")

    def part(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in GENERATORS:
            raise DocsError(f"{where}: there is no generated part '{name}'; there are {', '.join(GENERATORS)}")
        return f"{match[1]}\n{GENERATORS[name]()}\n\n{match[3]}"

    return PART.sub(part, text)


def stale(folder: Path = ROOT / "docs", *, write: bool = False) -> list[str]:
    """Documents whose generated parts are stale; with ``write`` they are updated."""
    names = []
    for path in sorted(folder.glob("*.md")):
        old = path.read_text(encoding="utf-8")
        new = render(old, path.name)
        if new != old:
            names.append(path.name)
            if write:
                path.write_text(new, encoding="utf-8")
    return names


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a part is stale")
    given = parser.parse_args(arguments)
    try:
        names = stale(write=not given.check)
    except DocsError as error:
        print(f"docs: {error}", file=sys.stderr)
        return 1
    if given.check and names:
        print(f"docs: stale: {', '.join(names)}; run 'python tools/docs.py'", file=sys.stderr)
        return 1
    print(f"docs: {'wrote ' + ', '.join(names) if names else 'up to date'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
