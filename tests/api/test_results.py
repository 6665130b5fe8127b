"""Results are short to print, safe to show, and draw the figures of the report as objects."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import bresim
from bresim.api.results import Comparison, Sweep
from bresim.common.errors import InputError
from bresim.plots import draw_all
from bresim.results.cubes import cube, is_grid

PLACE = ["region=teaching", "seed=7", "workers=2", "lang=en"]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def compared() -> Comparison:
    designs = "designs=[status_quo,regiobureau,regio_deal]"
    return bresim.compare([*PLACE, designs, "replicates=6", "undercurrent_replicates=4", "record=all"])


@pytest.fixture(scope="module")
def swept() -> Sweep:
    varied = ["+vary.undercurrent.negativity=[0.0,0.5,1.0]", "+vary.scenario=[history,austerity]"]
    two = ["designs=[status_quo,regiobureau]", "replicates=3", "parameters=point", "record=details"]
    return bresim.sweep([*PLACE, *two, *varied])


def test_a_result_is_printed_in_a_few_lines(compared: Comparison, swept: Sweep) -> None:
    for result in (compared, swept):
        assert len(repr(result)) < 600
        assert repr(result).count("\n") < 4
    assert repr(compared).startswith(
        "<bresim compare, teaching, history, 3 designs, 6 replicates, seed 7\n tables: runs ("
    )
    assert f"runs ({len(compared.runs)} × {len(compared.runs.columns)})" in repr(compared)
    assert "6 points" in repr(swept)
    assert "1,234 runs failed" in repr(replace(swept, failures=1234))


def test_a_notebook_shows_a_small_table_of_text(compared: Comparison) -> None:
    evil = "<script>alert(1)</script>"
    summary = compared.summary.assign(design=evil)
    region = {**compared.config.region, "name": evil}
    shown = replace(compared, summary=summary, config=compared.config.model_copy(update={"region": region}))
    html = shown._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert len(html) < 6000
    plain = compared._repr_html_()
    rows = compared.summary[compared.summary["outcome"] == "public_value_direct"]
    assert plain.count("<tr") == len(rows) + 1
    assert f"{rows['mean'].iloc[1]:.3f}" in plain


def test_figures_are_those_of_the_report(compared: Comparison, tmp_path: Path) -> None:
    drawn = {figure.name: figure for figure in draw_all(compared, tmp_path, "en")}
    figures = compared.figures()
    assert list(figures) == list(drawn)
    assert len(figures) > 8
    for name, figure in figures.items():
        assert isinstance(figure, Figure)
        assert figure._repr_png_().startswith(PNG)
        assert figure.sentence == drawn[name].sentence
        assert figure.title.startswith(drawn[name].title)
    methods = [name for name in dir(compared) if name.startswith("plot_")]
    for method in methods:
        figure = getattr(compared, method)(lang="nl")
        assert figure.sentence != figures[method.removeprefix("plot_")].sentence, "it is in Dutch"
    assert len(methods) == 8


def test_a_figure_brings_its_words_as_text(compared: Comparison) -> None:
    figure = compared.plot_differences()
    figure.title = "<b>&"
    html = figure._repr_html_()
    assert "&lt;b&gt;&amp;" in html
    [picture] = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    assert base64.b64decode(picture).startswith(PNG)


def test_a_figure_without_data_says_so(compared: Comparison) -> None:
    with pytest.raises(InputError, match="trajectories: there is no data for the figure 'trajectories'"):
        replace(compared, series=pd.DataFrame()).plot_trajectories()


def test_an_analysis_draws_its_figures_and_tells_its_findings() -> None:
    keys = ["+vary.parameters.work=prior", "+vary.undercurrent.negativity=prior"]
    found = bresim.sensitivity([*PLACE, "samples=4", "replicates=3", *keys])
    assert list(found.figures()) == ["importance", "importance_all"]
    assert found.plot_importance()._repr_png_().startswith(PNG)
    assert found.findings()[0].startswith("What matters most")
    with pytest.raises(InputError, match="box: there is no data"):
        found.plot_box()


# --- cubes ---------------------------------------------------------------------------------------------------------
def values_match(result: Any, table: str, name: str) -> None:
    """Every number of the table stands in the cube under its own labels."""
    rows, laid = getattr(result, table), result.to_xarray(table)
    assert laid[name].size == len(rows)
    for row in rows.sample(min(25, len(rows)), random_state=1).to_dict("records"):
        found = laid[name].sel({side: row[side] for side in laid[name].dims})
        assert float(found) == pytest.approx(row[name], rel=0, abs=0, nan_ok=True)


@pytest.mark.parametrize(
    ("table", "axes", "name"),
    [
        ("runs", {"design": 3, "founding": 2, "replicate": 6}, "trust_mean"),
        ("series", {"design": 3, "founding": 2, "replicate": 6, "quarter": 60}, "trust_mean"),
        ("municipalities", {"design": 3, "founding": 2, "replicate": 6, "municipality": 5}, "support"),
        ("capacity", {"design": 3, "founding": 2, "replicate": 6, "quarter": 60, "municipality": 5}, "own"),
        ("dyads", {"design": 3, "founding": 2, "moment": 3, "source": 5, "target": 5}, "trust"),
    ],
)
def test_a_comparison_as_cubes(compared: Comparison, table: str, axes: dict[str, int], name: str) -> None:
    pytest.importorskip("xarray")
    laid = compared.to_xarray(table)
    assert dict(laid.sizes) == axes
    if table == "dyads":  # nobody trusts himself
        assert int(laid[name].notnull().sum()) == len(compared.dyads)
    else:
        values_match(compared, table, name)
    assert laid[name].attrs["description"]
    assert laid["public_value_direct" if table in {"runs", "series", "municipalities"} else name].attrs["units"] in {
        "1",
        "fte",
    }


def test_axes_of_a_grid_are_the_keys_that_vary(swept: Sweep, tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    laid = swept.to_xarray()
    assert dict(laid.sizes) == {"undercurrent.negativity": 3, "scenario": 2, "design": 2, "replicate": 3}
    values_match(swept, "runs", "public_value_direct")
    values_match(swept, "series", "trust_mean")
    assert laid["undercurrent.negativity"].values.tolist() == [0.0, 0.5, 1.0]
    assert laid["point"].dims == ("undercurrent.negativity", "scenario")
    assert laid["public_value_direct"].attrs["long_name"] == "direct public value"
    laid.to_netcdf(tmp_path / "cube.nc", engine="scipy")
    with xarray.open_dataset(tmp_path / "cube.nc", engine="scipy") as again:
        assert again["public_value_direct"].attrs == laid["public_value_direct"].attrs
        np.testing.assert_array_equal(again["trust_mean"], laid["trust_mean"])


def test_points_that_are_no_grid_are_one_axis() -> None:
    pytest.importorskip("xarray")
    keys = ["+vary.parameters.work=prior", "+vary.undercurrent.cleavage=prior"]
    sampled = ["sweep.method=lhs", "sweep.samples=5", "designs=[regiobureau]", "replicates=2", "parameters=point"]
    result = bresim.sweep([*PLACE, *sampled, *keys])
    laid = result.to_xarray()
    assert dict(laid.sizes) == {"point": 5, "design": 1, "replicate": 2}
    assert laid["parameters.work"].dims == ("point",)
    assert laid["parameters.work"].values.tolist() == result.points["parameters.work"].tolist()
    values_match(result, "runs", "public_value_direct")


def test_rows_without_axes_are_refused(compared: Comparison) -> None:
    pytest.importorskip("xarray")
    with pytest.raises(InputError, match="its rows are not told apart by design, founding, replicate, quarter"):
        compared.to_xarray("events")
    with pytest.raises(InputError, match="this result has no rows in the table 'boxes'; it has: runs"):
        compared.to_xarray("boxes")


def test_missing_rows_are_missing_in_the_cube() -> None:
    rows = pd.DataFrame(
        {"design": ["a", "a", "b"], "replicate": [1, 0, 1], "value": [1.0, 2.0, 3.0], "seed": [7, 7, 7]}
    )
    coords, values = cube(rows, [], [])
    axes, laid = values["value"]
    assert axes == ("design", "replicate")
    np.testing.assert_array_equal(laid, [[2.0, 1.0], [np.nan, 3.0]])
    assert coords["seed"][0] == ()
    assert int(coords["seed"][1]) == 7


def test_what_is_a_grid() -> None:
    assert is_grid(pd.DataFrame({"a": [0, 0, 1, 1], "b": ["x", "y", "x", "y"]}))
    assert not is_grid(pd.DataFrame({"a": [0, 0, 1], "b": ["x", "y", "x"]}))
    assert not is_grid(pd.DataFrame({"a": [0, 0, 1, 1], "b": ["x", "x", "x", "y"]}))
    assert not is_grid(pd.DataFrame(index=range(3)))
