from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import synthetic_result

from bresim.analysis.comparison import Difference
from bresim.common.text import language
from bresim.conventions import HEADLINE
from bresim.plots.view import View
from bresim.report.answer import answer, compared, founding, groups, leading
from bresim.report.certainty import cautions, certainty

NL, EN = language("nl"), language("en")
NAMES = {"status_quo": "the status quo", "a": "“A”", "b": "“B”"}
NAN = float("nan")


def row(design: str, mean: float, half: float = 0.01, better: float = 0.8) -> Difference:
    return Difference(design, mean, mean - half, mean + half, mean - 0.05, mean + 0.05, better, 1 - better)


def lead(rows: list[Difference], lang: str = "en") -> str:
    means = {"status_quo": 0.24, **{r.design: 0.24 + r.mean for r in rows}}
    return compared(means, rows, NAMES, "status_quo", "END", language(lang), {}).split(". ")[0]


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ([0.05, -0.05], "One of the two designs yields more direct public value than the status quo, on average"),
        ([0.05, 0.05, -0.05], "Two of the three designs yield more direct public value than the status quo"),
        ([0.05, 0.04], "Both designs yield more direct public value than the status quo, on average"),
        ([0.0, -0.05], "No design demonstrably yields more direct public value than the status quo, on average"),
        ([0.0, 0.0], "Neither of the two designs can be told apart from the status quo: these runs do not show that"),
        ([0.0, 0.0, 0.0], "None of the three designs can be told apart from the status quo: these runs do not show"),
        ([0.05], "The one design simulated yields more direct public value than the status quo, on average"),
        ([-0.05], "The one design simulated yields less direct public value than the status quo, on average"),
        ([0.0], "The one design simulated cannot be told apart from the status quo: these runs do not show that it"),
    ],
)
def test_the_lead_counts_right(gaps: list[float], words: str) -> None:
    assert lead([row(f"d{i}", gap) for i, gap in enumerate(gaps)]).startswith(words)


def test_the_lead_in_dutch() -> None:
    assert lead([row("a", 0.05), row("b", -0.05)], "nl") == (
        "Eén van de twee samenwerkingsvormen levert gemiddeld meer directe publieke waarde op dan de huidige "
        "samenwerking"
    )
    assert "Blijft het bij de huidige samenwerking, dan is aan het eind (END) gemiddeld 24,0%" in compared(
        {"status_quo": 0.24, "a": 0.3}, [row("a", 0.06)], NAMES, "status_quo", "END", NL, {}
    )


def test_without_status_quo_no_design_is_called_better() -> None:
    text = compared({"a": 0.3, "b": 0.2}, [], {"a": "“A”", "b": "“B”"}, None, "END", EN, {"a": (0.28, 0.32)})
    assert "does not say whether they are better or worse" in text
    assert "“A” (30.0%; 95% interval 28.0% to 32.0%) and “B” (20.0%)" in text
    one = compared({"a": 0.3}, [], {"a": "“A”"}, None, "END", NL, {})
    assert one.startswith("Er is één samenwerkingsvorm doorgerekend, zonder de huidige samenwerking")


def test_only_the_status_quo_and_nothing_at_all() -> None:
    alone = compared({"status_quo": 0.24}, [], NAMES, "status_quo", "END", EN, {"status_quo": (0.23, 0.25)})
    assert alone.startswith("Only the status quo was simulated, so there is nothing to compare it with.")
    assert "24.0%; 95% interval 23.0% to 25.0% of the attainable" in alone
    assert (
        compared({}, [], NAMES, "status_quo", "END", EN, {"status_quo": (0.23, 0.25)})
        == "No run came to a value, so there is no answer."
    )


def test_groups_name_the_worse_ones_and_give_the_unit_once() -> None:
    rows = [row("a", 0.05), row("b", 0.03), row("c", 0.0), row("d", -0.02), row("e", -0.04)]
    names = {design: design.upper() for design in "abcde"}
    found = {group.verdict: group.text for group in groups(rows, names, EN)}
    assert found == {
        "better": "A (+5.0 percentage points) and B (+3.0).",
        "alike": "C (0.0 percentage points).",
        "worse": "E (−4.0 percentage points) and D (−2.0).",
    }
    assert [group.verdict for group in groups(rows[:1], names, NL)] == ["better"]


def best(**shares: float) -> pd.Series:
    return pd.Series(shares)


def test_no_winner_without_a_clear_lead() -> None:
    names = {**NAMES, "c": "“C”"}
    text = leading(["a", "b"], best(a=0.5, b=0.4, status_quo=0.1), names, "status_quo", EN)
    assert text == (
        "The highest average is that of “A”. It cannot be told apart from that of “B”, so the numbers name no winner."
    )
    everything = leading(["a", "b", "status_quo"], best(a=0.4), NAMES, "status_quo", NL)
    assert everything.startswith(
        "Geen enkele samenwerkingsvorm springt eruit. Het hoogste gemiddelde is dat van “A”, maar"
    )


def test_of_many_designs_the_number_and_the_ends_are_told() -> None:
    """The table has them all."""
    names = {"status_quo": "SQ", **{d: d.upper() for d in "abcdefgh"}}
    text = leading(list("abcd"), best(a=0.4), names, "status_quo", EN)
    assert "apart from those of B, C and D, so" in text
    text = leading(list("abcdefgh"), best(a=0.4), names, "status_quo", EN)
    assert "apart from those of seven others, so" in text
    rows = [row(design, gain / 100) for design, gain in zip("abcdefgh", (9, 7, 6, 5, -2, -3, -4, -5), strict=True)]
    assert [group.text for group in groups(rows, names, EN)] == [
        "Four designs, from A (+9.0 percentage points) to D (+5.0).",
        "Four designs, from H (−5.0 percentage points) to E (−2.0).",
    ]
    assert groups(rows, names, NL)[0].text == "Vier samenwerkingsvormen, van A (+9,0 procentpunt) tot D (+5,0)."
    founded = {"status_quo": 1.0, "a": 0.3, "b": 0.2, "c": 0.1, "d": 0.4, "e": 0.9}
    runs = pd.DataFrame({"design": founded.keys(), "adopted": founded.values(), "replicate": 0, HEADLINE: 0.1})
    assert founding(runs, {name: names[name] for name in founded}, "status_quo", EN) == (
        "Not every design comes about: four of the five are founded in fewer than half of the futures, C least often "
        "(10%). Where a design is not founded, the municipalities go on as they did."
    )


@pytest.mark.parametrize(
    ("source", "sets", "replicates", "words"),
    [
        ("plausible", 100, 500, []),
        ("plausible", 10, 30, []),
        ("plausible", 9, 45, ["Only nine parameter sets were used"]),
        ("prior", 1, 5, ["Only one parameter set was used", "Only five futures were simulated"]),
        ("point", 1, 500, ["All futures have one and the same parameter set"]),
        ("point", 1, 29, ["All futures have one and the same", "Only 29 futures were simulated"]),
    ],
)
def test_too_few_parameter_sets_or_futures_are_said(source: str, sets: int, replicates: int, words: list[str]) -> None:
    found = cautions(source, sets, replicates, EN)
    assert len(found) == len(words)
    assert all(text.startswith(start) for text, start in zip(found, words, strict=True))


def test_founding_names_what_seldom_comes_about() -> None:
    runs = pd.DataFrame(
        {"design": ["a", "a", "b", "b", "status_quo"], "adopted": [0, 0, 1, 1, 1], "replicate": [0, 1, 0, 1, 0]}
    ).assign(**{HEADLINE: 0.1})
    assert founding(runs, NAMES, "status_quo", EN) == (
        "Not every design comes about: “A” (0%) is founded in fewer than half of the futures. "
        "Where it is not founded, the municipalities go on as they did."
    )
    assert "“A” (0%) en “B” (0%) worden in minder dan de helft" in founding(
        runs.assign(adopted=[0, 0, 0, 0, 1]), NAMES, "status_quo", NL
    )
    assert founding(runs.assign(adopted=1), NAMES, "status_quo", EN) == ""


def test_founding_says_what_a_design_yields_where_it_is_founded() -> None:
    """Founded in 12 of 40 futures, by 3 points better there; with nine it says that these are too few."""
    replicate = np.arange(40)
    there = replicate < 12
    parts = [
        pd.DataFrame({"design": "status_quo", "adopted": 1.0, "replicate": replicate, HEADLINE: 0.1}),
        pd.DataFrame({"design": "a", "adopted": there * 1.0, "replicate": replicate, HEADLINE: 0.1 + 0.03 * there}),
    ]
    runs = pd.concat(parts, ignore_index=True)
    assert "mean difference to the status quo is: “A” +3.0 percentage points." in founding(
        runs, NAMES, "status_quo", EN
    )
    few = runs.assign(adopted=runs["adopted"].where(runs["design"] != "a", runs["replicate"] < 9))
    said = founding(few, NAMES, "status_quo", EN)
    assert "Where founded" not in said
    assert said.endswith("Founded in too few futures to say what it yields there: “A” (9).")
    assert "too few" not in founding(runs.assign(adopted=0.0), NAMES, None, EN), "never is not few"


def test_a_lead_on_average_is_no_certain_winner() -> None:
    text = leading(["a"], best(a=0.41, b=0.4), NAMES, "status_quo", EN)
    assert "Yet it is no certain winner: it yields more than every other design in only 41% of the" in text
    sure = leading(["a"], best(a=0.97), NAMES, "status_quo", EN)
    assert sure.endswith("In 97% of the simulated futures it yields more than every other design.")
    assert "winner" not in sure


def test_the_status_quo_may_lead() -> None:
    assert leading(["status_quo"], best(status_quo=0.7), NAMES, "status_quo", NL).startswith(
        "Gemiddeld levert de huidige samenwerking het meest op."
    )


def test_one_design_leads_nobody_and_an_unknown_share_is_left_out() -> None:
    assert leading(["a"], best(a=1.0), {"a": "“A”"}, None, EN) == ""
    assert leading(["a"], best(a=NAN), NAMES, "status_quo", EN).endswith("larger than chance explains.")


def test_certainty_gives_the_spread_and_designs_that_nearly_always_gain() -> None:
    rows = [row("a", 0.06, better=0.95), row("b", 0.03, better=0.7)]
    text = certainty(rows, 500, NAMES, EN)
    assert "between “A” and the status quo lies between +1.0 and +11.0 percentage points." in text
    assert "It is a gain in 95% of all futures and a loss in 5%." in text
    assert "One design does better than the status quo in at least 9 of 10 futures: “A”." in text
    assert text.endswith("Every design was simulated in 500 futures, the same ones for all designs.")
    weak = certainty([row("a", 0.06, better=0.6)], 1, NAMES, NL)
    assert "Geen enkele samenwerkingsvorm is in minstens 9 van de 10 toekomsten beter dan nu." in weak
    assert weak.endswith(
        "Elke samenwerkingsvorm is doorgerekend in 1 toekomst, dezelfde voor alle samenwerkingsvormen."
    )


def test_a_range_of_nothing_is_not_given_as_a_range() -> None:
    flat = Difference("a", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert "between “A” and the status quo is 0.0 percentage points." in certainty([flat], 50, NAMES, EN)


def test_certainty_admits_when_it_cannot_be_known() -> None:
    assert certainty([], 10, NAMES, EN) == ""
    assert certainty([row("a", 0.05, NAN)], 1, NAMES, EN) == (
        "How sure this is cannot be said: there are too few runs for an interval."
    )


def test_what_is_better_than_the_status_quo_is_not_said_to_be_equal_to_it() -> None:
    """The lead is corrected for many comparisons, the difference to the status quo is not: no contradiction."""
    rng = np.random.default_rng(1)
    common, noise = rng.normal(0.3, 0.05, 30), rng.normal(0, 0.02, 30)
    values = {"status_quo": common, "a": common + noise - noise.mean() + 0.008}
    values |= {f"z{i}": common - 0.2 + rng.normal(0, 0.01, 30) for i in range(9)}
    runs = pd.concat(
        pd.DataFrame(
            {
                "design": d,
                "founding": "vote",
                "replicate": range(30),
                "parameter_draw": range(30),
                "adopted": 1,
                HEADLINE: v,
            }
        )
        for d, v in values.items()
    )
    summary = synthetic_result.summary(runs, [HEADLINE])
    parameters = SimpleNamespace(source="plausible")
    config = SimpleNamespace(
        designs=(), foundings=("vote",), measures={}, time=SimpleNamespace(end="2033-Q4"), parameters=parameters
    )
    found = answer(View(SimpleNamespace(runs=runs, summary=summary, config=config), EN))  # type: ignore[arg-type]
    assert found.parts[0].groups[0].text.startswith("“a” (+0.8")
    assert found.parts[0].paragraphs[0].startswith("On average “a” yields most")
