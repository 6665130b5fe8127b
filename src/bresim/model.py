"""The Mesa model of one run; the only file that imports Mesa.

``RegionModel.step`` calls the same rules in the same order as the ensemble, so a run stepped here ends
in the same bits. ``Municipality`` shows its row of the model's arrays: AgentSet, DataCollector and Solara work
on it. A model can be deep-copied and pickled at any quarter: each copy is a run of its own.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import mesa
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bresim import tabulate
from bresim.columns.runs import municipality_theme
from bresim.common.errors import InputError, Problem, nearest, said
from bresim.common.progress import COMPILING, Plain
from bresim.common.text import language
from bresim.config.schema import ModelConfig
from bresim.config.seeded import seeded
from bresim.conventions import FOUNDINGS, UNDERCURRENT_PARTS, Founding
from bresim.kernel.draws import make_key
from bresim.kernel.state import BALLOT_DTYPE, State, allocate
from bresim.kernel.structs import box, parameter_set
from bresim.plan import Plan, make_plan, with_designs
from bresim.results.result import Result
from bresim.rules import shocks
from bresim.rules.initial import reset
from bresim.runner import changes, diary, logbook, outcomes, own
from bresim.runner.ensemble import Recorded, is_ready
from bresim.runner.family import PAIR_DTYPE
from bresim.runner.own import Phase
from bresim.runner.step import PHASES


class Municipality(mesa.Agent):
    """A municipality; ``index`` is its place in the model's arrays. What it shows is the model's value of now.

    Shares are in [0, 1]; N municipalities, K themes. Arrays are copies: what is collected in one quarter stays.
    """

    model: RegionModel

    def __init__(self, model: RegionModel, index: int):
        super().__init__(model)
        self.index = index

    @property
    def name(self) -> str:
        """Name of the municipality."""
        return self.model.region.names[self.index]

    @property
    def subregion(self) -> str:
        """Name of its subregion."""
        return str(self.model.region.subregion_labels[self.model.region.subregion[self.index]])

    @property
    def population(self) -> int:
        """Inhabitants."""
        return int(self.model.region.population[self.index])

    @property
    def is_centre(self) -> bool:
        """Whether it is a centre municipality."""
        return bool(self.model.region.centre[self.index])

    @property
    def trust(self) -> NDArray[np.float64]:
        """Trust in every other municipality, (N,); 0 in itself."""
        return _of_now(self.model.state.trust[self.index])

    @property
    def grievance(self) -> NDArray[np.float64]:
        """Remembered negative experience with every other municipality, (N,)."""
        return _of_now(self.model.state.grievance[self.index])

    @property
    def urgency(self) -> NDArray[np.float64]:
        """Felt urgency per theme, (K,)."""
        return _of_now(self.model.state.urgency[:, self.index])

    @property
    def interest(self) -> NDArray[np.float64]:
        """Own net stake in regional action per theme, (K,)."""
        return _of_now(self.model.state.interest[:, self.index])

    @property
    def execution_capacity(self) -> float:
        """Capacity for regional work, in fte."""
        return float(self.model.state.capacity[self.index])

    @property
    def slack(self) -> float:
        """Capacity that is not taken by collaborations, tables and a pooled bureau, in fte."""
        return float(self.model.state.slack[self.index])

    @property
    def load(self) -> float:
        """Share of capacity taken by collaborations and tables, at most 1."""
        return float(self.model.state.load[self.index])

    @property
    def support(self) -> float:
        """Support of its council for regional collaboration."""
        return float(self.model.state.support[self.index])

    @property
    def acceptance(self) -> float:
        """Acceptance of provincial steering."""
        return float(self.model.state.acceptance[self.index])


def _of_now(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A copy that cannot be written to: whoever writes to it would expect the model to change."""
    copied = values.copy()
    copied.setflags(write=False)
    return copied


def _reported(model: RegionModel, name: str) -> Any:
    """What the model's own data collector keeps of a quarter; a function of its own, so that models can be pickled."""
    return model._now.get(name)


#: (municipalities, themes, arenas) of regions for which the rules were compiled before, as far as was looked at.
_READY: set[tuple[int, ...]] = set()


def _say_if_compiling(model: RegionModel) -> None:
    """A line before the rules are compiled, unless the configuration wants silence."""
    sizes = (model.region.size, len(model.region.themes), len(model.region.arenas))
    if sizes in _READY:
        return
    if not is_ready(model.world, shocks.update) and model.config.progress != "off":
        Plain().wait(language(model.config.lang).gettext(COMPILING))
    _READY.add(sizes)


#: What a copy of a model makes again: it holds addresses of arrays, or follows from the configuration.
_MADE = ("plan", "region", "world", "parameters", "_parameters", "_boxes", "_walk", "state")


class RegionModel(mesa.Model):
    """One design, one replicate, one quarter a step.

    ``design`` names one of the configuration's designs (default: the first), ``founding`` is ``vote`` or ``at_once``
    (default: that of the configuration, ``vote`` of ``both``); ``replicate`` picks random draws and parameter set
    exactly as in ``compare``. ``phases`` replaces phases of a quarter, or single rules, by name with functions of your
    own (``bresim.runner.own``; docs/own_rules.md): slow, but exact, and held to the bounds of every field.

    ``config`` may also be overrides of ``bresim compare``: ``"scenario=austerity"``, or several in a sequence. ``seed``
    or ``rng``, as Mesa hands them (a number, SeedSequence or Generator), takes the place of the configuration's seed.
    ``datacollector`` has the date and every outcome so far (the columns of ``runs.parquet``) at the end of each
    quarter, so ``mesa.batch_run(RegionModel, …)`` works. The same arguments give the same run.
    """

    #: Without ``seed``: from Mesa 3.4 on ``batch_run`` overwrites a parameter of that name in every run, with None if
    #: it has no ``rng=`` of its own, so that all seeds of a batch would give one and the same run.
    __signature__: ClassVar[inspect.Signature]

    #: Whether a line is written before the rules are compiled.
    says_when_compiling = True

    def __init__(
        self,
        config: ModelConfig | str | Sequence[str] = (),
        replicate: int = 0,
        design: str | None = None,
        phases: Mapping[str, Phase] | None = None,
        founding: Founding | None = None,
        *,
        seed: int | None = None,
        rng: Any = None,
    ):
        config = seeded(config, seed, rng)
        # Mesa's own generator is not used: every draw of the model is keyed (see bresim.kernel.draws)
        super().__init__(rng=config.seed)
        known = [one.name for one in config.designs]
        if design is not None and design not in known:
            raise InputError(Problem("design", said("unknown design '{name}'", name=design), nearest(design, known)))
        if founding is not None and founding not in FOUNDINGS:
            raise InputError(
                Problem("founding", said("unknown founding '{name}'", name=founding), nearest(founding, FOUNDINGS))
            )
        own.check(phases or {})
        chosen = config.designs[known.index(design) if design is not None else 0]
        self.config = config
        self.replicate = replicate
        self.founding = founding or config.foundings[0]
        self._design = chosen.name
        self.quarter = 0
        self.phases = dict(phases or {})
        self._lay_out(self._planned())
        job = self.plan.jobs[0]
        reset(
            *self._boxes,
            self._parameters,
            make_key(config.seed, replicate),
            int(job["design"]),
            int(job["solution"]),
            *(float(job[part]) for part in UNDERCURRENT_PARTS),
        )
        self.state.region.at_once = job["at_once"]
        changes.begin(self._boxes[0])
        self.municipalities = [Municipality(self, index) for index in range(self.region.size)]
        self._series: list[Any] = []  # records of outcomes.STATE_DTYPE
        self._towns: list[NDArray[np.void]] = []  # (N,) records of outcomes.MUNICIPALITY_DTYPE
        self._town_themes: list[NDArray[np.float64]] = []  # (N, K) realised share of direct value
        self._pairs = [self._record_pairs()]
        self._ballots: list[NDArray[np.void]] = []  # (n,) records of state.BALLOT_DTYPE, of quarters with a vote
        self._capacity: list[NDArray[np.void]] = []  # (N,) records of outcomes.CAPACITY_DTYPE
        self._institutions: list[int] = []  # diary.institution_events
        names = (outcome.name for outcome in tabulate.outcomes_of(self.region))
        reporters = {"date": partial(_reported, name="date"), **{name: partial(_reported, name=name) for name in names}}
        #: Collected by the model itself, unless another one is put in its place.
        self.datacollector = self._collector = mesa.DataCollector(model_reporters=reporters)
        self._now: dict[str, Any] = {}  # what its reporters report

    def _planned(self) -> Plan:
        chosen = next(design for design in self.config.designs if design.name == self._design)
        return make_plan(with_designs(self.config, [chosen], self.founding), [self.replicate])

    def _lay_out(self, plan: Plan) -> None:
        """Arrays for this run, and what the compiled rules read them by."""
        self.plan = plan
        self.region, self.world = plan.region, plan.world
        self.state: State = allocate(self.world, diary=True)
        draw = plan.jobs["draw"][0]
        self.parameters = self.world.parameters[draw]
        self._parameters = parameter_set(self.world.parameters, draw)
        self._boxes = (box(self.state), box(self.world))
        self._walk: own.Walk | None = None
        if self.phases:
            plain, boxed = (self.state, self.world, self.parameters), (*self._boxes, self._parameters)
            self._walk = own.Walk(plain, boxed, own.Own(self.phases, self.config.time.dates))

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name not in _MADE}
        return {**kept, "values": {name: np.asarray(value) for name, value in self.state._asdict().items()}}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self._restore(kept)

    def _restore(self, kept: dict[str, Any], plan: Plan | None = None) -> None:
        values = kept.pop("values")
        self.__dict__.update(kept)
        self._lay_out(plan or self._planned())
        for name, array in self.state._asdict().items():
            np.asarray(array)[...] = values[name]

    def __deepcopy__(self, memo: dict[int, Any]) -> RegionModel:
        """A run of its own from this quarter on; what no run writes to is shared."""
        copied = type(self).__new__(type(self))
        memo |= {id(self): copied, id(self.config): self.config}
        copied._restore(copy.deepcopy(self.__getstate__(), memo), self.plan)
        return copied

    @property
    def date(self) -> str:
        """The quarter to be simulated next, or the last one when the run is over: ``2024-Q1``."""
        return self.config.time.dates[min(self.quarter, self.config.quarters - 1)]

    def step(self) -> None:
        """Simulate one quarter; ``running`` is False after the last."""
        if self.quarter >= self.config.quarters:
            self.running = False
            return
        if self.quarter == 0 and self.says_when_compiling:
            _say_if_compiling(self)
        if self._walk is not None:
            self._walk.pass_quarter(self.quarter)
        else:
            phases: Sequence[tuple[str, Phase]] = PHASES
            for _, rule in phases:
                rule(*self._boxes, self._parameters, self.quarter)
        self._note_ballots()
        self._institutions.append(diary.institution_events(*self._boxes))
        row = np.zeros(1, outcomes.STATE_DTYPE).view(np.recarray)
        outcomes.state_outcomes(*self._boxes, row[0])
        towns = np.zeros(self.region.size, outcomes.MUNICIPALITY_DTYPE).view(np.recarray)
        by_theme = np.zeros((self.region.size, len(self.region.themes)))
        outcomes.note_capacity(*self._boxes, self.quarter)
        outcomes.municipality_outcomes(*self._boxes, self.quarter, towns, by_theme)
        self._series.append(row[0])
        self._towns.append(towns)
        self._town_themes.append(by_theme)
        used = np.zeros(self.region.size, outcomes.CAPACITY_DTYPE).view(np.recarray)
        outcomes.capacity_use(self._boxes[0], used)
        self._capacity.append(used)
        self._pairs.append(self._record_pairs())
        if self.datacollector is self._collector:
            self._now = {"date": self.date, **self.outcomes()}
            self._collector.collect(self)
        self.quarter += 1
        self.running = self.quarter < self.config.quarters

    def outcomes(self) -> dict[str, float]:
        """Every outcome of the run so far, by the names of ``runs.parquet``; NaN where there is none."""
        names = [outcome.name for outcome in tabulate.outcomes_of(self.region)]
        return dict(zip(names, (float(value) for value in self._outcome_row()), strict=True))

    def _outcome_row(self) -> NDArray[np.float64]:
        row, rows = outcomes.blank_rows(1, len(tabulate.outcomes_of(self.region)), len(self.region.themes))
        outcomes.run_outcomes(*self._boxes, self.region.subregion, np.zeros(self.region.size), rows, 0)
        return np.asarray(row[0])

    def _record_pairs(self) -> NDArray[np.float64]:
        return np.array([self.state.trust, self.state.grievance])

    def _note_ballots(self) -> None:
        ballots = np.zeros(self.region.size, BALLOT_DTYPE).view(np.recarray)
        used = logbook.note_ballots(self._boxes[0], self.quarter, 0, ballots, 0)
        self._ballots.append(ballots[:used])

    def _log(self) -> NDArray[np.void]:
        return self.state.log[: self.state.region.initiatives]

    def result(self) -> Result:
        """The full trace of the run so far: municipalities and pairs every quarter, initiatives, votes,
        capacity, and what happened, with sentences.
        """
        plan = self.plan
        recorded = Recorded(
            runs=self._outcome_row()[None, :],
            series=np.array(self._series, outcomes.STATE_DTYPE)[None, :],
            municipalities=np.zeros((0, self.region.size), outcomes.MUNICIPALITY_DTYPE),
            municipality_themes=np.zeros((0, self.region.size, len(self.region.themes))),
            pairs=np.zeros((0, 0), PAIR_DTYPE),
            log=self._log(),
            ballots=np.concatenate(self._ballots) if self._ballots else np.zeros(0, BALLOT_DTYPE),
            diaries=[self.state.diary[: self.state.region.happened]],
            institutions=np.array([self._institutions], np.int16),
            capacity=np.array([self._capacity], outcomes.CAPACITY_DTYPE),
        )
        return Result(
            config=self.config,
            region=self.region,
            runs=tabulate.runs_table(plan, recorded),
            series=tabulate.series_table(plan, recorded),
            municipalities=self._municipality_trace(),
            initiatives=tabulate.initiatives_table(plan, recorded),
            votes=tabulate.votes_table(plan, recorded),
            dyads=self._pair_trace(),
            capacity=tabulate.capacity_table(plan, recorded),
            events=tabulate.with_sentences(plan, tabulate.events_table(plan, recorded)),
            trust_changes=tabulate.with_sentences(plan, tabulate.changes_table(plan, recorded)),
            engine="mesa",
        )

    def _municipality_trace(self) -> pd.DataFrame:
        size, quarters = self.region.size, len(self._towns)
        table = pd.DataFrame(np.concatenate(self._towns).view(np.ndarray))
        index = np.tile(np.arange(size), quarters)
        names = [municipality_theme(theme.name).name for theme in self.region.themes]
        table[names] = np.concatenate(self._town_themes)
        table.insert(0, "design", self.plan.config.designs[0].name)
        table.insert(1, "founding", self.founding)
        table.insert(2, "quarter", np.repeat(np.arange(quarters), size))
        table.insert(3, "date", np.repeat(self.config.time.dates[:quarters], size))
        table.insert(4, "municipality", np.array(self.region.names)[index])
        table.insert(5, "subregion", np.array(self.region.subregion_labels)[self.region.subregion[index]])
        table.insert(6, "population", self.region.population[index].astype(np.int64))
        return table

    def _pair_trace(self) -> pd.DataFrame:
        size = self.region.size
        source, target = (index[~np.eye(size, dtype=np.bool_)] for index in np.indices((size, size)))
        names = np.array(self.region.names)
        parts = [
            pd.DataFrame(
                {
                    "quarter": at,
                    "source": names[source],
                    "target": names[target],
                    "trust": pair[0, source, target],
                    "grievance": pair[1, source, target],
                }
            )
            for at, pair in enumerate(self._pairs)
        ]
        table = pd.concat(parts, ignore_index=True)
        table.insert(0, "design", self.plan.config.designs[0].name)
        table.insert(1, "founding", self.founding)
        return table


_CALL = inspect.signature(RegionModel)
RegionModel.__signature__ = _CALL.replace(parameters=[one for one in _CALL.parameters.values() if one.name != "seed"])
