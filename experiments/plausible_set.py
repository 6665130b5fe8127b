"""The page about the plausible set: where its sets lie in the priors, and which patterns bind.

python -m experiments.plausible_set    # rewrites docs/experiments/plausible_set.md and its picture, in seconds
"""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
from jinja2 import Environment, StrictUndefined
from matplotlib.figure import Figure
from scipy import stats

from bresim import plausible
from bresim.analysis.patterns import PATTERNS
from bresim.parameters import PARAMETERS
from bresim.plots.style import BLUE, GREY, canvas, styled
from experiments.named import DOCS
from experiments.pages import markdown, put

NAME = "plausible_set"
TEMPLATE = Path(__file__).with_name("plausible_set.md.j2")
#: If the priors are kept, the tests of all parameters together err this often, and so do those of all pairs (Holm).
LEVEL = 0.05
#: Prior sets that must be left to say which pattern rejects most of them.
LEAST = 20
#: Ends of the thin and of the thick line of a parameter, as quantiles.
THIN, THICK = (0.05, 0.95), (0.25, 0.75)


def places(values: pd.DataFrame) -> pd.DataFrame:
    """Where each value (sets, parameters) lies in its prior, 0 to 1: uniform if the patterns said nothing."""
    found = {}
    for name, parameter in PARAMETERS.items():
        scale = np.log if parameter.prior == "log_uniform" else np.asarray
        low, high = scale(parameter.low), scale(parameter.high)
        found[name] = (scale(values[name].to_numpy()) - low) / (high - low)
    return pd.DataFrame(found)


def holm(tests: pd.Series) -> pd.Series:
    """Which of these p-values are below ``LEVEL`` when all are tested together (Holm 1979)."""
    ordered = tests.sort_values()
    below = ordered <= LEVEL / np.arange(len(ordered), 0, -1)
    return below.cummin().reindex(tests.index)


def moved(where: pd.DataFrame) -> pd.DataFrame:
    """The parameters whose places are not those of the prior (Kolmogorov–Smirnov), the furthest first."""
    tests = {name: stats.kstest(where[name], "uniform") for name in where}
    found = pd.DataFrame({
        "distance": {name: test.statistic for name, test in tests.items()},
        "p": {name: test.pvalue for name, test in tests.items()},
    })  # fmt: skip
    return found[holm(found["p"])].sort_values("distance", ascending=False)


def together(where: pd.DataFrame) -> pd.Series:
    """Rank correlation of the pairs of parameters that are not independent in the set, the strongest first."""
    result = stats.spearmanr(where.to_numpy())
    upper = np.triu_indices(where.shape[1], 1)
    names = where.columns
    pairs = pd.MultiIndex.from_arrays([names[upper[0]], names[upper[1]]])
    rho, p = (pd.Series(table[upper], index=pairs) for table in (result.statistic, result.pvalue))
    found = rho[holm(p)]
    return found.reindex(found.abs().sort_values(ascending=False).index)


def draw(where: pd.DataFrame, shown: pd.DataFrame) -> Figure:
    """The middle half and the middle nine tenths of each parameter that moved, on its prior."""
    figure = canvas(height=1.2 + 0.26 * len(shown), width=8.4)
    axis = figure.subplots()
    for row, name in enumerate(shown.index):
        for (low, high), width in ((THIN, 1.2), (THICK, 5.0)):
            axis.plot(where[name].quantile([low, high]), [row, row], color=BLUE, linewidth=width, solid_capstyle="butt")
        axis.plot(where[name].median(), row, "o", color="white", markeredgecolor=BLUE, markersize=5, zorder=3)
    for quantile, dash in ((0.05, ":"), (0.25, "--"), (0.75, "--"), (0.95, ":")):
        axis.axvline(quantile, color=GREY, linewidth=0.8, linestyle=dash, zorder=0)
    axis.set_yticks(range(len(shown)), list(shown.index))
    axis.set_ylim(len(shown) - 0.5, -0.5)
    axis.set_xlim(0.0, 1.0)
    axis.set_xlabel("place in the prior: 0 lowest, 1 highest")
    return figure


def _moved_table(values: pd.DataFrame, shown: pd.DataFrame) -> str:
    lines = []
    for name, row in shown.iterrows():
        parameter = PARAMETERS[str(name)]
        low, middle, high = values[name].quantile([0.25, 0.5, 0.75])
        lines.append([
            f"`{name}`", parameter.meaning, f"{parameter.low:g}–{parameter.high:g}",
            f"{middle:.3g} ({low:.3g} to {high:.3g})", f"{row['distance']:.2f}",
        ])  # fmt: skip
    return markdown(["parameter", "meaning", "prior", "median (middle half)", "distance"], lines)


def _pairs_table(pairs: pd.Series) -> str:
    lines = [[f"`{one}`", f"`{other}`", f"{rho:+.2f}".replace("-", "−")] for (one, other), rho in pairs.items()]
    return markdown(["parameter", "parameter", "rank correlation"], lines)


def _turns_table(about: dict) -> str:
    statements = {pattern.id: pattern.statement for pattern in PATTERNS}
    lines = [
        [name, statements[name], str(left), f"{rejected} ({rejected / left:.0%})"]
        for name, left, rejected in about["rejects_in_turn"]
        if left >= LEAST
    ]
    return markdown(["pattern", "says", "prior sets left", "rejected of these"], lines)


def made_of(table: Path = plausible.TABLE) -> str:
    """A line at the end of the page: a digest of the set and of the note beside it."""
    files = (table, table.with_suffix(".json"))
    return f"<!-- made of {hashlib.sha256(b''.join(file.read_bytes() for file in files)).hexdigest()[:12]} -->"


def page(table: Path = plausible.TABLE) -> str:
    """The text of the page."""
    values, about = pd.read_parquet(table), json.loads(table.with_suffix(".json").read_text(encoding="utf-8"))
    where = places(values)
    shown, pairs = moved(where), together(where)
    return (
        Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
        .from_string(TEMPLATE.read_text(encoding="utf-8"))
        .render(
            name=NAME,
            sets=len(values),
            about=about,
            parameters=len(PARAMETERS),
            moved=len(shown),
            moved_table=_moved_table(values, shown),
            pairs=len(pairs),
            pairs_table=_pairs_table(pairs) if len(pairs) else "",
            prior=about["rejects_in_turn"][0][1],
            least=LEAST,
            turns_table=_turns_table(about),
            level=f"{LEVEL:.0%}",
            made_of=made_of(table),
        )
    )


def write(to: Path = DOCS, table: Path = plausible.TABLE) -> None:
    """The page and its picture."""
    where = places(pd.read_parquet(table))
    with styled():
        drawn = io.BytesIO()
        draw(where, moved(where)).savefig(drawn, format="png", dpi=100, metadata={"Software": None})
    put(to, NAME, drawn, page(table))


if __name__ == "__main__":
    write()
