"""Every rule of the model says all there is to know to write it again: text, equations, symbols, units, sources."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from latex2mathml.converter import convert

from bresim.rulebook import (
    Rule,
    glossary,
    order,
    rule_files,
    schedule,
    shipped_rules,
    shipped_uses,
    symbols_in,
    undeclared,
)
from bresim.rulebook.notation import COMMANDS, GREEK

RULES = list(shipped_rules().values())
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def equations(rule: Rule) -> str:
    return "\n".join(equation.latex for equation in rule.equations)


@every_rule
def test_every_symbol_means_something(rule: Rule) -> None:
    for symbol in rule.symbols:
        entry = glossary().of(symbol, rule.path)
        assert entry.meaning, symbol.latex
        assert entry.unit, symbol.latex


@every_rule
def test_every_symbol_of_an_equation_is_declared_and_no_other(rule: Rule) -> None:
    declared = {name for symbol in rule.symbols for name in symbols_in(symbol.latex)}
    assert undeclared(equations(rule), declared) == set()
    assert declared - symbols_in(equations(rule)) == set()


@every_rule
def test_every_symbol_in_words_stands_in_an_equation_or_its_name(rule: Rule) -> None:
    told = " ".join(f"{equation.name} {equation.latex}" for equation in rule.equations)
    words = {one for symbol in rule.symbols for one in re.findall(r"\\text\{([^{}]*)\}", symbol.latex)}
    assert {one for one in words if one.strip() not in told} == set()


@every_rule
def test_all_that_a_rule_reads_stands_in_its_equations(rule: Rule) -> None:
    entries = [glossary().of(symbol, rule.path) for symbol in rule.symbols if symbol.name]
    parameters, fields = shipped_uses().of_rule(rule.name)
    assert {entry.code.removeprefix("p.") for entry in entries if entry.kind == "parameter"} == parameters
    assert {entry.field for entry in entries if entry.field} == fields


@every_rule
def test_equations_can_be_typeset(rule: Rule) -> None:
    for latex in (*(equation.latex for equation in rule.equations), *(symbol.latex for symbol in rule.symbols)):
        assert set(re.findall(r"\\[A-Za-z]+", latex)) <= COMMANDS | GREEK, latex
        assert set(re.findall(r"\\[^A-Za-z]", latex)) <= {r"\\", r"\,", r"\;", r"\ ", r"\{", r"\}"}, latex
        assert not re.search(r"\\(tilde|hat|bar)\s*\\math", latex), f"{latex}: a browser asks braces around \\mathcal"
        assert "|" not in latex, "in a table it would part cells: write \\lvert"
        assert "\\" not in convert(latex), latex


def test_one_notation_for_all_rules() -> None:
    symbols, names = defaultdict(set), defaultdict(set)
    for rule in RULES:
        for symbol in rule.symbols:
            entry = glossary().of(symbol, rule.path)
            if entry.kind in ("parameter", "field") and entry.code:
                symbols[entry.code].add(symbol.latex)
                names[symbol.latex].add(entry.code)
    assert {code: found for code, found in symbols.items() if len(found) > 1} == {}
    assert {latex: found for latex, found in names.items() if len(found) > 1} == {}


def test_rules_refer_to_rules() -> None:
    for rule in RULES:
        text = " ".join((*rule.text, *(symbol.words for symbol in rule.symbols)))
        assert set(re.findall(r"`(\w+)`", text)) <= set(shipped_rules()), rule.name


def test_the_order_is_that_of_a_quarter() -> None:
    found = order()
    assert sorted(found) == [path.stem for path in rule_files()]
    for first, later in (
        ("adoption", "institution"), ("shocks", "urgency"), ("urgency", "load"), ("agenda", "commitment"),
        ("commitment", "aggregation"), ("aggregation", "delivery"), ("delivery", "effort"), ("effort", "trust"),
        ("trust", "grievance"), ("grievance", "value"), ("value", "logit"),
    ):  # fmt: skip
        assert found.index(first) < found.index(later), (first, later)
    helpers = {"initial", "interest", "logit", "mixed_board", "reach"}
    assert {call.rule for call in schedule().calls()} == set(found) - helpers
