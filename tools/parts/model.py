"""``docs/odd.md`` but for its submodels: patterns, state, streams, themes, parameters, plausible set."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from bresim import scenario
from bresim.analysis.patterns import PATTERNS
from bresim.analysis.search import AGAIN_SETS, ROUNDS, required
from bresim.analysis.switches import SWITCHES
from bresim.analysis.verdicts import POWER, kind_of
from bresim.kernel import draws
from bresim.parameters import PARAMETERS
from bresim.region import load_region
from bresim.rulebook import shipped_uses
from bresim.rulebook.glossary import RECORDS, STATE_FILE, array_comments, record_comments
from tools.parts.markdown import DATA, bounds, code, number, table
from tools.parts.submodels import links

#: What a pattern is worth: heads of the columns.
POWER_COLUMNS = ("fails in prior sets", "fails with its mechanism off")


def parameters() -> str:
    """Every parameter, and the rules that read it."""
    readers = shipped_uses().parameters
    rows = (
        (code(p.name), p.unit, number(p.default), f"{number(p.low)}–{number(p.high)}", p.prior.replace("_", "-"),
         p.meaning, p.source, links(readers.get(p.name, ())))
        for p in PARAMETERS.values()
    )  # fmt: skip
    head = ("name", "unit", "default", "range", "prior", "meaning", "source", "read by")
    return f"{len(PARAMETERS)} parameters.\n\n" + table(head, rows)


def scenario_fields() -> str:
    """What a scenario can set, and the rules that read it."""
    readers = shipped_uses().world
    rows = []
    for name, arrays in scenario.FIELDS.items():
        info = scenario.field_info(name)
        reading = sorted({rule for array in arrays for rule in readers.get(array, ())})
        default = number(info["default"]) if "default" in info else ""
        rows.append(
            (code(name), bounds(info), default, info["description"], ", ".join(map(code, arrays)), links(reading))
        )
    return table(("field", "range", "default", "meaning", "in the world", "read by"), rows)


def state_arrays() -> str:
    """Arrays and records of a run and its world, with the comments beside them, and the rules that use them."""
    text = STATE_FILE.read_text(encoding="utf-8")
    uses = shipped_uses()
    head = ("array", "shape and meaning", "changed by")
    rows = [(code(name), about, _changed(name)) for name, about in array_comments(text, "State")]
    parts = ["**State.** Every array starts as rule `initial` sets it.\n\n" + table(head, rows)]
    for holder in RECORDS:
        rows = [(code(name), about, _changed(f"{holder}.{name}")) for name, about in record_comments(text, holder)]
        if rows:
            shown = [row[: 3 if any(row[2] for row in rows) else 2] for row in rows]
            heads = ("member", "meaning", "changed by")[: len(shown[0])]
            parts.append(f"**Record `{holder}`**\n\n" + table(heads, shown))
    rows = [(code(name), about, links(uses.world.get(name, ()))) for name, about in array_comments(text, "World")]
    parts.append("**World**\n\n" + table(("array", "shape and meaning", "read by"), rows))
    return "\n\n".join(parts)


def _changed(name: str) -> str:
    return links(rule for rule in shipped_uses().changed.get(name, ()) if rule != "initial")


def streams() -> str:
    """The streams of random numbers."""
    found = {name: value for name, value in vars(draws).items() if name.isupper() and isinstance(value, int)}
    del found["N_STREAMS"]
    return ", ".join(f"{code(name.lower())} ({value})" for name, value in found.items()) + "."


def patterns() -> str:
    """The patterns and the checks with their power, and verdicts where src/bresim/data/patterns.csv has them."""
    path, manifest = DATA / "patterns.csv", DATA / "plausible.json"
    found = pd.read_csv(path).set_index("pattern") if path.is_file() else None
    about = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    head = ["id", "statement", "source", "statistic", "holds from", "to", *POWER_COLUMNS, "required"]
    if found is not None:
        head += ["mean (95 % interval)", "sets that pass", "verdict"]
    rows: dict[str, list[list[str]]] = {"pattern": [], "check": []}
    for p in PATTERNS:
        prior = about.get("fails_in_prior", {}).get(p.id)
        bounds = [number(bound) if math.isfinite(bound) else "" for bound in (p.low, p.high)]
        row = [p.id, p.statement, p.source, p.text, *bounds, *_power(p.id, about), "yes" if p in required() else "no"]
        rows[kind_of(prior)].append(row + (_verdict(found.loc[p.id]) if found is not None else []))
    note = "" if found is not None else "`bresim patterns` prints each with its mean, interval and verdict.\n\n"
    parts = [note + table(head, rows["pattern"])]
    if rows["check"]:
        parts += [
            f"**Checks of the code**: fewer than {POWER:.0%} of prior sets fail them.",
            table(head, rows["check"]),
        ]
    return "\n\n".join(parts)


def _power(pattern: str, about: Mapping[str, Any]) -> list[str]:
    """Share of prior sets that fail it, and whether the model fails it with its mechanism off (or why not)."""
    prior, off = (about.get(name, {}).get(pattern) for name in ("fails_in_prior", "fails_when_off"))
    told = {True: "yes", False: "no", None: SWITCHES[pattern].none}[off]
    return [f"{prior:.0%}" if prior is not None else "", told]


def _verdict(seen: pd.Series[Any]) -> list[str]:
    share = f"{seen['share_of_sets']:.0%}" if pd.notna(seen["share_of_sets"]) else ""
    return [f"{seen['mean']:.3g} ({seen['low']:.3g} to {seen['high']:.3g})", share, seen["verdict"]]


def plausible_set() -> str:
    """How the shipped set was made, from its manifest."""
    path = DATA / "plausible.json"
    if not path.is_file():
        return "No plausible set is shipped with this version: use `parameters=prior` or `parameters=point`."
    about = json.loads(path.read_text(encoding="utf-8"))
    judged = [times * about["replicates"] for _, times in ROUNDS]
    few, many = judged[0], judged[-1]
    passed = ", ".join(f"{about[f'pass_round_{number}']} passed" for number in range(1, len(ROUNDS) + 1))
    again = [
        (f"on {many} other replicates (the first {AGAIN_SETS} sets)", about.get("passes_again", {}).get("all")),
        (f"with each set its own draw of the codings, on {few}", about.get("passes_with_codings_drawn", {}).get("all")),
    ]
    told = "; ".join(f"{share:.1%} {words}" for words, share in again if share is not None)
    return (
        f"{about['sets']} sets out of {about['drawn']} draws from the priors ({about['acceptance']:.3%}; seed "
        f"{about['seed']}). Those that passed on {about['replicates']} replicates were judged on "
        f"{', '.join(str(number) for number in judged)} with other random draws, one after the other: {passed}. "
        f"Not required: {', '.join(about['findings_not_required'])}."
        + (f" All required patterns are passed again by {told}." if told else "")
    )


def themes() -> str:
    """The themes of the region as the model reads them."""
    region = load_region("zuid_limburg")
    shares = ("indirect_share", "money", "contention", "economic", "societal", "water_board", "border")
    rows = []
    for t in region.themes:
        severity = "/".join(f"{t.severity[name]:.2f}" for name in region.subregions)
        scales = "/".join(f"{part:.2f}" for part in t.scale_share)
        rows.append((code(t.name), t.label_nl, severity, scales, *(number(getattr(t, share)) for share in shares)))
    head = ("theme", "Dutch", "severity", "scale shares", *(share.replace("_", " ") for share in shares))
    order = ", ".join(region.subregion_labels)
    return f"Severity in {order}; scale shares supraregional, regional, subregional, local.\n\n" + table(head, rows)
