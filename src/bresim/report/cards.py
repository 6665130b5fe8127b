"""One card a design: what it is, whether it was founded, what it yields and where it fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bresim.analysis import comparison
from bresim.common.text import Language, capital
from bresim.conventions import HEADLINE
from bresim.governance import design_descriptions
from bresim.plots.municipalities import worst_off
from bresim.plots.view import View


@dataclass(frozen=True)
class Card:
    """What the report says of one design. ``facts`` are (term, text) pairs."""

    design: str
    name: str
    description: str
    facts: tuple[tuple[str, str], ...]


def cards(view: View) -> list[Card]:
    """A card for every design, from the highest to the lowest direct value."""
    _ = view.language.gettext
    found = []
    for design in view.order:
        runs = view.runs[view.runs["design"] == design]
        facts = [
            (_("Founded"), adoption(runs, _set_up(view, design), _median_date(view, runs), view.language)),
            (_("What follows its term"), _what_follows(view, design)),
            (capital(view.language.label(comparison.outcome(HEADLINE))), value(runs, view.language)),
            (_("The same, if founded"), _if_founded(view, design)),
            (_("Agreements and deadlocks"), negotiations(runs, view.language)),
            (_("Promises not kept"), promises(runs, view.language)),
            (_("Worst-off municipality"), left_behind(view.result.municipalities, design, view.language)),
        ]
        found.append(
            Card(
                design,
                view.name(design),
                _description(view, design),
                tuple((term, text) for term, text in facts if text),
            )
        )
    return found


def _what_follows(view: View, design: str) -> str:
    """What follows the term of a design, and how often it is founded; nothing for a design without a successor."""
    successor = {d.name: d.scope.successor for d in view.config.designs}.get(design)
    runs = view.runs[view.runs["design"] == design]
    if not successor or "followed" not in runs:  # a result of before the column was there
        return ""
    return followed(runs, view.name(successor), view.language)


def followed(runs: pd.DataFrame, successor: str, language: Language) -> str:
    """In which share of all futures the ``successor`` (its display name) was founded."""
    share = float(runs["followed"].astype("float64").mean())
    if not np.isfinite(share):
        return language.gettext("Not known.")
    return language.gettext("{successor}, founded in {share} of the futures.").format(
        successor=successor, share=language.percent(share)
    )


def _if_founded(view: View, design: str) -> str:
    """The value of a design that needs founding in the runs where it is founded at once; nothing without such runs."""
    if view.founded is None or not _needs_founding(view, design):
        return ""
    return value(view.founded.runs[view.founded.runs["design"] == design], view.language)


def _description(view: View, design: str) -> str:
    """What the design is; in the region of the sources also the example they give of it."""
    own = {d.name: d for d in view.config.designs}.get(design)
    if own is None:
        return design_descriptions(design)[0 if view.language.code == "nl" else 1]
    dutch = view.language.code == "nl"
    texts = [own.description_nl if dutch else own.description_en]
    if view.at_home:
        texts.append(own.example_nl if dutch else own.example_en)
    return " ".join(text for text in texts if text)


def _needs_founding(view: View, design: str) -> bool:
    own = {d.name: d for d in view.config.designs}.get(design)
    return own is None or own.aggregation.adoption_quota > 0 or own.payoff.steering > 0


def _median_date(view: View, runs: pd.DataFrame) -> str | None:
    quarters = runs["adopted_quarter"].astype("float64").dropna()
    return view.date(float(quarters.median())) if len(quarters) else None


def _set_up(view: View, design: str) -> int | None:
    """Quarters of building up of a design that needs no founding; None if it needs one."""
    if _needs_founding(view, design):
        return None
    return {d.name: int(d.scope.setup_quarters) for d in view.config.designs}.get(design, 0)


def adoption(runs: pd.DataFrame, set_up: int | None, when: str | None, language: Language) -> str:
    """In which share of the futures the design was founded; ``when`` is the median (``2025-Q2``), if any.

    ``set_up``: the quarters it is built up in, if it needs no founding.
    """
    _ = language.gettext
    if set_up == 0:
        return _("Needs no founding: it works from its start.")
    if set_up is not None:
        told = _("Needs no founding; it is at full strength {quarters} quarters after its start.")
        return told.format(quarters=language.numeral(set_up))
    share = float(runs["adopted"].astype("float64").mean())
    if not np.isfinite(share):
        return _("Not known.")
    if share == 0:
        return _("Never: it found no support in any of the futures.")
    share_text = (
        _("In every future") if share == 1 else _("In {share} of the futures").format(share=language.percent(share))
    )
    if when is None:
        return f"{share_text}."
    return _("{share}; half of the times by the {date}.").format(share=share_text, date=language.quarter(when))


def value(runs: pd.DataFrame, language: Language) -> str:
    """Mean direct value and its 5–95 % spread."""
    values = runs[HEADLINE].to_numpy(dtype=np.float64)
    if not np.isfinite(values).any():
        return language.gettext("Not known.")
    low, high = comparison.spread(values)
    return language.gettext("{mean} of what is attainable; in 90% of the futures between {low} and {high}.").format(
        mean=language.percent(float(np.nanmean(values)), 1),
        low=language.percent(low, 1),
        high=language.percent(high, 1),
    )


def negotiations(runs: pd.DataFrame, language: Language) -> str:
    """Mean number of regional agreements and deadlocks over the policy window."""
    means = runs[["agreements", "deadlocks"]].astype("float64").mean()
    if means.isna().any():
        return language.gettext("Not known.")
    return language.gettext(
        "On average {agreements} regional agreements and {deadlocks} deadlocks in the whole period."
    ).format(agreements=language.number(means["agreements"]), deadlocks=language.number(means["deadlocks"]))


def promises(runs: pd.DataFrame, language: Language) -> str:
    """Mean default rate; null where nothing was pledged."""
    _ = language.gettext
    rates = runs["default_rate"].astype("float64")
    if rates.isna().all():
        return _("Nothing was promised in any of the futures.")
    text = _("{rate} of the promises.").format(rate=language.percent(rates.mean()))
    none = float(rates.isna().mean())
    return text + (
        " " + _("In {share} of the futures nothing was promised.").format(share=language.percent(none)) if none else ""
    )


def left_behind(municipalities: pd.DataFrame, design: str, language: Language) -> str:
    """The municipality with the lowest mean value, and in which share of the futures it is the lowest."""
    lowest = worst_off(municipalities, design)
    if lowest is None:
        return ""
    part = municipalities[municipalities["design"] == design]
    table = part.pivot(index="replicate", columns="municipality", values=HEADLINE).astype("float64")
    table = table.dropna(axis="columns", how="all").dropna()
    share = float((table.idxmin(axis=1) == lowest[0]).mean())
    return language.gettext(
        "{municipality}, with {value} of what is attainable there; the lowest in {share} of the futures."
    ).format(municipality=lowest[0], value=language.percent(lowest[1], 1), share=language.percent(share))
