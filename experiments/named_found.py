"""What the pages of the named experiments say: sentences with numbers that are computed from the runs."""

from __future__ import annotations

import pandas as pd

from bresim.conventions import HEADLINE
from experiments.named_numbers import (
    CAPACITY,
    KNOBS,
    LOAD,
    LOSS,
    MANDATE,
    SIZE,
    STEERING,
    TERM,
    THINNING,
    against_first,
    interval,
    label,
    means,
    paired,
    percent,
    points,
    spread,
)


def undercurrent(runs: pd.DataFrame) -> list[str]:
    cells = runs.groupby([*KNOBS, "design"], observed=True)[HEADLINE].mean().unstack("design")
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


def capacity(runs: pd.DataFrame) -> list[str]:
    said = []
    for design in dict.fromkeys(runs["design"]):
        mine = runs[runs["design"] == design]
        by_capacity, by_load = means(mine, CAPACITY), means(mine, LOAD)
        said.append(
            f"{label(design)}: {points(by_capacity.iloc[-1] - by_capacity.iloc[0])} from the least to the most "
            f"capacity, {points(by_load.iloc[0] - by_load.iloc[-1])} from the heaviest to the lightest load"
        )
    return ["In percentage points of direct value. " + "; ".join(said) + "."]


def parties(runs: pd.DataFrame) -> list[str]:
    table = means(runs, SIZE, "design").unstack("design")
    first, last = table.index[0], table.index[-1]
    changes = [f"{label(str(d))} {percent(table[d].iloc[0])} → {percent(table[d].iloc[-1])}" for d in table]
    between = runs.groupby([SIZE, "region.synthetic.seed"])[HEADLINE].mean().groupby(SIZE).std().mean()
    best = table.idxmax(axis=1)
    leads = ", ".join(f"{n}: {label(str(design))}" for n, design in best.items())
    return [
        f"From {first} to {last} municipalities: {'; '.join(changes)}.",
        f"Highest mean by number of municipalities: {leads}.",
        f"Between regions of one size the mean differs by {points(between).lstrip('+')} points (standard deviation).",
    ]


def steering(runs: pd.DataFrame) -> list[str]:
    gaps = paired(runs, [STEERING, MANDATE, LOSS])
    said = []
    for mandate, part in gaps.groupby(MANDATE):
        curve = part.groupby(STEERING)["difference"].mean()
        said.append(
            f"with a mandate of {mandate:g} the difference to the status quo goes from {points(curve.iloc[0])} without "
            f"steering to {points(curve.iloc[-1])} at full strength, best at {curve.idxmax():g}"
        )
    full = gaps[gaps[STEERING] == 1.0]
    cost = [f"{loss:g}: {spread(part, 'difference')}" for loss, part in full.groupby(LOSS)]
    return [
        "In percentage points of direct value: " + "; ".join(said) + ".",
        "At full steering, over the mandates, by the acceptance that an intervention costs: " + "; ".join(cost) + ".",
    ]


def term(runs: pd.DataFrame) -> list[str]:
    at = [TERM, "replicate"]
    plain = runs[runs["design"] == "regio_deal"].set_index(at)[HEADLINE]
    gaps = runs[runs["design"] == "regio_deal_continued"].set_index(at)
    gaps = gaps.assign(difference=gaps[HEADLINE] - plain.reindex(gaps.index)).reset_index()
    said = [f"{term / 4:g} years: {spread(part, 'difference')}" for term, part in gaps.groupby(TERM)]
    longer = means(runs, "design", TERM).unstack(TERM)
    terms = [f"{label(str(name))} {percent(row.iloc[0])} → {percent(row.iloc[-1])}" for name, row in longer.iterrows()]
    return [
        f"What the continuation line adds at the end, in percentage points (95 % interval): {'; '.join(said)}.",
        f"From the shortest to the longest term: {'; '.join(terms)}.",
    ]


def thinning(runs: pd.DataFrame) -> list[str]:
    gaps = against_first(runs, THINNING)
    full = dict(list(gaps[gaps[THINNING] == gaps[THINNING].max()].groupby("design", observed=True)))
    order = sorted(full, key=lambda design: -full[design]["difference"].mean())
    clear = [design for design in order if interval(full[design], "difference")[1] > 0]
    most, least = order[0], order[-1]
    return [
        f"Full thinning adds most under {label(most)}: {spread(full[most], 'difference')} points (95 % interval).",
        f"It adds least under {label(least)}: {spread(full[least], 'difference')}.",
        f"It raises value significantly for {len(clear)} of {len(order)} designs.",
    ]
