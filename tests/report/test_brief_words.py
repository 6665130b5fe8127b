"""The sentences of the brief, against planted numbers with known answers."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import planted_brief as planted
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_brief import NORMAL, Design

from bresim.brief import worlds
from bresim.brief.job import Brief
from bresim.brief.rows import rows
from bresim.common.text import language
from bresim.report.brief import answer, tables, why
from bresim.report.brief.local import local, who_takes_part
from bresim.report.brief.page import table
from bresim.report.brief.sheets import rounded
from bresim.report.brief.words import Words


def words(brief: Brief) -> Words:
    return Words(brief, language(brief.config.lang))


def said(*designs: Any, **changes: Any) -> list[str]:
    return answer.answer(words(planted.brief(*designs, **changes)))


def everything(brief: Brief) -> str:
    """All that the brief says of its own, in one text."""
    own = words(brief)
    points = [*answer.risks(own), *answer.decisions(own)]
    locals_ = [sentence for name in brief.region.names for sentence in local(own, name).sentences]
    lines = [answer.question(own), *answer.answer(own), *(f"{point.title} {point.text}" for point in points)]
    notes = [f"{sheet.title} {sheet.note}" for sheet in tables.all_sheets(own)]
    members = [" ".join(pair) for pair in who_takes_part(own)]
    return "\n".join([*lines, why.contribution(own), why.package(own), *why.signs(own), *locals_, *notes, *members])


NOW = "If nothing changes, the region realises 20.0% of what is attainable by the end of 2033."


def test_a_normal_brief() -> None:
    assert said() == [
        NOW,
        "Once founded, “Regional bureau” yields most: +5.0 percentage points (95% interval +4.6 to +5.4).",
        (
            "But the chance that the municipalities found it is 25% in the model; as decided by them it therefore "
            "yields +1.3 on average."
        ),
        (
            "As the municipalities decide, “Regio Deal organisation” yields most: +2.4 on average, founded in 80% of "
            "the futures (not to be told apart from “Regional bureau”)."
        ),
        (
            "Without founding anything, two measures on today's way of working (monitoring and equal partnership) "
            "yield +3.0 percentage points; whether the municipalities agree on them, the model does not say."
        ),
        (
            "Once founded, “Regional bureau” yields clearly more than now in all 4 worlds that were tried; least in "
            "“History and ordinary luck” with the undercurrent as in BRE 2023 (+5.0); the package of measures "
            "does so in 3 of them."
        ),
    ]


def test_a_normal_brief_in_dutch() -> None:
    assert said(lang="nl") == [
        "Als er niets verandert, bereikt de regio eind 2033 20,0% van wat haalbaar is.",
        "Eenmaal opgericht levert “Regiobureau” het meest op: +5,0 procentpunt (95%-interval +4,6 tot +5,4).",
        (
            "Maar de kans dat de gemeenten die vorm oprichten, is in het model 25%; als zij zelf besluiten, levert die "
            "daardoor gemiddeld +1,3 op."
        ),
        (
            "Als de gemeenten zelf besluiten, levert “Regio Deal-organisatie” het meest op: gemiddeld +2,4, opgericht "
            "in 80% van de toekomsten (niet te onderscheiden van “Regiobureau”)."
        ),
        (
            "Zonder iets op te richten leveren twee maatregelen bij de huidige samenwerking (monitoring en echte "
            "gelijkwaardigheid) +3,0 procentpunt op; of de gemeenten die afspreken, zegt het model niet."
        ),
        (
            "Eenmaal opgericht levert “Regiobureau” in alle 4 doorgerekende werelden duidelijk meer op dan nu; "
            "het minst "
            "bij “Geschiedenis en gewone tegenslag” met onderstroom als in BRE 2023 (+5,0); het pakket maatregelen "
            "doet dat in 3 ervan."
        ),
    ]


def test_risks_and_decisions() -> None:
    own = words(planted.brief())
    assert [(point.title, point.text) for point in answer.risks(own)] == [
        (
            "De Oever stays out",
            (
                "Without De Oever the region yields 4.0 percentage points less than with all: +1.0 compared with "
                "now is left."
            ),
        ),
        (
            "It is not founded",
            "In 75% of the futures the municipalities do not found it, and then nothing changes.",
        ),
        (
            "It ends badly",
            (
                "Once founded, it ends badly in 25% of the futures: the municipalities dissolve it (20%), or it yields "
                "less than half of its average gain."
            ),
        ),
    ]
    assert [point.title for point in answer.decisions(own)] == [
        "Agree on a package of measures",
        "Help the vote",
        "If “Regional bureau” is founded: make sure that Torenhaven takes part",
        "Agree on what to watch",
    ]
    assert answer.decisions(own)[0].text == (
        "Monitoring and equal partnership: +3.0 percentage points (in 90% of the futures +1.0 to +5.0). It takes 5 fte "
        "a year more of all municipalities together, and the autonomy that they give up goes from 3% to 20%. Nothing "
        "is founded, but the municipalities must agree on it. If the chance that they agree is above 80%, it yields "
        "more on average than “Regio Deal organisation” as decided (+2.4)."
    )
    assert answer.decisions(own)[1].text == (
        "With equal partnership the chance that “Regional bureau” is founded rises from 25% to 35%."
    )


def test_why() -> None:
    own = words(planted.brief())
    assert why.contribution(own) == (
        "Of what “Regional bureau” yields, most comes from who has which role: +2.0 percentage points. It would yield "
        "more without its rules on money, binding and sanctions (−0.5). The seven parts together are its gain: +5.0."
    )
    assert why.package(own) == (
        "Every combination of one to four changes was tried. With founding (chance 30%): two changes do +5.5, "
        "monitoring and rules on money, binding and sanctions."
    )
    assert why.signs(own) == [
        (
            "If there are fewer than 3 regional agreements in the first two years, it ends badly in 60% of the "
            "futures, else in 20%. In those futures monitoring adds most if it is taken from the start: "
            "+2.0 percentage points."
        ),
        (
            "If mutual trust falls by more than 1.2 percentage points in the first two years, it ends badly in 50% of "
            "the futures, else in 25%."
        ),
        (
            "If grievance rises by more than 2.4 percentage points in the first two years, it ends badly in 40% of the "
            "futures, else in 30%."
        ),
    ]


@pytest.mark.parametrize(
    ("indicator", "direction", "threshold", "expected"),
    [
        ("agreements", 1, 1.0, "If there are no regional agreements"),
        ("completed", 1, 2.0, "If there are fewer than 2 completed regional initiatives"),
        ("deadlocks", -1, 0.0, "If there are more than 0 deadlocks"),
        ("support_mean", 1, 0.013, "If council support rises by less than 1.3 percentage points"),
        ("load_mean", -1, -0.02, "If administrative load falls by less than 2.0 percentage points"),
    ],
)
def test_how_a_sign_shows(indicator: str, direction: int, threshold: float, expected: str) -> None:
    brief = planted.brief()
    row = brief.signals.iloc[:1].assign(indicator=indicator, direction=direction, threshold=threshold)
    (told,) = why.signs(words(replace(brief, signals=row)))
    assert told.startswith(f"{expected} in the first two years, it ends badly in 60% of the futures")


def test_without_signs_it_says_so() -> None:
    (told,) = why.signs(words(planted.brief(without=["signals"])))
    assert told == (
        "None of these, read after the first 8 quarters, tells reliably whether “Regional bureau” ends well: mutual "
        "trust, council support, grievance, administrative load, direct value, regional scale, regional agreements, "
        "deadlocks and completed regional initiatives."
    )


def test_nothing_is_significant() -> None:
    """Not the gains, the measures, the rules or those who stay out: nothing is called more, most or lost."""
    unclear = {name: Design(one.gain, one.chance, half=0.06, holds=0) for name, one in NORMAL.items()}
    brief = planted.brief(unclear)
    wide = {"low": -0.06, "high": 0.06}
    brief = replace(
        brief,
        packages=brief.packages.assign(**wide),
        package_worlds=brief.package_worlds.iloc[:0],
        package_local=brief.package_local.iloc[:0],
        later=brief.later.iloc[:1],
        absence=brief.absence.assign(**wide),
        rule_types=brief.rule_types.assign(**wide),
        signals=brief.signals.iloc[:0],
    )
    own = words(brief)
    assert answer.answer(own) == [
        NOW,
        "Even once it is founded, no way of working together yields clearly more than now.",
        "As the municipalities decide, no way of working together yields clearly more than now.",
    ]
    assert why.contribution(own).startswith("No kind of rules of “Regional bureau” clearly adds anything.")
    assert [point.title for point in answer.risks(own)] == [
        "The world turns out otherwise",
        "It is not founded",
        "It ends badly",
    ]
    assert [point.title for point in answer.decisions(own)] == ["Help the vote"]
    assert "No way of working together yields clearly more for it than now. It clearly loses with none." in (
        everything(brief)
    )
    assert "yields most" not in everything(brief)


def test_the_highest_is_not_clear_but_another_is() -> None:
    """The second has a gain that is known well: then it is told, and not called the most."""
    designs = {"regiobureau": Design(0.05, 0.5, half=0.06), "regio_deal": Design(0.03, 0.5, half=0.004)}
    told = said(designs)
    assert told[1] == (
        "Once founded, “Regio Deal organisation” yields +3.0 percentage points (95% interval +2.6 to +3.4) "
        "(not to be told "
        "apart from “Regional bureau”)."
    )
    assert not any("most" in sentence for sentence in told)
    assert "With “Regio Deal organisation”, if it is founded, it gains +3.0 percentage points (+2.6 to +3.4)." in (
        everything(planted.brief(designs))
    )


def test_an_interval_that_is_shown_as_zero_is_not_clear() -> None:
    """From +0.04 to +0.8 is shown as 0.0 to +0.8."""
    assert said({"regio_deal": Design(0.0042, 0.5, half=0.0038)})[1].startswith("Even once it is founded, no way")
    assert said({"regio_deal": Design(0.0043, 0.5, half=0.0038)})[1].startswith("Once founded, “Regio Deal organisa")


def test_two_that_are_shown_alike_are_not_ranked() -> None:
    told = said({"regiobureau": Design(0.0301, 0.5), "regio_deal": Design(0.0299, 0.5)})
    assert told[1].startswith("Once founded, “Regional bureau” yields +3.0 percentage points")
    assert len(told) == 5  # nor is one of them first as decided, which is not told twice


def test_one_design() -> None:
    told = said({"regio_deal": Design(0.03, 0.8, decided=0.024)})
    assert told[1] == (
        "Once founded, “Regio Deal organisation” yields +3.0 percentage points (95% interval +2.6 to +3.4)."
    )
    assert len(told) == 5
    assert not any("yields most" in sentence for sentence in told)


def test_all_are_founded() -> None:
    told = said({"regiobureau": Design(0.05, 1.0), "regio_deal": Design(0.03, 1.0)})
    assert told[2] == "It needs no vote of the municipalities or always gets it."
    assert told[3] == "As the municipalities decide, that one yields most, too."
    brief = planted.brief({"regiobureau": Design(0.05, 1.0), "regio_deal": Design(0.03, 1.0)})
    own = words(brief)
    assert "It is not founded" not in [point.title for point in answer.risks(own)]
    assert "Help the vote" not in [point.title for point in answer.decisions(own)]
    assert brief.votes.empty
    assert "The chance that it votes" not in everything(brief)


def test_none_is_founded() -> None:
    designs = {"regiobureau": Design(0.05, 0.0, half=0.001), "regio_deal": Design(0.03, 0.0)}
    told = said(designs)
    assert told[2] == "But in none of the futures do the municipalities found it."
    assert told[3] == "As the municipalities decide, no way of working together yields clearly more than now."
    first = answer.risks(words(planted.brief(designs)))[0]
    assert first.text == "In 100% of the futures the municipalities do not found it, and then nothing changes."


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_only_the_status_quo(lang: str) -> None:
    brief = planted.brief({}, lang=lang)
    told = answer.answer(words(brief))
    last = {
        "en": "Only the status quo was simulated, so there is nothing to compare it with.",
        "nl": "Alleen de huidige samenwerking is doorgerekend, dus er is niets om die mee te vergelijken.",
    }
    assert told[1:] == [last[lang]]
    assert answer.risks(words(brief)) == answer.decisions(words(brief)) == []


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_region_of_five(lang: str) -> None:
    """Nothing is said of sixteen municipalities, of Zuid-Limburg's subregions, or of one that it does not have."""
    text = everything(planted.brief(lang=lang))
    for word in ("sixteen", "zestien", "16", "Parkstad", "Limburg", "Heuvelland", "Maastricht"):
        assert word not in text
    assert {"nl": "De Vijfhoek", "en": "The Five Corners"}[lang] in text


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_zuid_limburg(lang: str) -> None:
    brief = planted.brief(region="zuid_limburg", lang=lang)
    text = everything(brief)
    assert "Parkstad Limburg" in text
    assert all(name in text for name in brief.region.names)


def test_a_package_of_one_change() -> None:
    brief = planted.brief()
    one = brief.packages.assign(gain=brief.packages["gain"].where(brief.packages["parts"] != "monitoring", 0.0501))
    own = words(replace(brief, packages=one))
    assert (
        "Without founding anything, one measure on today's way of working (monitoring) yields +5.0 percentage points; "
        "whether the municipalities agree on it, the model does not say."
    ) in answer.answer(own)
    assert "Without founding anything, one change yield" not in why.package(own)
    one = one.assign(gain=one["gain"].where(one["parts"] != "payoff", 0.0506))
    assert why.package(words(replace(brief, packages=one))).endswith(
        "With founding (chance 30%): one change does +5.1, rules on money, binding and sanctions."
    )


def test_no_package_yields_as_much_as_it_is_shown() -> None:
    brief = planted.brief()
    less = brief.packages.assign(gain=brief.packages["gain"].clip(upper=0.0494))
    assert why.package(words(replace(brief, packages=less))).endswith(
        "None of them yields as much as the whole design (+5.0)."
    )


def test_a_package_that_is_not_enough_is_still_told() -> None:
    """None yields as much as the best: then it is the one that yields most."""
    brief = planted.brief()
    little = brief.packages.assign(gain=brief.packages["gain"] / 2, low=brief.packages["low"] / 2)
    found = replace(brief, packages=little).recommended
    assert found is not None
    assert found["parts"] == "monitoring;equal_partnership"


def test_a_design_that_holds_in_some_worlds() -> None:
    brief = planted.brief({**NORMAL, "regiobureau": Design(0.05, 0.25, holds=1)})
    own = words(brief)
    assert answer.answer(own)[-1] == (
        "Once founded, “Regional bureau” yields clearly more than now in 1 of the 4 worlds that were tried; least in "
        "“History and ordinary luck” with the undercurrent as in BRE 2023 (+5.0); the package of measures does so "
        "in 3 of them."
    )
    told = {point.title: point.text for point in answer.risks(own)}["The world turns out otherwise"]
    assert told.startswith("In 3 of 4 worlds it does not clearly yield more than now; least of all in “")


def undercurrents(lang: str, **changed: tuple[float, float, float, float]) -> Words:
    """A brief of two worlds, absent and strong: (today's way, gain, low, high) of the design that is explained."""
    rows_ = {"absent": (0.22, 0.03, 0.026, 0.034), "strong": (0.11, 0.07, 0.066, 0.074), **changed}
    found = [
        ("history", level, "regiobureau", today, gain, low, high, low > 0, 1)
        for level, (today, gain, low, high) in rows_.items()
    ]
    table = pd.DataFrame(found, columns=worlds.COLUMNS)
    return words(replace(planted.brief(lang=lang), worlds=table))


def test_why_more_is_gained_under_a_strong_undercurrent() -> None:
    assert why.stronger_undercurrent(undercurrents("en")) == (
        "With a strong undercurrent “Regional bureau” gains more (+7.0) than without one (+3.0). That is because "
        "today's way of working suffers more from it: it then realises 11.0% instead of 22.0% of what is attainable, "
        "and “Regional bureau” 18.0% instead of 25.0%."
    )
    assert why.stronger_undercurrent(undercurrents("nl")) == (
        "Bij een sterke onderstroom is de winst van “Regiobureau” groter (+7,0) dan zonder onderstroom (+3,0). Dat "
        "komt doordat de huidige samenwerking er meer onder lijdt: die bereikt dan 11,0% in plaats van 22,0% van wat "
        "haalbaar is, en “Regiobureau” 18,0% in plaats van 25,0%."
    )


@pytest.mark.parametrize(
    "strong",
    [
        (0.11, 0.02, 0.016, 0.024),  # gains less
        (0.11, 0.034, 0.03, 0.038),  # more, but not clearly
        (0.23, 0.07, 0.066, 0.074),  # today's way does not suffer
    ],
)
def test_that_is_told_only_where_it_is_so(strong: tuple[float, float, float, float]) -> None:
    assert why.stronger_undercurrent(undercurrents("en", strong=strong)) == ""
    assert why.stronger_undercurrent(words(planted.brief())) == ""  # no world without undercurrent
    assert why.stronger_undercurrent(words(planted.brief(without=["worlds"]))) == ""


def test_losers() -> None:
    loser = Design(0.05, 0.9, local={"Molenkade": (-0.02, 0.004), "Heidekamp": (-0.004, 0.01)})
    brief = planted.brief({**NORMAL, "regiobureau": loser})
    own = words(brief)
    told = {point.title: point.text for point in answer.risks(own)}
    assert told["Some municipalities lose"] == "It yields less than now for Molenkade."
    assert "It loses with “Regional bureau”." in " ".join(local(own, "Molenkade").sentences)
    assert "It clearly loses with none." in " ".join(local(own, "Heidekamp").sentences)
    dutch = words(planted.brief({**NORMAL, "regiobureau": loser}, lang="nl"))
    assert "Molenkade" in {point.title: point.text for point in answer.risks(dutch)}["Sommige gemeenten verliezen"]


def test_measures_of_the_job() -> None:
    """Today's way with the measures is not founded, and is not what the others are compared with."""
    taken = ("measures.monitoring=1",)
    brief = planted.brief(NORMAL, *taken, measured=Design(0.015, 1.0))
    own = words(brief)
    told = answer.answer(own)
    assert told[0] == NOW
    assert told[4] == (
        "The measures of this brief alone, without founding anything, yield +1.5 percentage points (95% interval +1.1 "
        "to +1.9); whether the municipalities agree on them, the model does not say."
    )
    assert len(told) == 6
    risk = {point.title: point.text for point in answer.risks(own)}["It is not founded"]
    assert risk.endswith("and then only the measures are left.")
    assert why.contribution(own).endswith("The seven parts together are what it yields on top of the measures: +3.5.")
    assert "they do not found it, only the measures are left" in tables.designs(own).note
    assert "Every row has the measures of this brief" in tables.designs(own).note
    assert "Once founded, “Status quo" not in everything(brief)


def test_measures_that_do_more_than_a_vote() -> None:
    brief = planted.brief(NORMAL, "measures.monitoring=1", measured=Design(0.06, 1.0))
    told = answer.answer(words(brief))
    assert told[1].startswith("Once founded, “Regional bureau” yields most: +5.0")
    assert told[3] == "As the municipalities decide, no way of working together yields more than the measures alone do."


def test_only_the_status_quo_with_measures() -> None:
    brief = planted.brief({}, "measures.monitoring=1", measured=Design(0.002, 1.0))
    assert answer.answer(words(brief)) == [
        NOW,
        "The measures of this brief alone, without founding anything, do not yield clearly more than now.",
    ]


def test_one_municipality() -> None:
    own = words(planted.brief(municipality="Molenkade"))
    assert local(own, "Molenkade").sentences == (
        (
            "If nothing changes, 21.0% of what is attainable in Molenkade is realised by the end of 2033. In the "
            "model, not measured: it trusts the others for 40% on average, and they trust it for 45%. It keeps 75% of "
            "its promises in time."
        ),
        (
            "Most is realised there with “Regional bureau”, if it is founded: +5.0 percentage points (+4.6 to +5.4). "
            "It clearly loses with none. With “Regional bureau” less is realised at one scale: local scale (−1.0)."
        ),
        (
            "The chance that it votes for founding “Regional bureau” is 58%. What weighs most against it: loss of "
            "autonomy. With equal partnership that chance is 68%."
        ),
        (
            "If it stays out of “Regional bureau”, the region realises 1.0 percentage points less. It would itself "
            "have 2.0 percentage points less than if it took part."
        ),
    )


def test_what_the_package_brings_a_municipality() -> None:
    own = words(planted.brief())
    first, last = (local(own, name).sentences for name in ("Torenhaven", "Heidekamp"))
    measures = "Without founding anything, monitoring and equal partnership"
    assert f"{measures} bring it +4.0 percentage points (+3.6 to +4.4)." in first
    assert f"{measures} do not clearly bring it more than now (−0.4 to +0.4)." in last


def test_what_moves_the_vote() -> None:
    """Each of the five has 10 points more with the measure that moves it: on average 56 % becomes 66 %."""
    own = words(planted.brief())
    assert why.moves_most(own) == (
        "For 5 of the 5 municipalities equal partnership would move it most; if each had the measure that moves it "
        "most, the mean chance of a yes would be 66% instead of 56%."
    )
    assert why.voting_rule(own).endswith(why.moves_most(own))
    none = own.brief.votes.assign(measure=None, with_measure=np.nan)
    assert why.moves_most(words(replace(own.brief, votes=none))) == ""


def test_a_package_that_always_beats_what_is_decided_needs_no_chance() -> None:
    """Nothing is decided that yields anything, or it yields more than the package: then no chance is told."""
    for decided in (0.0, 0.04):
        designs = {"regiobureau": Design(0.05, 0.5, decided=decided)}
        told = answer.decisions(words(planted.brief(designs)))[0].text
        assert told.endswith("but the municipalities must agree on it.")


def test_what_is_left_of_a_later_start() -> None:
    own = words(planted.brief())
    assert why.late(own, datetime.date(2026, 1, 1)) == (
        "Everything was simulated as if it began in 2024. What begins later has less time until the end of 2033. Begun "
        "in 2027, “Regional bureau” if founded yields +3.3, and the package of measures +2.2."
    )
    assert why.late(own, datetime.date(2023, 12, 31)) == ""
    assert why.late(words(planted.brief(without=["packages"])), datetime.date(2026, 1, 1)).endswith(
        "Begun in 2027, “Regional bureau” if founded yields +3.3."
    )


def test_a_measure_that_hardly_helps_the_vote_is_not_called_help() -> None:
    brief = planted.brief()
    rows_ = brief.measures.copy()
    rows_.loc[(rows_["measure"] == "equal_partnership") & (rows_["founding"] == "vote"), "chance"] -= 0.06
    told = {point.title: point.text for point in answer.decisions(words(replace(brief, measures=rows_)))}
    assert told["Do not count on a measure to win the vote"] == (
        "No measure helps much: with equal partnership the chance that “Regional bureau” is founded rises from 25% to "
        "29%."
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (0.02, "the region realises 2.0 percentage points more."),
        (0.003, "the value for the region does not clearly change."),
        (np.nan, ""),
    ],
)
def test_what_the_region_loses_without_one(change: float, expected: str) -> None:
    brief = planted.brief()
    rows = brief.absence.assign(change=change, low=change - 0.004, high=change + 0.004)
    told = " ".join(local(words(replace(brief, absence=rows)), "Molenkade").sentences)
    assert expected in told
    assert ("stays out" in told) == bool(expected)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (0.02, "It would itself have 2.0 percentage points more than if it took part."),
        (0.003, "For itself that does not clearly change anything."),
    ],
)
def test_what_staying_out_changes_for_itself(own: float, expected: str) -> None:
    brief = planted.brief()
    rows = brief.absence.assign(own=own, own_low=own - 0.004, own_high=own + 0.004)
    assert local(words(replace(brief, absence=rows)), "Molenkade").sentences[-1].endswith(expected)


DESIGNS = st.builds(
    Design,
    gain=st.floats(-0.01, 0.03),
    chance=st.sampled_from([0.0, 0.002, 0.3, 0.998, 1.0]),
    half=st.floats(0.0, 0.02),
    decided=st.floats(-0.01, 0.03),
    holds=st.integers(0, 4),
)


base = cache(planted.brief)


@settings(max_examples=150)
@given(some=st.lists(DESIGNS, min_size=1, max_size=3), alone=st.none() | DESIGNS)
def test_no_sentence_contradicts_the_table_or_another(some: list[Design], alone: Design | None) -> None:
    """Whatever the numbers: what is called most or clearly more is so in the table, as it is shown."""
    named = dict(zip(NORMAL, some, strict=False))
    shown = planted._designs({**({"status_quo_with_measures": alone} if alone else {}), **named}, False)
    own = words(replace(base(), designs=shown))
    told = answer.answer(own)
    assert len(told) <= answer.SENTENCES
    assert all(len(re.findall(r"[.!?](\s|$)", sentence)) == 1 for sentence in told)
    ways = shown[shown["design"] != "status_quo_with_measures"]
    for sentence in told:
        kind = "decided" if sentence.startswith("As the municipalities decide") else "gain"
        clear = {
            own.quoted(name)
            for name, low in zip(ways["design"], ways[f"{kind}_low"], strict=True)
            if round(100 * low, 1) > 0.0  # as it is shown
        }
        values = {own.quoted(row["design"]): rounded(row[kind], "points") for row in rows(ways)}
        named_here = re.findall("“[^”]*”", sentence.partition(" (not to be told")[0].partition("; least")[0])
        assert set(named_here) <= clear
        if "no way of working together yields clearly more" in sentence:
            assert not clear
        if "yields most:" in sentence:
            others = [value for name, value in values.items() if name != named_here[0]]
            assert all(values[named_here[0]] > other for other in others)  # type: ignore[operator]
    assert told.count(told[0]) == 1


def test_the_answer_and_the_table_have_the_same_numbers() -> None:
    """Every number of the first sentence about a design stands in its row on the page."""
    brief = planted.brief()
    own = words(brief)
    lines = table(tables.designs(own), own.language).lines
    row = next(line for line in lines if line.name == "Regional bureau")
    cells = {cell.label: cell.text for cell in row.cells}
    told = answer.answer(own)
    assert cells["If founded (points)"] in told[1]
    assert cells["95% interval"] in told[1]
    assert cells["Chance that it is founded"] in told[2]
    assert cells["As decided (points)"] in told[2]
    assert cells["Holds in worlds"] == "4 of 4"


def test_the_overview_of_municipalities_has_the_numbers_of_their_pages() -> None:
    own = words(planted.brief())
    sheet = tables.overview(own)
    assert [heading.text for heading in sheet.headings[2:4]] == [
        "Gain with “Regional bureau”",
        "Gain with the measures",
    ]
    row = {str(cells[0]): cells[1:] for cells in sheet.rows}
    # the second of five: value 0.21; gain of the bureau; of the package; a yes; the region and itself without it
    assert row["Molenkade"] == pytest.approx((0.21, 0.05, 0.03, 0.58, -0.01, -0.02))
    assert row["Heidekamp"][4:] == (None, None)  # cannot be missed
    assert list(row) == sorted(row)


def test_the_overview_leaves_out_what_nothing_is_known_of() -> None:
    """Without a vote, a package and anyone that could stay out."""
    one = {"regiobureau": Design(0.05, 1.0)}
    sheet = tables.overview(words(planted.brief(one, without=["packages", "absence"])))
    assert len(sheet.headings) == 3
