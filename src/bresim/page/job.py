"""The job behind ``bresim page``: every world of the page, its code, and the file."""

from __future__ import annotations

from pathlib import Path

from bresim.common.errors import InputError, Problem, nearest, said
from bresim.common.paths import configs_dir
from bresim.common.progress import Progress
from bresim.common.text import language
from bresim.config.compose import load
from bresim.config.schema import PageConfig
from bresim.jobs import prepare
from bresim.page.build import modules
from bresim.page.content import Content, content
from bresim.page.document import document
from bresim.plan import make_plan
from bresim.results.result import Result
from bresim.scenario import read_scenario, scenario_names

#: The file that is the page.
PAGE = "page.html"


def worlds(config: PageConfig) -> dict[tuple[str, str], PageConfig]:
    """The configuration of every world of a page: its own region and scenario first, then the shipped ones."""
    known = sorted(path.stem for path in (configs_dir() / "region").glob("*.yaml"))
    unknown = [name for name in config.regions if name not in known]
    if unknown:
        raise InputError(
            [Problem("regions", said("unknown region '{name}'", name=name), nearest(name, known)) for name in unknown]
        )
    regions = {str(config.region["name"]): config.region}
    for name in config.regions:
        regions.setdefault(name, load("page", [f"region={name}"]).region)
    own = str(config.scenario["name"])
    scenarios = {own: config.scenario}
    for name in scenario_names():
        scenarios.setdefault(name, read_scenario(name).model_dump(mode="json"))
    return {
        (region, scenario): config.model_copy(update={"region": regions[region], "scenario": scenarios[scenario]})
        for region in regions
        for scenario in scenarios
    }


def page_content(config: PageConfig, progress: Progress) -> Content:
    """What the page carries; the model is compiled first for the runs that the page checks itself by."""
    prepare(config, progress)
    return content(worlds(config))


def page(config: PageConfig, progress: Progress, folder: Path) -> Result:
    """Write the page in ``folder``."""
    words = language(config.lang)
    carried = page_content(config, progress)
    code = modules(carried.kernels, progress, words)
    progress.stage(words.gettext("Page"))
    (folder / PAGE).write_text(document(carried, code, config.lang), encoding="utf-8")
    return Result(config=config, region=make_plan(config, range(1)).region, engine="wasm")
