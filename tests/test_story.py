"""Every event and every cause has a sentence, in both languages, with everything that it is about filled in."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

import bresim
from bresim.columns.events import CAUSES, EVENTS, EventKind
from bresim.region import load_region
from bresim.region.types import Region
from bresim.story import sentences

CONFIG = bresim.load("run", ["governance=regio_deal_continued"])


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(CONFIG.region)


def _row(**given: Any) -> dict[str, Any]:
    return {
        "design": "regio_deal_continued", "date": "2026-Q3", "theme": "housing", "arena": "parkstad_limburg",
        "municipality": "Landgraaf", "size": 0.4, "fte": 1.25, **given,
    }  # fmt: skip


def _told(region: Region, lang: str, **given: Any) -> str:
    return sentences(pd.DataFrame([_row(**given)]), region, CONFIG.designs, lang)[0]


def test_by_hand(region: Region) -> None:
    for event, nl, en in (
        ("broken", "3e kwartaal 2026: Landgraaf breekt haar toezegging voor wonen in Parkstad Limburg.",
         "3rd quarter 2026: Landgraaf breaks its promise on housing in Parkstad Limburg."),
        ("signed", "3e kwartaal 2026: Landgraaf zegt per kwartaal 1,25 fte toe voor wonen in Parkstad Limburg.",
         "3rd quarter 2026: Landgraaf promises 1.25 fte a quarter for housing in Parkstad Limburg."),
        ("opened", "3e kwartaal 2026: Wonen komt op de agenda van Parkstad Limburg.",
         "3rd quarter 2026: Housing is put on the agenda of Parkstad Limburg."),
        ("shock", "3e kwartaal 2026: Een schok maakt wonen dringend (sterkte 40%).",
         "3rd quarter 2026: A shock makes housing pressing (strength 40%)."),
        ("founded", "3e kwartaal 2026: De samenwerkingsvorm ‘Regio Deal met doorontwikkeling’ wordt opgericht.",
         "3rd quarter 2026: The design ‘Regio Deal with continuation’ is founded."),
        ("successor_dissolved",
         "3e kwartaal 2026: De gemeenten heffen ‘Organisatie na de Regio Deal’ op, omdat zij geen resultaten zien.",
         "3rd quarter 2026: The municipalities dissolve ‘Organisation after the Regio Deal’, as they see no results."),
    ):  # fmt: skip
        assert (_told(region, "nl", event=event), _told(region, "en", event=event)) == (nl, en)


@pytest.mark.parametrize(
    ("event", "nl", "en"),
    [
        (
            "council_refused",
            "De gemeenteraad van Landgraaf wil niet dat zij meedoet aan het initiatief voor wonen",
            "The council of Landgraaf refuses to let it take part in the initiative on housing",
        ),
        (
            "enforced",
            "De provincie zorgt ervoor dat Landgraaf werkt aan haar toezegging voor wonen",
            "The province sees to it that Landgraaf works on its promise on housing",
        ),
    ],
)
def test_who_decides_is_named(region: Region, event: str, nl: str, en: str) -> None:
    """A council is not its municipality; the province can make one work on a promise, not see it kept."""
    assert _told(region, "nl", event=event) == f"3e kwartaal 2026: {nl} in Parkstad Limburg."
    assert _told(region, "en", event=event) == f"3rd quarter 2026: {en} in Parkstad Limburg."


def test_a_change_by_hand(region: Region) -> None:
    row = {"date": "2026-Q3", "source": "Beek", "target": "Vaals", "quantity": "trust", "cause": "broken_promise"}
    table = pd.DataFrame([{**row, "change": -0.125}])
    assert sentences(table, region, (), "nl") == [
        "3e kwartaal 2026: Het vertrouwen van Beek in Vaals daalt met 0,12: Vaals brak een toezegging."
    ]
    table = pd.DataFrame([{**row, "cause": "baseline", "change": -0.03}])
    assert "(change −0.03)" in sentences(table, region, (), "en")[0]


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_tells_what_it_is_about(region: Region, event: EventKind, lang: str) -> None:
    text = _told(region, lang, event=event.name)
    assert not re.search(r"[{}]|nan|None", text)
    assert text.endswith(".")
    theme, design, successor = {
        "nl": ("wonen", "Regio Deal met doorontwikkeling", "Organisatie na de Regio Deal"),
        "en": ("housing", "Regio Deal with continuation", "Organisation after the Regio Deal"),
    }[lang]
    filled = {
        "theme": theme, "arena": "Parkstad Limburg", "municipality": "Landgraaf", "design": design,
        "successor": successor,
    }  # fmt: skip
    for field, name in filled.items():
        assert (name.lower() in text.lower()) == (f"{{{field}}}" in event.sentence), (field, text)
    other = {"nl": "en", "en": "nl"}[lang]
    assert text != _told(region, other, event=event.name)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_cause_tells_whom_it_is_about_and_how_much(region: Region, lang: str) -> None:
    rows = [
        {
            "date": "2026-Q3",
            "source": "Beek",
            "target": "Vaals",
            "quantity": cause.quantity,
            "cause": cause.name,
            "change": 0.25,
        }
        for cause in CAUSES
    ]
    told = sentences(pd.DataFrame(rows), region, (), lang)
    assert len(set(told)) == len(CAUSES)
    for text in told:
        assert "Beek" in text
        assert "Vaals" in text
        assert {"nl": "0,25", "en": "0.25"}[lang] in text
        assert not re.search(r"[{}]|nan|None", text)


def test_nothing_is_no_sentences(region: Region) -> None:
    assert sentences(pd.DataFrame(columns=["event", "date"]), region, (), "nl") == []
