"""``bresim sensitivity`` on the small teaching region: tables, figures, sentences, and what it refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

import bresim
from bresim.analysis.decisive import Reader, findings
from bresim.analysis.keys import described
from bresim.cli import main
from bresim.common.errors import InputError
from bresim.common.text import language
from bresim.config.schema import SensitivityConfig
from bresim.region import load_region
from bresim.results import read_result
from bresim.sensitivity import extras
from bresim.sensitivity.problem import space_of
from bresim.sensitivity.run import Analysis, most_important

SMALL = (
    "region=teaching",
    "replicates=3",
    "+vary.parameters.work=prior",
    "+vary.parameters.join_trust=[2.5,3.5]",
    "+vary.undercurrent.negativity=prior",
)
FILES = {"sensitivity.parquet", "responses.parquet", "summary.csv", "findings.txt", "manifest.json"}


def load(*overrides: str) -> SensitivityConfig:
    return bresim.load("sensitivity", overrides)


@pytest.mark.parametrize(
    ("job", "tables", "figures", "told"),
    [
        (
            ("samples=4",),
            {"convergence.parquet"},
            {"importance", "importance_all"},
            ("over its whole range", "stochastic uncertainty alone"),
        ),
        (
            ("method=sobol", "samples=8", "outcomes=[public_value_direct,agreements]"),
            {"convergence.parquet"},
            {"importance", "importance_all", "pairs"},
            ("of the variance", "The sample is too small", "samples="),
        ),
        (
            ("method=discovery", "samples=60", "designs=[status_quo,regiobureau]", "density=0.99"),
            {"boxes.parquet"},
            {"importance", "importance_all"},
            ("does better than the status quo at", "60 points"),
        ),
    ],
)
def test_each_method_leaves_tables_figures_and_sentences(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    job: tuple[str, ...],
    tables: set[str],
    figures: set[str],
    told: tuple[str, ...],
) -> None:
    out = tmp_path / "out"
    arguments = ["sensitivity", *SMALL, *job, "lang=en", f"out={out}", "progress=off"]
    assert main(arguments) == 0, capfd.readouterr().err
    printed = capfd.readouterr().out
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    drawn = {name.removeprefix("figures/").removesuffix(".svg") for name in names if name.endswith(".svg")}
    assert FILES | tables <= names
    assert figures <= drawn
    assert {name for name in drawn - figures if not name.startswith("box_")} == set()
    text = (out / "findings.txt").read_text(encoding="utf-8")
    for fragment in told:
        assert fragment in text
    assert all(word in printed for word in text.split())
    manifest = json.loads((out / "manifest.json").read_text())
    responses = pd.read_parquet(out / "responses.parquet")
    assert manifest["runs"] == 3 * len(responses)
    assert main(arguments) == 0, "the same job again is told from what is there"
    assert capfd.readouterr().out == printed


def test_the_numbers_do_not_depend_on_threads_and_read_back() -> None:
    one, two = (Analysis(load(*SMALL, "samples=4", f"workers={workers}")).run() for workers in (1, 2))
    for name, table in one.tables().items():
        pd.testing.assert_frame_equal(table, two.tables()[name])
    sums = one.responses.groupby("design")["public_value_direct_mean"].mean()
    assert sums.between(0.0, 1.0).all()


def test_a_point_has_the_numbers_of_a_comparison_with_these_parameters() -> None:
    config = load(*SMALL, "samples=4")
    row = Analysis(config).run().responses.iloc[-1]
    values = {key: row[key] for key in ("parameters.work", "parameters.join_trust", "undercurrent.negativity")}
    same = bresim.compare(
        bresim.load(
            "compare",
            [
                "region=teaching",
                "founding=vote",
                "replicates=3",
                "replicates_per_draw=1",
                "parameters=point",
                "coding=point",
                "undercurrent_replicates=0",
                "figures=false",
                "report=false",
                f"designs=[{row['design']}]",
                *(f"{key}={float(value)!r}" for key, value in values.items()),
            ],
        )
    )
    assert row["public_value_direct_mean"] == pytest.approx(same.runs["public_value_direct"].mean(), rel=1e-12)


def test_screening_leaves_the_keys_that_matter(tmp_path: Path) -> None:
    job = ("method=sobol", "samples=8", "screened=2", "screening=4", "second_order=false", "figures=false")
    result = Analysis(load(*SMALL, *job)).run()
    screened = result.sensitivity[result.sensitivity["method"] == "morris"]
    kept = set(result.sensitivity[result.sensitivity["method"] == "sobol"]["key"])
    assert screened["key"].nunique() == 3
    assert kept == set(most_important(screened.to_dict("records"), 2))
    assert set(result.responses.columns) & set(screened["key"]) == kept


@pytest.mark.parametrize(
    "job",
    [
        ("method=sobol", "samples=8", "screened=2", "screening=4", "second_order=false"),
        ("method=discovery", "samples=60", "designs=[status_quo,regiobureau]"),
    ],
)
def test_a_field_of_whole_numbers_varies_over_whole_numbers(job: tuple[str, ...]) -> None:
    vary = ("+vary.governance.scope.max_open=[2,8]", "+vary.parameters.work=prior")
    result = Analysis(load("region=teaching", "replicates=2", *vary, *job)).run()
    assert set(result.responses["governance.scope.max_open"]) <= set(range(2, 9))
    assert {"governance.scope.max_open", "parameters.work"} == set(result.summary["key"])


@pytest.mark.parametrize(
    ("method", "sizes"), [("sobol", ("samples=8", "second_order=false")), ("discovery", ("samples=60",))]
)
def test_a_screening_says_whether_it_was_large_enough(method: str, sizes: tuple[str, ...]) -> None:
    job = (f"method={method}", *sizes, "designs=[status_quo,regiobureau]", "screened=2", "screening=4", "lang=en")
    result = Analysis(load(*SMALL, *job)).run()
    judged = result.convergence[result.convergence["method"] == "morris"]
    assert set(judged["samples"]) == {4}
    (row,) = judged[judged["reference"].notna() & (judged["statistic"] == "mean")].to_dict("records")
    assert not row["enough"]
    reader = Reader(load(*SMALL, *job), load_region(result.config.region), language("en"))
    tables = (result.sensitivity, result.summary, result.convergence, result.boxes)
    (text,) = findings(reader, *tables)
    assert "The screening that chose the keys was too small: its intervals reach to" in text
    assert f"take screening={row['needed']}." in text
    (text,) = findings(reader, *tables[:2], result.convergence.assign(enough=True), result.boxes)
    assert "The screening that chose the keys was large enough" in text


EARLY = (*SMALL, "time.end=2024-Q2", "outcomes=[quarters_to_first_result]", "samples=8", "lang=en")


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_an_outcome_that_no_run_has_is_reported(tmp_path: Path, capfd: pytest.CaptureFixture[str], method: str) -> None:
    assert main(["sensitivity", *EARLY, f"method={method}", f"out={tmp_path / 'out'}"]) == 0
    told = "the outcome is missing at some points, so there is nothing to compute."
    assert told in " ".join(capfd.readouterr().out.split())
    assert told in (tmp_path / "out" / "findings.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("method", ["sobol", "discovery"])
def test_an_outcome_that_no_run_has_chooses_no_keys(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], method: str
) -> None:
    job = (f"method={method}", "samples=64", "screened=2", "screening=4", f"out={tmp_path / 'out'}")
    assert main(["sensitivity", *EARLY, *job]) == 2
    error = capfd.readouterr().err
    assert "outcomes: are all missing at some points of the screening, so it cannot tell which keys matter" in error
    assert "leave screened out" in error


def test_every_parameter_varies_when_nothing_is_said_but_not_one_that_is_fixed() -> None:
    assert len(space_of(load("region=teaching")).keys) == len(bresim.parameters.PARAMETERS)
    assert "parameters.work" not in space_of(load("region=teaching", "parameters.work=0.7")).keys


@pytest.mark.parametrize(
    ("job", "told"),
    [
        (("outcomes=[public_value_dirct]",), "outcomes: there is no outcome 'public_value_dirct'; did you mean"),
        (("samples=3",), "samples: 3 is too small for method=morris; give at least 4"),
        (
            ("method=sobol", "samples=100"),
            "samples: 100 is not a power of two; a Sobol sequence has a power of two: 64 or 128",
        ),
        (("method=discovery", "samples=20"), "samples: 20 is too small for method=discovery"),
        (("replicates=1",), "replicates: one run shows no variance"),
        (("method=discovery", "designs=[regiobureau]"), "designs: discovery asks where one design does better"),
        (("method=discovery", "outcomes=[urgency_mean]"), "outcomes: 'urgency_mean' is neither better"),
        (("method=sobol",), "vary: is empty, and Sobol indices of every parameter take too many runs"),
        (("screened=5",), "screened: method=morris is the screening itself"),
        (("method=sobol", "screened=500"), "screened: 500 is out of range"),
        (("+vary.parameters.work=prior",), "vary: holds one key only"),
        (("+vary.parameters.wrk=[0,1]", "+vary.seed=[1,2]"), "vary.parameters.wrk: is no key"),
        (("+vary.governance.scope.max_open=[2,8.5]", "+vary.parameters.work=prior"), "[2, 8.5] holds numbers that"),
        (("+vary.undercurrent=[0,1]", "+vary.parameters.work=prior"), "vary.undercurrent: [0, 1] is not a range"),
        (("+vary.parameters.work=[1,9]", "+vary.seed=[1,2]"), "vary.parameters.work: 9 is out of range"),
        (("+vary.scenario=[history,austerity]",), "vary.scenario: ['history', 'austerity'] is not a range"),
        (("+vary.parameters.work=prior", "parameters.work=0.7"), "vary.parameters.work: is swept, and"),
        (("screening=2",), "screening: 2 is not allowed"),
        (("density=1.5",), "density: 1.5 is not allowed"),
    ],
)
def test_bad_input_is_reported_before_anything_runs(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], job: tuple[str, ...], told: str
) -> None:
    assert main(["sensitivity", "region=teaching", *job, f"out={tmp_path / 'out'}"]) == 2
    printed = capfd.readouterr().err
    assert told in printed
    assert "Traceback" not in printed
    assert not (tmp_path / "out").exists()


def test_an_unknown_method_is_reported_with_the_nearest(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", "method=sobl"]) == 2
    assert "method: unknown method 'sobl'; did you mean 'sobol'?" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("method", "module", "extra"),
    [("morris", "SALib", "sensitivity"), ("discovery", "ema_workbench", "ema")],
)
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, method: str, module: str, extra: str) -> None:
    def absent(name: str) -> object:
        raise ModuleNotFoundError(f"No module named '{module}'", name=module)

    monkeypatch.setattr(extras, "import_module", absent)
    with pytest.raises(InputError, match=rf"pip install 'bresim\[{extra}\]'"):
        Analysis(load("region=teaching", f"method={method}"))


def test_the_core_commands_import_neither() -> None:
    import subprocess

    code = (
        "import sys, bresim, bresim.cli.commands, bresim.cli.sensitivity, bresim.sensitivity.run; "
        "print({'SALib', 'ema_workbench', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_sentences_say_when_nothing_matters_or_the_outcome_is_missing() -> None:
    config = load("region=teaching")
    reader = Reader(config, load_region(config.region), language("en"))
    base = {"method": "morris", "outcome": "public_value_direct", "design": "regiobureau", "reference": "status_quo"}
    convergence = pd.DataFrame(
        [{**base, "statistic": "mean", "hidden": 2.0, "luck": float("nan"), "largest": 0.0, "width": 0.0, "change": 0.0,
          "enough": True, "needed": 4}]
    )  # fmt: skip
    nothing = pd.DataFrame(
        [{**base, "statistic": "mean", "key": key, "index": "mu_star", "value": 0.0, "low": 0.0, "high": 0.0}
         for key in ("parameters.work", "parameters.pace")]
    )  # fmt: skip
    (text,) = findings(reader, nothing, nothing, convergence, pd.DataFrame())
    assert text.startswith("Nothing that varies here changes the difference in direct public value")
    assert "sample" not in text
    (text,) = findings(reader, nothing, nothing, convergence.assign(enough=False, needed=8), pd.DataFrame())
    assert text.startswith("So few points change the difference in direct public value")
    assert text.endswith("the sample is too small; take samples=8.")
    (text,) = findings(
        reader, nothing.iloc[:0], nothing.iloc[:0], convergence.assign(largest=float("nan")), pd.DataFrame()
    )
    assert "the outcome is missing at some points" in text


def test_a_result_read_back_says_the_same(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", *SMALL, "samples=4", "figures=false", "lang=nl", f"out={tmp_path / 'out'}"]) == 0
    capfd.readouterr()
    result = read_result(tmp_path / "out")
    assert isinstance(result.config, SensitivityConfig)
    reader = Reader(result.config, load_region(result.config.region), language("nl"))
    texts = findings(reader, result.sensitivity, result.summary, result.convergence, result.boxes)
    assert "\n\n".join(texts) + "\n" == (tmp_path / "out" / "findings.txt").read_text(encoding="utf-8")
    assert "Wat het meest uitmaakt voor het verschil in directe publieke waarde" in texts[0]
    assert "“gewicht van vertrouwen in de anderen” (join_trust)" in texts[0]
    assert "“negatief collectief geheugen” (undercurrent.negativity)" in texts[0]


@pytest.mark.parametrize(
    ("key", "english", "dutch"),
    [
        ("parameters.join_trust", "weight of trust in the others (join_trust)",
         "gewicht van vertrouwen in de anderen (join_trust)"),
        ("undercurrent.parochialism", "parochialism (undercurrent.parochialism)",
         "kerktorendenken (undercurrent.parochialism)"),
        ("measures.thinning", "measure Thinning (thinning)", "maatregel Uitdunnen (thinning)"),
        ("seed", "seed", "seed"),
    ],
)  # fmt: skip
def test_a_key_is_described_in_words(key: str, english: str, dutch: str) -> None:
    assert [described(key, language(code)) for code in ("en", "nl")] == [english, dutch]


@pytest.mark.parametrize(
    ("given", "points"),
    [
        (("samples=4",), 4 * 3),
        (("method=sobol", "samples=8", "second_order=false"), 8 * 4),
        (
            ("method=sobol", "samples=8", "screened=2", "screening=4", "+vary.undercurrent.cleavage=prior"),
            4 * 4 + 8 * 6,
        ),
    ],
)
def test_a_dry_run_says_what_would_be_done_and_writes_nothing(
    given: tuple[str, ...], points: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("there already")
    keys = ("+vary.parameters.work=prior", "+vary.undercurrent.negativity=prior")
    place = ("region=teaching", "replicates=3", "lang=en", "progress=off", f"out={out}")
    assert main(["sensitivity", *place, *keys, *given, "--dry-run"]) == 0
    told = capfd.readouterr().out
    assert told.startswith(f"{points * 2 * 3} runs ({points} points × 2 designs × 3 replicates): about ")
    varied = [line.strip() for line in told.splitlines() if line.startswith("  ")]
    assert varied[:2] == ["parameters.work", "undercurrent.negativity"]
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine.txt"]
    found = bresim.sensitivity([*place, *keys, *given, "dry_run=true"])
    assert (found.manifest["runs"], found.manifest["keys"]) == (points * 6, varied)
    assert found.manifest["seconds"] > 0
