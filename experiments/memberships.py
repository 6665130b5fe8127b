"""Reconstruct the members of the 124 collaborations of Zuid-Limburg: an ensemble of plausible matrices.

The report publishes 124 names, some members, and figures that add the members up (BRE 5.2: per municipality, per pair,
per kind). This finds, with the constraint solver CP-SAT (OR-Tools), many different matrices that hold every published
member and reach every published figure that can hold together. None of them is the real matrix.

    python experiments/memberships.py                              # 64 solutions, about two minutes
    python experiments/memberships.py --solutions 32 --out DIR

Reads the tables in configs/region/zuid_limburg and experiments/memberships_rows.csv (what a name says of members and
legal form). Writes memberships.parquet and memberships.json beside the former, and fills the legal forms in
collaborations.csv that no source publishes. Seeded, one worker, no limit by the clock: the same call gives the same
solutions (with the same version of OR-Tools).
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

try:
    import ortools
    from ortools.sat.python import cp_model
except ImportError:
    sys.exit("experiments/memberships.py needs OR-Tools: pip install 'bresim[memberships]'")

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent / "configs" / "region" / "zuid_limburg"

#: Published totals of Figuur 7 stand in municipality_facts.csv; the rest of BRE 5.2 here.
EXCLUSIVE = {"parkstad_limburg": 11, "maastricht_heuvelland": 9, "westelijke_mijnstreek": 6}
MOST_SHARED = {
    ("Gulpen-Wittem", "Vaals"): 54,
    ("Eijsden-Margraten", "Meerssen"): 53,
    ("Maastricht", "Meerssen"): 53,
}
LEAST_SHARED = {("Beek", "Valkenburg aan de Geul"): 26}
#: Sum of members over the 95 internal ones such that the mean rounds to the published 6.2.
INTERNAL_MEMBERS = (585, 593)
#: Beekdaelen shares 19 external ones with Leudal, Brunssum 18: they are in at least as many.
EXTERNAL_LEAST = {"Beekdaelen": 19, "Brunssum": 18}
#: 36/18/26/20 % of 124, rounded so that they add up.
LEGAL_FORMS = {"coordination": 45, "network": 22, "private_body": 32, "wgr_body": 25}
#: Times that the external and the internal rows are solved afresh for each solution.
ROUNDS = 2

Matrix = NDArray[np.bool_]  # (C, N) collaborations × municipalities


@dataclass(frozen=True)
class Problem:
    """What is known before solving. C collaborations, N municipalities."""

    names: list[str]  # N
    subregion: dict[str, frozenset[int]]
    totals: list[int]  # N, Figuur 7
    works: list[dict[str, str]]  # C rows of collaborations.csv
    known: list[frozenset[int] | None]  # C published members, None where not published
    hints: dict[str, dict[str, str]]  # name → row of memberships_rows.csv

    @property
    def free(self) -> list[int]:
        """Rows whose members are not published."""
        return [row for row, members in enumerate(self.known) if members is None]

    def external(self, row: int) -> bool:
        return self.works[row]["external"] == "true"

    def hint(self, row: int, key: str) -> str:
        return self.hints.get(self.works[row]["name"], {}).get(key, "")

    def pair(self, a: str, b: str) -> tuple[int, int]:
        i, j = sorted((self.names.index(a), self.names.index(b)))
        return i, j


def read() -> Problem:
    def table(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    towns = table(TABLES / "municipalities.csv")
    names = [town["name"] for town in towns]
    totals = {row["name"]: int(row["collaborations_figure_7"]) for row in table(TABLES / "municipality_facts.csv")}
    works = table(TABLES / "collaborations.csv")

    def members(text: str) -> frozenset[int] | None:
        if text == "all":
            return frozenset(range(len(names)))
        return frozenset(names.index(name) for name in text.split(";")) if text else None

    return Problem(
        names=names,
        subregion={key: frozenset(i for i, town in enumerate(towns) if town["subregion"] == key) for key in EXCLUSIVE},
        totals=[totals[name] for name in names],
        works=works,
        known=[members(work["members"]) for work in works],
        hints={row["name"]: row for row in table(HERE / "memberships_rows.csv")},
    )


class Model:
    """The constraints. Each solve works on a copy with an objective of its own."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.model = cp_model.CpModel()
        everyone = range(len(problem.names))
        self.x: list[list[cp_model.IntVar | int]] = []
        for row, members in enumerate(problem.known):
            if members is not None:
                self.x.append([int(i in members) for i in everyone])
            else:
                self.x.append([self.model.new_bool_var(f"x{row}_{i}") for i in everyone])
        self._names()
        self._kinds()
        self._totals()
        self._pairs()

    def _names(self) -> None:
        """What a name says: certain members, the subregions its members come from, the least number of members."""
        names = self.problem.names
        for row in self.problem.free:
            for name in filter(None, self.problem.hint(row, "contains").split(";")):
                self.model.add(self.x[row][names.index(name)] == 1)
            among = self.problem.hint(row, "among")
            if among:
                for i in set(range(len(names))) - {names.index(name) for name in among.split(";")}:
                    self.model.add(self.x[row][i] == 0)
            self.model.add(sum(self.x[row]) >= int(self.problem.hint(row, "least")))

    def _kinds(self) -> None:
        """11/9/6 internal ones with exactly the members of a subregion, the published 20 with all and no more."""
        problem, everyone = self.problem, frozenset(range(len(self.problem.names)))
        inside = [row for row in problem.free if not problem.external(row)]
        for key, members in problem.subregion.items():
            flags = []
            for row in inside:
                flag = self.model.new_bool_var(f"exclusive{row}_{key}")
                differs = sum(1 - self.x[row][i] for i in members) + sum(self.x[row][i] for i in everyone - members)
                self.model.add(differs == 0).only_enforce_if(flag)
                self.model.add(differs >= 1).only_enforce_if(~flag)
                flags.append(flag)
            self.model.add(sum(known == members for known in problem.known) + sum(flags) == EXCLUSIVE[key])
        for row in inside:
            self.model.add(sum(self.x[row]) < len(everyone))

    def _totals(self) -> None:
        """Figuur 7, the mean membership of internal ones, and the external ones of two municipalities."""
        problem = self.problem
        rows = range(len(problem.works))
        for i, total in enumerate(problem.totals):
            self.model.add(sum(self.x[row][i] for row in rows) == total)
        internal = sum(sum(self.x[row]) for row in rows if not problem.external(row))
        self.model.add_linear_constraint(internal, *INTERNAL_MEMBERS)
        for name, least in EXTERNAL_LEAST.items():
            i = problem.names.index(name)
            self.model.add(sum(self.x[row][i] for row in rows if problem.external(row)) >= least)

    def _pairs(self) -> None:
        """Most and least shared pairs over all 124; the others strictly in between."""
        problem = self.problem
        low, high = max(LEAST_SHARED.values()) + 1, min(MOST_SHARED.values()) - 1
        published = {problem.pair(*names): value for names, value in {**MOST_SHARED, **LEAST_SHARED}.items()}
        for i, j in itertools.combinations(range(len(problem.names)), 2):
            shared = []
            for row, members in enumerate(problem.known):
                if members is not None:
                    shared.append(int(i in members and j in members))
                    continue
                both = self.model.new_bool_var(f"both{row}_{i}_{j}")
                self.model.add_bool_and(self.x[row][i], self.x[row][j]).only_enforce_if(both)
                self.model.add_bool_or(~self.x[row][i], ~self.x[row][j], both)
                shared.append(both)
            bounds = (published[i, j],) * 2 if (i, j) in published else (low, high)
            self.model.add_linear_constraint(sum(shared), *bounds)

    def first(self) -> Matrix:
        """Any solution, (C, N): the hard part, about ten seconds."""
        return self._run(self.model, seed=2, linearization_level=2)

    def another(self, start: Matrix, seed: int) -> Matrix:
        """A solution far from ``start``: rows that nothing tells apart change places, then the external and the
        internal rows are solved afresh in turn, each with a random taste, while the others stay.

        Solutions made so are nearly as far apart as solutions made from nothing, which take twenty times as long
        (measured once: 225 against 238 of the 1008 reconstructed cells differ on average).
        """
        random = np.random.default_rng([20230531, seed])
        matrix = self._swapped(start, random)
        for turn in range(2 * ROUNDS):
            model = self.model.clone()
            taste = []
            for row in self.problem.free:
                variables = [model.get_bool_var_from_proto_index(x.index) for x in self.x[row]]
                if self.problem.external(row) == (turn % 2 == 1):
                    for variable, value in zip(variables, matrix[row], strict=True):
                        model.add(variable == int(value))
                weights = random.integers(0, 100, len(variables))
                taste += [int(weight) * variable for weight, variable in zip(weights, variables, strict=True)]
            model.maximize(sum(taste))
            matrix = self._run(model, int(random.integers(2**31)), stop_after_first_solution=True)
        return self._swapped(matrix, random)

    def _swapped(self, matrix: Matrix, random: np.random.Generator) -> Matrix:
        """Swap rows about which the sources say the same; the result is an equally good solution."""
        alike: dict[tuple[object, ...], list[int]] = {}
        for row in self.problem.free:
            said = [self.problem.hint(row, key) for key in ("contains", "among", "least")]
            alike.setdefault((self.problem.external(row), *said), []).append(row)
        matrix = matrix.copy()
        for rows in alike.values():
            matrix[rows] = matrix[random.permutation(rows)]
        return matrix

    def _run(self, model: cp_model.CpModel, seed: int, **parameters: object) -> Matrix:
        solver = cp_model.CpSolver()
        for key, value in {"num_workers": 1, "random_seed": seed, "max_deterministic_time": 60.0, **parameters}.items():
            setattr(solver.parameters, key, value)
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            sys.exit(
                f"no solution (seed {seed}): {solver.status_name(status)}; do the figures and the tables fit together?"
            )
        values = solver.response_proto.solution
        return np.array([[x if isinstance(x, int) else values[x.index] for x in row] for row in self.x], dtype=np.bool_)


def legal_forms(problem: Problem) -> list[str]:
    """The legal form of every collaboration: published or in its name, else a likely one, so that the shares hold."""
    model = cp_model.CpModel()
    random = np.random.default_rng(20230531)  # breaks ties
    choice = [{form: model.new_bool_var(f"{row}_{form}") for form in LEGAL_FORMS} for row in range(len(problem.works))]
    score = []
    for row, work in enumerate(problem.works):
        model.add_exactly_one(choice[row].values())
        likely = problem.hint(row, "likely_forms").split(";")
        if likely == [""]:
            model.add(choice[row][work["legal_form"]] == 1)
        else:
            rank = {form: (200, 150)[place] for place, form in enumerate(likely)}
            score += [(rank.get(form, 0) + int(random.integers(40))) * flag for form, flag in choice[row].items()]
    for form, count in LEGAL_FORMS.items():
        model.add(sum(flags[form] for flags in choice) == count)
    model.maximize(sum(score))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model) != cp_model.OPTIMAL:
        sys.exit("the legal forms in collaborations.csv do not fit the published shares")
    return [next(form for form, flag in flags.items() if solver.value(flag)) for flags in choice]


def distances(solutions: list[Matrix]) -> dict[str, float]:
    """How far the solutions are from one another, over all pairs of solutions."""
    cells = [int((a != b).sum()) for a, b in itertools.combinations(solutions, 2)]
    shared = [matrix.T.astype(int) @ matrix.astype(int) for matrix in solutions]
    upper = np.triu_indices(solutions[0].shape[1], k=1)
    pairs = [float(np.abs(a - b)[upper].mean()) for a, b in itertools.combinations(shared, 2)]
    return {
        "cells_that_differ_least": min(cells),
        "cells_that_differ_mean": round(float(np.mean(cells)), 1),
        "shared_collaborations_of_a_pair_of_municipalities_differ_mean": round(float(np.mean(pairs)), 2),
    }


def reached(problem: Problem, solutions: list[Matrix]) -> list[dict[str, object]]:
    """For each published figure its value, and the least and most over the solutions."""
    internal = np.array([not problem.external(row) for row in range(len(problem.works))])
    rows: list[dict[str, object]] = []

    def add(figure: str, published: float, values: list[float], note: str = "") -> None:
        rows.append({"figure": figure, "published": published, "least": min(values), "most": max(values), "note": note})

    add("collaborations", 124, [len(matrix) for matrix in solutions])
    add("internal", 95, [int(internal.sum())])
    add("external", 29, [int((~internal).sum())])
    add("internal with all sixteen", 20, [int((matrix[internal].all(axis=1)).sum()) for matrix in solutions])
    for key, members in problem.subregion.items():
        exact = np.array([i in members for i in range(len(problem.names))])
        add(
            f"exclusive {key}",
            EXCLUSIVE[key],
            [int((matrix[internal] == exact).all(axis=1).sum()) for matrix in solutions],
        )
    for i, name in enumerate(problem.names):
        add(f"collaborations of {name}", problem.totals[i], [int(matrix[:, i].sum()) for matrix in solutions])
    for names, value in {**MOST_SHARED, **LEAST_SHARED}.items():
        i, j = problem.pair(*names)
        add(
            f"shared by {names[0]} and {names[1]}",
            value,
            [int((matrix[:, i] & matrix[:, j]).sum()) for matrix in solutions],
        )
    known = sum(len(members) for row, members in enumerate(problem.known) if members and internal[row])
    spare = sum(
        EXCLUSIVE[key] - sum(known == members for known in problem.known) for key, members in problem.subregion.items()
    )
    others = sum(internal[row] for row in problem.free) - spare
    at_least = (
        known
        + 2 * int(others)
        + sum(
            len(members) * (EXCLUSIVE[key] - sum(known == members for known in problem.known))
            for key, members in problem.subregion.items()
        )
    )
    note = f"at least {at_least / int(internal.sum()):.2f} if every internal one had two municipalities or more"
    add(
        "mean members of internal ones",
        6.2,
        [round(float(matrix[internal].sum() / internal.sum()), 2) for matrix in solutions],
        note,
    )
    one = [int((matrix[internal].sum(axis=1) == 1).sum()) for matrix in solutions]
    rows.append(
        {
            "figure": "internal with one municipality and other partners",
            "published": None,
            "least": min(one),
            "most": max(one),
            "note": "not published",
        }
    )
    return rows


def write(problem: Problem, forms: list[str], solutions: list[Matrix], out: Path, seed: int) -> None:
    works = [dict(work) for work in problem.works]
    for row, work in enumerate(works):
        work["legal_form"] = forms[row]
        if problem.hint(row, "likely_forms"):
            work["legal_form_source"] = "reconstructed"
    with (out / "collaborations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, works[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(works)
    table = pd.DataFrame(np.concatenate(solutions), columns=problem.names)
    table.insert(0, "solution", np.repeat(np.arange(len(solutions), dtype=np.int16), len(works)))
    table.insert(1, "collaboration", [work["name"] for work in works] * len(solutions))
    table.to_parquet(out / "memberships.parquet", index=False, compression="zstd")
    manifest = {
        "made_by": "experiments/memberships.py",
        "ortools": ortools.__version__,
        "seed": seed,
        "solutions": len(solutions),
        "published_member_sets": len(problem.works) - len(problem.free),
        "reconstructed_member_sets": len(problem.free),
        "distances": distances(solutions),
        "figures": reached(problem, solutions),
    }
    (out / "memberships.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--solutions", type=int, default=64, help="how many (64)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives others (1)")
    parser.add_argument("--out", type=Path, default=TABLES, help="where to write (beside the tables it reads)")
    given = parser.parse_args()
    if given.solutions < 2 or given.seed < 0:
        parser.error("--solutions must be 2 or more, --seed 0 or more")
    given.out.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    problem = read()
    model = Model(problem)
    start = model.first()
    print(f"first solution after {time.perf_counter() - started:.1f} s", flush=True)
    solutions = []
    for number in range(given.solutions):
        solutions.append(model.another(start, given.seed * 100_000 + number))
        print(f"\r{number + 1}/{given.solutions} solutions, {time.perf_counter() - started:.0f} s", end="", flush=True)
    print()
    write(problem, legal_forms(problem), solutions, given.out, given.seed)
    for key, value in distances(solutions).items():
        print(f"{key.replace('_', ' ')}: {value}")


if __name__ == "__main__":
    main()
