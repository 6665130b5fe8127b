"""Documents say what the code does: generated parts are fresh, links lead somewhere, commands and examples work."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any, get_args

import command
import duckdb
import numpy as np
import pandas as pd
import pyarrow.dataset
import pytest
import yaml

import bresim
from bresim.common.errors import InputError
from bresim.config.schema import SweepConfig
from bresim.governance import shipped_designs
from bresim.governance.schema import RULE_TYPES, Design
from bresim.parameters import PARAMETERS, defaults
from bresim.region import Region, load_region
from bresim.rulebook import order
from bresim.scenario import FIELDS, Event, FromPolicyStart, load_scenario
from bresim.sweep.job import SweepJob
from tests.fixtures.fenced import blocks
from tools import docs

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
LESSONS = sorted((ROOT / "docs" / "educator").glob("*.md"))
#: Documents whose commands a reader types.
GUIDES = [
    ROOT / "README.md",
    *(path for path in DOCS if path.name.startswith(("quickstart", "designs", "region", "sweeps", "sensitivity"))),
]


def calls(path: Path) -> list[list[str]]:
    """Every call of bresim in a document, as arguments: in a shell block, between backticks, or through make."""
    text = path.read_text(encoding="utf-8")
    shell = [block.replace("\\\n", " ") for block in blocks(path, "sh", "console")]
    lines = [line.strip() for block in shell for line in block.splitlines()]
    lines += re.findall(r"`((?:bresim|make compare) [^`\n]+)`", text)
    found = []
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[:2] == ["make", "compare"]:
            arguments = next((word.removeprefix("ARGS=") for word in words if word.startswith("ARGS=")), "")
            words = ["bresim", "compare", *shlex.split(arguments)]
        without_keys = (["--help"], ["help"], ["report"], ["results"])
        if words[:1] == ["bresim"] and words[1:2] not in without_keys and "…" not in words:
            found.append(words[1:])
    return found


def anchors(text: str) -> set[str]:
    """The anchors that GitHub makes of the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_generated_parts_are_fresh() -> None:
    assert docs.stale() == [], "run 'python tools/docs.py'"


def test_a_stale_part_is_noticed_and_regenerated(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- generated:undercurrents -->\nold\n<!-- end -->\nafter\n")
    assert docs.stale(tmp_path) == ["page.md"]
    assert "old" in page.read_text()
    assert docs.stale(tmp_path, write=True) == ["page.md"]
    text = page.read_text()
    assert "| `report` | 0.6 | 0.6 | 0.6 |" in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert docs.stale(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!-- generated:parametres -->\n<!-- end -->", "no generated part 'parametres'"),
        ("<!-- generated:parameters -->\n", "has no <!-- end -->"),
    ],
)
def test_a_wrong_marker_is_reported(text: str, message: str) -> None:
    with pytest.raises(docs.DocsError, match=message):
        docs.render(text, "page.md")


def test_every_generated_part_is_in_a_document() -> None:
    used = {match["name"] for path in DOCS for match in docs.PART.finditer(path.read_text(encoding="utf-8"))}
    assert used == set(docs.GENERATORS)


def test_the_submodels_hold_every_rule_parameter_and_field_of_a_design() -> None:
    text = docs.GENERATORS["submodels"]()
    fields = [f"{section}.{name}" for section, model in RULE_TYPES.items() for name in model.model_fields]
    assert [name for name in (*PARAMETERS, *fields) if f"`{name}`" not in text] == []
    assert re.findall(r"^### 7\.\d+ .*\(`(\w+)`\)$", text, re.MULTILINE) == list(order())


def test_every_reader_that_a_table_names_reads() -> None:
    """By the text of the rules, not by the way in which the readers were found."""
    rows = re.findall(r"^\| `(\w+)` .*\| ([^|]+) \|$", docs.GENERATORS["parameters"](), re.MULTILINE)
    assert [name for name, _ in rows] == list(PARAMETERS)
    for name, cell in rows:
        readers = re.findall(r"\[(\w+)\]", cell)
        assert readers, name
        for rule in readers:
            text = (ROOT / "src" / "bresim" / "rules" / f"{rule}.py").read_text(encoding="utf-8")
            assert re.search(rf"\bp\.{name}\b", text), (name, rule)


def test_everything_that_a_scenario_can_set_is_explained() -> None:
    kinds = {f"events.{kind}" for kind in get_args(Event.model_fields["kind"].annotation)}
    factors = {f"from_policy_start.{name}" for name in FromPolicyStart.model_fields}
    assert set(FIELDS) == kinds | factors
    made = vars(load_scenario("history", start="2019-Q1", quarters=1, policy_start=0, themes=["housing"]))
    arrays = {name for name, value in made.items() if isinstance(value, np.ndarray)}
    assert {array for found in FIELDS.values() for array in found} == arrays


def test_every_comment_of_a_design_reaches_the_page() -> None:
    page = (ROOT / "docs" / "designs.md").read_text(encoding="utf-8")
    for name in shipped_designs():
        top, notes = docs.comments((ROOT / "configs" / "governance" / f"{name}.yaml").read_text(encoding="utf-8"))
        assert top in page, name
        for note in notes.values():
            assert note in page, (name, note)


@pytest.mark.parametrize("path", [ROOT / "README.md", *DOCS, *LESSONS], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", target):
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked.read_text(encoding="utf-8")), target


def test_every_module_has_its_layer_and_a_description() -> None:
    package = ROOT / "src" / "bresim"
    packages = {path.parent.name for path in package.glob("*/__init__.py")}
    modules = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in docs.GENERATORS["layers"]().splitlines()[2:]]
    assert sorted(module.strip("`") for _, module, _ in rows) == sorted(packages | modules)
    assert all(len(text) > 10 for _, _, text in rows)


def squares(region: Region) -> dict[str, object]:
    """A file of boundaries: a small square where each municipality lies."""
    around = ((0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.0))
    features = [
        {
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [[[east + x, north + y] for x, y in around]]},
        }
        for name, east, north in zip(region.names, region.longitude.tolist(), region.latitude.tolist(), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_commands_in_the_guides_are_valid(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = blocks(ROOT / "docs" / "designs.md", "yaml")[0]
    pd.DataFrame([defaults()], columns=list(PARAMETERS)).to_csv("mine.csv", index=False)
    for name in ("my_design.yaml", "mijn_ontwerp.yaml"):
        Path(name).write_text(example)
    Path("my_region.yaml").write_text((ROOT / "configs" / "region" / "teaching.yaml").read_text(encoding="utf-8"))
    Path("boundaries.geojson").write_text(json.dumps(squares(load_region("zuid_limburg"))))
    found = calls(path)
    assert found, "no command was found"
    for name, *arguments in found:
        overrides = [word for word in arguments if "=" in word and not word.startswith("-")]
        if "--multirun" in arguments:  # the first job of the sweep
            overrides = [re.sub(r"=range\(\d+\)$", "=0", word) for word in overrides]
            overrides = [re.sub(r"^([^=\[]+=[^,\[]+),.*", r"\1", word) for word in overrides]
        loaded = bresim.load(name, overrides)
        if isinstance(loaded, SweepConfig) and loaded.vary:
            assert SweepJob(loaded).runs > 0


def test_examples_of_what_may_vary_can_be_run() -> None:
    text = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    examples = re.findall(r"`((?:[\w.]+=\S+ )*\+vary\.[^`…]+)`", text)
    assert len(examples) > 12
    for example in examples:
        sampled = ["sweep.method=lhs", "sweep.samples=4"] if "=prior" in example else []
        assert SweepJob(bresim.load("sweep", [*example.split(), *sampled])).runs > 0, example


@pytest.mark.slow
def test_what_a_sweep_leaves_is_read_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tables, sql = blocks(ROOT / "docs" / "sweeps.md", "python")[:2]
    [r] = blocks(ROOT / "docs" / "sweeps.md", "r")
    out = re.findall(r'"(\S+)/runs\.parquet"', tables)[0]
    given = [
        "region=teaching", "designs=[status_quo,regiobureau]", "parameters=point", "replicates=150",
        "+vary.undercurrent.negativity=[0,1]", "progress=off", f"out={out}",
    ]  # fmt: skip
    assert command.bresim("sweep", *given, cwd=tmp_path).returncode == 0
    assert len(list(Path(out, "runs.parquet").iterdir())) > 1  # it is put together of several parts
    names: dict[str, pd.DataFrame] = {}
    exec(tables, names)
    runs = names["runs"]
    assert runs["replicate"].tolist() == [number for _ in range(2) for number in range(150) for _ in range(2)]
    means = runs.groupby("design")["public_value_direct"].mean()
    assert dict(duckdb.sql(re.findall(r'"(SELECT .*)"', sql)[0]).fetchall()) == pytest.approx(dict(means))
    # R's open_dataset is Arrow's own dataset, so this reads what it would read
    assert r.startswith(f'library(arrow); library(dplyr); open_dataset("{out}/runs.parquet") |>')
    dataset = pyarrow.dataset.dataset(f"{out}/runs.parquet").to_table()
    grouped = dataset.group_by("design").aggregate([("public_value_direct", "mean")]).to_pandas()
    assert dict(grouped.set_index("design")["public_value_direct_mean"]) == pytest.approx(dict(means))


def test_the_tables_of_a_job_are_read_as_the_dictionary_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    by_pandas, by_sql = blocks(ROOT / "docs" / "data_dictionary.md", "python")
    folder = Path("results/compare/…")
    folder.mkdir(parents=True)
    made = pd.DataFrame({"design": ["a", "a", "b"], "public_value_direct": [0.1, 0.3, 0.4]})
    made.to_parquet(folder / "runs.parquet")
    made.to_csv(folder / "summary.csv", index=False)
    names: dict[str, pd.DataFrame] = {}
    exec(by_pandas, names)
    pd.testing.assert_frame_equal(names["runs"], names["summary"])
    means = dict(duckdb.sql(re.findall(r'"(SELECT .*)"', by_sql)[0]).fetchall())
    assert means == pytest.approx({"a": 0.2, "b": 0.4})


def test_the_example_design_is_valid() -> None:
    content = yaml.safe_load(blocks(ROOT / "docs" / "designs.md", "yaml")[0])
    assert Design.model_validate({"name": "my_design", **content}).payoff.binding == 0.3


@pytest.mark.slow
def test_the_example_design_runs(tmp_path: Path) -> None:
    page = ROOT / "docs" / "designs.md"
    (tmp_path / "my_design.yaml").write_text(blocks(page, "yaml")[0])
    commands = calls(page)
    assert [words[0] for words in commands] == ["run", "run", "compare"]
    for words in commands:
        done = command.bresim(*words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "my_run" / "initiatives.parquet").is_file()
    assert "my_design" in (tmp_path / "my_comparison" / "summary.csv").read_text()
    assert "Licht procesbureau" in (tmp_path / "my_comparison" / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_python_in_the_researchers_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tables, sets, api, phase = blocks(ROOT / "docs" / "quickstart_researcher.md", "python")
    exec(sets, {})
    assert bresim.load("compare", ["parameters=mine.parquet"]).parameters.own.sets == 300
    names: dict[str, object] = {}
    small = api.replace('"replicates=500"', '"replicates=5", "parameters=point", "undercurrent_replicates=0"')
    assert small != api
    exec(small, names)
    exec(phase, names)
    value = "public_value_direct"
    assert names["calm"].outcomes()[value] != names["model"].outcomes()[value]  # type: ignore[attr-defined]
    folder = Path("results/compare/…")
    folder.mkdir(parents=True)
    names["result"].runs.to_parquet(folder / "runs.parquet")  # type: ignore[attr-defined]
    exec(tables, names)
    assert (names["wide"]["status_quo"] > 0).all()  # type: ignore[index]


@pytest.mark.slow
def test_python_in_the_page_on_own_rules_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """In its order, each block with the names of those before; the message it shows is the one that comes."""
    page = ROOT / "docs" / "own_rules.md"
    names: dict[str, Any] = {}
    for block in blocks(page, "python"):
        exec(block, names)
    assert len(capsys.readouterr().out.splitlines()) >= 4
    plain = bresim.compare(names["config"]).runs["public_value_direct"]
    assert not plain.equals(names["milder"].runs["public_value_direct"])

    def bad(state: Any, _world: Any, _parameters: Any, quarter: int) -> None:
        state.trust[0, 1] = 1.3 if quarter == 20 else state.trust[0, 1]

    model = bresim.RegionModel(names["config"], phases={"learning": bad})
    for _ in range(20):
        model.step()
    with pytest.raises(InputError) as told:
        model.step()
    assert [str(told.value)] == [line.strip() for line in blocks(page, "text")]


def test_python_in_the_guide_to_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    comparison, batch, cost, steps = blocks(ROOT / "docs" / "python.md", "python")[:4]
    names: dict[str, object] = {}
    small = comparison.replace('"replicates=50"', '"replicates=4", "parameters=point", "undercurrent_replicates=0"')
    assert small != comparison
    exec(small, names)
    assert dict(names["cube"].sizes) == {"design": 3, "founding": 2, "replicate": 4, "quarter": 60}  # type: ignore[attr-defined]
    exec(batch, names)
    rows, means = names["rows"], names["means"]
    assert len(rows) == 5 * 2 * 20  # type: ignore[arg-type]
    assert names["gain"].nunique() > 1  # type: ignore[attr-defined]
    assert len(means) == 10  # type: ignore[arg-type]
    exec(cost, names)
    price: Any = names["price"]
    assert price["public_value_direct"].tolist() == means["public_value_direct"].tolist()  # type: ignore[index]
    assert price.groupby("design")["autonomy_given_up"].nunique()["regiobureau"] > 1, "binding agreements are a price"
    exec(steps, names)
    assert len({row["public_value_direct"] for row in names["rows"]}) > 1  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_the_example_scenario_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = ROOT / "docs" / "own_scenario.md"
    [example], [python] = blocks(page, "yaml"), blocks(page, "python")
    Path("energy_crisis.yaml").write_text(example, encoding="utf-8")
    for name, *arguments in calls(page):
        loaded = bresim.load(name, arguments)
        if isinstance(loaded, SweepConfig):
            assert SweepJob(loaded).runs > 0
    names: dict[str, object] = {}
    exec(python, names)
    values = names["gained"].set_index(["design", "scenario"])["public_value_direct"]  # type: ignore[attr-defined]
    assert values["status_quo"].nunique() == 2
    table = page.read_text(encoding="utf-8")
    kinds = get_args(Event.model_fields["kind"].annotation)
    assert [name for name in (*kinds, *FromPolicyStart.model_fields) if f"`{name}`" not in table] == []


def test_what_the_odd_cites_is_among_its_references() -> None:
    """A surname with a year, as `Olson 1965` or `Grimm et al. (2005)`; the two reports have letters instead."""
    body, references = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8").split("## References")
    entries = [entry.replace("\n", " ") for entry in references.split(" ·")]
    cited = set(re.findall(r"\b([A-Z][a-zö]+)(?: et al\.)? \(?((?:19|20)\d\d)\b(?!-)", body))
    assert len(cited) > 20
    known = {(name, year) for name, year in cited for entry in entries if name in entry and f"({year})" in entry}
    assert sorted(cited - known) == []
