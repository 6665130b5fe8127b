"""The configuration of a job: frozen and typo-proof. Defaults live in ``configs/*.yaml``, not here.

A configuration is complete: it holds the content of the designs, not names of files, so that the configuration in a
manifest can be run again after the files have changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from bresim.common.errors import said
from bresim.config.own_sets import OwnSets
from bresim.config.period import Time
from bresim.config.presets import undercurrent_label, undercurrent_levels
from bresim.conventions import FOUNDINGS, UNDERCURRENT_PARTS, Founding
from bresim.governance.codings import coding_of
from bresim.governance.schema import Design

Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=10_000_000)]
Record = Literal["runs", "series", "details", "all"]


class Frozen(BaseModel):
    """Base: nothing changes after it was checked, an unknown key is an error, ``"3"`` is not a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Undercurrent(Frozen):
    """How strong each part of the undercurrent (Dutch: onderstroom) is (BRE 2.3, 3)."""

    parochialism: Share = Field(description="own interest over the region's (kerktorendenken)")
    cleavage: Share = Field(description="no equal partnership: centres against the Middengebied, rivals among centres")
    negativity: Share = Field(description="bad examples are retold, good ones are claimed as personal success")

    @classmethod
    def of_level(cls, level: str) -> Undercurrent:
        """The values of a shipped level: ``absent``, ``mild``, ``report`` or ``strong``."""
        return cls(**dict(zip(UNDERCURRENT_PARTS, undercurrent_levels()[level], strict=True)))

    @property
    def label(self) -> str:
        """The name of the shipped level with these values, or ``0.3/0.6/0.6``: its name in every table."""
        return undercurrent_label(self.parochialism, self.cleavage, self.negativity)


class Variant(Frozen):
    """Structural choices of the model that no source settles; of each the first option is the model as shipped."""

    joining: Literal["additive", "conjunctive"] = Field(
        description="whether urgency, interest and trust add up, or the least of them counts"
    )
    retelling: Literal["with", "without"] = Field(description="whether grievance spreads by what is retold")
    order: Literal["simultaneous", "largest_first"] = Field(
        description="whether municipalities decide at the same time, or after the larger ones"
    )
    coverage: Literal["as_drawn", "ignored", "doubled"] = Field(
        description="how the exponent of coverage counts: value lost where not all take part"
    )
    delivery: Literal["independent", "weakest_link"] = Field(
        description="whether what a member gives counts by itself, or only as far as the weakest gives"
    )
    funding: Literal["per_scale", "across_scales"] = Field(
        description="whether a funding window is paid once among the tables of a scale, or among those of all scales"
    )

    @classmethod
    def options(cls) -> dict[str, tuple[str, ...]]:
        """Each variant with its options, that of the model as shipped first."""
        return {name: get_args(field.annotation) for name, field in cls.model_fields.items()}

    @property
    def changed(self) -> dict[str, str]:
        """What is not as in the model as shipped: variant → option."""
        options = self.options()
        return {name: option for name, option in self.model_dump().items() if option != options[name][0]}


class ParameterChoice(Frozen):
    """Where the parameters come from, and those that the user fixed (name → value)."""

    source: Literal["plausible", "prior", "point", "own"]
    fixed: dict[str, float] = Field(default_factory=dict)
    own: OwnSets | None = Field(default=None, description="the user's own sets, of `parameters=FILE`")

    @model_validator(mode="after")
    def _own_are_given(self) -> ParameterChoice:
        if (self.source == "own") != (self.own is not None):
            raise ValueError(said("sets of your own are a file: parameters=FILE.csv or .parquet"))
        return self

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without ``own`` where there are none: most jobs are written, and hashed, as before there were any."""
        found: dict[str, Any] = handler(self)
        return {key: value for key, value in found.items() if key != "own" or value is not None}


def _at_home(path: Path) -> Path:
    """``~`` at the start is the user's home; the shell does not expand it between quotes."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(said("'{out}' cannot be used ({reason})", out=path, reason=error)) from None


class JobConfig(Frozen):
    """What every job has."""

    command: str
    region: dict[str, Any] = Field(description="the composed region file; `region.load_region` reads it")
    seed: int = Field(ge=0, le=2**63 - 1)
    workers: int | None = Field(ge=1, le=1024, description="threads; null: one for every core")
    out: Annotated[Path, AfterValidator(_at_home)]
    progress: Literal["auto", "off"]
    overwrite: bool
    lang: Literal["nl", "en"]
    files: dict[str, str] = Field(
        default_factory=dict, description="the user's own files: region, scenario, undercurrent, designs.NAME → path"
    )

    def __iter__(self) -> NoReturn:
        """A configuration is one value, also for a library that tries each of many values, as ``mesa.batch_run``."""
        raise TypeError("a configuration is one value; model_dump() has its keys")

    @property
    def threads(self) -> int:
        """Number of threads: ``workers``, or one for every core this process may use."""
        return self.workers or cores()


class ModelConfig(JobConfig):
    """What every job that runs the model has."""

    scenario: dict[str, Any] = Field(description="the composed scenario file; `scenario.read_scenario` reads it")
    undercurrent: Undercurrent
    variant: Variant = Field(description="structural variants of the model")
    parameters: ParameterChoice
    measures: dict[str, Share] = Field(description="measure → strength; those at 0 are left out")
    time: Time
    designs: tuple[Design, ...] = Field(description="the governance designs under test")
    coding: Annotated[str | int, BeforeValidator(coding_of)] = Field(
        description="values of designs and measures: drawn from their ranges, as in the files, or one draw for all"
    )
    founding: Literal[Founding, "both"] = Field(description="when a vote founds a design, at once, or each by itself")
    replicates_per_draw: Count = Field(description="replicates that share one parameter draw")

    @property
    def quarters(self) -> int:
        """Number of quarters of a run."""
        return self.time.quarters

    @property
    def policy_quarter(self) -> int:
        """Index of the first quarter under the design."""
        return self.time.policy_quarter

    @property
    def foundings(self) -> tuple[Founding, ...]:
        """The foundings of the job."""
        return FOUNDINGS if self.founding == "both" else (self.founding,)


class CompareConfig(ModelConfig):
    """The main job: every design in ``designs`` × one scenario × ``replicates``, with common random numbers."""

    command: Literal["compare"]
    replicates: Count
    record: Record
    undercurrent_replicates: int = Field(ge=0, le=10_000_000, description="runs per design and level; 0: none")
    figures: bool
    report: bool


class BriefConfig(ModelConfig):
    """The document for a conference: every design founded and as decided, why, in which worlds, and for whom."""

    command: Literal["brief"]
    founding: Literal["both"]
    replicates: Count
    explain: str | None = Field(description="design that page two explains; null: the one that gains most if founded")
    municipality: str | None = Field(description="make only the page of this municipality")
    pdf: bool = Field(description="print the document with a Chromium, Chrome or Edge that is on this machine")


class PageConfig(ModelConfig):
    """A page that runs the model: in every shipped scenario, under any undercurrent, measures and designs."""

    command: Literal["page"]
    founding: Literal["both"]
    coding: Literal["drawn"]
    seed: int = Field(ge=0, le=2**53 - 1, description="no larger than a browser's numbers are exact")
    regions: list[str] = Field(description="shipped regions that the page has too, beside `region`")

    @model_validator(mode="after")
    def _as_shipped(self) -> PageConfig:
        """Parameter sets of a page are those that were shipped, and measures are chosen on it."""
        if self.parameters.source != "plausible" or self.parameters.fixed:
            raise ValueError(said("a page has the shipped parameter sets: leave parameters out"))
        if any(strength > 0.0 for strength in self.measures.values()):
            raise ValueError(said("measures are chosen on the page: leave measures out"))
        return self


class RunConfig(ModelConfig):
    """One design, one replicate, full trace."""

    command: Literal["run"]
    founding: Founding
    replicate: int = Field(ge=0, le=2**31 - 1)

    @property
    def design(self) -> Design:
        """The one design."""
        return self.designs[0]


class PatternsConfig(ModelConfig):
    """The patterns of the report, checked on an ensemble."""

    command: Literal["patterns"]
    coding: Literal["point", "drawn"]
    founding: Founding
    replicates: Count


class RegionConfig(JobConfig):
    """The region as the model sees it, beside the published figures."""

    command: Literal["region"]


class SweepSettings(Frozen):
    """How the points of a sweep are made, and in which chunks they are run."""

    method: Literal["grid", "list", "lhs", "sobol"]
    samples: Count = Field(description="points of a Latin hypercube or Sobol sequence")
    points: str | None = Field(description="CSV or Parquet table of points, for method=list")
    chunk: Annotated[int, Field(ge=1, le=1_000_000)] = Field(description="runs in one part of the results")
    dry_run: bool = Field(description="only say how many runs, how long and how much disk")
    costs: Literal["none", "staff", "all"] = Field(
        default="none", description="what each run costs, in runs.parquet too"
    )

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without ``costs`` where none are asked for: such a sweep is written, and hashed, as before it could ask."""
        found: dict[str, Any] = handler(self)
        return {key: value for key, value in found.items() if (key, value) != ("costs", "none")}


class Engine(Frozen):
    """Where chunks are computed."""

    name: Literal["local", "dask"]
    scheduler: str | None = Field(description="address of a Dask scheduler; null: a cluster on this machine")

    @model_validator(mode="after")
    def _scheduler_is_used(self) -> Engine:
        if self.name == "local" and self.scheduler is not None:
            raise ValueError(
                said("engine.scheduler is given, and threads of this machine do not use it; add engine=dask")
            )
        return self


class SweepConfig(ModelConfig):
    """Points x designs x replicates, with common random numbers."""

    command: Literal["sweep"]
    founding: Founding
    replicates: Count
    record: Record
    sweep: SweepSettings
    engine: Engine
    vary: dict[str, Any] = Field(description="key path → values, [low, high] or prior")
    options: dict[str, dict[str, dict[str, Any]]] = Field(description="group → option → content, for groups that vary")
    sets: dict[str, OwnSets] = Field(default_factory=dict, description="file → the user's own sets, of vary.parameters")

    @model_serializer(mode="wrap")
    def _without_nothing(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without ``sets`` where there are none, as before there could be any."""
        found: dict[str, Any] = handler(self)
        return {key: value for key, value in found.items() if key != "sets" or value}

    def parameters_at(self, source: str) -> ParameterChoice:
        """The parameters of a point that names their source, or a file of the user."""
        own = self.sets.get(source)
        return self.parameters.model_copy(update={"source": source if own is None else "own", "own": own})


class SensitivityConfig(ModelConfig):
    """What decides an outcome, and which of two designs does better."""

    command: Literal["sensitivity"]
    founding: Founding
    method: Literal["morris", "sobol", "discovery"]
    samples: Count = Field(description="trajectories (morris), base sample (sobol) or points (discovery)")
    replicates: Count = Field(description="runs per point and design")
    outcomes: list[str] = Field(min_length=1)
    engine: Engine
    vary: dict[str, Any] = Field(description="key path → [low, high] or prior; empty: every parameter")
    screened: Count | None = Field(description="how many keys a Morris screening leaves")
    screening: Annotated[int, Field(ge=4, le=10_000)] = Field(description="trajectories of that screening")
    second_order: bool
    density: Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
    mass: Annotated[float, Field(gt=0.0, lt=1.0, allow_inf_nan=False)]
    figures: bool
    dry_run: bool = Field(default=False, description="only say what varies, how many runs and how long")


#: Command → the configuration it takes.
CONFIGS: dict[str, type[JobConfig]] = {
    "compare": CompareConfig,
    "brief": BriefConfig,
    "page": PageConfig,
    "run": RunConfig,
    "sweep": SweepConfig,
    "sensitivity": SensitivityConfig,
    "region": RegionConfig,
    "patterns": PatternsConfig,
}


def cores() -> int:
    """Number of cores this process may use (in a container often fewer than the machine has)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
