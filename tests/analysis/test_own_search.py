"""A search with a user's own patterns and region, and what a job then says of the sets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import bresim as call

import bresim
from bresim.analysis import asked, search
from bresim.analysis.asked import Asked, read_patterns
from bresim.analysis.patterns import PATTERNS
from bresim.common.errors import InputError
from bresim.judged import not_judged, touchstone_of

WIDE = "L1: {low: 0, high: 100}\nP12a: {low: 0.1, high: 0.9}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "patterns.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_patterns_of_a_file_have_its_bounds_and_else_the_shipped_ones(tmp_path: Path) -> None:
    found = read_patterns(written(tmp_path, "P12a: {low: 0.1}\nP4: {high: 3}\nL1: {}\nL2a:\n"))
    assert [(one.id, one.low, one.high) for one in found] == [
        ("L1", 3.0, 7.0), ("L2a", 2.0, 4.5), ("P4", 1.5, 3.0), ("P12a", 0.1, 0.55),
    ]  # fmt: skip
    assert found[0] == next(pattern for pattern in PATTERNS if pattern.id == "L1")
    bounds = Asked(read_patterns(written(tmp_path, "P4: {low: 1}")), {}).bounds
    assert bounds == {"P4": {"low": 1.0, "high": None}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("P99: {}", "P99: there is no pattern 'P99'; did you mean"),
        ("L1: {lw: 1}", "L1: there is no bound 'lw'; did you mean 'low'?"),
        ("L1: {low: 8}", "L1: no number is from 8 to 7; let low be at most high"),
        ("L1: {low: much}", "L1: 'much' is not a number"),
        ("L1: {low: true}", "L1: true is not a number"),
        ("L1: {high: .nan}", "nan"),
        ("L1: 3", "L1: 3 are no bounds; write {low: 0, high: 1}"),
        ("X1: {}", "X1: is a statistic of all sets together"),
        ("{}", "asks for no pattern"),
        ("- L1", "is not a mapping"),
        ("L1: !!python/object:os.system {}", "patterns.yaml"),
    ],
)
def test_a_wrong_file_of_patterns_is_refused(
    tmp_path: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as error:
        read_patterns(path)
    assert told in str(error.value)
    with pytest.raises(SystemExit) as stopped:
        search.main(["--patterns", str(path), "--out", str(tmp_path / "mine.parquet")])
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "mine.parquet").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--region", "teaching"], "--out: say which table to write"),
        (["--patterns", "p.yaml", "--out", "mine.csv"], "--out: say which table to write"),
        (["--region", "nowhere", "--out", "mine.parquet"], "unknown region 'nowhere'"),
        (["--patterns", "none.yaml", "--out", "mine.parquet"], "none.yaml: cannot be read"),
        (["--region", "teaching", "--out", "mine.parquet", "--describe"], "--describe is of sets that the shipped"),
        (["--sets", "0"], "--sets: 0 is too small"),
    ],
)
def test_wrong_options_are_refused(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        search.main(arguments)
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err


def test_a_pattern_about_what_a_region_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parkstad is in no other region: here one without it, as the batch of another region would say."""

    def lacks(_evidence: object) -> np.ndarray:
        raise KeyError("parkstad")

    [shipped] = [pattern for pattern in PATTERNS if pattern.id == "P3a"]
    region = asked.region_of("zuid_limburg")
    without = Asked((asked.replace(shipped, statistic=lacks),), region)
    with pytest.raises(InputError, match=r"P3a: is about what region 'zuid_limburg' does not have \('parkstad'\)"):
        asked.check_computed(search._config(1, without), without, search.drawn(1, 0, 2))


def test_wider_bounds_keep_more_and_other_patterns_are_not_asked(tmp_path: Path) -> None:
    wide = Asked(read_patterns(written(tmp_path, WIDE)), {})
    rows = pd.DataFrame({"L1": [2.0, 200.0, 50.0], "P12a": [0.2, 0.2, 0.95], "P2": [0.0, 0.0, 0.0]})
    assert search.passes(rows, asked=wide).tolist() == [True, False, False]
    assert search.passes(rows).tolist() == [False, False, False]


def test_the_fingerprint_knows_patterns_bounds_and_region(tmp_path: Path) -> None:
    home = asked.region_of("zuid_limburg")
    wide = Asked(read_patterns(written(tmp_path, WIDE)), home)
    narrow = Asked(read_patterns(written(tmp_path, WIDE.replace("0.9", "0.8"))), home)
    other = Asked(
        wide.patterns, {**home, "themes": {**home["themes"], "housing": {**home["themes"]["housing"], "severity": 0.9}}}
    )
    found = [search.fingerprint(5, 2, one) for one in (wide, narrow, other)]
    assert len(set(found)) == 3
    assert search.fingerprint(5, 2, wide) == found[0]


def test_what_a_search_writes_is_taken_and_its_note_is_believed_while_it_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BATCH", 6)
    out = tmp_path / "mine.parquet"
    words = ["--patterns", str(written(tmp_path, WIDE)), "--sets", "3", "--replicates", "2", "--seed", "5"]
    assert search.main([*words, "--work", str(tmp_path / "work"), "--out", str(out)]) == 0
    rows, note = pd.read_parquet(out), json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert rows["L1"].between(0, 100).all()
    assert rows["P12a"].between(0.1, 0.9).all()
    assert note["patterns"] == {"L1": {"low": 0.0, "high": 100.0}, "P12a": {"low": 0.1, "high": 0.9}}
    assert (note["region"], note["seed"], note["sets"]) == ("zuid_limburg", 5, len(rows))
    assert note["touchstone"] == touchstone_of(search.drawn(5, 0, 6).values[rows["index"]])

    def reasons(*overrides: str) -> tuple[str, ...]:
        return not_judged(bresim.load("compare", [f"parameters={out}", *overrides]))

    assert reasons() == ()
    assert reasons("variant.order=largest_first", "region=teaching") == ("variant", "region")
    options = ["designs=[status_quo,regio_deal]", "undercurrent_replicates=0", "replicates=2", "figures=false"]
    done = call("compare", *options, "parameters=mine.parquet", "lang=en", "out=a", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "judged" not in done.stdout
    page = (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert "from mine.parquet: judged by the patterns in mine.json. Every design gets the same" in page
    out.with_suffix(".json").write_text(json.dumps({**note, "touchstone": "another"}), encoding="utf-8")
    assert reasons() == ("rules",)
    out.with_suffix(".json").write_text("[1", encoding="utf-8")
    assert reasons() == ("own",)
    out.with_suffix(".json").write_text(json.dumps(note), encoding="utf-8")
    rows.assign(work=0.5).to_parquet(out)
    assert reasons() == ("own",), "sets that were changed after they were judged"


def test_a_search_that_finds_nothing_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BATCH", 2)
    path = written(tmp_path, "L1: {low: 1000, high: 1001}")
    words = ["--patterns", str(path), "--draws", "4", "--replicates", "2", "--work", str(tmp_path / "work")]
    assert search.main([*words, "--out", str(tmp_path / "mine.parquet")]) == 1
    assert not (tmp_path / "mine.parquet").exists()
