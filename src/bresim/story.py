"""What happened, as sentences: rows of ``events`` and ``trust_changes`` in Dutch or English.

The sentences themselves stand in ``bresim.columns.events``, their Dutch in the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd

from bresim.columns.events import CAUSES, EVENTS
from bresim.common.text import Language, capital, language
from bresim.governance import Design, successor_of
from bresim.region.types import Region
from bresim.world import BESIDE

_OF_EVENT = {event.name: event.sentence for event in EVENTS}
_OF_CAUSE = {(cause.quantity, cause.name): cause.sentence for cause in CAUSES}


def sentences(table: pd.DataFrame, region: Region, designs: Iterable[Design], lang: str) -> list[str]:
    """A sentence for each row of ``events`` or ``trust_changes``, each with its quarter in front.

    ``region`` and ``designs`` are those of the job, whose labels stand in the sentences; ``lang`` is ``nl`` or ``en``.
    """
    words = language(lang)
    names = _names(region, designs, words)
    told = _event if "event" in table else _change
    quarter = cache(lambda date: words.quarter(str(date)))
    known = [str(name) for name in table]
    values = zip(*(table[name].tolist() for name in table), strict=True)
    rows = (dict(zip(known, row, strict=True)) for row in values)
    return [f"{quarter(row['date'])}: {capital(told(row, names, words))}" for row in rows]


def _names(region: Region, designs: Iterable[Design], words: Language) -> Callable[[str, Any], str]:
    """From (kind, name) to the label in the reader's language, or the name itself where it has none.

    Of kind ``successor`` it is the label of what follows the design of that name.
    """

    def labels(things: Iterable[Any]) -> Mapping[str, str]:
        return {thing.name: words.label(thing) for thing in things}

    chosen = tuple(designs)
    follows = {design.name: successor_of(design) for design in chosen}
    known = {
        "theme": labels(region.themes), "arena": labels(region.arenas), "design": labels(chosen),
        "successor": {name: words.label(after) for name, after in follows.items() if after is not None},
    }  # fmt: skip
    return lambda kind, name: known[kind].get(name, str(name))


def _event(row: Mapping[str, Any], names: Callable[[str, Any], str], words: Language) -> str:
    sentence = _OF_EVENT[row["event"]]
    return words.gettext(sentence).format(
        theme=names("theme", row["theme"]),
        arena=_arena(row, names),
        design=names("design", row["design"]),
        successor=names("successor", row["design"]),
        municipality=row["municipality"],
        size=words.percent(row["size"]),
        fte=words.number(row["fte"], 2),
    )


def _arena(row: Mapping[str, Any], names: Callable[[str, Any], str]) -> str:
    """The arena's label; the arena of a design beside the region's is called after the design."""
    return names("design", row["design"]) if row["arena"] == BESIDE else names("arena", row["arena"])


def _change(row: Mapping[str, Any], names: Callable[[str, Any], str], words: Language) -> str:
    sentence = _OF_CAUSE[row["quantity"], row["cause"]]
    return words.gettext(sentence).format(
        source=row["source"],
        target=row["target"],
        change=words.number(abs(row["change"]), 2),
        signed=words.signed(row["change"], 2),
    )
