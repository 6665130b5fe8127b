"""The shipped plausible set belongs to the model it is shipped with."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bresim
from bresim import judged, parameters
from bresim.analysis import search
from bresim.analysis.changes import Change, unchanged, until
from bresim.analysis.evidence import DESCRIBED, Evidence, Sets
from bresim.analysis.pattern import Pattern
from bresim.analysis.patterns import PATTERNS
from bresim.analysis.switches import SWITCHES
from bresim.analysis.verdicts import statistics
from bresim.common.progress import Silent
from bresim.config.schema import PatternsConfig

DATA = files("bresim") / "data"
MANIFEST = json.loads((DATA / "plausible.json").read_text(encoding="utf-8"))
SETS = pd.read_parquet(str(DATA / "plausible.parquet"))


def test_it_was_found_with_this_model() -> None:
    """Any change of the rules, the patterns or the priors asks for a new search (CONTRIBUTING)."""
    assert MANIFEST["model"] == search.fingerprint(MANIFEST["seed"], MANIFEST["replicates"])


def test_every_set_lies_in_its_range_and_passed_every_required_pattern() -> None:
    assert len(SETS) == MANIFEST["sets"] >= 300
    for name, parameter in parameters.PARAMETERS.items():
        assert SETS[name].between(parameter.low, parameter.high).all(), name
    assert MANIFEST["required"] == [pattern.id for pattern in search.required()]
    assert search.passes(SETS).all()


def test_the_note_says_what_the_patterns_and_the_set_are_worth() -> None:
    """After a search, or a change of what is required or reported: ``python -m bresim.analysis.search --describe``."""
    assert set(MANIFEST["fails_in_prior"]) == {pattern.id for pattern in PATTERNS if not pattern.pooled}
    assert set(MANIFEST["fails_when_off"]) == {pattern.id for pattern in PATTERNS}
    for name, fails in MANIFEST["fails_when_off"].items():
        assert (fails is None) == bool(SWITCHES[name].none), name
    for name in ("passes_again", "passes_with_codings_drawn"):
        assert set(MANIFEST[name]) == {"all", *MANIFEST["required"]}
        assert MANIFEST[name]["all"] <= min(MANIFEST[name].values())
    assert MANIFEST["passes_again"]["all"] >= 0.95
    first, left, rejected = MANIFEST["rejects_in_turn"][0]
    assert (left, rejected / left) == (search.POWER_SETS, pytest.approx(MANIFEST["fails_in_prior"][first], abs=1e-4))
    passed = [MANIFEST[f"pass_round_{number}"] for number, _ in enumerate(search.ROUNDS, start=1)]
    assert sorted(passed, reverse=True) == passed
    assert passed[-1] >= len(SETS)


def inside(pattern: Pattern) -> float:
    """A value with which the pattern holds."""
    if math.isfinite(pattern.low) and math.isfinite(pattern.high):
        return (pattern.low + pattern.high) / 2
    return pattern.low + 1.0 if math.isfinite(pattern.low) else pattern.high - 1.0


def passing() -> pd.DataFrame:
    """One row with which every required pattern holds."""
    return pd.DataFrame({pattern.id: [inside(pattern)] for pattern in search.required()})


@pytest.mark.parametrize("pattern", search.required(), ids=lambda pattern: pattern.id)
def test_one_pattern_missed_is_enough_to_be_refused(pattern: Pattern) -> None:
    """On either side, by little, or because it is not known."""
    assert search.passes(passing()).tolist() == [True]
    outside = [bound for bound in (pattern.low - 1e-6, pattern.high + 1e-6) if math.isfinite(bound)]
    for value in (*outside, np.nan):
        assert search.passes(passing().assign(**{pattern.id: value})).tolist() == [False], value


def test_what_is_not_required_refuses_no_set() -> None:
    row = passing().assign(**dict.fromkeys((*search.FINDINGS, *search.REPORTED), np.nan))
    assert search.passes(row).tolist() == [True]
    assert not {*search.FINDINGS, *search.REPORTED} & {pattern.id for pattern in search.required()}


def test_wider_bounds_let_more_pass() -> None:
    row = passing().assign(L1=2.4)  # from 3
    assert search.passes(row).tolist() == [False]
    assert search.passes(row, slack=0.25).tolist() == [True]


def test_parts_of_the_sets_have_the_numbers_of_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runs of a part have the random draws that they have in the whole."""
    asked = tuple(pattern for pattern in PATTERNS if pattern.id in {"L1", "P12a"})
    values = search.drawn(5, 0, 5)
    config = bresim.load("patterns", ["parameters=prior", "seed=5"])
    assert isinstance(config, PatternsConfig)
    whole = search._in_parts(config, values, 3, asked)
    monkeypatch.setattr(search, "HELD", 7)  # two sets of three replicates, not three
    pd.testing.assert_frame_equal(search._in_parts(config, values, 3, asked), whole)


def _evidence(count: int, replicates: int, switch: Change = unchanged, which: list[int] | None = None) -> Evidence:
    config = bresim.load("patterns", ["parameters=prior", "seed=5"])
    assert isinstance(config, PatternsConfig)
    some = None if which is None else np.array(which)
    return Evidence(config, search.drawn(5, 0, count), replicates, Silent(), 3, switch, some)


def test_sets_that_are_left_keep_their_numbers() -> None:
    """Of any batch: what a set makes does not depend on which others are still run beside it."""
    asked = tuple(pattern for pattern in PATTERNS if pattern.id in {"L1", "P4", "P18a", "L6a", "P13e", "P20a", "P17a"})
    assert len(asked) == 7
    whole, some = (statistics(_evidence(6, 3, which=which), asked) for which in (None, [1, 2, 5]))
    pd.testing.assert_frame_equal(some, whole.iloc[[1, 2, 5]].reset_index(drop=True), check_exact=True)


def test_what_is_known_early_is_what_whole_runs_tell() -> None:
    early = tuple(pattern for pattern in search.required() if pattern.early)
    whole = _evidence(8, 4)
    ended = _evidence(8, 4, until(whole.main.quarter(DESCRIBED)))
    pd.testing.assert_frame_equal(statistics(ended, early), statistics(whole, early), check_exact=True)
    late = tuple(p for p in search.required() if p.batches == ("main",) and not p.early)
    assert len(early) + len(late) == len([p for p in search.required() if p.batches == ("main",)])
    for pattern in late:
        assert not statistics(ended, (pattern,)).equals(statistics(whole, (pattern,))), f"{pattern.id} is known early"


def test_a_set_that_fails_in_one_step_is_asked_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that pass have all their statistics; of the others nothing is known, so that they do not pass."""
    asked: list[str] = []

    def statistics_of(evidence: Evidence, patterns: tuple[Pattern, ...]) -> pd.DataFrame:
        asked.extend(pattern.id for pattern in patterns)
        row = passing()[[pattern.id for pattern in patterns]]
        return row.assign(L1=9.0) if evidence.values[0, 0] > 0.5 else row

    monkeypatch.setattr(search, "statistics", statistics_of)
    config = search._config(7)
    sets = Sets.at_point(np.repeat([[0.0], [1.0]], len(parameters.PARAMETERS), axis=1))
    table = search._one_by_one(config, sets, 20, 0, None)
    assert search.passes(table).tolist() == [True, False]
    assert table.iloc[1].isna().all()
    of_main = [pattern.id for pattern in search.required() if pattern.batches == ("main",)]
    assert asked[-len(of_main) :] == of_main, "of the second set the first step only"


def test_sets_are_judged_again_on_other_draws_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    def judged_again(config: PatternsConfig, values: object, replicates: int, _patterns: object) -> pd.DataFrame:
        asked.append((config.seed, replicates))
        return pd.concat([passing().assign(L1=9.0), passing().assign(P2=0.5), passing(), passing()])

    monkeypatch.setattr(search, "_in_parts", judged_again)
    shares = search.passes_again(search._config(7), Sets.at_point(np.zeros((4, 1))), 20)
    assert shares["all"] == 0.5
    assert (shares["L1"], shares["P2"], shares["P4"]) == (0.75, 0.75, 1.0)
    assert asked == [(10, 20)], "not with the draws on which the sets were found"


def test_describing_adds_to_the_note_beside_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "plausible.parquet"
    sets = pd.DataFrame([parameters.defaults()] * 2, columns=list(parameters.PARAMETERS))
    sets.assign(index=[3, 7]).to_parquet(table)
    table.with_suffix(".json").write_text(json.dumps({"sets": 2, "seed": 3, "replicates": 20}), encoding="utf-8")
    shown = pd.DataFrame({pattern.id: [True, pattern.id != "L1"] for pattern in search.required()})
    monkeypatch.setattr(search, "in_prior", lambda *_: shown)
    monkeypatch.setattr(search, "switched_off", lambda *_: {"L1": None, "P6": True})
    monkeypatch.setattr(search, "passes_again", lambda _, sets, number: {"all": float(sets.codings[1]), "on": number})
    assert search.main(["--describe", "--out", str(table)]) == 0
    assert json.loads(table.with_suffix(".json").read_text(encoding="utf-8")) == {
        "sets": 2, "seed": 3, "replicates": 20, "rejects_in_turn": [["L1", 2, 1]],
        "fails_in_prior": {pattern.id: 0.5 * (pattern.id == "L1") for pattern in search.required()},
        "fails_when_off": {"L1": None, "P6": True}, "passes_again": {"all": -1.0, "on": 640},
        "passes_with_codings_drawn": {"all": 7.0, "on": 40},
        "table": judged.table_hash(table), "touchstone": judged.touchstone(table),
    }  # fmt: skip


def test_patterns_bind_that_reject_what_the_others_leave() -> None:
    """Worked by hand: P4 rejects three of five, of the others L1 one; P2 rejects only what P4 had rejected."""
    shown = pd.DataFrame({
        "L1": [True, False, True, False, True],
        "P2": [False, True, True, True, True],
        "P4": [False, False, False, True, True],
        "L2a": [True, True, True, True, True],
    })  # fmt: skip
    assert search.rejects_in_turn(shown) == [("P4", 5, 3), ("L1", 2, 1)]
    assert search.rejects_in_turn(shown[["L2a"]]) == []


def test_describing_what_is_not_there_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        search.main(["--describe", "--out", str(tmp_path / "none.parquet")])
    assert stopped.value.code == 2
    assert "none.parquet is missing; search first" in capsys.readouterr().err


def test_a_search_that_was_stopped_goes_on_and_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []

    def judge(_config: object, first: int, _replicates: int) -> pd.DataFrame:
        if first == stops_at:
            raise KeyboardInterrupt
        batches.append(first)
        return pd.DataFrame({"index": [first, first + 1], "rounds": [1, len(search.ROUNDS)]})

    monkeypatch.setattr(search, "judge", judge)
    monkeypatch.setattr(search, "fingerprint", lambda _seed, _replicates: "x")
    stops_at = 2 * search.BATCH
    with pytest.raises(KeyboardInterrupt):
        search.search(3, 1, 10, tmp_path)
    stops_at = -1
    found, drawn = search.search(3, 1, 10, tmp_path)
    assert batches == [0, search.BATCH, 2 * search.BATCH], "no batch is judged twice"
    assert found["index"].tolist() == [1, search.BATCH + 1, 2 * search.BATCH + 1], "those that passed every round"
    later = {f"pass_round_{number}": 3 for number in range(2, len(search.ROUNDS) + 1)}
    assert drawn == {"drawn": 3 * search.BATCH, "pass_round_1": 6, **later}
