"""Figure: how robust each design is: chance of being best, regret, and luck against not knowing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from bresim.plots import frames
from bresim.plots.style import BLUE, FAINT, GREY, INK, canvas, save
from bresim.plots.view import Figure, View
from bresim.text import Language

NAME = "robustness"


def draw(view: View, out: Path) -> Figure | None:
    """Three panels on one list of designs; None with a single design, which has nothing to be best of."""
    summary = frames.summary_of(view.result.summary).reindex(view.order)
    if len(summary) < 2:
        return None
    language, _ = view.language, view.language.gettext
    figure = canvas(height=1.5 + 0.34 * len(summary))
    best, regret, parts = figure.subplots(1, 3, sharey=True, width_ratios=(1, 1.25, 1))
    places = np.arange(len(summary))
    _best(best, places, summary, language)
    _regret(regret, places, summary, language)
    _parts(parts, places, summary, language)
    best.set_yticks(places, [view.name(design) for design in summary.index])
    best.set_ylim(len(summary) - 0.4, -0.6)
    for axis in (best, regret, parts):
        axis.grid(visible=False, axis="y")
    svg, png = save(figure, out, NAME)
    return Figure(
        NAME,
        _("Robustness: how often best, what a wrong choice costs, luck or not knowing"),
        _(
            "Left: share of the futures in which the design yields most direct value. Middle: regret, what is missed "
            "compared with the best design in the same future, on average and with the parameters that suit the design "
            "worst. Right: which part of the differences between the futures is luck (events, choices) and which is "
            "not knowing (the parameters)."
        ),
        sentence(summary, view.quoted(), language),
        svg,
        png,
    )


def _best(axis: Axes, places: np.ndarray, summary: pd.DataFrame, language: Language) -> None:
    shares = summary["probability_best"].to_numpy(dtype=np.float64)
    axis.barh(places, 100 * shares, color=BLUE, height=0.62)
    for place, share in zip(places, shares, strict=True):
        axis.annotate(
            language.percent(share),
            (100 * np.nan_to_num(share), place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
        )
    axis.set_xlim(0, max(100 * float(np.nanmax(shares, initial=0.1)) * 1.22, 5))
    axis.set_title(language.gettext("best design"), pad=22)
    axis.set_xlabel(language.gettext("% of the futures"))


def _regret(axis: Axes, places: np.ndarray, summary: pd.DataFrame, language: Language) -> None:
    _ = language.gettext
    expected, worst = (
        100 * summary[column].to_numpy(dtype=np.float64) for column in ("expected_regret", "worst_regret")
    )
    axis.hlines(places, expected, worst, color=GREY, linewidth=1.2)
    axis.plot(expected, places, linestyle="", marker="o", color=BLUE, markersize=7, label=_("on average"))
    axis.plot(
        worst, places, linestyle="", marker="|", color=INK, markersize=10, markeredgewidth=2, label=_("worst case")
    )
    axis.set_xlim(0, None)
    axis.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _at: language.number(value, 0 if value == int(value) else 1))
    )
    axis.set_title(_("regret"), pad=22)
    axis.set_xlabel(_("percentage points missed"))
    axis.legend(
        loc="lower left", bbox_to_anchor=(-0.03, 0.995), ncols=2, borderaxespad=0, handletextpad=0.2, columnspacing=1.0
    )


def _parts(axis: Axes, places: np.ndarray, summary: pd.DataFrame, language: Language) -> None:
    _ = language.gettext
    luck, knowledge = (
        100 * summary[column].to_numpy(dtype=np.float64) for column in ("variance_luck", "variance_knowledge")
    )
    axis.barh(places, knowledge, color=BLUE, height=0.62, label=_("not knowing"))
    axis.barh(
        places,
        luck,
        left=np.nan_to_num(knowledge),
        color=FAINT,
        edgecolor=GREY,
        linewidth=0.6,
        hatch="////",
        height=0.62,
        label=_("luck"),
    )
    axis.set_xlim(0, 100)
    axis.set_title(_("spread"), pad=22)
    axis.set_xlabel(_("% of the variance"))
    axis.legend(
        loc="lower left", bbox_to_anchor=(-0.03, 0.995), ncols=2, borderaxespad=0, handletextpad=0.5, columnspacing=1.0
    )


def sentence(summary: pd.DataFrame, names: dict[str, str], language: Language) -> str:
    """Who is most often best, who misses least on average and at worst, and the split of the spread."""
    _ = language.gettext
    parts: list[str] = []
    best = summary["probability_best"].dropna()
    if len(best) and best.max() > 0:
        tops = [names[str(design)] for design in best.index[best >= best.max() - 1e-9]]
        share = float(best.max())
        if len(tops) > 1:
            parts.append(
                _("{designs} are equally often the best: each in {share} of the futures.").format(
                    designs=language.join(tops), share=language.percent(share)
                )
            )
        elif share > 0.5:
            parts.append(
                _("{design} is the best in most futures: {share}.").format(
                    design=tops[0], share=language.percent(share)
                )
            )
        else:
            parts.append(
                _(
                    "{design} is most often the best, but in no more than {share} of the futures; in all others "
                    "another design is better."
                ).format(design=tops[0], share=language.percent(share))
            )
    least = {column: summary[column].dropna() for column in ("expected_regret", "worst_regret")}
    if all(len(values) for values in least.values()):
        average, worst = (str(values.idxmin()) for values in least.values())
        one = _(
            "Regret is smallest for {design}, both on average ({average} percentage points) and in the worst case "
            "({worst})."
        )
        two = _(
            "Average regret is smallest for {design} ({average} percentage points), regret in the worst case for "
            "{other} ({worst})."
        )
        parts.append(
            (one if average == worst else two).format(
                design=names[average],
                other=names[worst],
                average=language.number(100 * least["expected_regret"].min()),
                worst=language.number(100 * least["worst_regret"].min()),
            )
        )
    parts += split_sentence(summary, language)
    return " ".join(parts)


def split_sentence(summary: pd.DataFrame, language: Language) -> list[str]:
    """Which part of the spread is luck and which not knowing, over the designs; nothing if it is not known."""
    _ = language.gettext
    knowledge = summary["variance_knowledge"].dropna()
    if knowledge.empty:
        return [_("Which part of the spread is luck and which is not knowing could not be determined in this job.")]
    low, high = language.percent(knowledge.min()), language.percent(knowledge.max())
    if low == high:
        return [
            _(
                "Of the spread between the futures {share} comes from not knowing (the parameters); the rest is luck."
            ).format(share=low)
        ]
    return [
        _(
            "Of the spread between the futures {low} to {high}, depending on the design, comes from not knowing (the "
            "parameters); the rest is luck."
        ).format(low=low, high=high)
    ]
