"""Figure: trust between municipalities, at the start and at the end under the status quo and the highest design."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim.common.text import Language
from bresim.plots.network import draw_network, network
from bresim.plots.view import Figure, View
from bresim.region.types import Region

NAME = "network"
#: Of the scale, the same in all so that maps of two reports compare, and digits of its numbers.
LIMITS, DIGITS = (0.0, 1.0), 2


def moments(view: View) -> list[tuple[str, str, str]]:
    """(file name, design, moment) of each map: the start, the status quo's end, and the end of the highest design."""
    shown = view.reference or view.order[0]
    found = [(f"{NAME}_start", shown, "start"), (f"{NAME}_end_{shown}", shown, "end")]
    if view.order[0] != shown:
        found.append((f"{NAME}_end_{view.order[0]}", view.order[0], "end"))
    return found


def weights(dyads: pd.DataFrame, region: Region, design: str, moment: str) -> NDArray[np.float64]:
    """Mean trust of a pair, both ways together, (N, N), symmetric, in [0, 1]; missing pairs are 0."""
    part = dyads[(dyads["design"] == design) & (dyads["moment"] == moment)]
    table = part.pivot(index="source", columns="target", values="trust").reindex(
        index=region.names, columns=region.names
    )
    both = np.nan_to_num(table.to_numpy(dtype=np.float64))
    return np.asarray((both + both.T) / 2)


def draw(view: View, out: Path) -> list[Figure]:
    """Three maps (two if the status quo is the highest or absent); none without dyads."""
    dyads = view.result.dyads
    if dyads.empty:
        return []
    _, names = view.language.gettext, view.names()
    figures = []
    maps = [(*which, weights(dyads, view.region, *which[1:])) for which in moments(view)]
    scale = _("Lines have the same scale on all maps of all reports: from 0 to 1.")
    caption = view.noted(f"{_places(view)} {scale}")
    for name, design, moment, trust in maps:
        title = (
            _("Trust at the start")
            if moment == "start"
            else _("Trust at the end: {design}").format(design=names[design])
        )
        legend = _("mutual trust, 0 (none) to 1")
        read = sentence(dyads, view.region, design, moment, view.quoted(), view.language)
        if view.kept is not None:
            picture = network(view.region, trust, legend, None, LIMITS, DIGITS, view.language.code)[1]
            view.keep(name, picture, title, read, caption)
            continue
        svg, png = draw_network(
            view.region,
            trust,
            title=view.headed(title),
            legend=legend,
            path_stem=out / name,
            limits=LIMITS,
            digits=DIGITS,
            lang=view.language.code,
            description=f"{read} {caption}",
            source=view.source,
        )
        figures.append(Figure(name, title, caption, read, svg, png))
    return figures


def _places(view: View) -> str:
    """What a municipality and a line look like: circles, or dots on a map with the region's own boundaries."""
    _ = view.language.gettext
    if view.region.boundaries is not None:
        return _(
            "Each dot is a municipality on the map, a larger one a centre; the darker and thicker a line, the more "
            "trust between the two (mean of both ways and of all futures)."
        )
    return _(
        "Each circle is a municipality, its size the number of inhabitants; the darker and thicker a line, the more "
        "trust between the two (mean of both ways and of all futures)."
    )


def sentence(
    dyads: pd.DataFrame, region: Region, design: str, moment: str, names: dict[str, str], language: Language
) -> str:
    """The mean, the strongest and the weakest pair; at the end also the change since the start."""
    _ = language.gettext
    trust = weights(dyads, region, design, moment)
    rows, columns = np.triu_indices(len(region.names), 1)
    pairs = trust[rows, columns]
    if pairs.size == 0:
        return _("One municipality has nobody to trust.")
    mean = float(pairs.mean())
    if moment == "start":
        first = _("At the start mutual trust is {mean} on average.").format(mean=language.number(mean, 2))
    else:
        before = float(weights(dyads, region, design, "start")[rows, columns].mean())
        first = _("At the end, under {design}, mutual trust is {mean} on average ({change} since the start).").format(
            design=names[design], mean=language.number(mean, 2), change=language.signed(mean - before, 2)
        )
    return f"{first} {_extremes(pairs, rows, columns, region, language)}"


def _extremes(
    pairs: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.intp], region: Region, language: Language
) -> str:
    _ = language.gettext
    if pairs.max() - pairs.min() < 0.005:
        return _("All pairs trust each other equally.")
    high, low = int(pairs.argmax()), int(pairs.argmin())
    tied = {index: language.join([region.names[rows[index]], region.names[columns[index]]]) for index in (high, low)}
    return _("The strongest tie is between {high} ({high_value}), the weakest between {low} ({low_value}).").format(
        high=tied[high],
        high_value=language.number(pairs[high], 2),
        low=tied[low],
        low_value=language.number(pairs[low], 2),
    )
