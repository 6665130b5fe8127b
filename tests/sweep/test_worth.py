"""What the pages of measures and of rule types say, on tables of runs of which every number is worked by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pandas as pd
import pytest
from matplotlib.figure import Figure

from bresim.conventions import HEADLINE
from bresim.governance import load_design
from experiments import named_found, named_pictures
from experiments.named_numbers import (
    MEASURE,
    REGIONAL,
    SET_BACK,
    added_up,
    beside_quo,
    cells,
    chosen,
    held,
    kept,
    measure_runs,
    set_back_runs,
    shared_fields,
    significance,
)

#: Small differences between replicates, whose mean is 0: an interval of a change is wider than nothing.
NOISE = (-0.001, 0.0, 0.001)
#: Half the 95 % interval of the mean of ``NOISE``: Student's t with 2 degrees of freedom, standard deviation 0.001.
HALF = 4.302653 * 0.001 / 3**0.5


def table(key: str, first: str, base: Mapping[str, float], changes: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    """Runs of three replicates: ``base`` by design, and ``changes`` by (design, value of ``key``)."""
    values = list(dict.fromkeys([first, *(what for _, what in changes)]))
    rows = [
        (
            design,
            what,
            at,
            0.5 + 0.1 * at + level + (0.0 if what == first else changes.get((design, what), 0.0) + noise),
        )
        for what in values
        for design, level in base.items()
        for at, noise in enumerate(NOISE)
    ]
    runs = pd.DataFrame(rows, columns=["design", key, "replicate", HEADLINE])
    return runs.assign(parameter_draw=runs["replicate"], **{REGIONAL: runs[HEADLINE] * 2})


@pytest.fixture
def rules() -> pd.DataFrame:
    base = {"status_quo": 0.0, "regiobureau": 0.05, "provincial_steering": 0.01}
    changes = {
        ("regiobureau", "position"): -0.03,
        ("regiobureau", "scope"): -0.01,
        ("provincial_steering", "position"): 0.02,
        ("provincial_steering", "scope"): 0.0,
    }
    return table(SET_BACK, "nothing", base, changes)


@pytest.fixture
def taken() -> pd.DataFrame:
    base = {"status_quo": 0.0, "regiobureau": 0.05}
    changes = {
        ("status_quo", "facilitation"): 0.02,
        ("regiobureau", "facilitation"): 0.005,
        ("status_quo", "thinning"): 0.01,
        ("regiobureau", "thinning"): -0.01,
        ("status_quo", "monitoring"): 0.0012,
    }
    return table(MEASURE, "none", base, changes)


def test_a_rule_type_counts_where_the_design_has_another_value(rules: pd.DataFrame) -> None:
    assert not chosen("provincial_steering", "scope")
    found = cells(set_back_runs(rules), SET_BACK)
    assert set(found.index) == {
        ("position", "regiobureau"),
        ("position", "provincial_steering"),
        ("scope", "regiobureau"),
    }
    assert found.loc[("position", "regiobureau")].tolist() == pytest.approx([-0.03, -0.03 - HALF, -0.03 + HALF])
    assert cells(set_back_runs(rules, REGIONAL), SET_BACK).loc[("scope", "regiobureau"), "mean"] == pytest.approx(-0.02)


def test_significance_is_the_side_of_zero_of_the_whole_interval() -> None:
    given = pd.DataFrame({"low": [0.1, -0.2, -0.1, 0.0], "high": [0.2, -0.1, 0.1, 0.1]})
    assert significance(given).tolist() == [1, -1, 0, 0]


def test_parts_against_the_whole(rules: pd.DataFrame) -> None:
    """The bureau has 0.05 more than the status quo and loses 0.03 and 0.01 with its parts: 0.01 is interaction."""
    found = added_up(rules)
    assert found.loc["regiobureau", ["whole", "parts", "apart"]].tolist() == pytest.approx([0.05, 0.04, 0.01])
    # two parts, each with the noise of its replicates
    assert found.loc["regiobureau", "high"] == pytest.approx(0.01 + 2 * HALF)
    # a part that the design does not have is no part; the other does harm
    steering = found.loc["provincial_steering"]
    assert steering[["whole", "parts", "apart"]].tolist() == pytest.approx([0.01, -0.02, 0.03])


def test_what_cannot_be_set_back() -> None:
    assert kept("regiobureau") == []
    assert kept("lead_municipality") == ["position.board"]
    assert "boundary.eligible" in kept("regio_deal")


def test_how_much_of_a_measure_a_design_has() -> None:
    assert held("status_quo", "facilitation") == 0.0
    assert held("lead_municipality", "cross_border_focus") == 0.0
    # facilitation 0 → 1 and quarters of form 3 → 1: the mean of both ways
    bureau = load_design("regiobureau")
    ways = [bureau.position.facilitation, min((3 - bureau.scope.form_quarters) / 2, 1.0)]
    assert held("regiobureau", "facilitation") == pytest.approx(sum(ways) / 2)
    assert held("regiobureau", "facilitation") > 0.0


def test_fields_of_several_measures() -> None:
    assert shared_fields() == {"scope.thinning": ["letting_go", "thinning"]}


def test_a_measure_under_a_design_beside_the_status_quo(taken: pd.DataFrame) -> None:
    """Of thinning 0.01 is gained under the status quo and lost under the bureau; their noise is the same."""
    more = beside_quo(measure_runs(taken))
    assert more.loc[("thinning", "regiobureau")].tolist() == pytest.approx([-0.02, -0.02, -0.02])
    assert more.loc[("facilitation", "regiobureau"), "mean"] == pytest.approx(-0.015)
    assert len(more) == 3


def test_which_changes_are_significant_where(taken: pd.DataFrame) -> None:
    said = named_found.by_sign(measure_runs(taken), MEASURE, str)
    assert said == (
        "up under every design: facilitation; up under some, down under others: thinning (1 up, 1 down of 2); "
        "under no design: monitoring"
    )


def rows_of(text: str, first: str) -> list[list[str]]:
    """Cells of the rows of Markdown tables that begin with this."""
    return [re.split(r" *\| *", line)[1:-1] for line in text.splitlines() if line.startswith(f"| {first} |")]


def test_the_table_of_measures(taken: pd.DataFrame) -> None:
    regional, overall = rows_of(named_found.measures_table(taken), "Thinning")
    assert overall == [
        "Thinning",
        "+1.00 (+0.75 to +1.25)",
        "2",
        "+0.00 (−0.25 to +0.25)",
        "Regional bureau −1.00 (−1.25 to −0.75)",
        "Status quo +1.00 (+0.75 to +1.25)",
    ]
    assert regional[1] == "+2.00 (+1.50 to +2.50)"


def test_the_tables_of_rule_types(rules: pd.DataFrame) -> None:
    text = named_found.rule_types_table(rules)
    _, position = rows_of(text, "`position`")
    assert position == [
        "`position`",
        "2",
        "−0.50 (−0.75 to −0.25)",
        "Regional bureau −3.00 (−3.25 to −2.75)",
        "Provincial steering without mandate +2.00 (+1.75 to +2.25)",
    ]
    assert rows_of(text, "Regional bureau")[1] == ["Regional bureau", "+4.00", "+5.00", "+1.00 (+0.50 to +1.50)"]


def test_sentences_of_rule_types(rules: pd.DataFrame) -> None:
    said = " ".join(named_found.rule_types(rules))
    assert "down under every design: `scope`; up under some, down under others: `position` (1 up, 1 down of 2)." in said
    assert "the whole design is significantly more than its parts for 2 of 2 designs, and less for 0." in said
    assert "All seven together make the status quo of Regional bureau:" in said


def test_sentences_of_measures(taken: pd.DataFrame) -> None:
    said = " ".join(named_found.measures(taken))
    assert "Of 3 pairs of a measure and a design other than the status quo" in said
    assert "larger than under the status quo in 0 and smaller in 3" in said
    assert "most below it Thinning under Regional bureau, −2.00 (−2.00 to −2.00)" in said
    assert "`scope.thinning` (Letting go (fewer themes) and Thinning)" in said


@pytest.mark.parametrize(("draw", "name"), [(named_pictures.rule_types, "rules"), (named_pictures.measures, "taken")])
def test_a_cell_for_each_pair_in_brackets_if_zero_is_in_its_interval(
    draw: Callable[[pd.DataFrame], Figure], name: str, request: pytest.FixtureRequest
) -> None:
    overall = draw(request.getfixturevalue(name)).axes[1]
    told = [text.get_text() for text in overall.texts]
    assert told == (
        ["−3.0", "−1.0", "+2.0"] if name == "rules" else ["+2.0", "+1.0", "(+0.1)", "+0.5", "−1.0", "(+0.0)"]
    )
