"""The user's own region and designs, and the command that writes a page."""

from __future__ import annotations

import json
from pathlib import Path

import command
import node
import pytest
import yaml
from regions import small_content
from web_page import Page, made, request_of

from bresim import load
from bresim.config.schema import PageConfig
from bresim.page.content import content
from bresim.page.job import worlds

ROOT = Path(__file__).resolve().parents[2]
DESIGN = {
    "label_nl": "Mijn ontwerp", "label_en": "My design <b>",
    "payoff": {
        "binding": {"value": 0.4, "range": [0.2, 0.9], "evidence": "judgement"}, "sanction": {"as": "regio_deal"},
    },
    "aggregation": {"quota": 0.75, "adoption_quota": 0.5},
    "scope": {"term_quarters": 12, "successor": "regiobureau"},
}  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Files of a region of seven municipalities, and of a design for it."""
    folder = tmp_path_factory.mktemp("own")
    region = small_content([3, 4])
    towns, themes = [town["name"] for town in region["municipalities"]], list(region["themes"])
    design = {**DESIGN, "boundary": {"eligible": ["all but", towns[2]]}}
    design["scope"] = {**DESIGN["scope"], "themes": themes[:3]}  # type: ignore[dict-item]
    paths = folder / "small.yaml", folder / "mine.yaml"
    for path, data in zip(paths, (region, design), strict=True):
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return paths


def configured(own: tuple[Path, Path]) -> PageConfig:
    region, design = own
    return load("page", [f"region={region}", f"designs=[status_quo,{design}]", "regions=[]", "lang=en"])


def test_batches_of_an_own_region_and_design_are_those_of_python(
    page: Page, own: tuple[Path, Path], tmp_path: Path
) -> None:
    every = worlds(configured(own))
    assert {region for region, _ in every} == {"small"}
    carried = content(every)
    assert carried.kernels == ("any",)
    mine = Page(tmp_path / "page", every, carried, page.modules)
    mine.folder.mkdir()
    (mine.folder / "content.json").write_text(json.dumps(carried.catalogue))
    (mine.folder / "arrays.bin").write_bytes(carried.arrays)
    (mine.folder / "any-simd.wasm").write_bytes(page.modules["any"]["simd"])
    knobs = {"parochialism": 0.3, "cleavage": 0.9, "negativity": 0.55}
    asked = [(request_of(config, knobs, 17, 77), made(config, knobs, 17, 77)) for config in every.values()]
    (tmp_path / "asked").mkdir()
    found = node.answer("batches.mjs", mine.ask(tmp_path / "asked", asked))
    assert [one["same"] for one in found] == [60 * 2 * 2] * 7


def bresim(*arguments: str, cwd: Path) -> command.Done:
    return command.bresim("page", "progress=off", *arguments, cwd=cwd)


@pytest.mark.usefixtures("page")
def test_the_command_writes_one_file_and_says_where(own: tuple[Path, Path], tmp_path: Path) -> None:
    region, design = own
    done = bresim(
        f"region={region}", f"designs=[status_quo,{design}]", "regions=[]", "lang=en", "out=out", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Results: out", "Page: out/page.html"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.json", "page.html"]
    assert '<html lang="en">' in (tmp_path / "out" / "page.html").read_text("utf-8")
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["command"] == "page"
    again = bresim(
        f"region={region}", f"designs=[status_quo,{design}]", "regions=[]", "lang=en", "out=out", cwd=tmp_path
    )
    assert again.returncode == 0
    assert "nothing is run again" in again.stderr


def test_bad_input_is_told_in_the_language_of_the_call(own: tuple[Path, Path], tmp_path: Path) -> None:
    """Keys, values, files and what the region lacks: where, what, and what to do, and nothing is written."""
    content = yaml.safe_load(own[0].read_text("utf-8"))
    (tmp_path / "few.yaml").write_text(yaml.safe_dump({**content, "municipalities": content["municipalities"][:2]}))
    (tmp_path / "wrong.yaml").write_text("label_nl: a\nlabel_en: b\npayoff: {binding: 3, sanktion: 1}\n")
    (tmp_path / "torn.yaml").write_text("label_nl: [\n")
    (tmp_path / "misfit.yaml").write_text("label_nl: a\nlabel_en: b\nboundary: {min_members: 9}\n")
    told = {
        "regions=[zuid_limbrug]": "regions: onbekende regio 'zuid_limbrug'; bedoelt u 'zuid_limburg'?",
        "region=few.yaml": "few.yaml: municipalities: bevat 2 gemeenten; een regio heeft er 3 tot 60",
        "regons=[]": "regons: onbekende sleutel van 'bresim page'",
        "seed=9007199254740993": "seed: 9007199254740993 is niet toegestaan; mag hoogstens",
        "designs=[wrong.yaml]": "wrong.yaml: payoff.sanktion: onbekende sleutel; bedoelt u 'sanction'?",
        "designs=[torn.yaml]": "torn.yaml: is geen geldige YAML op regel 2",
        "designs=[misfit.yaml]": "misfit.yaml: boundary.min_members: er zijn 9 leden nodig, en 5 gemeenten",
    }
    for override, sentence in told.items():
        region = () if override.startswith("region=") else ("region=teaching",)
        done = bresim(*region, override, "out=out", cwd=tmp_path)
        assert done.returncode == 2, override
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
        assert not (tmp_path / "out").exists()
