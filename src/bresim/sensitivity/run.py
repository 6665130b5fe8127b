"""The job behind ``bresim sensitivity``: points, runs, indices or boxes, and whether the sample was large enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bresim import tabulate
from bresim.columns import QUANTITY, Outcome, table_of
from bresim.common.errors import InputError, Problem, nearest, said
from bresim.common.progress import Progress, Silent
from bresim.common.text import language
from bresim.config.schema import SensitivityConfig
from bresim.region import load_region
from bresim.region.types import Region
from bresim.results.result import Result
from bresim.sensitivity import discovery, indices
from bresim.sensitivity.convergence import judge
from bresim.sensitivity.evaluate import respond
from bresim.sensitivity.extras import load
from bresim.sensitivity.indices import LEADING, Row
from bresim.sensitivity.problem import Floats, Space, sample, seed_of, space_of, sweep_config
from bresim.sensitivity.quantities import Quantity, quantities, responses_table
from bresim.sweep.estimate import estimate
from bresim.sweep.job import SweepJob

NEEDS = {"morris": ("SALib",), "sobol": ("SALib",), "discovery": ("ema_workbench",)}


class Analysis:
    """A checked analysis: raises InputError, with every problem, before anything is run."""

    def __init__(self, config: SensitivityConfig) -> None:
        for module in (*NEEDS[config.method], *(("SALib",) if config.screened else ())):
            load(module)
        self.config = config
        self.region: Region = load_region(config.region)
        self.outcomes = self._outcomes()
        self.space = space_of(config)
        self.designs = [design.name for design in config.designs]
        # the corners of the space: keys that no sweep knows, and bounds that the model refuses
        corners = np.array([[0.0] * len(self.space.keys), [1.0] * len(self.space.keys)])
        SweepJob(sweep_config(config, {}), self.space.points(corners))

    def _outcomes(self) -> list[Outcome]:
        known = {outcome.name: outcome for outcome in tabulate.outcomes_of(self.region)}
        problems = []
        for name in dict.fromkeys(self.config.outcomes):
            if name not in known:
                problems.append(
                    Problem("outcomes", said("there is no outcome '{name}'", name=name), nearest(name, known))
                )
            elif self.config.method == "discovery" and known[name].direction == 0:
                what = said("'{name}' is neither better when it is high nor when it is low", name=name)
                problems.append(Problem("outcomes", what, said("name one in which a design can do better")))
        if problems:
            raise InputError(problems)
        return [known[name] for name in dict.fromkeys(self.config.outcomes)]

    def planned(self) -> dict[str, Any]:
        """What :meth:`run` would do: ``keys`` that vary, ``points``, ``runs``, and about how many ``seconds`` here.

        Some of the first points are run for it; of a screening, that many keys are left as asked, whichever they are.
        """
        config, space = self.config, self.space
        stages = [(config.method, config.samples, space)]
        if config.screened is not None:
            left = space.only(space.keys[: config.screened])
            stages = [("morris", config.screening, space), (config.method, config.samples, left)]
        points = 0
        seconds = 0.0
        for method, samples, varied in stages:
            unit = sample(varied, method, samples, config.seed, second_order=config.second_order)
            points += len(unit)
            seconds += estimate(SweepJob(sweep_config(config, {}), varied.points(unit))).seconds
        runs = points * len(self.designs) * config.replicates
        return {"keys": space.keys, "points": points, "runs": runs, "seconds": seconds}

    def run(self, progress: Progress | None = None, kept: Path | None = None) -> Result:
        """Run every point and analyse what came out.

        ``kept``: a folder for the runs, which stay there, so that the same analysis can be resumed. The manifest of the
        result says how many runs were there already.
        """
        progress = progress or Silent()
        self._kept, self._runs, self._resumed = kept, 0, 0
        config = self.config
        _ = language(config.lang).gettext
        names = [outcome.name for outcome in self.outcomes]
        rows: list[Row] = []
        convergence: list[Row] = []
        space = self.space
        if config.screened is not None:
            screening = _("Screening")
            unit, responses = self._respond(space, "morris", config.screening, progress, screening)
            rows += self._indices(space, unit, responses, "morris", config.screening, convergence)
            if not rows:
                what = said("are all missing at some points of the screening, so it cannot tell which keys matter")
                raise InputError(Problem("outcomes", what, said("name others, or leave screened out")))
            space = space.only(most_important(rows, config.screened))
        unit, responses = self._respond(space, config.method, config.samples, progress, _("Runs"))
        progress.stage(_("Analysis"))
        points = space.points(unit)
        boxes: list[Row] = []
        if config.method == "discovery":
            scored, boxes = self._discover(points, responses)
            rows += scored
        else:
            rows += self._indices(space, unit, responses, config.method, config.samples, convergence)
        # also of no row: an outcome may be missing wherever it was looked for
        names_of = [name for name in table_of("sensitivity", config.command).names() if name != "founding"]
        table = self._told(pd.DataFrame(rows, columns=names_of))
        return Result(
            config=config,
            region=self.region,
            sensitivity=table,
            summary=leading(table, config.method),
            convergence=self._told(pd.DataFrame(convergence)),
            boxes=self._told(pd.DataFrame(boxes)),
            responses=self._told(responses_table(points, responses, self.designs, names)),
            engine=config.engine.name,
            manifest={"runs": self._runs, "resumed_runs": self._resumed},
        )

    def _told(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table with the founding of the analysis beside the design; one without columns as it is."""
        if "design" in table:
            table.insert(list(table.columns).index("design") + 1, "founding", self.config.founding)
        return table

    def _respond(
        self, space: Space, method: str, samples: int, progress: Progress, stage: str
    ) -> tuple[Floats, Floats]:
        config = self.config
        unit = sample(space, method, samples, config.seed, second_order=config.second_order)
        names = [outcome.name for outcome in self.outcomes]
        points = space.points(unit)
        responses, again = respond(sweep_config(config, {}), points, names, self._kept, progress, stage)
        self._runs += responses[..., 0].size
        self._resumed += again
        return unit, responses

    def _indices(
        self, space: Space, unit: Floats, responses: Floats, method: str, samples: int, convergence: list[Row]
    ) -> list[Row]:
        """Rows of every quantity; their convergence is added to ``convergence``."""
        rows: list[Row] = []
        for number, quantity in enumerate(quantities(responses, self.designs, [each.name for each in self.outcomes])):
            seed = seed_of(self.config.seed, 10 + number)

            def of(quantity: Quantity, unit: Floats, seed: int = seed) -> list[Row]:
                if method == "morris":
                    return indices.morris(space, unit, quantity, seed)
                return indices.sobol(space, quantity, seed, second_order=self.config.second_order)

            whole = of(quantity, unit)
            rows += [{"method": method, **quantity.names, **row} for row in whole]
            first = len(unit) // samples * (samples // 2)
            half = Quantity(**quantity.names, runs=quantity.runs[:first])  # type: ignore[arg-type]
            convergence.append(judge(method, samples, whole, of(half, unit[:first]), quantity))
        return rows

    def _discover(self, points: pd.DataFrame, responses: Floats) -> tuple[list[Row], list[Row]]:
        """(scores, boxes) of the points in which each design does better than the first one."""
        rows: list[Row] = []
        boxes: list[Row] = []
        config = self.config
        directions = {outcome.name: outcome.direction for outcome in self.outcomes}
        for number, quantity in enumerate(quantities(responses, self.designs, list(directions))):
            if quantity.reference is None or quantity.statistic != "mean":
                continue
            values = directions[quantity.outcome] * quantity.values
            known = ~np.isnan(values)
            wins = values[known] > 0.0
            where = points[known].reset_index(drop=True).astype(np.float64)  # a box may end between whole numbers
            seed = seed_of(config.seed, 10 + number)
            for key, score in discovery.scores(where, wins, seed).items():
                row = {"key": key, "other": None, "index": "score", "value": score, "low": np.nan, "high": np.nan}
                rows.append({"method": "discovery", **quantity.names, **row})
            found = discovery.discover(where, wins, config.density, config.mass, seed)
            boxes += [{**quantity.names, **row} for row in found]
        return rows, boxes


def most_important(rows: list[Row], count: int) -> list[str]:
    """The keys with the largest screening index in any quantity, relative to the largest of that quantity."""
    table = pd.DataFrame([row for row in rows if row["index"] == LEADING["morris"]])
    largest = table.groupby(QUANTITY, dropna=False)["value"].transform("max")
    relative = (table["value"] / largest.where(largest > 0.0)).fillna(0.0)
    return [str(key) for key in relative.groupby(table["key"], sort=False).max().nlargest(count).index]


def leading(table: pd.DataFrame, method: str) -> pd.DataFrame:
    """The index that ranks the keys, each quantity from its most to its least important key."""
    rows = table[(table["index"] == LEADING[method]) & (table["method"] == method)]
    order = rows.groupby(QUANTITY, sort=False, dropna=False).ngroup().to_numpy()
    places = np.lexsort((-rows["value"].to_numpy(dtype=np.float64), order))
    return rows.iloc[places].drop(columns=["other"]).reset_index(drop=True)
