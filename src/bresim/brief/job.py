"""The job behind ``bresim brief``: one part after the other, each kept when it is finished."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bresim.brief import absence, advised, packages, rule_types, votes
from bresim.brief.comparison import compare
from bresim.brief.designs import designs
from bresim.brief.measures import measured_cases, measures
from bresim.brief.rows import Row
from bresim.brief.runs import NAMES, Floats, cases_of, every_set
from bresim.brief.signals import bad_end, signals
from bresim.brief.store import Store
from bresim.brief.worlds import COLUMNS as WORLD_COLUMNS
from bresim.brief.worlds import SETS, levels, scenarios, worlds
from bresim.common.errors import InputError, Problem, nearest, said
from bresim.common.progress import Progress
from bresim.common.text import language
from bresim.config.schema import BriefConfig
from bresim.conventions import FOUNDINGS, HEADLINE, REFERENCE
from bresim.costs import FTE
from bresim.governance import Design
from bresim.governance import measures as shipped_measures
from bresim.jobs import prepare
from bresim.region import load_region
from bresim.region.types import Region

#: Most parameter sets of which the votes are looked at one by one.
VOTE_SETS = 100


@dataclass(frozen=True)
class Brief:
    """What the brief is written from.

    ``explained`` is the design that page two is about; None if there is only the status quo. Tables: see
    ``columns.briefs``; one that was not asked for is empty.
    """

    config: BriefConfig
    region: Region
    explained: str | None
    runs: pd.DataFrame
    summary: pd.DataFrame
    years: pd.DataFrame
    staff: pd.DataFrame
    municipalities: pd.DataFrame
    local_values: pd.DataFrame
    designs: pd.DataFrame
    votes: pd.DataFrame
    worlds: pd.DataFrame
    measures: pd.DataFrame
    rule_types: pd.DataFrame
    packages: pd.DataFrame
    package_worlds: pd.DataFrame
    package_local: pd.DataFrame
    later: pd.DataFrame
    absence: pd.DataFrame
    signals: pd.DataFrame
    kept_parts: int = 0

    @property
    def recommended(self) -> Row | None:
        """The package of measures that the brief recommends."""
        return advised.recommended(self.packages, self.designs)


def check(config: BriefConfig) -> Region:
    """The region of the job; raises InputError for what the brief cannot be made of."""
    region = load_region(config.region)
    names = [design.name for design in config.designs]
    problems = []
    if REFERENCE not in names:
        what = said("the brief tells what a design gains compared with the status quo, which is not among the designs")
        problems.append(Problem("designs", what, said("add {name}", name=REFERENCE)))
    if config.explain == REFERENCE:
        what = said("the status quo is what the others are compared with")
        problems.append(Problem("explain", what, said("name another design")))
    elif config.explain is not None and config.explain not in names:
        what = said("'{name}' is not among the designs", name=config.explain)
        problems.append(Problem("explain", what, nearest(config.explain, names)))
    if config.municipality is not None and config.municipality not in region.names:
        what = said("the region '{region}' has no municipality '{name}'", region=region.name, name=config.municipality)
        problems.append(Problem("municipality", what, nearest(config.municipality, region.names)))
    if problems:
        raise InputError(problems)
    return region


class _Job:
    def __init__(self, config: BriefConfig, region: Region, progress: Progress, store: Store):
        self.config, self.region, self.progress, self.store = config, region, progress, store
        self.cases = cases_of(config)
        self.names = [case.name for case in self.cases]
        self.text = language(config.lang).gettext

    def design(self, name: str) -> Design:
        return next(case.design for case in self.cases if case.name == name)

    def brief(self) -> Brief:
        config, _ = self.config, self.text
        prepare(config, self.progress)
        self._stage(_("Comparison"), 2 * len(self.cases) * config.replicates)
        compared = self.store.part(
            ("runs", "summary", "years", "municipalities", "local_values", "staff", "early"),
            lambda: tuple(vars(compare(config, self.progress)).values()),
        )
        runs, summary, years, municipalities, local_values, staff, early = compared
        main, draws = self._outcomes(runs, staff)
        explained = self._explained(summary)
        whole = config.municipality is None
        measured = {name: pd.DataFrame() for name in ("measures", "effects")}
        if explained is not None:
            self._stage(_("Measures"), 2 * len(shipped_measures()) * len(self.cases) * config.replicates)
            table, effects = self.store.part(
                ("measures", "effects"), lambda: measures(config, main, draws, explained, self.progress)
            )
            measured = {"measures": table, "effects": effects}
        voted = self._votes()
        found = dict.fromkeys(("rule_types", "packages", "signals"), pd.DataFrame())
        found["worlds"] = pd.DataFrame(columns=WORLD_COLUMNS)
        found["package_worlds"] = pd.DataFrame(columns=advised.WORLD_COLUMNS)
        found["package_local"] = pd.DataFrame(columns=advised.LOCAL_COLUMNS)
        found["later"] = pd.DataFrame(columns=advised.LATER_COLUMNS)
        if whole and explained is not None:
            found["worlds"] = self._worlds(runs)
        table = designs(config, runs, summary, staff, found["worlds"])
        if whole and explained is not None:
            found |= self._why(explained, main, draws)
            founded = main[HEADLINE][:, FOUNDINGS.index("at_once")]
            value, quo = (founded[self.names.index(name)] for name in (explained, REFERENCE))
            mine = early[early["design"] == explained].sort_values("replicate")
            added = {str(name): measured["effects"][name].to_numpy() for name in measured["effects"]}
            ended = runs[(runs["design"] == explained) & (runs["founding"] == "at_once")].sort_values("replicate")
            found |= self._advised(explained, advised.recommended(found["packages"], table), draws)
            bad = bad_end(value - quo, ended["dissolved"].to_numpy() > 0)
            found["signals"] = signals(explained, mine, bad, draws, added)
        return Brief(
            config=config,
            region=self.region,
            explained=explained,
            runs=runs,
            summary=summary,
            years=years,
            staff=staff,
            municipalities=municipalities,
            local_values=local_values,
            designs=table,
            votes=voted,
            measures=measured["measures"],
            absence=self._absence(explained, main, draws),
            kept_parts=self.store.kept,
            **found,
        )

    def _stage(self, title: str, runs: int) -> None:
        self.progress.stage(title, runs)

    def _outcomes(self, runs: pd.DataFrame, staff: pd.DataFrame) -> tuple[dict[str, Floats], np.ndarray]:
        """The comparison's outcomes (cases, foundings, R), and the parameter set (R,) of each replicate."""
        found = {}
        for name in (*NAMES, FTE):
            wide = (
                (staff if name == FTE else runs)
                .astype({"design": str, "founding": str})
                .pivot(index=["design", "founding"], columns="replicate", values=name)
            )
            order = pd.MultiIndex.from_product([self.names, FOUNDINGS])
            values = wide.loc[order].to_numpy(dtype=np.float64)
            found[name] = values.reshape(len(self.names), len(FOUNDINGS), -1)
        first = runs.drop_duplicates("replicate").sort_values("replicate")
        return found, first["parameter_draw"].to_numpy()

    def _explained(self, summary: pd.DataFrame) -> str | None:
        """The design that was asked for, or the one that gains most if founded."""
        if self.config.explain is not None:
            return self.config.explain
        rows = summary[(summary["outcome"] == HEADLINE) & (summary["founding"] == "at_once")].set_index("design")
        gains = rows["difference"].drop([name for name in rows.index if self._is_today(str(name))])
        return None if gains.empty else str(gains.idxmax())

    def _is_today(self, name: str) -> bool:
        return self.design(name).name == REFERENCE

    def _votes(self) -> pd.DataFrame:
        """What each municipality thinks of founding, and which measure moves it most."""
        config = self.config
        replicates = every_set(config, VOTE_SETS)
        moved = measured_cases(config)
        _ = self.text
        self._stage(_("Votes"), (1 + len(moved)) * len(self.cases) * len(replicates))

        def make() -> tuple[pd.DataFrame]:
            plain = votes.first_votes(config, self.cases, replicates, self.progress)
            measured = [
                votes.first_votes(config, cases, replicates, self.progress).assign(measure=measure)
                for measure, cases in moved.items()
            ]
            return (votes.with_reasons(plain, pd.concat(measured, ignore_index=True)),)

        return self.store.part(("votes",), make)[0]

    def _worlds(self, runs: pd.DataFrame) -> pd.DataFrame:
        config = self.config
        count = len(list(scenarios(config))) * len(levels(config)) * len(self.cases)
        _ = self.text
        self._stage(_("Worlds"), count * len(every_set(config, SETS)))
        return self.store.part(("worlds",), lambda: (worlds(config, runs, self.progress),))[0]

    def _why(self, explained: str, main: dict[str, Floats], draws: np.ndarray) -> dict[str, pd.DataFrame]:
        """What each rule type contributes, and the smallest packages."""
        config, _ = self.config, self.text
        design, today = self.design(explained), self.design(REFERENCE)
        own = rule_types.differing(design, today)
        self._stage(_("Rule types"), 2 * (2 ** len(own) - 2) * config.replicates)

        def why() -> tuple[pd.DataFrame]:
            hybrids = rule_types.run_hybrids(config, design, today, main, self.names, self.progress)
            return (rule_types.contributions(hybrids, draws),)

        (parts,) = self.store.part(("rule_types",), why)
        self._stage(_("Packages (search)"), 0)
        quo = main[HEADLINE][self.names.index(REFERENCE), FOUNDINGS.index("at_once")]
        fte = float(main[FTE][self.names.index(REFERENCE), FOUNDINGS.index("at_once")].mean())
        (best,) = self.store.part(
            ("packages",), lambda: (packages.packages(config, design, today, quo, fte, draws, self.progress),)
        )
        return {"rule_types": parts, "packages": best}

    def _advised(self, explained: str, package: Row | None, draws: np.ndarray) -> dict[str, pd.DataFrame]:
        """The recommended package in every world and municipality, and what begins later."""
        config, today, _ = self.config, self.design(REFERENCE), self.text
        found: dict[str, pd.DataFrame] = {}
        if package is not None:
            worlds_ = len(list(scenarios(config))) * len(levels(config)) * len(every_set(config, SETS))
            self._stage(_("Package"), 2 * (worlds_ + config.replicates))

            def make() -> tuple[pd.DataFrame, pd.DataFrame]:
                return (
                    advised.package_worlds(config, package, today, self.progress),
                    advised.package_local(config, package, today, self.region.names, draws, self.progress),
                )

            names = ("package_worlds", "package_local")
            found |= dict(zip(names, self.store.part(names, make), strict=True))
        self._stage(_("Later start"), (2 + (package is not None)) * config.replicates)
        (found["later"],) = self.store.part(
            ("later",),
            lambda: (advised.later(config, package, self.design(explained), today, draws, self.progress),),
        )
        return found

    def _absence(self, explained: str | None, main: dict[str, Floats], draws: np.ndarray) -> pd.DataFrame:
        if explained is None:
            return pd.DataFrame(columns=absence.COLUMNS)
        config, design = self.config, self.design(explained)
        _ = self.text
        self._stage(_("Absence"), 2 * (1 + len(absence.absentees(self.region))) * config.replicates)
        founded = main[HEADLINE][self.names.index(explained), FOUNDINGS.index("at_once")]

        def make() -> tuple[pd.DataFrame]:
            return (absence.absence(config, design, self.region, founded, draws, self.progress),)

        return self.store.part(("absence",), make)[0]


def brief(config: BriefConfig, region: Region, progress: Progress, kept: Path | None = None) -> Brief:
    """Run every part that is not in the folder ``kept`` yet."""
    return _Job(config, region, progress, Store(kept)).brief()
