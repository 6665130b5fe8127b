"""Regenerate the plausible set: ``python -m bresim.analysis.search`` (see ``--help``); resumable.

Rejection sampling (Hartig et al. 2011, the simplest kind): parameter sets are drawn from the priors,
and those under which the model shows every required pattern are kept. A set is judged on a few
replicates, so near a bound its verdict has sampling error: it must pass twice, with different random draws. A third
round, on more of them, says what a pass is worth: sets that fail it are kept, and ``rounds`` tells which passed.

``--describe`` adds to the note beside a table what the set is worth: how many sets drawn from the priors fail each
pattern, whether the model fails it with its mechanism switched off, and how many of the sets pass again on other draws,
with the values of designs as in their files and with each set its own draw of them.
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
from bresim.analysis.evidence import Evidence, Sets
from bresim.analysis.pattern import Pattern
from bresim.analysis.patterns import PATTERNS
from bresim.analysis.switches import switched_off
from bresim.analysis.verdicts import statistics
from bresim.common.progress import Silent
from bresim.config import load
from bresim.config.schema import PatternsConfig
from bresim.judged import nine_digits
from bresim.priors import from_unit

#: Not required of a set: the model shows it in few sets, or (P14) not in all. A finding, see docs/odd.md (patterns).
FINDINGS: tuple[str, ...] = ("P3b", "P13g", "P14", "P21")
#: Not required of a set either: looked at in the sets that were found without them.
REPORTED: tuple[str, ...] = tuple(pattern.id for pattern in reported.REPORTED)
BATCH = 2000
#: Runs that are made in turn, of the sets that passed the patterns of the turns before; then all, in ``ROUNDS``.
TURNS = (("main",), ("equal", "one_arena_each", "calm", "turnover_double"), ("undercurrent",), ("designs",))
#: (what is added to the seed, times the replicates) of the rounds on all patterns: a set must pass the first.
ROUNDS = ((1, 2), (4, 4))
#: Before the first turn a set is looked at on so few replicates, with bounds wider by this share of themselves.
SCREENS = ((4, 0.25), (10, 0.1))
#: Number of parameter sets whose runs make up a model's fingerprint.
TOUCHSTONES = 8
#: Prior sets on which it is counted how many fail each pattern.
POWER_SETS = 300
#: Shipped sets on which the patterns are computed with their mechanism off.
SWITCH_SETS = 50
#: Sets whose runs are held in memory together.
PART = 50


def required() -> tuple[Pattern, ...]:
    """The patterns that a set must show."""
    return tuple(pattern for pattern in PATTERNS if pattern.id not in (*FINDINGS, *REPORTED))


def passes(table: pd.DataFrame, slack: float = 0.0) -> NDArray[np.bool_]:
    """Which rows (parameter sets) pass every required pattern among the columns, with bounds wider by ``slack``."""
    wanted = [pattern for pattern in required() if pattern.id in table.columns]
    verdicts = [pattern.holds(table[pattern.id].to_numpy(dtype=np.float64), slack) for pattern in wanted]
    return np.asarray(np.all(verdicts, axis=0))


def drawn(seed: int, first: int, count: int) -> Sets:
    """Draws ``first`` to ``first + count`` from the priors, the values of designs as in their files."""
    unit = np.array([plausible.unit_draw(seed, number) for number in range(first, first + count)])
    return Sets.at_point(from_unit(unit))


def _survivors(config: PatternsConfig, sets: Sets, first: int, replicates: int) -> NDArray[np.intp]:
    """Which of the ``sets`` pass all patterns, turn by turn."""
    cheap = tuple(pattern for pattern in required() if pattern.batches == TURNS[0])
    left = np.arange(len(sets))
    for few, slack in SCREENS:
        screened = statistics(Evidence(config, sets[left], few, Silent(), first), cheap)
        left = left[passes(screened, slack)]
        if not len(left):
            return left
    for turn in TURNS:
        if not len(left):
            break
        asked = tuple(pattern for pattern in required() if set(pattern.batches) <= set(turn) | {"main"})
        evidence = Evidence(config, sets[left], replicates, Silent(), first)
        left = left[passes(statistics(evidence, asked))]
    return left


def judge(config: PatternsConfig, first: int, replicates: int) -> pd.DataFrame:
    """Draw sets ``first`` to ``first + BATCH`` from the priors and keep those that pass: parameters, statistics, index.

    Those that pass the patterns of ``TURNS`` are judged on all patterns, in every round with other random draws.
    ``rounds`` is how many of these rounds a set passed; its statistics are those of the last one.
    """
    sets = drawn(config.seed, first, BATCH)
    left = _survivors(config, sets, first, replicates)
    found: list[pd.DataFrame] = []
    for number, (offset, times) in enumerate(ROUNDS, start=1):
        if not len(left):
            break
        other = config.model_copy(update={"seed": config.seed + offset})
        table = statistics(Evidence(other, sets[left], times * replicates, Silent(), first), required())
        good = passes(table)
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


def power(config: PatternsConfig, replicates: int) -> dict[str, float]:
    """Share of prior sets that fail each pattern: what it can tell apart. Not of those of all sets together."""
    asked = tuple(pattern for pattern in PATTERNS if not pattern.pooled)
    table = _in_parts(config, drawn(config.seed + 2, 0, POWER_SETS), replicates, asked)
    return {pattern.id: _share(~pattern.holds(table[pattern.id].to_numpy(dtype=np.float64))) for pattern in asked}


def passes_again(config: PatternsConfig, sets: Sets, replicates: int) -> dict[str, float]:
    """Share of the ``sets`` that pass on other random draws: each pattern, and ``all`` that are required."""
    other = config.model_copy(update={"seed": config.seed + 3})
    table = _in_parts(other, sets, ROUNDS[0][1] * replicates, required())
    shares = {pattern.id: _share(pattern.holds(table[pattern.id].to_numpy(dtype=np.float64))) for pattern in required()}
    return {"all": _share(passes(table)), **shares}


def _in_parts(config: PatternsConfig, sets: Sets, replicates: int, patterns: tuple[Pattern, ...]) -> pd.DataFrame:
    """Statistics (P, patterns), of a part of the sets at a time: the runs of all take gigabytes."""
    parts = [
        statistics(Evidence(config, sets[first : first + PART], replicates, Silent(), first), patterns)
        for first in range(0, len(sets), PART)
    ]
    return pd.concat(parts, ignore_index=True)


def _share(verdicts: NDArray[np.bool_]) -> float:
    return round(float(verdicts.mean()), 4)


def describe(table: Path) -> None:
    """Add to the note beside ``table`` the power of the patterns and the share of its sets that pass again."""
    note = table.with_suffix(".json")
    about = json.loads(note.read_text(encoding="utf-8"))
    config, replicates = _config(about["seed"]), about["replicates"]
    shipped = plausible.load(table)
    sets = Sets.at_point(shipped.values)
    about["table"], about["touchstone"] = judged.table_hash(table), judged.touchstone(table)
    about["fails_in_prior"] = power(config, replicates)
    about["fails_when_off"] = switched_off(config, PATTERNS, sets[slice(SWITCH_SETS)], replicates, Silent())
    about["passes_again"] = passes_again(config, sets, replicates)
    about["passes_with_codings_drawn"] = passes_again(config, Sets(shipped.values, shipped.draws), replicates)
    _write(note, json.dumps(about, indent=2) + "\n")


def _write(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _config(seed: int) -> PatternsConfig:
    config = load("patterns", overrides=["parameters=prior", f"seed={seed}"])
    assert isinstance(config, PatternsConfig)
    return config


def fingerprint(seed: int, replicates: int) -> str:
    """Digest of what a search depends on: priors, patterns, and what the model makes of a few parameter sets.

    The model is identified by its numbers, to nine digits, not by its code: if a rule is rewritten and no number
    changes, the search need not be repeated.
    """
    digest = hashlib.sha256(f"{seed} {replicates} {BATCH} {SCREENS} {ROUNDS}".encode())
    for parameter in parameters.PARAMETERS.values():
        digest.update(f"{parameter.name} {parameter.low} {parameter.high} {parameter.prior}".encode())
    for pattern in required():
        digest.update(f"{pattern.id} {pattern.low} {pattern.high}".encode())
    evidence = Evidence(_config(seed), drawn(seed, 0, TOUCHSTONES), 2, Silent())
    table = statistics(evidence, required())
    for name in sorted({batch for pattern in required() for batch in pattern.batches}):
        digest.update(nine_digits(evidence.batch(name).recorded.runs))
    digest.update(" ".join(table.columns).encode() + nine_digits(table.to_numpy(dtype=np.float64)))
    return digest.hexdigest()[:12]


def search(sets: int, seed: int, replicates: int, work: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    """Judge batch after batch until ``sets`` are kept; batches found in ``work`` are not judged again.

    Returns the sets, and of how many draws: ``drawn``, and for each round how many passed it.
    """
    config = _config(seed)
    folder = work / fingerprint(seed, replicates)
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[pd.DataFrame] = []
    judged = 0
    passed = np.zeros(len(ROUNDS), dtype=np.int64)
    while passed[0] < sets:
        path = folder / f"{judged // BATCH:05d}.parquet"
        if path.is_file():
            part = pd.read_parquet(path)
        else:
            part = judge(config, judged, replicates)
            partial = path.with_suffix(".partial")
            part.to_parquet(partial)
            partial.replace(path)
        judged += BATCH
        if len(part):
            parts.append(part)
            passed += [int((part["rounds"] >= number + 1).sum()) for number in range(len(ROUNDS))]
        print(f"{passed[0]} of {sets} sets after {judged} draws", file=sys.stderr)
    kept = pd.concat(parts, ignore_index=True).iloc[:sets]
    counts = {f"pass_round_{number + 1}": int((kept["rounds"] > number).sum()) for number in range(len(ROUNDS))}
    return kept, {"drawn": judged, **counts}


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m bresim.analysis.search", description=__doc__)
    parser.add_argument("--sets", type=int, default=300, help="parameter sets to keep")
    parser.add_argument("--seed", type=int, default=20240101)
    parser.add_argument("--replicates", type=int, default=20, help="replicates on which a set is judged")
    parser.add_argument("--work", type=Path, default=Path("results/plausible"), help="folder of finished batches")
    parser.add_argument("--out", type=Path, default=plausible.TABLE)
    parser.add_argument("--describe", action="store_true", help="only describe the sets that --out holds already")
    given = parser.parse_args(arguments)
    if given.describe:
        if not given.out.is_file():
            parser.error(f"--out: {given.out} is missing; search first, without --describe")
        describe(given.out)
        return 0
    kept, counts = search(given.sets, given.seed, given.replicates, given.work)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    partial = given.out.with_suffix(".partial")
    kept.to_parquet(partial, index=False)
    partial.replace(given.out)
    about: dict[str, Any] = {
        "sets": len(kept),
        **counts,
        "acceptance": round(len(kept) / counts["drawn"], 5),
        "seed": given.seed,
        "replicates": given.replicates,
        "findings_not_required": list(FINDINGS),
        "required": [pattern.id for pattern in required()],
        "model": fingerprint(given.seed, given.replicates),
    }
    _write(given.out.with_suffix(".json"), json.dumps(about, indent=2) + "\n")
    describe(given.out)
    print(f"{len(kept)} sets from {counts['drawn']} draws in {given.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
