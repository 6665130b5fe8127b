"""``bresim help NAME``: what a name means, and which rules read it. It runs nothing: no Hydra, no compiler."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from bresim import columns, scenario
from bresim.cli.failures import explain, spoken
from bresim.common.errors import BresimError, InputError, Problem, closest, nearest, said
from bresim.common.paths import configs_dir
from bresim.governance import design_names, load_design, measures
from bresim.governance.schema import RULE_TYPES
from bresim.parameters import PARAMETERS
from bresim.rulebook import Rule, glossary, order, shipped_rules, shipped_uses, symbols_in

WIDTH = 100
HELP = """\
bresim help NAME

Tells what a name means: unit, range, default and source where it has them, and which rules read it, with their
equations. A name may mean several things.

{names}
"""
Lines = list[str]


def run(arguments: Sequence[str]) -> int:
    """Run the command; the exit code."""
    try:
        return _run([text for text in arguments if not text.startswith("lang=")])
    except BresimError as error:
        return explain("help", error, spoken(arguments, "en"))  # what it tells is in English


def _run(arguments: Sequence[str]) -> int:
    """Print what each of the names means. A name may mean several things: all of them are printed."""
    if not arguments or {"-h", "--help"} & set(arguments):
        print(HELP.format(names="\n\n".join(_listed(kind, names) for kind, names in _names().items())), end="")
        return 0
    known = _known()
    if any(name.startswith("public_value_") and name not in known for name in arguments):
        known |= {one.name: [partial(_outcome, one)] for one in _outcomes_of_default_region()}
    for name in arguments:
        if name not in known:
            remedy = nearest(name, known) if closest(name, known) else said("'bresim help' lists the names")
            raise InputError(Problem("", said("there is no '{name}'", name=name), remedy))
    parts = ["\n".join(one()) for name in arguments for one in known[name]]
    print("\n\n".join(parts))
    return 0


def _names() -> dict[str, Iterable[str]]:
    """Kind → what can be asked, in its own order."""
    return {
        "rules": order(),
        "parameters": PARAMETERS,
        "fields of a design": _design_fields(),
        "designs": design_names(),
        "measures": measures(),
        "fields of a scenario": scenario.FIELDS,
        "scenarios": scenario.scenario_names(),
        "outcomes": [outcome.name for outcome in _outcomes()],  # and public_value_<theme>, public_value_<subregion>
    }


def _listed(kind: str, names: Iterable[str]) -> str:
    text = textwrap.fill(", ".join(names), WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return f"{kind}\n{text}"


def _known() -> dict[str, list[Callable[[], Lines]]]:
    """Name → what tells of it. A field may be named without its section."""
    tellers: dict[str, Callable[[str], Lines]] = {
        "rules": _rule,
        "parameters": _parameter,
        "fields of a design": _field,
        "designs": _design,
        "measures": _measure,
        "fields of a scenario": _scenario_field,
        "scenarios": _scenario,
        "outcomes": lambda name: _outcome(next(one for one in _outcomes() if one.name == name)),
    }
    found: dict[str, list[Callable[[], Lines]]] = {}
    for kind, names in _names().items():
        for name in names:
            for alias in dict.fromkeys((name, name.rpartition(".")[2])):
                found.setdefault(alias, []).append(partial(tellers[kind], name))
    return found


def _design_fields() -> list[str]:
    return [f"{section}.{field}" for section, model in RULE_TYPES.items() for field in model.model_fields]


def _outcomes() -> Sequence[columns.Outcome]:
    return (*columns.STATE_OUTCOMES, *columns.RUN_OUTCOMES)


def _outcomes_of_default_region() -> list[columns.Outcome]:
    """Outcomes by theme and by subregion, which a region names."""
    from bresim.region import load_region  # takes its time

    region = load_region("zuid_limburg")
    themes = [columns.theme_outcome(one.name, one.label_nl, one.label_en) for one in region.themes]
    return [*themes, *(columns.subregion_outcome(columns.snake_case(name), name) for name in region.subregion_labels)]


# --- what is printed ---------------------------------------------------------------------------------------
def _told(name: str, kind: str, meaning: str, facts: Iterable[tuple[str, str]]) -> Lines:
    """A heading, the meaning, and facts of which the empty ones are left out."""
    lines = [f"{name}: {kind}", ""]
    lines += textwrap.wrap(meaning, WIDTH, initial_indent="  ", subsequent_indent="  ")
    for label, text in facts:
        if text:
            start = f"  {label:<10} "
            lines += textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start))
    return lines


def _file(rule: Rule) -> str:
    return f"src/bresim/rules/{rule.path.name}"


def _read_by(rules: Iterable[str], codes: Iterable[str]) -> Lines:
    """The rules that read something with one of these names in the code, and their equations in which it stands."""
    lines = []
    codes = set(codes)
    for rule in (shipped_rules()[name] for name in order() if name in set(rules)):
        lines += ["", f"  read by {rule.name}: {rule.title} ({_file(rule)})"]
        entries = [(symbol, glossary().of(symbol, rule.path)) for symbol in rule.symbols]
        mine = [symbol.latex for symbol, entry in entries if {entry.code, entry.field} & codes]
        for equation in rule.equations:
            there = [symbol for symbol in mine if symbols_in(symbol) & symbols_in(equation.latex)]
            if there:
                lines += ["", f"    {equation.name}  ({', '.join(there)})"]
                lines += [f"      {line}" for line in equation.latex.splitlines()]
    return lines


def _dutch(text: str) -> str:
    from bresim.common.text import language  # Babel takes its time

    found = language("nl").gettext(text)
    return "" if found == text else found


def _parameter(name: str) -> Lines:
    one = PARAMETERS[name]
    facts = (
        ("Dutch", _dutch(one.meaning)),
        ("unit", one.unit),
        ("default", f"{one.default:g}"),
        ("range", f"{one.low:g} to {one.high:g}, prior {one.prior.replace('_', '-')}"),
        ("source", one.source),
        ("set by", f"parameters.{name}=VALUE"),
    )
    readers = shipped_uses().parameters.get(name, ())
    return _told(name, "a parameter", one.meaning, facts) + _read_by(readers, {f"p.{name}"})


def _range(info: dict[str, object]) -> str:
    if "enum" in info:
        return ", ".join(map(str, info["enum"]))  # type: ignore[call-overload]
    if "minimum" in info:
        return f"{info['minimum']:g} to {info['maximum']:g}"
    return ""


def _field(path: str) -> Lines:
    section, _, field = path.partition(".")
    info = RULE_TYPES[section].model_json_schema()["properties"][field]
    default = info.get("default")
    facts = (
        ("unit", glossary().entries[path].unit),
        ("default", "none" if default is None else f"{default}"),
        ("range", _range(info)),
        ("grows", "over the set-up time of the design" if info.get("ramps") else ""),
        ("set by", f"the file of a design, or governance.{path}=VALUE with bresim run"),
        ("moved by", ", ".join(f"measure {m.name}" for m in measures().values() if path in m.targets)),
    )
    kind = f"a field of a design (rule type {section})"
    return _told(path, kind, info["description"], facts) + _read_by(shipped_uses().fields.get(path, ()), {path})


def _design(name: str) -> Lines:
    design = load_design(name)
    path = configs_dir() / "governance" / f"{name}.yaml"
    changed = [
        f"{section}.{field}={getattr(getattr(design, section), field)}"
        for section, model in RULE_TYPES.items()
        for field, info in model.model_fields.items()
        if getattr(getattr(design, section), field) != info.default
    ]
    facts = (
        ("English", design.label_en), ("Dutch", design.label_nl), ("source", design.source), ("file", str(path)),
        ("compared", "by default" if design.compare else "only when named"), ("sets", ", ".join(changed)),
    )  # fmt: skip
    return _told(name, "a design", design.description_en or design.passage, facts)


def _measure(name: str) -> Lines:
    one = measures()[name]
    ways = {path: "down" if path in one.lowers else "up" for path in one.targets}
    moves = ", ".join(f"{path} {ways[path]} to {value:g}" for path, value in one.targets.items())
    facts = (("Dutch", one.label_nl), ("moves", moves), ("source", one.source))
    return _told(name, "a measure", f"{one.label_en}; at full strength it moves fields of a design as below", facts)


def _scenario_field(path: str) -> Lines:
    info = scenario.field_info(path)
    arrays = scenario.FIELDS[path]
    facts = (
        ("default", f"{info['default']:g}" if "default" in info else ""), ("range", _range(info)),
        ("in code", ", ".join(f"w.{array}" for array in arrays)),
    )  # fmt: skip
    readers = {rule for array in arrays for rule in shipped_uses().world.get(array, ())}
    told = _told(path, "a field of a scenario", info["description"], facts)
    return told + _read_by(readers, {f"w.{array}" for array in arrays})


def _scenario(name: str) -> Lines:
    file = scenario.read_scenario(name)
    facts = (
        ("English", file.label_en),
        ("Dutch", file.label_nl),
        ("file", str(configs_dir() / "scenario" / f"{name}.yaml")),
    )
    return _told(name, "a scenario", file.description_en, facts)


def _outcome(one: columns.Outcome) -> Lines:
    better = {1: "more is better", -1: "less is better", 0: "neither more nor less is better"}[one.direction]
    when = {"end": "in the last quarter", "policy": "over the quarters from policy start"}.get(one.window, one.window)
    facts = (
        ("English", one.label_en),
        ("Dutch", one.label_nl),
        ("unit", one.unit),
        ("window", when),
        ("better", better),
        ("computed", "src/bresim/runner/outcomes.py"),
    )
    return _told(one.name, "an outcome, a column of runs.parquet", one.meaning, facts)


def _rule(name: str) -> Lines:
    rule = shipped_rules()[name]
    lines = [f"{name}: a rule ({_file(rule)})", "", f"  {rule.title}"]
    for paragraph in rule.text:
        lines += ["", *textwrap.wrap(paragraph, WIDTH, initial_indent="  ", subsequent_indent="  ")]
    for equation in rule.equations:
        lines += ["", f"  {equation.name}", *(f"      {line}" for line in equation.latex.splitlines())]
    rows = []
    for symbol in rule.symbols:
        entry = glossary().of(symbol, rule.path)
        rows.append((symbol.latex, entry.code.removeprefix("p."), f"{entry.meaning} [{entry.unit}]"))
    first, second = (max(len(row[at]) for row in rows) for at in (0, 1))
    lines += ["", *(f"  {latex:<{first}}  {code:<{second}}  {meaning}" for latex, code, meaning in rows)]
    sources = textwrap.wrap(
        "sources    " + "; ".join(rule.sources), WIDTH, initial_indent="  ", subsequent_indent=" " * 13
    )
    return [*lines, "", *sources]
