from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from bresim.common.text import language
from bresim.governance import design_names, load_design
from bresim.plots.view import View
from bresim.region import load_region
from bresim.report import cards

NL, EN = language("nl"), language("en")


def runs(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_adoption() -> None:
    assert cards.adoption(runs(), 0, None, EN) == "Needs no founding: it works from its start."
    assert cards.adoption(runs(), 4, None, NL) == (
        "Hoeft niet te worden opgericht; werkt vier kwartalen na de start op volle kracht."
    )
    assert cards.adoption(runs(adopted=[0, 0]), None, None, NL) == "Nooit: in geen enkele toekomst was er genoeg steun."
    assert cards.adoption(runs(adopted=[1, 1]), None, "2025-Q2", EN) == (
        "In every future; half of the times by the 2nd quarter 2025."
    )
    assert cards.adoption(runs(adopted=[1, 0, 0, 0]), None, "2025-Q2", NL) == (
        "In 25% van de toekomsten; de helft van de keren uiterlijk in het 2e kwartaal 2025."
    )
    assert cards.adoption(runs(adopted=[1]), None, None, EN) == "In every future."
    nullable = pd.DataFrame({"adopted": pd.array([1, None], dtype="Int64")})
    assert cards.adoption(nullable, None, None, EN) == "In every future."


def test_another_region_reads_nothing_of_zuid_limburg() -> None:
    """Descriptions of shipped designs hold for any region; the example of the sources is told in theirs only."""
    designs = tuple(load_design(name) for name in design_names())
    abroad, home = (
        View(SimpleNamespace(config=SimpleNamespace(designs=designs), region=load_region(region)), words)  # type: ignore[arg-type]
        for region, words in (("teaching", NL), ("zuid_limburg", NL))
    )
    told = {
        design.name: (cards._description(abroad, design.name), cards._description(home, design.name))
        for design in designs
    }
    words = ("Limburg", "Parkstad", "Maastricht", "Heerlen", "ESZL", "zestien", "tien ", "drie centrum")
    assert [(name, word) for name, (text, _) in told.items() for word in words if word.lower() in text.lower()] == []
    assert told["joint_arrangement"][1] == told["joint_arrangement"][0] + " Zoals Parkstad Limburg."
    assert told["regiobureau"][0] == told["regiobureau"][1] != ""


def test_what_follows() -> None:
    told = cards.followed(runs(followed=[1, 0, 0, 0]), "Regiobureau", NL)
    assert told == "Regiobureau, opgericht in 25% van de toekomsten."
    assert cards.followed(runs(followed=[]), "Regional bureau", EN) == "Not known."


def test_promises_with_and_without_pledges() -> None:
    assert cards.promises(runs(default_rate=[0.1, 0.3]), EN) == "20% of the promises."
    assert cards.promises(runs(default_rate=[0.1, np.nan]), NL) == (
        "10% van de toezeggingen. In 50% van de toekomsten is niets toegezegd."
    )
    assert cards.promises(runs(default_rate=[np.nan]), EN) == "Nothing was promised in any of the futures."


def test_value_and_negotiations() -> None:
    values = list(np.linspace(0.2, 0.4, 101))
    assert cards.value(runs(public_value_direct=values), EN) == (
        "30.0% of what is attainable; in 90% of the futures between 21.0% and 39.0%."
    )
    assert cards.value(runs(public_value_direct=[np.nan]), NL) == "Niet bekend."
    assert cards.negotiations(runs(agreements=[1, 2], deadlocks=[0, 0]), NL) == (
        "Gemiddeld 1,5 regionale akkoorden en 0,0 patstellingen over de hele beleidsperiode."
    )


def test_left_behind() -> None:
    frame = pd.DataFrame(
        {
            "design": "a",
            "replicate": [0, 0, 1, 1, 2, 2],
            "municipality": ["Beek", "Stein"] * 3,
            "public_value_direct": [0.1, 0.2, 0.1, 0.2, 0.4, 0.3],
        }
    )
    assert cards.left_behind(frame, "a", EN) == (
        "Beek, with 20.0% of what is attainable there; the lowest in 67% of the futures."
    )
    nothing_to_gain = frame[:3].assign(municipality="Elsloo", replicate=[0, 1, 2], public_value_direct=np.nan)
    assert cards.left_behind(pd.concat([frame, nothing_to_gain]), "a", EN) == cards.left_behind(frame, "a", EN)
    assert cards.left_behind(frame, "b", EN) == ""
    assert cards.left_behind(pd.DataFrame(), "a", EN) == ""
