"""The page of ``experiments.pareto`` and its picture: what the front shows, what it does not, and how sure it is."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
from jinja2 import Environment, StrictUndefined
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bresim.analysis.summary import mean_interval
from bresim.costs import PURPOSES
from bresim.governance import load_design
from bresim.plots.style import BLUE, INK, PALE, RUST, canvas, styled
from bresim.results.manifest import config_hash
from experiments.named import DOCS, _model
from experiments.pages import markdown, put
from experiments.pareto import (
    BASE,
    DIRECTIONS,
    FIXED,
    OBJECTIVES,
    REFERENCES,
    VARIABLES,
    Found,
    Settings,
    ends,
    samples,
)

NAME = "pareto"
TEMPLATE = Path(__file__).with_name("pareto.md.j2")
#: Objective → the label of its axis, the factor to its unit there, and digits.
AXES = {
    "value": ("direct value if founded, %", 100.0, 1),
    "chance": ("chance of founding, %", 100.0, 0),
    "fte": ("staff if founded, fte", 1.0, 1),
    "worst": ("value of the worst-off municipality, %", 100.0, 1),
}
#: Panels of the picture: what is across, and what is up.
PANELS = (("fte", "value"), ("chance", "value"), ("worst", "value"))


def marked(found: Found) -> dict[int, str]:
    """Row → its letters: a design may be the best in several objectives."""
    rows: dict[int, str] = {}
    for letter, row in ends(found.front).items():
        rows[row] = rows.get(row, "") + letter
    return rows


def _cell(row: pd.Series, name: str) -> str:
    """A mean with its interval, in the unit of its axis."""
    _, factor, digits = AXES[name]
    mean, low, high = (f"{factor * row[key]:.{digits}f}" for key in (name, f"{name}_low", f"{name}_high"))
    return f"{mean} ({low} to {high})"


def label(design: str) -> str:
    text = load_design(design).label_en
    return f"{text}, with a vote of three quarters" if design == BASE else text


def _panel(axis: Axes, found: Found, across: str, up: str) -> None:
    for table, colour, mark, size in ((found.front, BLUE, "o", 3.5), (found.references, RUST, "D", 5.0)):
        x, y = (table[name] * AXES[name][1] for name in (across, up))
        bars = [np.abs(table[[f"{n}_low", f"{n}_high"]].sub(table[n], axis=0)).to_numpy().T * AXES[n][1]
                for n in (across, up)]  # fmt: skip
        axis.errorbar(x, y, xerr=bars[0], yerr=bars[1], fmt="none", ecolor=PALE, elinewidth=0.6, zorder=1)
        axis.plot(x, y, mark, color=colour, markersize=size, markeredgecolor="white", markeredgewidth=0.4, zorder=2)
    texts = [(found.front.iloc[row], letters) for row, letters in marked(found).items()]
    texts += [(row, str(at + 1)) for at, (_, row) in enumerate(found.references.iterrows())]
    for row, text in texts:
        place = (row[across] * AXES[across][1], row[up] * AXES[up][1])
        axis.annotate(text, place, xytext=(4, 4), textcoords="offset points", fontsize=9, fontweight="bold", color=INK)
    axis.margins(x=0.09, y=0.07)  # room for the letters
    axis.set_xlabel(AXES[across][0])


def draw(found: Found) -> Figure:
    figure = canvas(height=3.7, width=9.6)
    panels = figure.subplots(1, len(PANELS), sharey=True)
    for axis, (across, up) in zip(panels, PANELS, strict=True):
        _panel(axis, found, across, up)
    panels[0].set_ylabel(AXES[PANELS[0][1]][0])
    return figure


#: What each letter of ``ends`` stands for.
BEST = {
    "A": "most value",
    "B": "surest to be founded",
    "C": "least staff",
    "D": "worst off is best off",
    "E": "nowhere far from the best",
}


def _names(found: Found) -> list[str]:
    """The designs of the tables: those with letters, then the shipped ones."""
    lettered = [f"**{letters}** {'; '.join(BEST[one] for one in letters)}" for letters in marked(found).values()]
    return lettered + [f"**{at + 1}** {label(design)}" for at, design in enumerate(found.references["design"])]


def _table(found: Found) -> str:
    """The lettered designs and the shipped ones, with what they come to."""
    rows = [found.front.iloc[row] for row in marked(found)] + [row for _, row in found.references.iterrows()]
    lines = [
        [name, *(_cell(row, objective) for objective in OBJECTIVES)]
        for name, row in zip(_names(found), rows, strict=True)
    ]
    return markdown(["design", *(text for text, _, _ in AXES.values())], lines)


def _prices(found: Found) -> str:
    """What the same designs cost, if founded, by purpose."""
    lines = []
    for name, (_, row) in zip(_names(found), found.prices.iterrows(), strict=True):
        staff = [f"{row[f'fte_{purpose}']:.1f}" for purpose in PURPOSES]
        lines.append([name.partition(" ")[0], *staff, f"{100 * row['autonomy_given_up']:.0f} %"])
    return markdown(["", *(f"{purpose}, fte" for purpose in PURPOSES), "autonomy given up"], lines)


def _made(found: Found) -> str:
    """What the lettered designs are made of: a row a variable."""
    rows = marked(found)
    lines = [[f"`{key}`", *(f"{found.front.iloc[row][key]:.2f}" for row in rows)] for key in VARIABLES]
    return markdown(["", *rows.values()], lines)


def fooled(found: Found) -> dict[str, tuple[float, float]]:
    """How much better the search believed each objective's best to be than fresh futures say, and the front on average.

    The futures of the search are luckier or not for every design; the references say by how much, and it is left out.
    """
    result = {}
    for at, name in enumerate(OBJECTIVES):
        luck = (found.references[f"{name}_searched"] - found.references[name]).mean()
        gaps = (found.front[f"{name}_searched"] - found.front[name] - luck) * DIRECTIONS[at]
        best = (found.front[f"{name}_searched"] * DIRECTIONS[at]).idxmax()
        result[name] = float(gaps[best]), float(gaps.mean())
    return result


def _against(found: Found, first: int, second: int, name: str) -> str:
    """The difference of two designs of the front, paired future by future, with its interval."""
    objective = OBJECTIVES[name]
    values = samples(found.runs, objective)
    gap = (values.loc[first] - values.loc[second]).to_numpy()
    mean, low, high = mean_interval(gap, np.arange(len(gap)))
    _, factor, _ = AXES[name]
    return "{:+.1f} ({:+.1f} to {:+.1f})".format(*(factor * one for one in (mean, low, high))).replace("-", "−")


def _span(found: Found, name: str) -> str:
    _, factor, digits = AXES[name]
    return " to ".join(f"{factor * end:.{digits}f}" for end in (found.front[name].min(), found.front[name].max()))


def numbers(found: Found) -> dict[str, object]:
    """What the sentences of the page are made of, in the fresh futures."""
    front, at, lost = found.front, ends(found.front), fooled(found)
    quo = found.references.iloc[REFERENCES.index("status_quo")]
    return {
        "count": len(front),
        "span": {name: _span(found, name) for name in OBJECTIVES},
        "gap": {name: _against(found, at["A"], at["C"], name) for name in OBJECTIVES},
        "rank": {name: _rank(front["value"], front[name]) for name in OBJECTIVES},
        "more": int((front["value_low"] > quo["value_high"]).sum()),
        "holds": int(front["holds"].sum()),
        "best": {name: _signed(AXES[name][1] * lost[name][0]) for name in OBJECTIVES},
        "mean": {name: _signed(AXES[name][1] * lost[name][1]) for name in OBJECTIVES},
    }


def _rank(one: pd.Series, other: pd.Series) -> str:
    """Rank correlation of two objectives over a front; there is none with what is the same all over it."""
    if one.nunique() < 2 or other.nunique() < 2:
        return "none (the same for all)"
    return _signed(one.corr(other, method="spearman"))


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def made_of(settings: Settings) -> str:
    """A line at the end of the page: a digest of what the numbers depend on."""
    futures = [config_hash(settings.config(fresh)) for fresh in (False, True)]
    parts = (settings, futures, VARIABLES, FIXED, REFERENCES, OBJECTIVES, _model())
    return f"<!-- made of {hashlib.sha256(repr(parts).encode()).hexdigest()[:12]} -->"


def page(found: Found, settings: Settings) -> str:
    return (
        Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
        .from_string(TEMPLATE.read_text(encoding="utf-8"))
        .render(
            name=NAME,
            settings=settings,
            table=_table(found),
            prices=_prices(found),
            made=_made(found),
            **numbers(found),
            variables=VARIABLES,
            searched=f"{settings.population * settings.generations:,}",
            base=BASE,
            fixed=", ".join(f"`{key}` {value:g}" for key, value in FIXED.items()),
            keys=", ".join(f"`{key}` ({low:g} to {high:g})" for key, (low, high) in VARIABLES.items()),
            made_of=made_of(settings),
        )
    )


def write(found: Found, settings: Settings, to: Path = DOCS) -> None:
    """The page and its picture."""
    with styled():
        figure = draw(found)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", dpi=100, metadata={"Software": None})
    put(to, NAME, drawn, page(found, settings))
