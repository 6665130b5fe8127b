"""What a rule reads and changes is found in its source, through every way in which a rule hands things on."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bresim.governance.compile import FIELDS
from bresim.governance.schema import RULE_TYPES
from bresim.kernel.state import State, World
from bresim.parameters import PARAMETERS
from bresim.rulebook import RulebookError, Uses, glossary, rule_files, shipped_uses, uses_of
from bresim.rulebook.glossary import DERIVED, MASKS
from bresim.rulebook.readers import SCRATCH

SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in rule_files()}


def uses(folder: Path, **modules: str) -> Uses:
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return uses_of([folder / f"{name}.py" for name in modules])


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("x = p.trust_gain", {"parameters": {"trust_gain"}}),
        ("f(p.trust_gain * p.pace)", {"parameters": {"trust_gain", "pace"}}),
        ("x = s.institution[a].binding", {"fields": {"payoff.binding"}, "state": {"institution"}}),
        ("x = w.institution[d, 2].binding + 1", {"fields": {"payoff.binding"}, "world": {"institution"}}),
        ("r = s.institution[a]\n    x = r.quota + 1", {"fields": {"aggregation.quota"}, "state": {"institution"}}),
        ("r, z = s.institution[a], s.region\n    x = r.quota + z.divide",
         {"fields": {"aggregation.quota"}, "state": {"institution", "region.divide"}}),
        ("x = s.region.steering + 1", {"state": {"region.steering"}}),
        ("x = s.institution[a].partner_weight", {"fields": {"position.partners"}, "state": {"institution"}}),
        ("x = s.eligible[a, i] + 1", {"fields": {"boundary.eligible"}, "state": {"eligible"}}),
        ("x = w.shock_factor[t] + 1", {"world": {"shock_factor"}}),
        ("s.trust[i, j] = 0.0", {"changed": {"trust"}}),
        ("s.trust[i, j] += 1.0", {"changed": {"trust"}, "state": {"trust"}}),
        ("row = s.direct[k, 2]\n    row[i] = 0.0", {"changed": {"direct"}}),
        ("s.region.divide += 1.0", {"changed": {"region.divide"}, "state": {"region.divide"}}),
        ("region = s.region\n    region.kappa = 0.0", {"changed": {"region.kappa"}}),
        ("for row in (s.used, s.slack):\n        row[:] = 0.0", {"changed": {"used", "slack"}}),
        ("fill(s.used, s.slack[i])", {"changed": {"used"}, "state": {"slack"}}),
        ("outer(s.used)", {"changed": {"used"}}),
        ("x = s.scratch[0]\n    x[i] = 1.0", {}),
        ("n = s.trust.shape[0]", {}),
        ("x = s.urgency[int(s.tables[i]), i] + 1", {"state": {"urgency", "tables"}}),
    ],
)  # fmt: skip
def test_a_use_is_found(tmp_path: Path, body: str, found: dict[str, set[str]]) -> None:
    text = f"""
def fill(out, value):
    out[0] = value + 1.0

def outer(out):
    fill(out, 1.0)

def update(s, w, p, t, a, k):
    {body}
"""
    told = uses(tmp_path, rule=text)
    for kind in ("parameters", "fields", "world", "state", "changed"):
        assert set(getattr(told, kind)) == found.get(kind, set()), kind


def test_another_rule_is_told_of_what_it_does_itself(tmp_path: Path) -> None:
    one = "def weight(p, institution):\n    return p.pace * institution.binding\ndef put(out):\n    out[0] = 1.0\n"
    two = (
        "from bresim.rules.one import put, weight\n"
        "def update(s, w, p, t):\n    put(s.used)\n    return weight(p, s.institution[0])\n"
    )
    told = uses(tmp_path, one=one, two=two)
    assert told.parameters == {"pace": ("one",)}
    assert told.fields == {"payoff.binding": ("one",)}
    assert told.changed == {"used": ("two",)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def f(thing):\n    return thing.binding\n", "rule.py:2: '.binding' looks like a field"),
        ("def f(s, a):\n    return s.institution[a].bindin\n", "rule.py:2: 'bindin' is no field"),
    ],
)
def test_what_cannot_be_derived_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(RulebookError, match=re.escape(told)):
        uses(tmp_path, rule=text)


# --- the rules of the model, by another way -----------------------------------------------------------------
def code_of(rule: str) -> str:
    """The source of a rule without its docstring."""
    tree = ast.parse(SOURCES[rule])
    return "\n".join(SOURCES[rule].splitlines()[tree.body[0].end_lineno :])


def test_every_parameter_is_read_by_the_rules_named_and_no_other() -> None:
    told = shipped_uses().parameters
    assert set(told) == set(PARAMETERS)
    for name, rules in told.items():
        assert set(rules) == {rule for rule in SOURCES if re.search(rf"\bp\.{name}\b", code_of(rule))}, name


def test_every_field_of_a_design_is_read_by_the_rules_named() -> None:
    told = shipped_uses().fields
    assert set(told) == {f"{section}.{name}" for section, model in RULE_TYPES.items() for name in model.model_fields}
    for path, rules in told.items():
        aliases = [name for name, made in DERIVED.items() if made[0] == path]
        names = {*(aliases or [path.partition(".")[2]]), *(mask for mask, of in MASKS.items() if of == path)}
        for rule in rules:
            assert re.search(rf"\.({'|'.join(names)})\b", code_of(rule)), (path, rule)


def test_no_reader_of_a_field_is_left_out() -> None:
    told = shipped_uses().fields
    full = {name: f"{section}.{name}" for section, model in RULE_TYPES.items() for name in model.model_fields}
    full |= {name: made[0] for name, made in DERIVED.items()}
    for rule in SOURCES:
        for name in re.findall(r"\b(?:institution|design)(?:\[[^\]]*\])?\.(\w+)", code_of(rule)):
            if name in FIELDS:
                assert rule in told[full[name]], (rule, name)


def test_arrays_exist_and_are_explained() -> None:
    entries = glossary().entries
    for letter, kind in (("s", State), ("w", World)):
        assert {code[2:] for code in entries if code.startswith(f"{letter}.") and code.count(".") == 1} == set(
            kind._fields
        )
    assert set(MASKS) <= {*State._fields, *World._fields}
    assert set(SCRATCH) <= set(State._fields)
    told = shipped_uses()
    assert {f"w.{name}" for name in told.world} | {f"s.{name}" for name in (*told.state, *told.changed)} <= set(entries)


def test_what_a_rule_reads_was_set_by_one() -> None:
    told = shipped_uses()
    assert set(told.state) - set(told.changed) == set()
