"""A user's own designs, scenarios and regions: by path, or in a folder given with --config-dir."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import bresim
from bresim.common.errors import InputError
from bresim.common.paths import configs_dir
from bresim.config import CompareConfig, RunConfig

DESIGN = """\
label_nl: Mijn ontwerp
label_en: My design
payoff:
  binding: 0.7
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a design, in which the test works."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "my_design.yaml"
    path.write_text(DESIGN)
    return path


def problems(command: str, *overrides: str, config_dir: Path | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        bresim.load(command, list(overrides), config_dir)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.usefixtures("mine")
def test_a_design_by_path() -> None:
    run = bresim.load("run", ["governance=my_design.yaml", "governance.payoff.sanction=0.4"])
    assert isinstance(run, RunConfig)
    assert run.design.name == "my_design"
    assert (run.design.payoff.binding, run.design.payoff.sanction) == (0.7, 0.4)
    compared = bresim.load("compare", ["designs=[status_quo,my_design.yaml]"])
    assert isinstance(compared, CompareConfig)
    assert [design.name for design in compared.designs] == ["status_quo", "my_design"]


def test_a_file_that_changed_is_read_again(mine: Path) -> None:
    bresim.load("run", [f"governance={mine}"])
    mine.write_text(DESIGN.replace("0.7", "0.8"))
    run = bresim.load("run", [f"governance={mine}"])
    assert isinstance(run, RunConfig)
    assert run.design.payoff.binding == 0.8


@pytest.mark.usefixtures("mine")
def test_a_missing_file_is_not_mistaken_for_the_settings_of_a_tool(tmp_path: Path) -> None:
    (tmp_path / ".pre-commit-config.yaml").write_text("repos: []\n")
    assert problems("compare", "designs=[my_desing.yaml]") == [
        "my_desing.yaml: cannot be read (No such file or directory); did you mean 'my_design.yaml'?"
    ]
    (tmp_path / "my_design.yaml").unlink()
    assert problems("compare", "designs=[my_design.yaml]") == [
        "my_design.yaml: cannot be read (No such file or directory); check the path"
    ]


@pytest.mark.usefixtures("mine")
def test_designs_of_one_label_are_told_apart() -> None:
    """A copy often keeps the label of the original; the shipped design keeps its name, of copies the file is told."""
    for name in ("copy", "other"):
        shutil.copy(configs_dir() / "governance" / "regiobureau.yaml", f"{name}.yaml")
    compared = bresim.load("compare", ["designs=[regiobureau,copy.yaml,other.yaml,my_design.yaml]"])
    assert isinstance(compared, CompareConfig)
    assert [design.label_nl for design in compared.designs] == [
        "Regiobureau", "Regiobureau (copy)", "Regiobureau (other)", "Mijn ontwerp",
    ]  # fmt: skip
    assert len({design.label_en for design in compared.designs}) == 4
    alone = bresim.load("compare", ["designs=[status_quo,copy.yaml]"])
    assert isinstance(alone, CompareConfig)
    assert alone.designs[1].label_nl == "Regiobureau"


SCENARIO = "label_nl: Mijn scenario\nlabel_en: My scenario\nopens: [{}]\n"


def test_a_scenario_opens_only_what_the_region_has_closed(tmp_path: Path) -> None:
    path = tmp_path / "my_scenario.yaml"
    for name, told in (
        ("tripol", "opens: the region has no closed arena 'tripol'; did you mean 'tripool'?"),
        ("parkstad_limburg", "opens: the region has no closed arena 'parkstad_limburg'"),  # it is there anyhow
    ):
        path.write_text(SCENARIO.format(name))
        (text,) = problems("run", f"scenario={path}")
        assert "my_scenario.yaml" in text
        assert told in text
    path.write_text(SCENARIO.format("tripool"))
    bresim.load("run", [f"scenario={path}"])


@pytest.mark.usefixtures("mine")
def test_one_file_twice_is_a_duplicate() -> None:
    (text,) = problems("compare", "designs=[my_design.yaml,./my_design.yaml]")
    assert "'my_design' is given 2 times" in text


def test_a_folder_of_ones_own(mine: Path, tmp_path: Path) -> None:
    for group in ("governance", "scenario", "region", "undercurrent"):
        (tmp_path / "cfg" / group).mkdir(parents=True)
    shutil.copy(mine, tmp_path / "cfg" / "governance")
    shutil.copy(configs_dir() / "scenario" / "austerity.yaml", tmp_path / "cfg" / "scenario" / "no_money.yaml")
    shutil.copy(configs_dir() / "region" / "zuid_limburg.yaml", tmp_path / "cfg" / "region" / "elsewhere.yaml")
    (tmp_path / "cfg" / "undercurrent" / "half.yaml").write_text(
        "{parochialism: 0.5, cleavage: 0.5, negativity: 0.5}\n"
    )
    config = bresim.load(
        "compare",
        ["designs=[my_design,status_quo]", "scenario=no_money", "region=elsewhere", "undercurrent=half"],
        tmp_path / "cfg",
    )
    assert isinstance(config, CompareConfig)
    assert config.designs[0].payoff.binding == 0.7
    assert config.scenario["name"] == "no_money"
    assert config.region["folder"] == str((tmp_path / "cfg" / "region").resolve())  # where its tables are
    assert config.undercurrent.label == "0.5/0.5/0.5"
    run = bresim.load("run", ["governance=my_design"], tmp_path / "cfg")
    assert isinstance(run, RunConfig)
    assert run.design.payoff.binding == 0.7


def test_the_tables_of_a_region_by_path_lie_beside_it(tmp_path: Path) -> None:
    shutil.copy(configs_dir() / "region" / "zuid_limburg.yaml", tmp_path / "elsewhere.yaml")
    assert bresim.load("region", [f"region={tmp_path / 'elsewhere.yaml'}"]).region["folder"] == str(tmp_path.resolve())


def test_every_problem_of_a_file_names_the_file_and_the_key(mine: Path, tmp_path: Path) -> None:
    mine.write_text("label_nl: Mijn\npayof:\n  binding: 2\nscope:\n  max_open: none\nboundary:\n  min_member: 3\n")
    for found in (problems("run", "governance=my_design.yaml"), problems("compare", "designs=[my_design.yaml]")):
        assert all(text.startswith("my_design.yaml: ") for text in found), found
        for key in (
            "label_en: is missing",
            "payof: unknown key; did you mean 'payoff'",
            "scope.max_open",
            "min_member: unknown key",
        ):
            assert any(key in text for text in found), (key, found)
    (tmp_path / "cfg" / "governance").mkdir(parents=True)
    shutil.copy(mine, tmp_path / "cfg" / "governance")
    found = problems("run", "governance=my_design", config_dir=tmp_path / "cfg")
    assert len(found) == 4
    assert all("my_design.yaml: " in text for text in found), found


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        ("", "is empty"),
        ("# nothing but a comment\n", "is empty"),
        ("just a word", "not a mapping"),
        ("- a\n- b\n", "not a mapping"),
        ("a: [1\nb: 2", "not valid YAML at line 2"),
        ("a: 1\na: 2\n", "duplicate key a"),
        ("a: \ttab: x", "not valid YAML"),
    ],
)
def test_files_that_cannot_be_read(mine: Path, content: str, fragment: str) -> None:
    mine.write_text(content)
    (text,) = problems("run", "governance=my_design.yaml")
    assert text.startswith("my_design.yaml: ")
    assert fragment in text


def test_files_that_are_not_there_and_not_text(mine: Path) -> None:
    Path("my_desing.yaml").mkdir()
    assert "did you mean 'my_design.yaml'" in problems("run", "governance=my_desing.yaml")[0]  # not the folder
    Path("my_desing.yaml").rmdir()
    Path("bytes.yaml").write_bytes(b"\xff\xfe\x00")
    found = problems("run", "governance=my_desing.yaml", "scenario=no/where.yaml", "region=bytes.yaml", "replicate=-1")
    assert len(found) == 4
    assert "did you mean 'my_design.yaml'" in found[0]
    assert "there is no folder 'no'" in found[1]
    assert "UTF-8" in found[2]
    assert "replicate: -1" in found[3]


def test_a_file_cannot_hide_behind_a_shipped_name(mine: Path, tmp_path: Path) -> None:
    """Hydra would silently take the shipped file, and the user would compare something else than they think."""
    folder = tmp_path / "cfg" / "governance"
    folder.mkdir(parents=True)
    shutil.copy(mine, folder / "regiobureau.yaml")
    (text,) = problems("compare", config_dir=tmp_path / "cfg")
    assert "regiobureau.yaml" in text
    assert "name of its own" in text
    shutil.copy(configs_dir() / "governance" / "regiobureau.yaml", folder)  # the same content is no trap
    bresim.load("compare", config_dir=tmp_path / "cfg")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (text,) = problems("compare", config_dir=tmp_path / "nowhere")
    assert "--config-dir" in text


@pytest.mark.parametrize("text", ["name: status_quo\n" + DESIGN, DESIGN])
def test_a_design_cannot_take_the_name_of_a_shipped_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / ("mine.yaml" if "name" in text else "status_quo.yaml")
    path.write_text(text)
    for found in (problems("compare", f"designs=[regio_deal,{path}]"), problems("run", f"governance={path}")):
        assert len(found) == 1
        assert str(path) in found[0]
        assert "'status_quo', the name of a shipped design" in found[0]
        assert ("rename the file" in found[0]) == ("name" not in text)


def test_nor_can_a_scenario_or_a_region_but_a_copy_may(tmp_path: Path) -> None:
    for group, name in (("scenario", "austerity"), ("region", "teaching")):
        shipped = (configs_dir() / group / f"{name}.yaml").read_text()
        path = tmp_path / f"{name}.yaml"
        path.write_text(shipped)
        bresim.load("compare", [f"{group}={path}"])
        path.write_text(shipped.replace("label_en: ", "label_en: My ", 1))
        (text,) = problems("compare", f"{group}={path}")
        assert f"'{name}', the name of a shipped {group}" in text


def test_every_round_of_every_design_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with a file by itself hides neither what the region lacks for it, nor the next file."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(DESIGN + "position:\nboundary: {eligible: centre}\n")
    Path("b.yaml").write_text(DESIGN + "boundary: {min_members: 17}\nscope: {successor: a.yaml}\n")
    Path("c.yaml").write_text("label_nl: x\nscope: {themes: [helth]}\n")
    found = problems("compare", "designs=[a.yaml,b.yaml,c.yaml]", "replicates=0")
    for expected in (
        "a.yaml: position: is empty; write its keys below it",
        "a.yaml: boundary.eligible: the region 'zuid_limburg' has no group 'centre'; did you mean 'centres'?",
        "b.yaml: boundary.min_members: 17 members are needed",
        "b.yaml: scope.successor: unknown design 'a.yaml'",
        "c.yaml: label_en: is missing",
        "c.yaml: scope.themes: unknown theme 'helth'",
        "replicates: 0 is not allowed",
    ):
        assert any(text.startswith(expected) for text in found), (expected, found)
    assert len(found) == 7


def test_a_region_and_a_scenario_are_named_by_their_file(tmp_path: Path) -> None:
    region, scenario = tmp_path / "r.yaml", tmp_path / "s.yaml"
    teaching = (configs_dir() / "region" / "teaching.yaml").read_text().replace("name: teaching", "name: mine")
    region.write_text(teaching.replace("institution: informal_centre", "institution: informl_centre"))
    scenario.write_text("label_nl: a\nlabel_en: b\nhistory: histry\nevents: [{kind: shock, quarter: 2024-Q9}]\n")
    for command in ("region", "compare"):
        (text,) = problems(command, f"region={region}")
        assert text.startswith(f"{region}: arenas.oever.institution: unknown design 'informl_centre'")
        assert "not a file of your own; did you mean 'informal_centre'?" in text
    found = problems("compare", f"scenario={scenario}")
    assert any(text.startswith(f"{scenario}: history: unknown scenario 'histry'") for text in found), found
    assert any("events.0.quarter: '2024-Q9' is not allowed; write a quarter as 2024-Q1" in text for text in found)
    scenario.write_text("label_nl: a\nlabel_en: b\nevents: [{kind: shock, quarter: 2024-Q1, theme: helth}]\n")
    region.write_text(teaching.replace("steering_group: [Torenhaven, Steenrug, Molenkade]", ""))
    found = problems("compare", f"region={region}", f"scenario={scenario}", "designs=[regio_deal,status_quo]")
    assert len(found) == 2
    assert found[0].startswith("design 'regio_deal': position.board")
    assert "leave it out: 'designs=[status_quo]'" in found[0]
    assert found[1].startswith(f"{scenario}: unknown theme 'helth'")


def test_files_that_are_nested_too_deeply(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(f"a: {'[' * 500}{']' * 500}")
    for group, command in (("governance", "run"), ("region", "region"), ("scenario", "run"), ("undercurrent", "run")):
        said = "is nested too deeply; write plain values"
        assert problems(command, f"{group}={path}") == [f"{path}: {said}"]
        own = tmp_path / group / "deep.yaml"
        own.parent.mkdir()
        shutil.copy(path, own)
        assert problems(command, f"{group}=deep", config_dir=tmp_path) == [f"{own}: {said}"]
