"""Figure: how robust each design is: chance of being best, regret, and the three kinds of uncertainty."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure as Canvas

from bresim.analysis import comparison
from bresim.analysis.spread import split_sentence
from bresim.common.text import Language, capital
from bresim.plots import ticks
from bresim.plots.style import BLUE, FAINT, GREY, INK, form, legend_height, row_names, show_legend, wrap
from bresim.plots.view import Figure, View, publish

NAME = "robustness"
#: Letters in a line above and below a panel on a page.
NARROW_PANEL = 13


def draw(view: View, out: Path) -> Figure | None:
    """Three panels on one list of designs; None with a single design, which has nothing to be best of."""
    summary = comparison.summary_of(view.result.summary).reindex(view.order)
    if len(summary) < 2:
        return None
    language, _ = view.language, view.language.gettext
    split = bool(summary["variance_knowledge"].notna().any())
    figure, slide = (_picture(view, summary, split, slide) for slide in (False, True))
    title = (
        _("Robustness: how often best, regret, and what the spread comes from")
        if split
        else _("Robustness: how often best, and regret")
    )
    caption = _("Left: share of the futures in which the design yields more direct value than every other design.")
    caption += " " + _("Next: regret, what is missed compared with the best design in the same future.")
    if view.parameter_sets > 1:
        caption += " " + _("Dot: on average; bar: in the worst case, with the parameters that suit the design worst.")
    if split:
        caption += " " + _(
            "Right: which part of the differences between the futures is luck (events, choices), which is not knowing "
            "(the parameters), and which is how the designs are read (the codings)."
        )
    read = sentence(summary, view.quoted(), language, view.parameter_sets)
    return publish(view, figure, out, NAME, title, caption, read, slide=slide)


def _picture(view: View, summary: pd.DataFrame, split: bool, slide: bool) -> Canvas:
    """Panels beside each other; on a slide each has its legend, on a page there is one above them."""
    language = view.language
    names, tall = row_names([view.name(str(design)) for design in summary.index], slide)
    figure = form(slide, page=1.3 + legend_height(5) + tall * len(names), wide=max(4.84, 1.3 + 0.3 * len(names)))
    axes = figure.subplots(1, 3 if split else 2, sharey=True, width_ratios=(1, 1.25, 1) if split else (1, 1.25))
    places = np.arange(len(summary))
    _best(axes[0], places, summary, language)
    _regret(axes[1], places, summary, language, worst_case=view.parameter_sets > 1)
    if split:
        _parts(axes[2], places, summary, language)
    axes[0].set_yticks(places, names)
    axes[0].set_ylim(len(summary) - 0.4, -0.6)
    for axis in axes:
        axis.grid(visible=False, axis="y")
    if slide:
        _own_legends(list(axes))
    else:
        show_legend(figure, [handle for axis in axes[1:] for handle in axis.get_legend_handles_labels()[0]], slide, 2)
        for axis in axes:
            axis.set_xlabel(wrap(axis.get_xlabel(), NARROW_PANEL), fontsize=8.5)
            axis.set_title(wrap(axis.get_title(loc="left"), NARROW_PANEL), fontsize=8.5)
    return figure


def _own_legends(axes: list[Axes]) -> None:
    """Above each panel what its marks mean, between it and its title."""
    for axis in axes:
        axis.set_title(axis.get_title(loc="left"), pad=22)
        handles = axis.get_legend_handles_labels()[0]
        if handles:
            axis.legend(
                loc="lower left",
                bbox_to_anchor=(-0.03, 0.995),
                ncols=len(handles),
                borderaxespad=0,
                handletextpad=0.3,
                handlelength=1.2,
                columnspacing=0.7,
            )


def _best(axis: Axes, places: np.ndarray, summary: pd.DataFrame, language: Language) -> None:
    shares = summary["probability_best"].to_numpy(dtype=np.float64)
    known = 100 * np.nan_to_num(shares)
    sns.barplot(x=known, y=places, orient="y", native_scale=True, color=BLUE, saturation=1.0, width=0.62, ax=axis)
    axis.bar_label(cast(BarContainer, axis.containers[0]), list(map(language.percent, shares)), padding=3, fontsize=8.5)
    axis.set_xlim(0, max(100 * float(np.nanmax(shares, initial=0.1)) * 1.22, 5))
    axis.set_title(language.gettext("best design"))
    axis.set_xlabel(language.gettext("% of the futures"))


def _regret(axis: Axes, places: np.ndarray, summary: pd.DataFrame, language: Language, *, worst_case: bool) -> None:
    _ = language.gettext
    expected, worst = (
        100 * summary[column].to_numpy(dtype=np.float64) for column in ("expected_regret", "worst_regret")
    )
    if worst_case:
        axis.hlines(places, expected, worst, color=GREY, linewidth=1.2)
        sns.scatterplot(
            x=worst, y=places, marker="|", color=INK, s=100, linewidth=2, label=_("worst case"), legend=False, ax=axis
        )
    sns.scatterplot(x=expected, y=places, color=BLUE, s=50, linewidth=0, label=_("on average"), legend=False, ax=axis)
    axis.set_xlim(0, None)
    axis.xaxis.set_major_formatter(ticks.number(language))
    axis.set_title(_("regret"))
    axis.set_xlabel(_("percentage points missed"))


def _parts(axis: Axes, places: np.ndarray, summary: pd.DataFrame, language: Language) -> None:
    _ = language.gettext
    left = np.zeros(len(places))
    looks: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("variance_knowledge", _("not knowing"), {"color": BLUE}),
        ("variance_coding", _("reading"), {"color": GREY}),
        ("variance_luck", _("luck"), {"color": FAINT, "edgecolor": GREY, "linewidth": 0.6, "hatch": "////"}),
    )
    for column, label, look in looks:
        part = 100 * np.nan_to_num(summary[column].to_numpy(dtype=np.float64))
        if column != "variance_coding" or part.any():
            axis.barh(places, part, left=left, height=0.62, label=label, **look)
        left = left + part
    axis.set_xlim(0, 100)
    axis.set_title(_("spread"))
    axis.set_xlabel(_("% of the variance"))


def sentence(summary: pd.DataFrame, names: dict[str, str], language: Language, sets: int) -> str:
    """The design most often best, those with the least mean and worst-case regret, and the split of the spread."""
    parts = [_most_often(summary["probability_best"].dropna(), names, language)]
    _ = language.gettext
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
        mean = _("Average regret is smallest for {design} ({average} percentage points).")
        parts.append(
            (mean if sets == 1 else one if average == worst else two).format(
                design=names[average],
                other=names[worst],
                average=language.number(100 * least["expected_regret"].min()),
                worst=language.number(100 * least["worst_regret"].min()),
            )
        )
    return " ".join(part for part in [*parts, split_sentence(summary, language, sets)] if part)


def _most_often(best: pd.Series, names: dict[str, str], language: Language) -> str:
    """The design that is most often best alone, and how often the first place is shared."""
    _ = language.gettext
    if best.empty:
        return ""
    if best.max() == 0:
        return _("In no future does one design yield more than all others.")
    tops = [names[str(design)] for design in best.index[best >= best.max() - 1e-9]]
    share = float(best.max())
    if len(tops) > 1:
        text = _("{designs} are equally often the best: each in {share} of the futures.")
    elif share > 0.5:
        text = _("{designs} yields more than every other design in most futures: {share}.")
    else:
        text = _("{designs} is most often the best, but in no more than {share} of the futures.")
    found = capital(text.format(designs=language.join(tops), share=language.percent(share)))
    shared = shared_first(best, language)
    return f"{found} {shared}" if shared else found


def shared_first(best: pd.Series, language: Language) -> str:
    """In which share of the futures nobody is best alone; nothing if there is none."""
    shared = 1.0 - float(best.sum())
    if len(best) < 2 or shared < 0.0005:
        return ""
    return language.gettext(
        "In {share} of the futures several designs share the first place; that counts for none of them."
    ).format(share=language.percent(shared))
