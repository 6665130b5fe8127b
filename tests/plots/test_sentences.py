"""Each sentence on hand-made frames whose reading is known beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
import synthetic_result

from bresim.analysis import comparison, spread
from bresim.analysis.comparison import Difference
from bresim.common.text import language
from bresim.conventions import HEADLINE
from bresim.plots import (
    differences,
    municipalities,
    regional,
    robustness,
    themes,
    trajectories,
    trust,
    trust_network,
    undercurrent,
)

NL, EN = language("nl"), language("en")
NAMES = {"status_quo": "the status quo", "a": "“A”", "b": "“B”"}
NAN = float("nan")
UP, DOWN = [0.0, 0.001, -0.001, 0.0005], [0.0, -0.001, 0.001, 0.0005]  # noise, so that intervals have a width


def row(design: str, mean: float, half: float = 0.01, better: float = 0.8) -> Difference:
    return Difference(design, mean, mean - half, mean + half, mean - 0.05, mean + 0.05, better, 1 - better)


def table(**columns: Mapping[str, float]) -> pd.DataFrame:
    """Runs of four replicates: column → design → value (with a little noise that differs between designs)."""
    designs = list(next(iter(columns.values())))
    parts = []
    for number, design in enumerate(designs):
        noise = np.array(UP if number % 2 else DOWN)
        data = {"design": design, "replicate": range(4), "parameter_draw": range(4)}
        parts.append(pd.DataFrame({**data, **{name: values[design] + noise for name, values in columns.items()}}))
    return pd.concat(parts, ignore_index=True)


def summary_of(runs: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    rows = []
    for column in columns:
        wide = comparison.wide(runs, column)
        for design in wide:
            found = comparison.compare(wide[design] - wide["status_quo"], design, comparison.draws_of(runs))
            rows.append((design, column, found.mean, found.low, found.high))
    return pd.DataFrame(rows, columns=["design", "outcome", "difference", "difference_low", "difference_high"])


# --- differences ---------------------------------------------------------------------------------------------------


def test_differences_counts_every_verdict() -> None:
    rows = [row("a", 0.032, better=0.87), row("b", 0.001), row("c", -0.02, better=0.1)]
    names = {**NAMES, "c": "“C”"}
    assert differences.sentence(rows, names, EN) == (
        "On average better than the status quo: one of three designs; worse: one; not to be told apart: one. "
        "The largest demonstrable mean gain is that of “A”: +3.2 percentage points (95% interval +2.2 to +4.2); "
        "it does better in 87% of the futures. "
        "The largest demonstrable mean loss is that of “C”: −2.0 percentage points (95% interval −3.0 to −1.0); "
        "it does better in 10% of the futures."
    )
    assert differences.sentence(rows, names, NL) == (
        "Gemiddeld beter dan de huidige samenwerking: één van de drie samenwerkingsvormen; slechter: één; "
        "niet te onderscheiden: één. "
        "De grootste winst die in het model duidelijk is, geeft “A”: gemiddeld +3,2 procentpunt (95%-interval +2,2 "
        "tot +4,2); beter dan nu in 87% van de toekomsten. "
        "Het grootste verlies dat in het model duidelijk is, geeft “C”: gemiddeld −2,0 procentpunt (95%-interval −3,0 "
        "tot −1,0); beter dan nu in 10% van de toekomsten."
    )


def test_the_largest_gain_is_said_to_be_the_largest_demonstrable_one() -> None:
    """A design with a larger mean may be there that does not differ significantly from the status quo."""
    text = differences.sentence([row("a", 0.032, half=0.05), row("b", 0.02)], NAMES, EN)
    assert "largest demonstrable mean gain is that of “B”: +2.0" in text


def test_differences_of_one_design() -> None:
    text = differences.sentence([row("a", 0.032)], NAMES, EN)
    assert text.startswith("The largest demonstrable mean gain is that of “A”")
    alike = differences.sentence([row("a", 0.001)], NAMES, EN)
    assert alike == (
        "“A” cannot be told apart from the status quo: +0.1 percentage points (95% interval −0.9 to +1.1)."
    )


def test_differences_without_intervals_claim_nothing() -> None:
    text = differences.sentence([row("a", 0.1, NAN), row("b", -0.1, NAN)], NAMES, NL)
    assert text == (
        "Gemiddeld beter dan de huidige samenwerking: geen van de twee samenwerkingsvormen; slechter: geen; "
        "niet te onderscheiden: twee."
    )


# --- trajectories --------------------------------------------------------------------------------------------------


def series_of(ends: Mapping[str, float], spread: float = 0.01) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "design": design,
                "replicate": range(3),
                "quarter": quarter,
                "date": date,
                HEADLINE: np.array([-spread, 0, spread]) + value,
            }
        )
        for design, end in ends.items()
        for quarter, date, value in ((0, "2019-Q1", 0.05), (1, "2019-Q2", end))
    ]
    return pd.concat(parts, ignore_index=True)


def test_trajectories_names_the_ends_and_counts_overlap() -> None:
    series = series_of({"status_quo": 0.20, "a": 0.30, "b": 0.205})
    assert trajectories.sentence(series, NAMES, "status_quo", EN) == (
        "Under the status quo the realised direct value goes from 5.0% to 20.0% of what is attainable (2nd quarter "
        "2019). Of the other designs “A” ends highest (30.0%) and “B” lowest (20.5%). "
        "The band of one of two designs overlaps that of the status quo at the end."
    )
    assert "overlapt de band van één van de twee samenwerkingsvormen" in trajectories.sentence(
        series, NAMES, "status_quo", NL
    )


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ({"status_quo": 0.2, "a": 0.3, "b": 0.4}, "No band overlaps"),
        ({"status_quo": 0.2, "a": 0.2, "b": 0.2}, "the band of every design overlaps"),
        ({"status_quo": 0.2, "a": 0.2}, "At the end its band overlaps"),
    ],
)
def test_trajectories_overlap_of_all_and_none(ends: dict[str, float], words: str) -> None:
    assert words in trajectories.sentence(series_of(ends), NAMES, "status_quo", EN)


def test_trajectories_alone_and_without_reference() -> None:
    alone = trajectories.sentence(series_of({"status_quo": 0.2}), NAMES, "status_quo", EN)
    assert alone.endswith("(2nd quarter 2019).")
    without = trajectories.sentence(series_of({"a": 0.2, "b": 0.3}), NAMES, None, EN)
    assert without.startswith("Under “B” the realised")
    assert "“A” ends at 20.0%" in without
    assert "status quo" not in without


# --- themes --------------------------------------------------------------------------------------------------------

LABELS = {"housing": "housing", "health": "health"}
AIM = themes.Aim("health", 0.25, 2030)


def theme_runs(**columns: Mapping[str, float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    runs = table(**{HEADLINE: columns["housing"]}, **{f"public_value_{k}": v for k, v in columns.items()})
    return runs, summary_of(runs, [f"public_value_{k}" for k in columns])


def test_themes_names_gain_loss_flat_and_yardstick() -> None:
    runs, summary = theme_runs(
        housing={"status_quo": 0.2, "a": 0.3, "b": 0.15}, health={"status_quo": 0.2, "a": 0.2, "b": 0.2}
    )
    assert themes.sentence(runs, summary, LABELS, NAMES, "status_quo", EN, AIM) == (
        "The largest demonstrable mean gain is on housing, under “A”: +10.0 percentage points. "
        "The largest demonstrable mean loss is on housing, under “B”: −5.0 percentage points. "
        "No design does demonstrably better on health. "
        "On average no design reaches the Trendbreuk aim of 25% for health."
    )


def test_themes_without_any_difference() -> None:
    runs, summary = theme_runs(housing={"status_quo": 0.3, "a": 0.3}, health={"status_quo": 0.3, "a": 0.3})
    assert themes.sentence(runs, summary, LABELS, NAMES, "status_quo", NL, AIM) == (
        "Bij geen enkele opgave doet een samenwerkingsvorm het in het model duidelijk beter dan de huidige "
        "samenwerking. "
        "Gemiddeld haalt elke samenwerkingsvorm het Trendbreuk-doel van 25% voor gezondheid."
    )


def test_themes_one_design_and_the_yardstick() -> None:
    for value, words in ((0.3, "“A” reaches the Trendbreuk"), (0.1, "“A” does not reach"), (NAN, "is not known")):
        runs = table(public_value_housing={"a": 0.2}, public_value_health={"a": value})
        assert words in themes.sentence(runs, pd.DataFrame(), LABELS, {"a": "“A”"}, None, EN, AIM)


def test_themes_counts_designs_that_reach_the_aim() -> None:
    names = {"a": "“A”", "b": "“B”"}
    runs = table(public_value_housing={"a": 0.2, "b": 0.3}, public_value_health={"a": 0.3, "b": 0.1})
    assert themes.sentence(runs, pd.DataFrame(), LABELS, names, None, NL, AIM) == (
        "Het meest wordt gerealiseerd bij housing (25,0%), het minst bij health (20,0%). "
        "Gemiddeld haalt één van de twee samenwerkingsvormen het Trendbreuk-doel van 25% voor gezondheid: “A”."
    )


# --- municipalities ------------------------------------------------------------------------------------------------


def places(**designs: Mapping[str, float]) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "design": design,
                    "municipality": name,
                    "replicate": range(4),
                    "public_value_direct": value + np.array(UP if design == "status_quo" else DOWN),
                }
            )
            for design, values in designs.items()
            for name, value in values.items()
        ],
        ignore_index=True,
    )


def read_places(frame: pd.DataFrame, names: dict[str, str], reference: str | None, lang: str) -> str:
    means = frame.groupby(["municipality", "design"])["public_value_direct"].mean().unstack()
    verdicts, hurt = {}, {}
    if reference:
        draws = pd.Series(range(4))
        verdicts = municipalities.gains(frame, draws, reference)
        hurt = municipalities.losses(municipalities.gains(frame, draws, reference, comparison.corrected(len(verdicts))))
    return municipalities.sentence(means, verdicts, hurt, names, reference, language(lang))


def test_a_municipality_where_nothing_is_attainable_neither_gains_nor_loses() -> None:
    frame = places(status_quo={"Beek": 0.2, "Stein": np.nan}, a={"Beek": 0.15, "Stein": np.nan})
    assert municipalities.gains(frame, pd.Series(range(4)), "status_quo") == {("Beek", "a"): -1}


def test_municipalities_that_gain_and_that_are_left_behind() -> None:
    frame = places(
        status_quo={"Beek": 0.2, "Stein": 0.3}, a={"Beek": 0.15, "Stein": 0.4}, b={"Beek": 0.2, "Stein": 0.3}
    )
    assert municipalities.gains(frame, pd.Series(range(4)), "status_quo") == {
        ("Beek", "a"): -1, ("Beek", "b"): 0, ("Stein", "a"): 1, ("Stein", "b"): 0
    }  # fmt: skip
    assert read_places(frame, {"status_quo": "SQ", "a": "“A”", "b": "“B”"}, "status_quo", "en") == (
        "Under “A” 1 of 2 municipalities demonstrably gain on average and 1 lose. The change runs from "
        "−5.0 percentage points (Beek) to +10.0 (Stein). "
        "Demonstrably worse off than under the status quo, also when all cells are looked at together: Beek (under "
        "“A”). "
        "Lowest under “A” is Beek (15.0%)."
    )


def test_municipalities_nobody_loses_and_no_reference() -> None:
    frame = places(status_quo={"Beek": 0.2, "Stein": 0.2}, a={"Beek": 0.3, "Stein": 0.4})
    assert read_places(frame, {"status_quo": "SQ", "a": "“A”"}, "status_quo", "nl") == (
        "Bij “A” gaan in het model gemiddeld 2 van de 2 gemeenten er duidelijk op vooruit en 0 op achteruit. De "
        "verandering loopt van +10,0 procentpunt (Beek) tot +20,0 (Stein). "
        "Alle gemeenten en samenwerkingsvormen samen bekeken, is in het model geen enkele gemeente duidelijk slechter "
        "af dan bij de huidige samenwerking. "
        "De laagste waarde bij “A” heeft Beek (30,0%)."
    )
    alone = read_places(places(a={"Beek": 0.2, "Stein": 0.3}), {"a": "“A”"}, None, "en")
    assert alone == "Under “A” Stein realises most (30.0%) and Beek least (20.0%)."


def test_municipalities_a_loss_of_one_only_design() -> None:
    frame = places(status_quo={"Beek": 0.2}, a={"Beek": 0.1})
    text = read_places(frame, {"status_quo": "SQ", "a": "“A”"}, "status_quo", "en")
    assert "and 1 lose" in text
    assert text.count("Beek") == 4  # a single design is not named again
    assert "together: Beek. " in text


def test_municipalities_a_loss_picked_from_many_is_corrected_for() -> None:
    """Twenty municipalities without any effect: by itself one seems to lose, looked at together none does."""
    rng = np.random.default_rng(7)
    frame = pd.concat(
        [
            pd.DataFrame({"design": design, "municipality": f"m{i:02}", "replicate": range(12),
                          "public_value_direct": 0.3 + rng.normal(0, 0.02, 12)})
            for design in ("status_quo", "a")
            for i in range(60)
        ],
        ignore_index=True,
    )  # fmt: skip
    draws = pd.Series(range(12))
    alone = municipalities.gains(frame, draws, "status_quo")
    assert municipalities.losses(alone)
    assert not municipalities.losses(municipalities.gains(frame, draws, "status_quo", comparison.corrected(len(alone))))


def test_municipalities_many_losers_are_counted() -> None:
    many = {f"m{i}": 0.3 for i in range(7)}
    frame = places(status_quo=many, a=dict.fromkeys(many, 0.1), b={**many, "m3": 0.1})
    text = read_places(frame, {"status_quo": "SQ", "a": "“A”", "b": "“B”"}, "status_quo", "en")
    assert "seven municipalities are demonstrably worse off" in text
    assert "m3 under most designs (two)" in text


# --- trust ---------------------------------------------------------------------------------------------------------


def test_trust_changes_and_grievance() -> None:
    runs = table(
        **{HEADLINE: {"status_quo": 0.2, "a": 0.3, "b": 0.1}},
        trust_mean={"status_quo": 0.4, "a": 0.5, "b": 0.3},
        grievance_mean={"status_quo": 0.2, "a": 0.2, "b": 0.25},
    )
    series = runs[["design", "replicate"]].assign(quarter=0, trust_mean=0.35, grievance_mean=0.1)
    summary = summary_of(runs, ["trust_mean", "grievance_mean"])
    assert trust.sentence(runs, summary, series, NAMES, "status_quo", EN) == (
        "Under the status quo mutual trust goes from 0.35 to 0.40 and grievance from 0.10 to 0.20. "
        "Demonstrably more trust at the end than under the status quo: one of two designs; less: one. "
        "The largest of these gains is under “A” (+0.10). "
        "Demonstrably more grievance than under the status quo: one of two designs, most under “B” (+0.05)."
    )


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ({"status_quo": 0.4, "a": 0.4}, "No design ends with demonstrably more or less trust"),
        (
            {"status_quo": 0.4, "a": 0.3},
            "more trust than the status quo; the largest demonstrable loss is under “A” (−0.10).",
        ),
        ({"status_quo": 0.4, "a": 0.5}, "“A” ends with more trust than the status quo (+0.10)."),
    ],
)
def test_trust_with_one_alternative(end: dict[str, float], words: str) -> None:
    flat = dict.fromkeys(end, 0.2)
    runs = table(**{HEADLINE: flat}, trust_mean=end, grievance_mean=flat)
    series = runs[["design", "replicate"]].assign(quarter=0, trust_mean=0.35, grievance_mean=0.1)
    text = trust.sentence(runs, summary_of(runs, ["trust_mean", "grievance_mean"]), series, NAMES, "status_quo", EN)
    assert words in text
    assert "Under no design is there demonstrably more grievance" in text


# --- undercurrent --------------------------------------------------------------------------------------------------


def levels(**values: Mapping[str, float]) -> pd.DataFrame:
    parts = [table(**{HEADLINE: value}).assign(undercurrent=level) for level, value in values.items()]
    return pd.concat(parts, ignore_index=True)


def test_undercurrent_range_and_change_of_leader() -> None:
    data = levels(absent={"status_quo": 0.3, "a": 0.5, "b": 0.4}, strong={"status_quo": 0.2, "a": 0.1, "b": 0.3})
    assert undercurrent.sentence(data, NAMES, "status_quo", EN) == (
        "From an undercurrent that is absent to one that is strong, direct value under the status quo goes from "
        "30.0% to 20.0%. "
        "The change runs from −40.0 percentage points (“A”) to −10.0 (the status quo). "
        "When it is absent, at the top: “A”; when it is strong: “B”."
    )


def test_undercurrent_where_nobody_stands_out() -> None:
    flat = {"status_quo": 0.3, "a": 0.3, "b": 0.3}
    assert undercurrent.sentence(levels(absent=flat, strong=flat), NAMES, "status_quo", EN).endswith(
        "At neither end does a design stand out."
    )
    some = levels(absent=flat, strong={**flat, "a": 0.4})
    assert undercurrent.sentence(some, NAMES, "status_quo", NL).endswith(
        "Bovenaan bij onderstroom “afwezig”: geen samenwerkingsvorm in het bijzonder. Bij onderstroom “sterk”: “A”."
    )


def test_undercurrent_counts_a_large_group_instead_of_listing_it() -> None:
    names = {design: design for design in ("status_quo", "a", "b", "c", "d")}
    high = dict.fromkeys(names, 0.3) | {"status_quo": 0.1}
    text = undercurrent.sentence(levels(absent=high, strong={**high, "a": 0.4}), names, "status_quo", EN)
    assert "at the top: four designs that cannot be told apart; when it is strong: a." in text


def test_undercurrent_same_leader_and_table() -> None:
    data = levels(absent={"a": 0.5, "b": 0.4}, mild={"a": 0.4, "b": 0.3})
    assert "At both ends the same designs lead: “A”." in undercurrent.sentence(data, NAMES, None, EN)
    runs = data[data["undercurrent"] == "absent"]
    assert undercurrent.table(runs, None) is None
    assert undercurrent.table(runs.assign(undercurrent="0.1/0.2/0.3"), pd.DataFrame()) is None
    both = undercurrent.table(runs, data)
    assert both is not None
    assert len(both) == len(data), "a level that both tables hold counts once"
    more = pd.concat([runs, runs.assign(replicate=runs["replicate"] + 1000)])
    both = undercurrent.table(more, data)
    assert both is not None
    assert len(both) == len(data) + len(runs), "the job's own level keeps all its replicates"
    fewer = undercurrent.table(runs[runs["replicate"] < 2], data)
    assert fewer is not None
    assert set(fewer["replicate"]) == {0, 1}, "replicates that the job does not have would add sampling error"


def test_undercurrent_stands_on_the_numbers_of_the_job() -> None:
    """Own level: mean of its four replicates; another: that, and the paired difference in the two that both have."""
    own = pd.DataFrame(
        {"design": "a", "replicate": range(4), "parameter_draw": range(4), HEADLINE: [0.1, 0.2, 0.4, 0.5]}
    )
    other = own.iloc[[1, 3]].assign(**{HEADLINE: [0.1, 0.3]})  # 0.1 and 0.2 less: 0.15 on average
    data = undercurrent.table(own.assign(undercurrent="report"), other.assign(undercurrent="strong"))
    assert data is not None
    found = undercurrent.estimates(data)
    assert list(found) == ["report", "strong"]
    report, strong = found["report"]["a"], found["strong"]["a"]
    assert (report.mean, strong.mean) == pytest.approx((0.30, 0.15))
    assert report.half == pytest.approx(comparison.half_width(own[HEADLINE].to_numpy(), np.arange(4)))
    # by hand: 4 sets, errors −0.2/4, −0.1/4 + 0.05/2, 0.1/4, 0.2/4 − 0.05/2; Student's t of 3 degrees of freedom 3.1824
    assert strong.half == pytest.approx(3.182446 * np.sqrt(4 / 3 * (0.05**2 + 0.0 + 0.025**2 + 0.025**2)))


# --- robustness ----------------------------------------------------------------------------------------------------


def robust(
    best: Sequence[float],
    expected: Sequence[float],
    worst: Sequence[float],
    knowledge: Sequence[float],
    apart: Sequence[float] = (NAN, NAN),
    reading: Sequence[float] = (0.0, 0.0),
    read_apart: Sequence[float] = (0.0, 0.0),
) -> pd.DataFrame:
    columns = {
        "variance_coding": reading,
        "difference_coding": read_apart,
        "variance_luck": 1.0 - np.add(knowledge, reading),
        "difference_luck": 1.0 - np.add(apart, read_apart),
        "probability_best": best,
        "expected_regret": expected,
        "worst_regret": worst,
        "variance_knowledge": knowledge,
        "difference_knowledge": apart,
    }
    return pd.DataFrame(columns, index=["a", "b"])


def test_robustness_most_and_not_most() -> None:
    most = robustness.sentence(robust([0.6, 0.4], [0.01, 0.02], [0.05, 0.06], [0.7, 0.7]), NAMES, EN, 40)
    assert most == (
        "“A” yields more than every other design in most futures: 60%. "
        "Regret is smallest for “A”, both on average (1.0 percentage points) and in the worst case (5.0). "
        "Of the spread between the futures 70% comes from not knowing (the parameters); the rest is luck."
    )
    split = robustness.sentence(robust([0.45, 0.3], [0.01, 0.02], [0.07, 0.06], [0.5, 0.7]), NAMES, NL, 40)
    assert "“A” is het vaakst het beste, maar in niet meer dan 45% van de toekomsten" in split
    assert "gemiddeld het kleinst bij “A” (1,0 procentpunt), en in het slechtste geval bij “B” (6,0)" in split
    assert "afhankelijk van de samenwerkingsvorm, 50% tot 70% door onzekerheid over hoe het werkt" in split
    assert split.endswith("de rest is toeval.")
    both = robustness.sentence(robust([0.6, 0.4], [0, 0], [0, 0], [0.7, 0.7], [0.25, 0.4]), NAMES, EN, 40)
    assert both.endswith("the rest is luck. Of the spread of the differences to the status quo it is 25% to 40%.")


def test_robustness_tells_three_parts_of_the_spread() -> None:
    drawn = robust([0.6, 0.4], [0, 0], [0, 0], [0.5, 0.6], [0.2, 0.2], [0.2, 0.3], [0.5, 0.5])
    assert spread.split_sentence(drawn, EN, 40) == (
        "The spread between the futures has three parts: not knowing how strong the mechanisms are (50% to 60%), how "
        "the designs can be read (20% to 30%) and luck (10% to 30%). Of the spread of the differences to the status "
        "quo 20% is not knowing, 50% reading and 30% luck. "
        "“To”: from the design with the smallest part to that with the largest."
    )
    assert "onzekerheid over hoe het werkt (50% tot 60%)" in spread.split_sentence(drawn, NL, 40)
    together = spread.split_sentence(drawn.assign(variance_coding=NAN, variance_knowledge=NAN), EN, 40)
    assert together.endswith("could not be determined in this job.")


def test_robustness_ties_and_unknown() -> None:
    tie = robustness.sentence(robust([0.5, 0.5], [0, 0], [0, 0], [NAN, NAN]), NAMES, EN, 40)
    assert tie.startswith("“A” and “B” are equally often the best: each in 50% of the futures.")
    assert tie.endswith("could not be determined in this job.")
    never = robustness.sentence(robust([0.0, 0.0], [0, 0], [0, 0], [NAN, NAN]), NAMES, EN, 40)
    assert never.startswith("In no future does one design yield more than all others.")


def test_robustness_says_how_often_the_first_place_is_shared() -> None:
    text = robustness.sentence(robust([0.5, 0.2], [0.01, 0.02], [0.05, 0.06], [0.7, 0.7]), NAMES, EN, 40)
    assert "In 30% of the futures several designs share the first place; that counts for none of them." in text
    assert "share the first" not in robustness.sentence(
        robust([0.5, 0.5], [0.01, 0.02], [0.05, 0.06], [0.7, 0.7]), NAMES, EN, 40
    )


def test_robustness_with_one_parameter_set_knows_no_worst_case() -> None:
    text = robustness.sentence(robust([0.6, 0.4], [0.01, 0.02], [0.01, 0.02], [NAN, NAN]), NAMES, EN, 1)
    assert "Average regret is smallest for “A” (1.0 percentage points). All futures have the same parameters" in text
    assert "worst" not in text


# --- regional ------------------------------------------------------------------------------------------------------


def test_regional_lag() -> None:
    runs = table(
        public_value_regional={"status_quo": 0.1, "a": 0.2, "b": 0.3},
        public_value_regional_indirect={"status_quo": 0.25, "a": 0.3, "b": 0.3},
    )
    text = regional.sentence(runs, NAMES, "status_quo", EN)
    assert text == (
        "At the scale of the region the status quo realises 25.0% of the indirect and 10.0% of the direct value. "
        "Plans and means are 2.5 times as far along as realisation. "
        "Realisation demonstrably lags behind plans under two of three designs. "
        "Of the other designs the gap is smallest under “B” (0.0 percentage points)."
    )


def test_regional_realisation_ahead_of_plans() -> None:
    runs = table(
        public_value_regional={"status_quo": 0.2, "a": 0.3},
        public_value_regional_indirect={"status_quo": 0.1, "a": 0.27},
    )
    text = regional.sentence(runs, NAMES, "status_quo", EN)
    assert "Under no design does realisation demonstrably lag behind plans." in text
    assert text.endswith("Under “A” realisation is even ahead of plans (by 3.0 percentage points).")


def test_regional_without_direct_value_has_no_ratio() -> None:
    runs = pd.DataFrame(
        {
            "design": "a",
            "replicate": range(3),
            "parameter_draw": range(3),
            "public_value_regional": 0.0,
            "public_value_regional_indirect": 0.2,
        }
    )
    assert regional.sentence(runs, {"a": "“A”"}, None, NL) == (
        "Op de schaal van de regio realiseert “A” 20,0% van de indirecte en 0,0% van de directe waarde."
    )


# --- network -------------------------------------------------------------------------------------------------------


def test_network_weights_and_words() -> None:
    region = synthetic_result.region({"Beek": (0, 10), "Stein": (0, 20), "Vaals": (0, 30)})
    rows = [
        ("Beek", "Stein", 0.8, 0.6), ("Stein", "Beek", 0.6, 0.6), ("Beek", "Vaals", 0.2, 0.3),
        ("Vaals", "Beek", 0.2, 0.3), ("Stein", "Vaals", 0.5, 0.5), ("Vaals", "Stein", 0.5, 0.5),
    ]  # fmt: skip
    dyads = pd.DataFrame(
        [
            ("a", moment, s, t, (end if moment == "end" else start))
            for s, t, end, start in rows
            for moment in ("start", "end")
        ],
        columns=["design", "moment", "source", "target", "trust"],
    )
    weights = trust_network.weights(dyads, region, "a", "end")
    assert weights[0, 1] == weights[1, 0] == pytest.approx(0.7)
    assert np.diag(weights).tolist() == [0, 0, 0]
    assert trust_network.sentence(dyads, region, "a", "end", NAMES, EN) == (
        "At the end, under “A”, mutual trust is 0.47 on average (0.00 since the start). "
        "The strongest tie is between Beek and Stein (0.70), the weakest between Beek and Vaals (0.20)."
    )
    flat = dyads.assign(trust=0.5)
    assert trust_network.sentence(flat, region, "a", "start", NAMES, NL) == (
        "Aan het begin is het onderling vertrouwen gemiddeld 0,50. Alle paren vertrouwen elkaar evenveel."
    )
