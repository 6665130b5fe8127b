"""What the pages of the named experiments say: sentences with numbers that are computed from the runs."""

from __future__ import annotations

import pandas as pd

from bresim.conventions import HEADLINE
from experiments.named_numbers import (
    CAPACITY,
    FELT,
    KNOBS,
    LOAD,
    LOSS,
    MANDATE,
    REGIONAL,
    SHIPPED,
    SIZE,
    STEERING,
    TERM,
    THINNING,
    VARIANT,
    against_first,
    interval,
    label,
    means,
    moved,
    paired,
    percent,
    perturbed,
    placed,
    points,
    rankings,
    set_back,
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


def perturb(runs: pd.DataFrame) -> list[str]:
    ranks = rankings(runs)
    told = {"at_once": "If founded", "vote": "As decided"}
    said = []
    for founding in ranks.index.unique("founding"):
        parts = perturbed(ranks, founding)
        sentences = [
            f"{words} the best design is that of the files in {100 * best:.0f} % of the readings, the top three in "
            f"{100 * three:.0f} %, and Kendall's τ with their ranking is {tau:.2f} on average"
            for words, (best, three, tau) in (
                ("with the same random draws", parts["same"]),
                ("with other random draws", parts["other"]),
            )
        ]
        best, three, tau = parts["floor"]
        floor = f"{100 * best:.0f} %, {100 * three:.0f} %, {tau:.2f}"
        said.append(
            f"{told[str(founding)]}: {'; '.join(sentences)}; the noise floor, the same reading with other random "
            f"draws: {floor}."
        )
        table = ranks.loc[founding]
        first = table.loc[table.index.unique("seed")[0]].drop(index="point")
        spans = [
            f"{label(str(d))} {first[d].min():.0f} to {first[d].max():.0f}" for d in first.mean().sort_values().index
        ]
        said.append(f"{told[str(founding)]}, ranks over the readings: {'; '.join(spans)}.")
    return said


def variants(runs: pd.DataFrame) -> list[str]:
    places, agreed, levels = placed(runs), moved(runs), means(runs, VARIANT)
    others = [name for name in agreed.index if name != SHIPPED]
    best = [name for name in others if agreed.loc[name, "same"][0] == 1.0]
    taus = {name: agreed.loc[name, "same"][2] for name in others}
    floor = agreed.loc[SHIPPED, "floor"]
    least = min(taus, key=lambda name: taus[name])
    spans = [f"{label(str(design))} {places[design].min():.0f} to {places[design].max():.0f}" for design in places]
    changed = [f"`{name}` {points(levels[name] - levels[SHIPPED])}" for name in others]
    return [
        (
            f"{label(str(places.columns[0]))}, the best as shipped, is best in {len(best)} of the {len(others)} "
            f"variants. "
            f"Kendall's τ with the ranking as shipped is least under `{least}`: {taus[least]:.2f}; the noise floor, "
            f"the model as shipped with other random draws, is {floor[2]:.2f}."
        ),
        f"Places over the variants: {'; '.join(spans)}.",
        f"Mean of all designs against the model as shipped, in percentage points: {'; '.join(changed)}.",
    ]


def variants_table(runs: pd.DataFrame) -> str:
    """Place of each design under each structural variant, and how far the ranking is that of the shipped model."""
    places, agreed = placed(runs), moved(runs)
    names = list(places.index)
    lines = [["design", *(f"`{name}`" for name in names)]]
    lines += [[label(str(design)), *(f"{places.loc[name, design]:.0f}" for name in names)] for design in places]
    for told, pair in (
        ("Kendall's τ with the model as shipped, same random draws", "same"),
        ("Kendall's τ with the model as shipped, other random draws", "other"),
        ("Kendall's τ of the same model with other random draws (noise floor)", "floor"),
    ):
        lines.append([told, *(f"{agreed.loc[name, pair][2]:.2f}" for name in names)])
    lines.insert(1, ["---", *("---:" for _ in names)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def back(runs: pd.DataFrame) -> list[str]:
    table = set_back(runs, REGIONAL)
    rows = [
        f"{label(row.design)}: `{row.field}` {points(row.mean)} ({points(row.low)} to {points(row.high)})"
        for row in table.head(15).itertuples()
    ]
    unfelt = int((table["mean"].abs() < FELT).sum())
    clear = int(((table["low"] > 0) | (table["high"] < 0)).sum())
    return [
        (
            "Largest changes of regional value when a field has the status quo's value, in percentage points (95 % "
            f"interval): {'; '.join(rows)}."
        ),
        (
            f"{len(table)} fields of designs were set back; {clear} changes are significant, {unfelt} are smaller than "
            f"{100 * FELT:.2f} points."
        ),
    ]
