"""Run the named experiments of configs/experiment/ and write docs/experiments/: ``python -m experiments.named``.

Each page has one picture and says what was found, in numbers computed from the runs. ``replicates=N`` for other sizes,
names of experiments for some of them. The runs themselves stay in results/experiments/, where a second call finds them.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bresim.cli import main as bresim
from bresim.governance import load_design
from bresim.plots.style import AMBER, BLUE, GREEN, GREY, PURPLE, RUST, SKY, canvas, styled

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" / "experiments"
RUNS = ROOT / "results" / "experiments"
VALUE = "public_value_direct"
LINES = ("-", "--", "-.", ":")
COLOURS = (BLUE, RUST, GREEN, PURPLE, AMBER, SKY, GREY)


@dataclass(frozen=True)
class Experiment:
    """A named experiment: its question, how it is drawn, and what is said of it."""

    title: str
    question: str
    draw: Callable[[pd.DataFrame], Figure]
    found: Callable[[pd.DataFrame], list[str]]
    limit: str


def label(design: str) -> str:
    return load_design(design).label_en


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def points(difference: float) -> str:
    return f"{100 * difference:+.2f}".replace("-", "−")


def means(runs: pd.DataFrame, *keys: str) -> pd.Series:
    return runs.groupby(list(keys), observed=True)[VALUE].mean()


def paired(runs: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Each run's difference to the status quo at the same point under the same luck."""
    at = [*keys, "replicate"]
    base = runs[runs["design"] == "status_quo"].set_index(at)[VALUE]
    others = runs[runs["design"] != "status_quo"].set_index(at)
    return others.assign(difference=others[VALUE] - base.reindex(others.index)).reset_index()


def spread(values: pd.Series) -> str:
    """Mean with its 95 % interval, in percentage points."""
    half = 1.96 * values.std() / np.sqrt(len(values))
    return f"{points(values.mean())} ({points(values.mean() - half)} to {points(values.mean() + half)})"


def curves(axis: Axes, table: pd.DataFrame, names: Sequence[str] | None = None) -> None:
    """A line a column, labelled."""
    for at, column in enumerate(table):
        name = names[at] if names is not None else label(str(column))
        style = {"color": COLOURS[at % len(COLOURS)], "linestyle": LINES[at // len(COLOURS) % len(LINES)]}
        axis.plot(table.index, 100 * table[column], marker="o", markersize=3.5, label=name, **style)


def one_axis(x: str, y: str) -> tuple[Figure, Axes]:
    figure = canvas(height=3.6, width=7.2)
    axis = figure.subplots()
    axis.set_xlabel(x)
    axis.set_ylabel(y)
    return figure, axis


def beside(axis: Axes) -> None:
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))


# --- the undercurrent -----------------------------------------------------------------------------------------
KNOBS = ["undercurrent.parochialism", "undercurrent.cleavage", "undercurrent.negativity"]


def undercurrent_picture(runs: pd.DataFrame) -> Figure:
    cells = runs.groupby([*KNOBS, "design"], observed=True)[VALUE].mean().unstack("design")
    best = (cells.eq(cells.max(axis=1), axis=0)).sum().sort_values()
    gaps = paired(runs, KNOBS).groupby([*KNOBS, "design"], observed=True)["difference"].mean().unstack("design")
    order = list(gaps.mean().sort_values().index)
    figure = canvas(height=3.9, width=7.2)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(2, 1))
    for place, design in enumerate(order):
        left.scatter(100 * gaps[design], np.full(len(gaps), place), s=9, color=BLUE, alpha=0.5, linewidths=0)
        left.plot(100 * gaps[design].mean(), place, marker="|", color=RUST, markersize=13, markeredgewidth=2)
    left.axvline(0, color=GREY, linewidth=0.8)
    left.set_yticks(range(len(order)), [label(design) for design in order])
    left.set_xlabel("difference to the status quo, points")
    right.barh(range(len(order)), [int(best.get(design, 0)) for design in order], color=BLUE, height=0.6)
    right.set_xlabel(f"best in, of {len(cells)}")
    return figure


def undercurrent_found(runs: pd.DataFrame) -> list[str]:
    cells = runs.groupby([*KNOBS, "design"], observed=True)[VALUE].mean().unstack("design")
    winners = cells.idxmax(axis=1).value_counts()
    low, high = (cells.xs((level,) * 3) for level in (0.0, 1.0))
    said = [
        f"{label(name)} has the highest mean in {count} of the {len(cells)} combinations"
        for name, count in winners.items()
    ]
    effects = [
        f"{key.rpartition('.')[2]} {points(means(runs, key).iloc[-1] - means(runs, key).iloc[0])}" for key in KNOBS
    ]
    return [
        "; ".join(said) + ".",
        f"Mean of all designs, no undercurrent → full strength: {percent(low.mean())} → {percent(high.mean())}.",
        f"Each knob from 0 to 1, over the other two, in percentage points: {', '.join(effects)}.",
    ]


# --- capacity and load ----------------------------------------------------------------------------------------
CAPACITY, LOAD = "parameters.capacity_scale", "parameters.collaboration_fte"


def capacity_picture(runs: pd.DataFrame) -> Figure:
    designs = list(dict.fromkeys(runs["design"]))
    figure = canvas(height=2.7, width=9.0)
    panels = figure.subplots(1, len(designs), sharey=True)
    tables = [means(runs[runs["design"] == design], CAPACITY, LOAD).unstack(LOAD) for design in designs]
    low, high = min(t.min().min() for t in tables), max(t.max().max() for t in tables)
    for axis, design, table in zip(panels, designs, tables, strict=True):
        axis.imshow(table, cmap="Blues", vmin=low, vmax=high, origin="lower", aspect="auto")
        for (row, column), value in np.ndenumerate(table.to_numpy()):
            dark = value > (low + high) / 2
            axis.text(column, row, f"{100 * value:.1f}", ha="center", va="center", fontsize=7,
                      color="white" if dark else "black")  # fmt: skip
        axis.set_xticks(range(len(table.columns)), [f"{value:g}" for value in table.columns])
        axis.set_yticks(range(len(table)), [f"{value:g}" for value in table.index])
        axis.set_title(label(design), fontsize=7.5)
        axis.grid(visible=False)
    panels[0].set_ylabel("capacity, fte")
    figure.supxlabel("load of a standing collaboration, fte", fontsize=9)
    return figure


def capacity_found(runs: pd.DataFrame) -> list[str]:
    said = []
    for design in dict.fromkeys(runs["design"]):
        mine = runs[runs["design"] == design]
        by_capacity, by_load = means(mine, CAPACITY), means(mine, LOAD)
        said.append(
            f"{label(design)}: {points(by_capacity.iloc[-1] - by_capacity.iloc[0])} from the least to the most "
            f"capacity, {points(by_load.iloc[0] - by_load.iloc[-1])} from the heaviest to the lightest load"
        )
    return ["In percentage points of direct value. " + "; ".join(said) + "."]


# --- number of parties ------------------------------------------------------------------------------------------
SIZE = "region.synthetic.n"


def parties_picture(runs: pd.DataFrame) -> Figure:
    figure, axis = one_axis("municipalities", "direct value, % of what is attainable")
    table = means(runs, SIZE, "design").unstack("design")
    curves(axis, table)
    axis.set_xscale("log")
    axis.set_xticks(table.index, [str(n) for n in table.index])
    axis.minorticks_off()
    beside(axis)
    return figure


def parties_found(runs: pd.DataFrame) -> list[str]:
    table = means(runs, SIZE, "design").unstack("design")
    first, last = table.index[0], table.index[-1]
    changes = [f"{label(str(d))} {percent(table[d].iloc[0])} → {percent(table[d].iloc[-1])}" for d in table]
    between = runs.groupby([SIZE, "region.synthetic.seed"])[VALUE].mean().groupby(SIZE).std().mean()
    best = table.idxmax(axis=1)
    leads = ", ".join(f"{n}: {label(str(design))}" for n, design in best.items())
    return [
        f"From {first} to {last} municipalities: {'; '.join(changes)}.",
        f"Highest mean by number of municipalities: {leads}.",
        f"Between regions of one size the mean differs by {points(between).lstrip('+')} points (standard deviation).",
    ]


# --- acceptance and steering ------------------------------------------------------------------------------------
STEERING, MANDATE = (f"designs.provincial_steering.payoff.{field}" for field in ("steering", "mandate"))
LOSS = "parameters.acceptance_loss"


def steering_picture(runs: pd.DataFrame) -> Figure:
    gaps = paired(runs, [STEERING, MANDATE, LOSS])
    figure = canvas(height=3.2, width=7.2)
    panels = figure.subplots(1, 2, sharey=True)
    for axis, (loss, part) in zip(panels, gaps.groupby(LOSS), strict=True):
        table = part.groupby([STEERING, MANDATE])["difference"].mean().unstack(MANDATE)
        curves(axis, table, [f"mandate {mandate:g}" for mandate in table])
        axis.axhline(0, color=GREY, linewidth=0.8)
        axis.set_title(f"acceptance lost by imposing: {loss:g}")
        axis.set_xlabel("strength of provincial steering")
    panels[0].set_ylabel("difference to the status quo, points")
    panels[0].legend()
    return figure


def steering_found(runs: pd.DataFrame) -> list[str]:
    gaps = paired(runs, [STEERING, MANDATE, LOSS])
    said = []
    for mandate, part in gaps.groupby(MANDATE):
        curve = part.groupby(STEERING)["difference"].mean()
        said.append(
            f"with a mandate of {mandate:g} the difference to the status quo goes from {points(curve.iloc[0])} without "
            f"steering to {points(curve.iloc[-1])} at full strength, best at {curve.idxmax():g}"
        )
    full = gaps[gaps[STEERING] == 1.0]
    cost = [f"{loss:g}: {spread(part['difference'])}" for loss, part in full.groupby(LOSS)]
    return [
        "In percentage points of direct value: " + "; ".join(said) + ".",
        "At full steering, over the mandates, by the acceptance that an imposition costs: " + "; ".join(cost) + ".",
    ]


# --- the term of the Regio Deal -----------------------------------------------------------------------------------
TERM = "governance.scope.term_quarters"


def term_picture(runs: pd.DataFrame) -> Figure:
    figure, axis = one_axis("term, years", "direct value at the end, % of what is attainable")
    table = means(runs, TERM, "design").unstack("design")
    table.index = table.index / 4
    curves(axis, table)
    axis.set_xticks(table.index)
    beside(axis)
    return figure


def term_found(runs: pd.DataFrame) -> list[str]:
    wide = runs.set_index([TERM, "replicate", "design"])[VALUE].unstack("design")
    gap = wide["regio_deal_continued"] - wide["regio_deal"]
    said = [f"{term / 4:g} years: {spread(values)}" for term, values in gap.groupby(TERM)]
    longer = means(runs, "design", TERM).unstack(TERM)
    terms = [f"{label(str(name))} {percent(row.iloc[0])} → {percent(row.iloc[-1])}" for name, row in longer.iterrows()]
    return [
        f"What the continuation line adds at the end, in percentage points (95 % interval): {'; '.join(said)}.",
        f"From the shortest to the longest term: {'; '.join(terms)}.",
    ]


# --- thinning ---------------------------------------------------------------------------------------------------
THINNING = "measures.thinning"


def thinning_picture(runs: pd.DataFrame) -> Figure:
    table = means(runs, THINNING, "design").unstack("design")
    figure, axis = one_axis("strength of thinning", "change of direct value, percentage points")
    curves(axis, (table - table.iloc[0])[(table.iloc[-1] - table.iloc[0]).sort_values(ascending=False).index])
    axis.axhline(0, color=GREY, linewidth=0.8)
    beside(axis)
    return figure


def thinning_found(runs: pd.DataFrame) -> list[str]:
    wide = runs.set_index(["design", "replicate", THINNING])[VALUE].unstack(THINNING)
    gap = (wide.iloc[:, -1] - wide.iloc[:, 0]).groupby("design")
    order = gap.mean().sort_values(ascending=False).index
    clear = [
        d for d in order if gap.get_group(d).mean() > 1.96 * gap.get_group(d).std() / np.sqrt(gap.get_group(d).size)
    ]
    most, least = order[0], order[-1]
    return [
        f"Full thinning adds most under {label(most)}: {spread(gap.get_group(most))} points (95 % interval).",
        f"It adds least under {label(least)}: {spread(gap.get_group(least))}.",
        f"It raises value beyond luck for {len(clear)} of {len(order)} designs.",
    ]


EXPERIMENTS = {
    "onderstroom_grid": Experiment(
        "The cube of the undercurrent",
        "Which design holds, whatever the strength of parochialism, cleavage and negativity?",
        undercurrent_picture,
        undercurrent_found,
        "A dot is one combination of the three knobs, the bar the mean over them. The highest is not always higher "
        "beyond luck.",
    ),
    "capacity_load": Experiment(
        "Capacity and load",
        "Is it hands that are short, or are there too many tables?",
        capacity_picture,
        capacity_found,
        "Cells hold direct value, % of what is attainable. Both axes span the prior of their parameter, so they "
        "say what matters within what is not known, not what a euro buys.",
    ),
    "number_of_parties": Experiment(
        "The number of parties",
        "Does it matter how many municipalities have to agree?",
        parties_picture,
        parties_found,
        "The regions are invented: the work and the standing collaborations are the same at every size, so size stands "
        "for the number of parties alone. It says nothing of merging real municipalities.",
    ),
    "acceptance_steering": Experiment(
        "Acceptance and provincial steering",
        "When does a stick behind the door help?",
        steering_picture,
        steering_found,
        "The design is provincial_steering with its strength and mandate changed, all else as it is shipped.",
    ),
    "regio_deal_term": Experiment(
        "Term and continuation of the Regio Deal",
        "What is left of a Regio Deal when its term is over?",
        term_picture,
        term_found,
        "Value is that at the end of 2033; a term of eight years ends two years before it.",
    ),
    "thinning_designs": Experiment(
        "Thinning under every design",
        "For which designs does “no, unless” for standing collaborations pay?",
        thinning_picture,
        thinning_found,
        "Each line is the change to no thinning under the same design and the same luck.",
    ),
}


def page(name: str, experiment: Experiment, runs: pd.DataFrame) -> str:
    swept = runs.attrs["swept"]
    count = runs[swept].drop_duplicates().shape[0]
    found = "\n".join(f"- {line}" for line in experiment.found(runs))
    keys = ", ".join(f"`{key}`" for key in swept)
    return (
        f"# {experiment.title}\n\n**{experiment.question}**\n\n![{experiment.title}]({name}.png)\n\n"
        f"*{experiment.limit}*\n\n## Found\n\n{found}\n\n## How\n\n"
        f"{len(runs):,} runs: {count} points of {keys} × {runs['design'].nunique()} designs × "
        f"{runs['replicate'].nunique()} replicates, under the same luck at every point. "
        f"{int(runs['failure'].notna().sum())} failed. All else is the default of `bresim sweep`; parameters come from "
        f"the plausible set.\n\n```sh\nbresim sweep +experiment={name}              # configs/experiment/{name}.yaml\n"
        f"make experiments ARGS={name}                 # runs it and writes this page anew\n```\n\n"
        f"Levels depend on what is assumed more than differences do; see "
        f"[what the model cannot say](../../README.md#what-the-model-cannot-say).\n"
    )


def write(name: str, experiment: Experiment, runs: pd.DataFrame, to: Path = DOCS) -> None:
    """The page of an experiment and its picture, in few colours so that it stays small."""
    from PIL import Image

    to.mkdir(parents=True, exist_ok=True)
    with styled():
        figure = experiment.draw(runs)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", dpi=100, metadata={"Software": None})
    Image.open(drawn).convert("RGB").quantize(96).save(to / f"{name}.png", optimize=True)
    (to / f"{name}.md").write_text(page(name, experiment, runs), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    overrides = [text for text in arguments if "=" in text]
    names = [text for text in arguments if "=" not in text] or list(EXPERIMENTS)
    unknown = [name for name in names if name not in EXPERIMENTS]
    if unknown:
        print(f"there is no experiment {unknown[0]}; known: {', '.join(EXPERIMENTS)}", file=sys.stderr)
        return 2
    for name in names:
        out = RUNS / name
        code = bresim(["sweep", f"+experiment={name}", "lang=en", f"out={out}", *overrides])
        if code:
            return code
        runs = pd.read_parquet(out / "runs.parquet")
        runs.attrs["swept"] = list(pd.read_parquet(out / "points.parquet").columns)
        write(name, EXPERIMENTS[name], runs)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
