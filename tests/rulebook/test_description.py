"""How a rule's docstring is read, and what is told where it cannot be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bresim.rulebook import Entry, Equation, RulebookError, glossary, read_rule
from bresim.rulebook.glossary import STATE_FILE

GOOD = r'''r"""Trust between municipalities

What happens, and
why.

A second paragraph.

Equation: a kept promise
    \tau' = \tau
    + g
Equation: nothing
    0 = 0
Symbols:
    \tau = s.trust; trust of i in j
    g = trust_gain
    v = share that is seen [share]
    c = w.contact [count]
Source: Slovic 1993 (asymmetry; trust); BRE 2.1,
    2.3
"""
'''


def write(folder: Path, text: str) -> Path:
    path = folder / "rule.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_part_is_read(tmp_path: Path) -> None:
    rule = read_rule(write(tmp_path, GOOD))
    assert (rule.name, rule.title) == ("rule", "Trust between municipalities")
    assert rule.text == ("What happens, and why.", "A second paragraph.")
    assert rule.equations == (Equation("a kept promise", "\\tau' = \\tau\n+ g"), Equation("nothing", "0 = 0"))
    assert [(one.latex, one.name, one.words, one.unit) for one in rule.symbols] == [
        ("\\tau", "s.trust", "trust of i in j", ""),
        ("g", "trust_gain", "", ""),
        ("v", None, "share that is seen", "share"),
        ("c", "w.contact", "", "count"),
    ]
    assert rule.sources == ("Slovic 1993 (asymmetry; trust)", "BRE 2.1, 2.3")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        (GOOD, "import math\n", 1, "no docstring at its head"),
        ("Trust between municipalities\n", "\n", 1, "does not begin with a title"),
        ("What happens, and\nwhy.\n\nA second paragraph.\n", "", 1, "no sentences"),
        ("Source: Slovic 1993 (asymmetry; trust); BRE 2.1,\n    2.3\n", "", 1, "no part 'Source:'"),
        ("Equation: nothing\n    0 = 0\n", "Equation: nothing\n", 11, "an equation needs a name"),
        ("Equation: nothing\n", "Equation:\n", 11, "an equation needs a name"),
        ("    0 = 0\n", "    0 = 0\nwhere 0 is nothing\n", 13, "belongs to no part"),
        ("    g = trust_gain\n", "    g: trust_gain\n", 15, "is no symbol"),
        ("that is seen [share]", "that is seen", 16, "needs a unit"),
        ("    v = share", "    g = share", 1, "declared twice: g"),
    ],
)
def test_what_is_missing_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, told: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(RulebookError, match=told) as error:
        read_rule(path)
    assert str(error.value).startswith(f"{path}:{line}: ")


@pytest.mark.parametrize(
    ("right", "told"),
    [
        ("trust_gian", "did you mean 'trust_gain'"),
        ("stance", "several meanings: write p.stance or s.region.stance"),
        ("payoff.bindin", "did you mean 'payoff.binding'"),
        ("trust_gain; more words", "stands where it is declared"),
    ],
)
def test_a_name_that_means_nothing_is_told(tmp_path: Path, right: str, told: str) -> None:
    path = write(tmp_path, GOOD.replace("g = trust_gain", f"g = {right}"))
    rule = read_rule(path)
    with pytest.raises(RulebookError, match=told) as error:
        glossary().of(rule.symbols[1], path)
    assert str(error.value).startswith(f"{path}:15: ")


def test_a_name_means_what_the_code_says() -> None:
    entries = glossary().entries
    gain, binding, trust = entries["p.trust_gain"], entries["payoff.binding"], entries["s.trust"]
    assert (gain.unit, gain.source) == ("share", "judgement; a plausible set, not a point")
    assert (binding.meaning, binding.unit, binding.field) == (
        "agreements are SMART and enforceable",
        "share",
        "payoff.binding",
    )
    assert (trust.shape, trust.unit) == ("N, N", "share")
    assert (entries["s.capacity"].meaning, entries["s.capacity"].unit) == ("capacity", "fte")
    assert (entries["s.region.divide"].kind, entries["s.region.divide"].unit) == ("state", "share")
    assert entries["w.board"].field == entries["s.board"].field == "position.board"
    assert entries["scope.setup_quarters"].unit == "quarters"
    assert entries["boundary.min_members"].unit == "count"
    assert (entries["w.arena_until"].unit, entries["s.completions"].unit) == ("quarter", "count")
    assert (entries["s.verdict"].unit, entries["s.meeting_size"].unit) == ("verdict", "factor")


def test_an_array_without_a_unit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = STATE_FILE.read_text(encoding="utf-8")
    assert "(N,) [fte] work of standing" in state
    changed = tmp_path / "state.py"
    changed.write_text(state.replace("(N,) [fte] work of standing", "(N,) work of standing"), encoding="utf-8")
    monkeypatch.setattr(sys.modules[Entry.__module__], "STATE_FILE", changed)
    with pytest.raises(RulebookError, match=r"'s\.standing' has no unit"):
        glossary.__wrapped__()
