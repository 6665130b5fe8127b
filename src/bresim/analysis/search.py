"""Regenerate the plausible set: ``python -m bresim.analysis.search`` (see ``--help``); resumable.

Rejection sampling (Hartig et al. 2011, the simplest kind): parameter sets are drawn from the priors,
and those under which the model shows every required pattern are kept. A set is judged on a few
replicates, so near a bound its verdict has sampling error: it must pass twice, with different random draws.
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

from bresim import parameters, plausible
from bresim.analysis.evidence import Evidence
from bresim.analysis.patterns import PATTERNS, Pattern, statistics
from bresim.common.progress import Silent
from bresim.config import load
from bresim.config.schema import PatternsConfig
from bresim.priors import from_unit

#: Not required of a set: the model shows it in few sets. A finding, see docs/odd.md (patterns).
FINDINGS: tuple[str, ...] = ("P3b", "P13g")
BATCH = 500
#: Runs that are made in turn, of the sets that passed the patterns of the turns before; then all, once more.
TURNS = (("main",), ("undercurrent",))
#: Before the first turn a set is looked at on so few replicates, with bounds wider by this share of themselves.
SCREEN, SLACK = 4, 0.25
#: Number of parameter sets whose runs make up a model's fingerprint.
TOUCHSTONES = 8
#: Prior sets on which it is counted how many fail each pattern.
POWER_SETS = 500


def required() -> tuple[Pattern, ...]:
    """The patterns that a set must show."""
    return tuple(pattern for pattern in PATTERNS if pattern.id not in FINDINGS)


def passes(table: pd.DataFrame, slack: float = 0.0) -> NDArray[np.bool_]:
    """Which rows (parameter sets) pass every required pattern among the columns, with bounds wider by ``slack``."""
    wanted = [pattern for pattern in required() if pattern.id in table.columns]
    verdicts = [pattern.holds(table[pattern.id].to_numpy(dtype=np.float64), slack) for pattern in wanted]
    return np.asarray(np.all(verdicts, axis=0))


def _survivors(config: PatternsConfig, values: NDArray[np.float64], first: int, replicates: int) -> NDArray[np.intp]:
    """Which of the sets ``values`` pass all patterns, turn by turn."""
    cheap = tuple(pattern for pattern in required() if pattern.batches == TURNS[0])
    screened = statistics(Evidence(config, values, SCREEN, Silent(), first), cheap)
    left = np.flatnonzero(passes(screened, SLACK))
    for turn in TURNS:
        if not len(left):
            break
        asked = tuple(pattern for pattern in required() if set(pattern.batches) <= set(turn) | {"main"})
        evidence = Evidence(config, values[left], replicates, Silent(), first)
        left = left[passes(statistics(evidence, asked))]
    return left


def judge(config: PatternsConfig, first: int, replicates: int) -> pd.DataFrame:
    """Draw sets ``first`` to ``first + BATCH`` from the priors and keep those that pass: parameters, statistics, index.

    Those that pass the patterns of ``TURNS`` are judged on all patterns, those once more, with other random draws.
    """
    unit = np.array([plausible.unit_draw(config.seed, first + at) for at in range(BATCH)])
    values = from_unit(unit)
    left = _survivors(config, values, first, replicates)
    if not len(left):
        return pd.DataFrame()
    again = config.model_copy(update={"seed": config.seed + 1})
    full = statistics(Evidence(again, values[left], 2 * replicates, Silent(), first))
    good = passes(full)
    return pd.concat(
        [
            pd.DataFrame({"index": first + left[good]}),
            pd.DataFrame(values[left[good]], columns=list(parameters.PARAMETERS)),
            full[good].reset_index(drop=True),
            pd.DataFrame({"once": np.full(int(good.sum()), len(left))}),
        ],
        axis=1,
    )


def power(config: PatternsConfig, replicates: int) -> dict[str, float]:
    """Share of prior sets that fail each pattern: what it can tell apart."""
    values = from_unit(np.array([plausible.unit_draw(config.seed + 2, draw) for draw in range(POWER_SETS)]))
    table = statistics(Evidence(config, values, replicates, Silent()))
    return {
        pattern.id: round(float(1.0 - pattern.holds(table[pattern.id].to_numpy(dtype=np.float64)).mean()), 4)
        for pattern in PATTERNS
    }


def _config(seed: int) -> PatternsConfig:
    config = load("patterns", overrides=["parameters=prior", f"seed={seed}"])
    assert isinstance(config, PatternsConfig)
    return config


def fingerprint(seed: int, replicates: int) -> str:
    """Digest of what a search depends on: priors, patterns, and what the model makes of a few parameter sets.

    The model is identified by its numbers, to nine digits, not by its code: if a rule is rewritten and no number
    changes, the search need not be repeated.
    """
    digest = hashlib.sha256(f"{seed} {replicates} {BATCH}".encode())
    for parameter in parameters.PARAMETERS.values():
        digest.update(f"{parameter.name} {parameter.low} {parameter.high} {parameter.prior}".encode())
    for pattern in required():
        digest.update(f"{pattern.id} {pattern.low} {pattern.high}".encode())
    unit = np.array([plausible.unit_draw(seed, draw) for draw in range(TOUCHSTONES)])
    evidence = Evidence(_config(seed), from_unit(unit), 2, Silent())
    table = statistics(evidence, required())
    for name in sorted({batch for pattern in required() for batch in pattern.batches}):
        digest.update(_to_nine_digits(evidence.batch(name).recorded.runs))
    digest.update(" ".join(table.columns).encode() + _to_nine_digits(table.to_numpy(dtype=np.float64)))
    return digest.hexdigest()[:12]


def _to_nine_digits(values: NDArray[np.float64]) -> bytes:
    return " ".join(f"{value:.8e}" for value in np.asarray(values).ravel() + 0.0).encode()


def search(sets: int, seed: int, replicates: int, work: Path) -> tuple[pd.DataFrame, int]:
    """Judge batch after batch until ``sets`` are kept; batches found in ``work`` are not judged again."""
    config = _config(seed)
    folder = work / fingerprint(seed, replicates)
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[pd.DataFrame] = []
    judged = 0
    while sum(len(part) for part in parts) < sets:
        path = folder / f"{judged // BATCH:05d}.parquet"
        if path.is_file():
            part = pd.read_parquet(path)
        else:
            part = judge(config, judged, replicates)
            partial = path.with_suffix(".partial")
            part.to_parquet(partial)
            partial.replace(path)
        parts.append(part)
        judged += BATCH
        print(f"{sum(len(one) for one in parts)} of {sets} sets after {judged} draws", file=sys.stderr)
    return pd.concat([part for part in parts if len(part)], ignore_index=True).iloc[:sets], judged


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m bresim.analysis.search", description=__doc__)
    parser.add_argument("--sets", type=int, default=300, help="parameter sets to keep")
    parser.add_argument("--seed", type=int, default=20240101)
    parser.add_argument("--replicates", type=int, default=20, help="replicates on which a set is judged")
    parser.add_argument("--work", type=Path, default=Path("results/plausible"), help="folder of finished batches")
    parser.add_argument("--out", type=Path, default=plausible.TABLE)
    given = parser.parse_args(arguments)
    kept, judged = search(given.sets, given.seed, given.replicates, given.work)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    partial = given.out.with_suffix(".partial")
    kept.to_parquet(partial, index=False)
    partial.replace(given.out)
    about: dict[str, Any] = {
        "sets": len(kept),
        "drawn": judged,
        "acceptance": round(len(kept) / judged, 5),
        "seed": given.seed,
        "replicates": given.replicates,
        "findings_not_required": list(FINDINGS),
        "required": [pattern.id for pattern in required()],
        "fails_in_prior": power(_config(given.seed), given.replicates),
        "model": fingerprint(given.seed, given.replicates),
    }
    given.out.with_suffix(".json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"{len(kept)} sets from {judged} draws in {given.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
