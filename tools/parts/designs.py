"""``docs/designs.md``: designs, measures, scenarios and presets of the undercurrent, from their files."""

from __future__ import annotations

from types import SimpleNamespace

import yaml

from bresim import scenario
from bresim.config.presets import LEVELS
from bresim.conventions import UNDERCURRENT_PARTS
from bresim.governance import Coding, compile_design, design_names, load_design, measures, shipped_designs
from bresim.governance.compile import FIELDS, NUMBERS
from bresim.governance.schema import ALL_BUT, RULE_TYPES, Design
from bresim.parameters import defaults, records
from bresim.region import load_region
from bresim.rules.services import asked, asked_of_members
from tools.parts.markdown import CONFIGS, DocsError, code, comments, number, table

#: The staff that services and the municipalities' own part of them ask, as the rule has it, without the compiler.
STAFF = tuple(getattr(rule, "py_func", rule) for rule in (asked, asked_of_members))


def _staff(values: dict[str, float], municipalities: int) -> float:
    """Fte that fields of these values ask at the documented point; all other fields at 0."""
    institution = SimpleNamespace(**(dict.fromkeys(FIELDS, 0.0) | values))
    return float(sum(rule(records(defaults())[0], institution, municipalities) for rule in STAFF))


def _founding(design: Design) -> str:
    scope, rule = design.scope, design.aggregation
    if not design.compare:
        return "It holds where the region's file or another design names it."
    if rule.adoption_quota == 0:
        founded = "The municipalities do not vote on it: it holds from policy start."
        if _asks_the_council(design):
            founded = (
                "The municipalities do not vote on it: it holds once more than half of the provincial council backs it."
            )
    else:
        founded = (
            f"Founded when at least {rule.adoption_quota:.0%} of the eligible municipalities vote for it; the vote is "
            "repeated every `adopt_interval` quarters until then, and until then the status quo holds."
        )
    setup = f" At full strength {f'after {_quarters(scope.setup_quarters)}' if scope.setup_quarters else 'at once'}."
    return founded + setup + _end(design)


def _asks_the_council(design: Design) -> bool:
    """Whether the province decides on it: the municipalities have no vote, and did not grant it the role in full."""
    payoff = design.payoff
    return design.aggregation.adoption_quota == 0.0 and payoff.steering > 0.0 and payoff.mandate < 1.0


def _quarters(count: int) -> str:
    return f"{count} quarter{'' if count == 1 else 's'}"


def _end(design: Design) -> str:
    """How the design ends: by its term, or dissolved for want of results."""
    scope = design.scope
    after = f"`{scope.successor}` may be founded in the same way" if scope.successor else "the status quo returns"
    enough = (
        f"at least {scope.successor_agreements} agreement{'s' * (scope.successor_agreements != 1)} under the design"
    )
    after += {
        "always": "",
        "agreed": f" if there were {enough}",
        "not_agreed": f" unless there were {enough}",
    }[scope.successor_if if scope.successor else "always"]
    term = f" Term: {scope.term_quarters} quarters, after which {after}." if scope.term_quarters else " No term."
    own = design.choice.services_by != "province"
    if own and (design.aggregation.adoption_quota > 0.0 or design.choice.pooled_capacity > 0.0):
        return term + " Municipalities that see no results can dissolve it."
    return term


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value).replace(f"{ALL_BUT}, ", f"{ALL_BUT} ")
    return number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _coding(coding: Coding | None, note: str) -> tuple[str, str, str]:
    """Range, kind of evidence, and passage of a value; a judgement taken over names the design it comes from."""
    if coding is None:
        return "certain", "", note
    limits = "certain" if coding.range is None else f"{number(coding.range[0])} to {number(coding.range[1])}"
    same = f"as {code(coding.origin)}: " if coding.origin else ""
    return limits, coding.evidence, same + " ".join(part for part in (coding.source, note) if part)


def design_text(name: str) -> str:
    """One design: words, founding, and every field that its file sets beside the passage it cites."""
    path = CONFIGS / "governance" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    top, notes = comments(text)
    design = load_design(name)
    rows = []
    for section, model in RULE_TYPES.items():
        for field in content.get(section, {}):
            value = getattr(getattr(design, section), field)
            default = model.model_fields[field].default
            shown = _value(value) + (" (default)" if value == default else "")
            key = f"{section}.{field}"
            told = _coding(design.codings.get(key), notes.pop(key, ""))
            rows.append((code(key), shown, *told, model.model_fields[field].description))
    lost = set(notes) - {"compare"}
    if lost:
        raise DocsError(f"{path.name}: a comment beside {sorted(lost)} is in no table")
    head = ("field", "value", "range", "evidence", "passage or reason", "meaning")
    pairs = ((design.description_nl, design.example_nl), (design.description_en, design.example_en))
    ours = [" ".join(text for text in pair if text) for pair in pairs]
    return (
        f"### {design.label_en} ({design.label_nl})\n\n"
        f"[`{name}`](../configs/governance/{name}.yaml) — {top}\n\n"
        f"In the words of its source:\n\n> {design.passage}\n\n"
        f"In ours: {ours[1]} ({ours[0]})\n\n"
        f"Sources: {design.source}.\n\n{_founding(design)}\n\n" + table(head, rows)
    )


def _service_fields() -> list[tuple[str, str]]:
    """(section, field) of what asks staff, found by asking what each field alone costs."""
    return [(section, field) for section, field in NUMBERS if _staff({field: 1.0}, 1) > 0.0]


def _supplier(design: Design) -> str:
    """What supplies the services: the shared bureau first, then members, board or province."""
    pool, by = design.choice.pooled_capacity, design.choice.services_by
    who = {
        "members": "the eligible municipalities",
        "board": "the municipalities on the board",
        "province": "the province, beyond what the status quo asks",
    }[by]
    if not pool:
        return who
    givers = "the board" if design.choice.pooled_by == "board" else "all that take part"
    executes = design.choice.bureau_executes
    return (
        f"a bureau with {pool:.0%} of the capacity of {givers}, then {who}; {executes:.0%} of what they leave executes"
    )


def _condition(design: Design) -> str:
    """From when, and under which condition, the services are there."""
    scope, quota = design.scope, design.aggregation.adoption_quota
    none = "founded by the province" if _asks_the_council(design) else "from policy start"
    parts = [f"founded by {quota:.0%}" if quota else none]
    if design.choice.services_by == "province":
        granted = design.payoff.mandate
        parts.append(f"as far as the mandate ({granted:g}) goes" if granted else "only while the province intervenes")
        parts.append("at most `province_staff` fte")
    if scope.setup_quarters:
        parts.append(f"growing over {_quarters(scope.setup_quarters)}")
    if scope.term_quarters:
        parts.append(f"until {scope.term_quarters} quarters after founding")
    return "; ".join(parts)


def services() -> str:
    """What the services of each design ask in fte at the documented point; who supplies them, and when."""
    region = load_region("zuid_limburg")
    fields = _service_fields()
    rows = []
    for name in shipped_designs():
        design = load_design(name)
        count = int(compile_design(design, region).eligible.sum())
        given = {field: float(getattr(getattr(design, section), field)) for section, field in fields}
        parts = [_staff({field: value}, count) for field, value in given.items()]
        rows.append(
            (
                code(name),
                *(number(round(fte, 2)) for fte in parts),
                number(round(_staff(given, count), 2)),
                _supplier(design),
                _condition(design),
            )
        )
    head = (
        "design",
        *(field.replace("_", " ") for _, field in fields),
        "all",
        "supplied by",
        "from when, on which condition",
    )
    return table(head, rows)


def designs() -> str:
    """The designs that are compared by default."""
    return "\n\n".join(design_text(name) for name in shipped_designs())


def other_designs() -> str:
    """Institutions that are not compared: of subregions, and successors."""
    compared = set(shipped_designs())
    return "\n\n".join(design_text(name) for name in design_names() if name not in compared)


def unset_fields() -> str:
    """The fields that no shipped design sets."""
    fields = {f"{section}.{field}": None for section, model in RULE_TYPES.items() for field in model.model_fields}
    for name in design_names():
        content = yaml.safe_load((CONFIGS / "governance" / f"{name}.yaml").read_text(encoding="utf-8"))
        for section in RULE_TYPES:
            for field in content.get(section, {}):
                fields.pop(f"{section}.{field}", None)
    return ", ".join(map(code, fields)) + "."


def measure_table() -> str:
    """The measures and what they move."""
    rows = []
    for m in measures().values():
        for key, value in m.targets.items():
            told = _coding(m.codings.get(key), "")
            rows.append((code(m.name), m.label_nl, m.label_en, code(key), number(value), *told, m.source))
    head = ("name", "Dutch", "English", "moves", "at strength 1 to", "range", "evidence", "passage", "source")
    return f"{len(measures())} measures.\n\n" + table(head, rows)


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
