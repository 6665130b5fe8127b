"""Make the plausible set anew: ``python -m bresim.analysis.search`` (see ``--help``); resumable.

Rejection sampling (Hartig et al. 2011, the simplest kind): parameter sets are drawn from the priors,
and those under which the model shows every required pattern are kept. A set is judged on a few
replicates, so a pattern near its threshold is judged with luck in it; ``bresim patterns`` checks the kept
sets on other luck.
"""

from __future__ import annotations

import argparse
import ast
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
from bresim.analysis.evidence import designs_tested, gather, plan_of
from bresim.analysis.patterns import PATTERNS, statistics
from bresim.config import load
from bresim.config.schema import PatternsConfig
from bresim.progress import Silent

#: Not required of a set: the model shows it in few sets. A finding, see docs/odd.md (patterns).
FINDINGS = ("P13e",)
BATCH = 250


def passes(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows (parameter sets) pass every required pattern among the columns."""
    thresholds = {pattern.id: pattern.threshold for pattern in PATTERNS if pattern.id not in FINDINGS}
    wanted = [name for name in table.columns if name in thresholds]
    return np.asarray((table[wanted] >= pd.Series({name: thresholds[name] for name in wanted})).all(axis=1))


def judge(config: PatternsConfig, first: int, replicates: int) -> pd.DataFrame:
    """Draw sets ``first`` to ``first + BATCH`` from the priors and keep those that pass: parameters, statistics, index.

    The dear part (measures and designs) is run only for sets that pass the rest, on other luck, and with it
    everything else once more: what is kept has passed twice.
    """
    unit = np.array([plausible.unit_draw(config.seed, first + at) for at in range(BATCH)])
    values = parameters.from_unit(unit)
    cheap = statistics(gather(config, values, replicates, Silent(), first=first, more=False))
    left = np.flatnonzero(passes(cheap))
    kept = pd.DataFrame()
    if len(left):
        full = statistics(gather(config, values[left], replicates, Silent(), first=first))
        good = passes(full)
        kept = pd.concat(
            [
                pd.DataFrame({"index": first + left[good]}),
                pd.DataFrame(values[left[good]], columns=list(parameters.PARAMETERS)),
                full[good].reset_index(drop=True),
            ],
            axis=1,
        )
    return kept


def _config(seed: int) -> PatternsConfig:
    config = load("patterns", overrides=["parameters=prior", f"seed={seed}"])
    assert isinstance(config, PatternsConfig)
    return config


def _spelled(node: Any) -> Any:
    """A syntax tree as nested tuples, the same on every Python: newer ones add fields, which are empty here."""
    if isinstance(node, ast.AST):
        parts = ((name, value) for name, value in ast.iter_fields(node) if value is not None and value != [])
        return (type(node).__name__, *((name, _spelled(value)) for name, value in parts))
    return tuple(map(_spelled, node)) if isinstance(node, list) else node


def fingerprint(seed: int, replicates: int) -> str:
    """Hash of what a batch depends on: region, scenario and designs as the model sees them, its code, and the patterns.

    Not comments, imports, layout, or what is written about a design. Numbers to nine digits: the last is the machine's.
    """
    digest = hashlib.sha256(f"{seed} {replicates} {BATCH}".encode())
    package = Path(plausible.__file__).parent
    sources = [package / f"{name}.py" for name in ("parameters", "state", "step", "outcomes", "draws")]
    sources += [package / "analysis" / f"{name}.py" for name in ("evidence", "patterns")]
    for path in [*sources, *sorted((package / "rules").glob("*.py"))]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tree.body = [node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom))]
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                node.value.value = ""  # a docstring
        digest.update(repr(_spelled(tree)).encode())
    config = _config(seed)
    for designs in designs_tested():
        world = plan_of(config, designs, None, parameters.defaults()[None, :], 0, 1).world
        for name, values in world._asdict().items():
            if name not in {"parameters", "rules"}:  # the priors are in the code; rule_values are the rules
                digest.update(name.encode())
                digest.update((np.round(np.asarray(values, dtype=np.float64), 9) + 0.0).tobytes())
    return digest.hexdigest()[:12]


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
    parser.add_argument("--replicates", type=int, default=10, help="replicates on which a set is judged")
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
        "required": {pattern.id: pattern.threshold for pattern in PATTERNS if pattern.id not in FINDINGS},
        "model": fingerprint(given.seed, given.replicates),
    }
    given.out.with_suffix(".json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"{len(kept)} sets from {judged} draws in {given.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
