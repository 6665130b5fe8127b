"""The shipped plausible set belongs to the model it is shipped with."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bresim import parameters
from bresim.analysis import search
from bresim.analysis.patterns import PATTERNS

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
    assert set(MANIFEST["required"]) == {pattern.id for pattern in PATTERNS} - set(search.FINDINGS)
    assert search.passes(SETS).all()


@pytest.mark.parametrize("short", list(MANIFEST["required"]))
def test_one_pattern_missed_is_enough_to_be_refused(short: str) -> None:
    row = SETS.head(1).copy()
    assert search.passes(row).tolist() == [True]
    row[short] = MANIFEST["required"][short] - 1e-6
    assert search.passes(row).tolist() == [False]
    row[short] = np.nan
    assert search.passes(row).tolist() == [False]


def test_a_search_that_was_stopped_goes_on_and_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []

    def judge(_config: object, first: int, _replicates: int) -> pd.DataFrame:
        if first == stops_at:
            raise KeyboardInterrupt
        judged.append(first)
        return pd.DataFrame({"index": [first, first + 1]})

    monkeypatch.setattr(search, "judge", judge)
    monkeypatch.setattr(search, "fingerprint", lambda _seed, _replicates: "x")
    stops_at = 2 * search.BATCH
    with pytest.raises(KeyboardInterrupt):
        search.search(5, 1, 10, tmp_path)
    stops_at = -1
    found, drawn = search.search(5, 1, 10, tmp_path)
    assert judged == [0, search.BATCH, 2 * search.BATCH], "no batch is judged twice"
    assert found["index"].tolist() == [0, 1, search.BATCH, search.BATCH + 1, 2 * search.BATCH]
    assert drawn == 3 * search.BATCH
