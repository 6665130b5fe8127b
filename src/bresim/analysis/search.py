"""Regenerate the plausible set: ``python -m bresim.analysis.search`` (see ``--help``); resumable.

Rejection sampling (Hartig et al. 2011, the simplest kind): parameter sets are drawn from the priors,
and those under which the model shows every required pattern are kept. Near a bound a verdict has sampling error, so a
set must pass ``ROUNDS`` of judging, each with other random draws and the later ones with more of them.

``--describe`` adds to the note beside a table what the set is worth: how many sets drawn from the priors fail each
pattern, which patterns bind, whether the model fails each with its mechanism switched off, and how many of the sets
pass again on other draws: the first ``AGAIN_SETS`` with the values of designs as in their files, all of them with the
codings drawn for each set.

``--patterns FILE`` and ``--region NAME or FILE`` ask for other patterns, other bounds, another region, and need an
``--out`` of their own: a table for ``parameters=FILE``, with a note beside it of what its sets were judged by.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim import judged, parameters, plausible
from bresim.analysis import reported
from bresim.analysis.asked import Asked, check_computed, read_patterns, region_of
from bresim.analysis.changes import unchanged, until
from bresim.analysis.evidence import BATCHES, DESCRIBED, Evidence, Sets
from bresim.analysis.pattern import Pattern
from bresim.analysis.patterns import PATTERNS
from bresim.analysis.switches import switched_off
from bresim.analysis.verdicts import statistics
from bresim.common.errors import InputError
from bresim.common.progress import Silent
from bresim.config import load
from bresim.config.own_sets import note_of, read_sets, table_hash
from bresim.config.schema import PatternsConfig
from bresim.judged import nine_digits
from bresim.priors import from_unit
from bresim.region import load_region
from bresim.results.manifest import region_hash

#: Not required of a set: the model shows it in few sets, or (P14) not in all. A finding, see docs/odd.md (patterns).
FINDINGS: tuple[str, ...] = ("P3b", "P13g", "P14", "P21")
#: Not required of a set either: looked at in the sets that were found without them.
REPORTED: tuple[str, ...] = tuple(pattern.id for pattern in reported.REPORTED)
BATCH = 2000
#: Runs beside the main ones that are made in turn, step by step, of the sets that passed the patterns of the steps
#: before; then all, in ``ROUNDS``. Within a turn a set keeps its random draws.
TURNS = (
    (("turnover_double",), ("described", "equal", "one_arena_each", "calm", "no_elections")),
    (("undercurrent",),),
    (("designs",),),
)
#: Steps in which a set is judged in a round: as soon as it fails, what is left need not be run.
STEPS = (("main",), *TURNS[0], *TURNS[2], *TURNS[1])
#: (what is added to the seed, times the replicates) of the rounds on all patterns: a set must pass every one.
ROUNDS = ((1, 2), (4, 4), (5, 8), (6, 8), (7, 16), (8, 32))
#: Before the first turn a set is looked at on so few replicates, with bounds wider by this share of themselves.
SCREENS = ((4, 0.25), (10, 0.1))
#: Number of parameter sets whose runs make up a model's fingerprint.
TOUCHSTONES = 8
#: Prior sets on which it is counted how many fail each pattern.
POWER_SETS = 300
#: Shipped sets that are judged once more, on as many replicates as in the last round.
AGAIN_SETS = 100
#: Shipped sets on which the patterns are computed with their mechanism off.
SWITCH_SETS = 50
DESCRIBES = "--describe is of sets that the shipped patterns judged: leave out --region and --patterns"
#: Runs of the status quo, and as many of every variant, that are held in memory together.
HELD = 2000


def required(asked: Asked | None = None) -> tuple[Pattern, ...]:
    """The patterns that a set must show: those of the shipped sets, or those asked for."""
    return (
        asked.patterns
        if asked is not None
        else tuple(pattern for pattern in PATTERNS if pattern.id not in (*FINDINGS, *REPORTED))
    )


def passes(table: pd.DataFrame, slack: float = 0.0, asked: Asked | None = None) -> NDArray[np.bool_]:
    """Which rows (parameter sets) pass every required pattern among the columns, with bounds wider by ``slack``."""
    wanted = [pattern for pattern in required(asked) if pattern.id in table.columns]
    verdicts = [pattern.holds(table[pattern.id].to_numpy(dtype=np.float64), slack) for pattern in wanted]
    return np.asarray(np.all(verdicts, axis=0))


def drawn(seed: int, first: int, count: int) -> Sets:
    """Draws ``first`` to ``first + count`` from the priors, the values of designs as in their files."""
    unit = np.array([plausible.unit_draw(seed, number) for number in range(first, first + count)])
    return Sets.at_point(from_unit(unit))


def _screened(
    config: PatternsConfig, sets: Sets, first: int, replicates: int, slack: float, asked: Asked | None
) -> NDArray[np.intp]:
    """Which sets pass the patterns of the main runs, within ``slack``: first those that runs which end early tell."""
    cheap = [pattern for pattern in required(asked) if pattern.batches == ("main",)]
    which = np.arange(len(sets))
    for early in (True, False):
        wanted = tuple(pattern for pattern in cheap if pattern.early == early)
        if wanted and len(which):
            change = until(config.time.dates.index(DESCRIBED)) if early else unchanged
            evidence = Evidence(config, sets, replicates, Silent(), first, change, which)
            which = which[passes(statistics(evidence, wanted), slack, asked)]
    return which


def _in_steps(
    config: PatternsConfig,
    sets: Sets,
    first: int,
    replicates: int,
    steps: Sequence[tuple[str, ...]],
    asked: Asked | None,
) -> NDArray[np.intp]:
    """Which sets pass the patterns of these ``steps``, and on the same draws those of the main runs."""
    which = np.arange(len(sets))
    for batches in steps:
        known = {"main", *batches}
        wanted = tuple(
            pattern
            for pattern in required(asked)
            if set(pattern.batches) <= known and (pattern.batches != ("main",) or batches == steps[0])
        )
        if wanted and len(which):
            evidence = Evidence(config, sets, replicates, Silent(), first, which=which)
            which = which[passes(statistics(evidence, wanted), asked=asked)]
    return which


def _survivors(
    config: PatternsConfig, sets: Sets, first: int, replicates: int, asked: Asked | None = None
) -> NDArray[np.intp]:
    """Which of the ``sets`` pass all patterns, turn by turn."""
    left = np.arange(len(sets))
    for few, slack in (*SCREENS, (replicates, 0.0)):
        left = left[_screened(config, sets[left], first, few, slack, asked)]
    for steps in TURNS:
        left = left[_in_steps(config, sets[left], first, replicates, steps, asked)]
    return left


def judge(config: PatternsConfig, first: int, replicates: int, asked: Asked | None = None) -> pd.DataFrame:
    """Draw sets ``first`` to ``first + BATCH`` from the priors and judge them: parameters, statistics, index.

    Those that pass the patterns of ``TURNS`` are judged on all patterns, in every round with other random draws.
    ``rounds`` is how many of these rounds a set passed, at least one; its statistics are those of the last one.
    """
    sets = drawn(config.seed, first, BATCH)
    left = _survivors(config, sets, first, replicates, asked)
    found: list[pd.DataFrame] = []
    for number, (offset, times) in enumerate(ROUNDS, start=1):
        if not len(left):
            break
        other = config.model_copy(update={"seed": config.seed + offset})
        table = _one_by_one(other, sets[left], times * replicates, first, asked)
        good = passes(table, asked=asked)
        left = left[good]
        found.append(_judgement(first + left, sets.values[left], table[good], number))
    if not found:
        return pd.DataFrame()
    return pd.concat(found).drop_duplicates("index", keep="last").reset_index(drop=True)


def _judgement(index: NDArray[np.intp], values: NDArray[np.float64], table: pd.DataFrame, rounds: int) -> pd.DataFrame:
    """A row for each set that passed this round."""
    parts = [
        pd.DataFrame({"index": index}),
        pd.DataFrame(values, columns=list(parameters.PARAMETERS)),
        table.reset_index(drop=True),
        pd.DataFrame({"rounds": np.full(len(index), rounds)}),
    ]
    return pd.concat(parts, axis=1)


def in_prior(config: PatternsConfig, replicates: int) -> pd.DataFrame:
    """Which prior sets (rows) show each pattern (columns), but for patterns of all sets together."""
    asked = tuple(pattern for pattern in PATTERNS if not pattern.pooled)
    table = _in_parts(config, drawn(config.seed + 2, 0, POWER_SETS), replicates, asked)
    return pd.DataFrame({pattern.id: pattern.holds(table[pattern.id].to_numpy(dtype=np.float64)) for pattern in asked})


def rejects_in_turn(shown: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Which patterns (columns) bind: for each (its id, the sets left before it, how many of these it rejects).

    Next is always the pattern that rejects most of what those before it leave; the list ends when none rejects any.
    """
    turns: list[tuple[str, int, int]] = []
    left = shown
    while (rejected := (~left).sum()).any():
        name = str(rejected.idxmax())
        turns.append((name, len(left), int(rejected[name])))
        left = left[left[name]]
    return turns


def passes_again(config: PatternsConfig, sets: Sets, replicates: int) -> dict[str, float]:
    """Share of the ``sets`` that pass on other random draws: each pattern, and ``all`` that are required."""
    other = config.model_copy(update={"seed": config.seed + 3})
    table = _in_parts(other, sets, replicates, required())
    shares = {pattern.id: _share(pattern.holds(table[pattern.id].to_numpy(dtype=np.float64))) for pattern in required()}
    return {"all": _share(passes(table)), **shares}


def _in_parts(
    config: PatternsConfig, sets: Sets, replicates: int, patterns: tuple[Pattern, ...], first: int = 0
) -> pd.DataFrame:
    """Statistics (P, patterns), of a part of the sets at a time: the runs of all take gigabytes."""
    size = max(1, HELD // replicates)
    parts = [
        statistics(Evidence(config, sets[at : at + size], replicates, Silent(), first + at), patterns)
        for at in range(0, len(sets), size)
    ]
    return pd.concat(parts, ignore_index=True)


def _one_by_one(config: PatternsConfig, sets: Sets, replicates: int, first: int, asked: Asked | None) -> pd.DataFrame:
    """Statistics (P, required patterns) of the sets that pass in every step, and not known of the others."""
    wanted = required(asked)
    rows = []
    for number in range(len(sets)):
        evidence = Evidence(config, sets[number : number + 1], replicates, Silent(), first + number)
        known, passed = {"main"}, True
        for batches in STEPS:
            known |= {*batches}
            some = tuple(pattern for pattern in wanted if set(pattern.batches) <= known)
            passed = passed and (not some or bool(passes(statistics(evidence, some), asked=asked)[0]))
        nothing = pd.DataFrame({pattern.id: [np.nan] for pattern in wanted})
        rows.append(statistics(evidence, wanted) if passed else nothing)
    return pd.concat(rows, ignore_index=True)


def _share(verdicts: NDArray[np.bool_]) -> float:
    return round(float(verdicts.mean()), 4)


def describe(table: Path) -> None:
    """Add to the note beside ``table`` the power of the patterns, which bind, and how many of its sets pass again."""
    note = table.with_suffix(".json")
    about = json.loads(note.read_text(encoding="utf-8"))
    config, replicates = _config(about["seed"]), about["replicates"]
    shipped = plausible.load(table)
    sets = Sets.at_point(shipped.values)
    about["table"], about["touchstone"] = judged.table_hash(table), judged.touchstone(table)
    prior = in_prior(config, replicates)
    about["fails_in_prior"] = {name: _share(~prior[name].to_numpy()) for name in prior}
    about["rejects_in_turn"] = rejects_in_turn(prior[[pattern.id for pattern in required()]])
    about["fails_when_off"] = switched_off(config, PATTERNS, sets[slice(SWITCH_SETS)], replicates, Silent())
    few, many = ROUNDS[0][1] * replicates, ROUNDS[-1][1] * replicates
    about["passes_again"] = passes_again(config, sets[slice(AGAIN_SETS)], many)  # as many as in the last round
    about["passes_with_codings_drawn"] = passes_again(config, Sets(shipped.values, shipped.draws), few)
    _write(note, json.dumps(about, indent=2) + "\n")


def _write(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _config(seed: int, asked: Asked | None = None) -> PatternsConfig:
    config = load("patterns", overrides=["parameters=prior", f"seed={seed}"])
    assert isinstance(config, PatternsConfig)
    return config if asked is None else config.model_copy(update={"region": dict(asked.region)})


def fingerprint(seed: int, replicates: int, asked: Asked | None = None) -> str:
    """Digest of what a search depends on: priors, patterns, and what the model makes of a few parameter sets.

    The model is identified by its numbers, to nine digits, not by its code: if a rule is rewritten and no number
    changes, the search need not be repeated.
    """
    digest = hashlib.sha256(f"{seed} {replicates} {BATCH} {SCREENS} {ROUNDS}".encode())
    for parameter in parameters.PARAMETERS.values():
        digest.update(f"{parameter.name} {parameter.low} {parameter.high} {parameter.prior}".encode())
    for pattern in required(asked):
        digest.update(f"{pattern.id} {pattern.low} {pattern.high}".encode())
    evidence = Evidence(_config(seed, asked), drawn(seed, 0, TOUCHSTONES), 2, Silent())
    table = statistics(evidence, required(asked))
    if asked is not None:
        digest.update(region_hash(load_region(dict(asked.region))).encode())
    for name in sorted({batch for pattern in required(asked) for batch in pattern.batches if batch in BATCHES}):
        digest.update(nine_digits(evidence.batch(name).recorded.runs))
    digest.update(" ".join(table.columns).encode() + nine_digits(table.to_numpy(dtype=np.float64)))
    return digest.hexdigest()[:12]


def search(
    sets: int, seed: int, replicates: int, work: Path, asked: Asked | None = None, draws: int | None = None
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Judge batch after batch until ``sets`` are kept; batches found in ``work`` are not judged again.

    ``draws``: give up after so many, with the sets that are kept by then.
    Returns the sets, and how many draws were judged, ``drawn``, and passed each round.
    """
    config = _config(seed, asked)
    own = {} if asked is None else {"asked": asked}
    folder = work / fingerprint(seed, replicates, **own)
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[pd.DataFrame] = []
    judged = 0
    passed = np.zeros(len(ROUNDS), dtype=np.int64)
    while passed[-1] < sets and (draws is None or judged < draws):
        path = folder / f"{judged // BATCH:05d}.parquet"
        if path.is_file():
            part = pd.read_parquet(path)
        else:
            part = judge(config, judged, replicates, **own)
            partial = path.with_suffix(".partial")
            part.to_parquet(partial)
            partial.replace(path)
        judged += BATCH
        if len(part):
            parts.append(part)
            passed += [int((part["rounds"] >= number + 1).sum()) for number in range(len(ROUNDS))]
        print(f"{passed[-1]} of {sets} sets after {judged} draws", file=sys.stderr)
    if not parts:
        return pd.DataFrame(), {"drawn": judged}
    found = pd.concat(parts, ignore_index=True)
    kept = found[found["rounds"] == len(ROUNDS)].drop(columns="rounds").iloc[:sets]
    counts = {f"pass_round_{number}": int(count) for number, count in enumerate(passed, start=1)}
    return kept, {"drawn": judged, **counts}


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m bresim.analysis.search", description=__doc__)
    parser.add_argument("--sets", type=int, default=300, help="parameter sets to keep")
    parser.add_argument("--seed", type=int, default=20240101)
    parser.add_argument("--replicates", type=int, default=20, help="replicates on which a set is judged")
    parser.add_argument("--work", type=Path, default=Path("results/plausible"), help="folder of finished batches")
    parser.add_argument("--out", type=Path, default=None, help="table of sets (.parquet); default: the shipped one")
    parser.add_argument("--region", help="name of a region, or path of its file; default: the shipped one")
    parser.add_argument("--patterns", type=Path, help="YAML file of the patterns asked for: {P2: {low: 0.6}, L1: {}}")
    parser.add_argument("--draws", type=int, help="give up after so many draws, with the sets found by then")
    parser.add_argument("--describe", action="store_true", help="only describe the sets that --out holds already")
    given = parser.parse_args(arguments)
    is_own = given.region is not None or given.patterns is not None
    if is_own and (given.out is None or given.out.suffix != ".parquet"):
        parser.error(
            "--out: say which table to write, FILE.parquet: with --region or --patterns it is not the shipped one"
        )
    for name in ("sets", "replicates", "draws"):
        if (number := getattr(given, name)) is not None and number < 1:
            parser.error(f"--{name}: {number} is too small; at least 1")
    out: Path = given.out or plausible.TABLE
    if given.describe:
        if is_own or not out.is_file():
            parser.error(DESCRIBES if is_own else f"--out: {out} is missing; search first, without --describe")
        describe(out)
        return 0
    try:
        asked = _asked(given.region, given.patterns, given.seed) if is_own else None
    except InputError as error:
        parser.error(str(error))
    kept, counts = search(given.sets, given.seed, given.replicates, given.work, asked, given.draws)
    if not len(kept):
        print(f"no set passed in {counts['drawn']} draws: ask for less, or draw more", file=sys.stderr)
        return 1
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".partial")
    kept.to_parquet(partial, index=False)
    partial.replace(out)
    _write(note_of(out), json.dumps(_about(kept, counts, given.seed, given.replicates, out, asked), indent=2) + "\n")
    if asked is None:
        describe(out)
    print(f"{len(kept)} sets from {counts['drawn']} draws in {out}")
    return 0


def _asked(region: str | None, patterns: Path | None, seed: int) -> Asked:
    """What the user asks of sets; InputError if it cannot be asked in this region."""
    asked = Asked(required() if patterns is None else read_patterns(patterns), region_of(region or judged.HOME))
    check_computed(_config(seed, asked), asked, drawn(seed, 0, 2))
    return asked


def _about(
    kept: pd.DataFrame, counts: dict[str, int], seed: int, replicates: int, out: Path, asked: Asked | None
) -> dict[str, Any]:
    """The note beside a table: how its sets were found; of a user's own search also what they were judged by."""
    about: dict[str, Any] = {
        "sets": len(kept),
        **counts,
        "acceptance": round(len(kept) / counts["drawn"], 5),
        "seed": seed,
        "replicates": replicates,
    }
    if asked is None:
        about |= {"findings_not_required": list(FINDINGS), "required": [pattern.id for pattern in required()]}
        about |= {"region": judged.HOME, "region_hash": region_hash(load_region(judged.HOME))}
        return {**about, "model": fingerprint(seed, replicates)}  # --describe adds the rest
    values = read_sets(out).table().values  # as parameters=FILE reads them
    return {
        **about,
        "patterns": asked.bounds,
        "region": asked.region["name"],
        "region_hash": region_hash(load_region(dict(asked.region))),
        "model": fingerprint(seed, replicates, asked),
        "table": table_hash(values),
        "touchstone": judged.touchstone_of(values),
    }


if __name__ == "__main__":
    raise SystemExit(main())
