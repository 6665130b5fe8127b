"""The command in the report asks for the same job."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

import bresim
from bresim.common.errors import InputError
from bresim.report.command import LEFT_OUT, command

ROOT = Path(__file__).parents[2]


def own_files(folder: Path) -> dict[str, Path]:
    """A user's own files, in a folder with a space and a quote in its name."""
    folder = folder / "my own 'files'"
    (folder / "governance").mkdir(parents=True)
    shipped = ROOT / "configs"
    files = {
        "design": (folder / "mine.yaml", shipped / "governance" / "regiobureau.yaml"),
        "found": (folder / "governance" / "found.yaml", shipped / "governance" / "regiobureau.yaml"),
        "scenario": (folder / "storm.yaml", shipped / "scenario" / "water_crisis.yaml"),
        "region": (folder / "land.yaml", shipped / "region" / "teaching.yaml"),
        "undercurrent": (folder / "deep.yaml", shipped / "undercurrent" / "mild.yaml"),
    }
    for path, source in files.values():
        path.write_text(source.read_text("utf-8").replace("name: teaching\n", ""), encoding="utf-8")
    files["undercurrent"][0].write_text("parochialism: 0.3\ncleavage: 0.1\nnegativity: 0.2\n", encoding="utf-8")
    return {name: path for name, (path, _source) in files.items()}


OVERRIDES = {
    "defaults": [],
    "parameters": ["parameters=prior", "parameters.trust_gain=0.0512345678901", "parameters.work=0.9"],
    "numbers": ["seed=9007199254740993", "replicates=7", "undercurrent_replicates=3", "replicates_per_draw=2"],
    "undercurrent": ["undercurrent=strong"],
    "undercurrent by value": ["undercurrent.negativity=0.123456789"],
    "measures": ["measures.monitoring=0.5", "lang=en", "record=runs", "figures=false"],
    "time": ["time.end=2028-Q4", "time.policy_start=2023-Q1"],
    "inside groups": ["scenario=water_crisis", "scenario.from_policy_start.shocks=2.5", "region.label_nl='A b, (c)'"],
    "lists": ["scenario.events=[{kind:shock,quarter:2026-Q1,theme:all,size:0.5}]", "~scenario.description_nl"],
    "designs": ["region=teaching", "designs=[regiobureau,status_quo]"],
    "own group files": ["scenario={scenario}", "region={region}", "undercurrent={undercurrent}"],
}


@pytest.mark.parametrize("overrides", OVERRIDES.values(), ids=list(OVERRIDES))
def test_the_command_composes_to_the_same_configuration(overrides: list[str], tmp_path: Path) -> None:
    files = own_files(tmp_path)
    given = [text.format_map(files) if "{kind" not in text else text for text in overrides]
    config = bresim.load("compare", overrides=given)
    text, lost = command(config)
    assert lost == []
    start, name, *words = shlex.split(text)
    assert (start, name) == ("bresim", "compare")
    again = bresim.load("compare", overrides=words)
    assert again.model_dump(exclude=LEFT_OUT) == config.model_dump(exclude=LEFT_OUT)
    assert len(words) <= len(given), "what is as by default is not said"


def test_own_designs_are_asked_for_by_their_files(tmp_path: Path) -> None:
    files = own_files(tmp_path)
    given = f'designs=[status_quo,"{files["design"]}",found]'
    config = bresim.load("compare", overrides=[given], config_dir=files["design"].parent)
    text, lost = command(config)
    assert lost == []
    again = bresim.load("compare", overrides=shlex.split(text)[2:])
    assert [design.name for design in again.designs] == ["status_quo", "mine", "found"]
    assert again.designs == config.designs


def test_what_no_command_brings_back_is_named(tmp_path: Path) -> None:
    config = bresim.load("compare", overrides=["designs=[status_quo,regiobureau]"])
    other = config.designs[1].model_copy(update={"label_nl": "Anders"})
    assert command(config.model_copy(update={"designs": (config.designs[0], other)}))[1] == ["designs"]
    files = own_files(tmp_path)
    gone = bresim.load("compare", overrides=[f"scenario={files['scenario']}"])
    files["scenario"].unlink()
    assert "scenario" in command(gone)[1]


def test_files_do_not_change_the_hash(tmp_path: Path) -> None:
    from bresim.results.manifest import config_hash

    config = bresim.load("compare")
    assert config_hash(config.model_copy(update={"files": {"region": "elsewhere.yaml"}})) == config_hash(config)


def test_files_is_no_key() -> None:
    with pytest.raises(InputError, match="files"):
        bresim.load("compare", overrides=["+files={a:b}"])
