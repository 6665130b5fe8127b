"""What the pages of the named experiments say: sentences with numbers that are computed from the runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from bresim.conventions import HEADLINE, REFERENCE
from experiments.named_numbers import (
    CAPACITY,
    FELT,
    KNOBS,
    LOAD,
    LOSS,
    MANDATE,
    MEASURE,
    REGIONAL,
    SCALES,
    SET_BACK,
    SHIPPED,
    SIZE,
    STEERING,
    TERM,
    THINNING,
    VARIANT,
    added_up,
    against_first,
    beside_quo,
    cells,
    held,
    interval,
    kept,
    label,
    means,
    measure_label,
    measure_runs,
    moved,
    paired,
    percent,
    perturbed,
    placed,
    points,
    rankings,
    set_back,
    set_back_runs,
    shared_fields,
    significance,
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
    return markdown(lines)


def markdown(lines: list[list[str]]) -> str:
    """A table of which the first line holds the names of the columns; all but the first column to the right."""
    first, *rest = lines
    ruled = [first, ["---", *("---:" for _ in first[1:])], *rest]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)


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


def code(name: str) -> str:
    return f"`{name}`"


def listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def worth_tables(tables: dict[str, pd.DataFrame], key: str, name: Callable[[str], str]) -> str:
    """Of each table of changes: every value of ``key`` (row) under the status quo, and over the designs."""
    return "\n\n".join(f"{caption}:\n\n{_worth(changed, key, name)}" for caption, changed in tables.items())


def _worth(changed: pd.DataFrame, key: str, name: Callable[[str], str]) -> str:
    found = cells(changed, key)
    quo = REFERENCE in set(changed["design"])
    lines = [["", *(["status quo"] if quo else []), "designs", "mean of the designs", "least", "most"]]
    for what in dict.fromkeys(changed[key]):
        mine = found.loc[what]
        least, most = mine["mean"].idxmin(), mine["mean"].idxmax()
        lines.append(
            [
                name(str(what)),
                *([_told(mine.loc[REFERENCE])] if quo else []),
                str(len(mine)),
                spread(changed[changed[key] == what], "difference"),
                *(f"{label(str(design))} {_told(mine.loc[design])}" for design in (least, most)),
            ]
        )
    return markdown(lines)


def _told(row: pd.Series) -> str:
    """An interval as :func:`spread` writes it."""
    return f"{points(row['mean'])} ({points(row['low'])} to {points(row['high'])})"


def by_sign(changed: pd.DataFrame, key: str, name: Callable[[str], str]) -> str:
    """For which values of ``key`` the change is significant under all designs, some or none, and of which sign."""
    up_all, down_all = "up under every design", "down under every design"
    both, some, none = "up under some, down under others", "one way, under some only", "under no design"
    groups: dict[str, list[str]] = {kind: [] for kind in (up_all, down_all, both, some, none)}
    for what, mine in significance(cells(changed, key)).groupby(level=key, observed=True, sort=False):
        up, down, count = int((mine > 0).sum()), int((mine < 0).sum()), len(mine)
        kind = none if not up + down else up_all if up == count else down_all if down == count else some
        kind = both if up and down else kind
        sides = [f"{up} up"] * (up > 0) + [f"{down} down"] * (down > 0)
        counted = f" ({', '.join(sides)} of {count})" if kind in (both, some) else ""
        groups[kind].append(f"{name(str(what))}{counted}")
    return "; ".join(f"{kind}: {listed(names)}" for kind, names in groups.items() if names)


def _by_sign_of_each(tables: dict[str, pd.DataFrame], key: str, name: Callable[[str], str]) -> list[str]:
    said = [f"{caption}, significant changes: {by_sign(changed, key, name)}." for caption, changed in tables.items()]
    count = max(len(cells(changed, key)) for changed in tables.values())
    return [
        *said,
        f"If nothing changed anything, about {count / 20:.0f} of these {count} intervals would still leave zero out.",
    ]


def _rule_type_runs(runs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {caption: set_back_runs(runs, column) for caption, column in SCALES.items()}


def rule_types_table(runs: pd.DataFrame) -> str:
    return f"{worth_tables(_rule_type_runs(runs), SET_BACK, code)}\n\n{_adding_up(runs)}"


def _adding_up(runs: pd.DataFrame) -> str:
    """A table of designs for each scale: what the rule types lose alone, added up, beside what the design has more."""
    told = (
        "Do the parts add up to the whole? Parts: what a design loses with each rule type alone, added up. Whole: what "
        "it has more than the status quo. Apart: whole minus parts."
    )
    said = [told]
    for caption, column in SCALES.items():
        lines = [["", "parts", "whole", "apart"]]
        for design, row in added_up(runs, column).iterrows():
            apart = _told(row.drop("whole").rename({"apart": "mean"}))
            lines.append([label(str(design)), points(row["parts"]), points(row["whole"]), apart])
        said += [f"{caption}:", markdown(lines)]
    return "\n\n".join(said)


def rule_types(runs: pd.DataFrame) -> list[str]:
    return [
        *_by_sign_of_each(_rule_type_runs(runs), SET_BACK, code),
        *(_adds_up(caption, added_up(runs, column)) for caption, column in SCALES.items()),
        _not_set_back(list(dict.fromkeys(runs["design"]))),
    ]


def _adds_up(caption: str, table: pd.DataFrame) -> str:
    clear = significance(table)
    said = [
        f"{label(str(design))} {points(row['parts'])} against {points(row['whole'])}"
        for design, row in table.sort_values("apart", key=abs, ascending=False).head(3).iterrows()
    ]
    return (
        f"{caption}: the whole design is significantly more than its parts for {int((clear > 0).sum())} of "
        f"{len(table)} designs, and less for {int((clear < 0).sum())}. "
        f"Furthest apart (parts against whole): {'; '.join(said)}."
    )


def _not_set_back(designs: list[str]) -> str:
    others = [design for design in designs if design != REFERENCE]
    whole = [label(design) for design in others if not kept(design)]
    rest = [f"{label(design)} ({', '.join(map(code, kept(design)))})" for design in others if kept(design)]
    return (
        f"All seven together make the status quo of {listed(whole)}: what is apart there is interaction of the rule "
        f"types alone. In the others it is also what cannot be set back: {listed(rest)}. What follows a design’s term "
        "keeps its own rules."
    )


def _measure_runs(runs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {caption: measure_runs(runs, column) for caption, column in SCALES.items()}


def measures_table(runs: pd.DataFrame) -> str:
    return worth_tables(_measure_runs(runs), MEASURE, measure_label)


def measures(runs: pd.DataFrame) -> list[str]:
    tables = _measure_runs(runs)
    return [
        *_by_sign_of_each(tables, MEASURE, measure_label),
        *(_by_design(caption, changed) for caption, changed in tables.items()),
        _overlap(list(dict.fromkeys(runs["design"])), list(dict.fromkeys(tables[next(iter(tables))][MEASURE]))),
        _shared(),
    ]


def _by_design(caption: str, changed: pd.DataFrame) -> str:
    """How often a measure does more, or less, under a design than under the status quo, and where most."""
    more = beside_quo(changed)
    clear = significance(more)
    (high, above), (low, below) = more["mean"].idxmax(), more["mean"].idxmin()
    return (
        f"{caption}: do measure and design add up? Of {len(more)} pairs of a measure and a design other than the "
        f"status quo the change is significantly larger than under the status quo in {int((clear > 0).sum())} and "
        f"smaller in {int((clear < 0).sum())}; most above it {measure_label(high)} under {label(above)}, "
        f"{_told(more.loc[(high, above)])}, most below it {measure_label(low)} under {label(below)}, "
        f"{_told(more.loc[(low, below)])}."
    )


def _overlap(designs: list[str], names: list[str]) -> str:
    """For each measure the design that holds most of it already."""
    said = []
    for name in names:
        shares = {design: held(design, name) for design in designs if design != REFERENCE}
        most = max(shares, key=lambda design: shares[design])
        who = f" ({label(most)})" if shares[most] > 0 else ""
        said.append(f"{measure_label(name)} {100 * shares[most]:.0f} %{who}")
    return (
        "A design may hold a part of a measure already, and then gains only the rest: of the way from the status quo’s "
        f"values to those of the measure, mean over its fields, at most {', '.join(said)}."
    )


def _shared() -> str:
    fields = [f"{code(path)} ({' and '.join(map(measure_label, names))})" for path, names in shared_fields().items()]
    return f"Fields that more than one measure moves, of which together only the furthest counts: {listed(fields)}."
